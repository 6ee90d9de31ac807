"""Settings one by one: nested JSON in, dotted paths with what stands there out."""

from collections.abc import Iterator

from pydantic import JsonValue


def leaves(value: JsonValue, path: str = "") -> Iterator[tuple[str, JsonValue]]:
    """Every setting that is told as one: `training.freeze[0].epochs` and its value.

    A list is told whole, unless it holds maps: those are told key by key.
    """
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for place, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{place}]")
    else:
        yield path, value
