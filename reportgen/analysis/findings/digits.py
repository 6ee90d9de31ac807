"""How many digits a number deserves: its uncertainty in, decimals out.

One rule for sentences, tables and figures alike. An uncertainty is a standard error or
half of a 95 % half-width; a value is written down to its last digit that still means
something: two digits of an uncertainty that begins with 1 or 2, else one.
"""

from math import ceil, floor, isfinite, log10

# A third decimal of a fraction is one row in a thousand; nothing finer is claimed.
FRACTION_DECIMALS = (2, 3)
PLAIN_DECIMALS = (0, 4)


def decimals_for(uncertainty: float | None, *, unit: str) -> int:
    """Say how many decimals a value with this uncertainty deserves.

    Without an uncertainty (or with a zero one) it is three.
    """
    lowest, highest = FRACTION_DECIMALS if unit == "fraction" else PLAIN_DECIMALS
    if not uncertainty or not isfinite(uncertainty):
        return 3
    exponent = floor(log10(abs(uncertainty)))
    leading = abs(uncertainty) / 10**exponent
    wanted = -exponent + (1 if leading < 3 else 0)
    return min(max(wanted, lowest), highest)


def at_least_about(need: int) -> int:
    """A number of seeds or rows as told: two significant digits, never below the need.

    It was projected from a spread that is itself known to a digit or two.
    """
    step: int = 10 ** max(0, len(str(need)) - 2)
    return -(-need // step) * step


def as_told(need: int | None) -> int | None:
    """The same, where a need is known."""
    return None if need is None else at_least_about(need)


def rounded_up(size: float, decimals: int) -> float:
    """A size at these decimals, never below what it was: what is ruled out stays so."""
    step = 10.0**decimals
    # The last bits of a product are no reason for a whole step.
    return ceil(size * step - 1e-9) / step
