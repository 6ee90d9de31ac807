"""What claims can show, in lines: previews in, a table with its reading out."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.analysis.design.preview import ClaimPreview

HEAD = (
    *("claim", "kind", "level", "least p", "effect", "up to SD"),
    *("SD", "smallest", "80 % power"),
)


def claim_lines(claims: "Sequence[ClaimPreview]") -> Iterator[str]:
    """A table of claims, and how to read it."""
    if not claims:
        yield "no claim is registered"
        return
    yield from table_lines([HEAD, *(_cells(one) for one in claims)])
    yield ""
    yield (
        f"{claims[0].seeds} seeds resolve each effect with 80 % power where the "
        "difference varies over seeds by no"
    )
    yield "more than the SD shown. SD: what runs that exist show. smallest: the effect"
    yield "that is so resolved at this SD. 80 % power: what the claim needs at this SD,"
    yield "in brackets should it be an underestimate. least p: what the test can give"
    yield "at best, or a sign-flip test where that has no bound."
    yield from dict.fromkeys(one.proviso for one in claims if one.proviso)
    unknown = [
        one.claim for one in claims if one.pilot_sd is None and one.power is None
    ]
    if unknown:
        named = ", ".join(unknown)
        yield f"no run shows how {named} varies: run at least 5 pilot seeds to know"


def _cells(one: "ClaimPreview") -> tuple[str, ...]:
    level, p, effect, sd = map(
        _short, (one.level, one.smallest_p, one.resolution, one.largest_sd)
    )
    kind: str = one.kind
    if one.post_hoc:
        kind = f"{kind} (post hoc)"
    if one.about != "score":
        kind = f"{one.about} {kind}"
    if one.about == "spread":  # told as a ratio, as it is written
        effect = f"x{math.exp(one.resolution):.2g}"
    pilot = "?" if one.pilot_sd is None else _short(one.pilot_sd)
    known = one.detectable if _by_ranks(one) else one.smallest_effect
    smallest = "?" if known is None else _short(known)
    return (one.claim, kind, level, p, effect, sd, pilot, smallest, _needs(one))


def _by_ranks(one: "ClaimPreview") -> bool:
    """Whether chances of improvement decide, whatever the spread."""
    return one.detectable is not None and one.largest_sd is None


def _short(number: float | None) -> str:
    return "-" if number is None else f"{number:.2g}"


def _needs(one: "ClaimPreview") -> str:
    """Seeds or test rows that would give a claim its power, or the power it has."""
    if one.test_rows is not None:
        return f"{one.test_rows:,} test rows"
    if one.power is not None:
        needed = f", {one.seeds_needed:,} seeds" if one.seeds_needed else ""
        return f"has {100 * one.power:.0f} %{needed}"
    if _by_ranks(one):
        return f"{one.seeds_needed:,} seeds" if one.seeds_needed else "never"
    if one.pilot_sd is None:
        return "?"
    ends = (one.seeds_needed, one.seeds_if_underestimated)
    likely, most = ("never" if n is None else f"{n:,}" for n in ends)
    return f"{likely} ({most}) seeds"


def table_lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows set in columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
