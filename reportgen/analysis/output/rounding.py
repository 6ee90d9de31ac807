"""Numbers as files hold them: a JSON value in, the same to 12 significant digits out.

The last bits of a sum depend on the order it was added in; they never reach a file.
"""

from pydantic import JsonValue

DIGITS = 12


def rounded(value: JsonValue) -> JsonValue:
    """Round every float in a nested value."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") + 0.0  # no negative zero
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(inner) for inner in value]
    return value
