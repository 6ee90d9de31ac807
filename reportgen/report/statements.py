"""What claims say and how large their effects are, in the words of a report."""

from collections.abc import Mapping

from markupsafe import Markup
from pydantic import JsonValue

from reportgen.analysis.findings.claims import (
    ClaimResult,
    shown,
    shown_interval,
)
from reportgen.analysis.findings.outcome import Interval
from reportgen.report.cells import measure_name, metric_name
from reportgen.report.numbers import decimals_for, write_decimal, write_interval
from reportgen.spec.claims import PATTERNS, About, Kind

# How a claim's margin reads after its sentence; "changes" claims no amount.
AMOUNTS: dict[Kind, str] = {
    "improves": "by at least",
    "worse": "by at least",
    "noninferior": "by more than",
    "equivalent": "within",
}
RATIO_AMOUNTS: dict[Kind, str] = {
    "improves": "by a factor of at least",
    "worse": "by a factor of at least",
    "noninferior": "by a factor of more than",
    "equivalent": "within a factor of",
}
# Where a sentence pattern reads better in prose than as something to type.
STATEMENTS: dict[About, str] = {"level": " in {m}", "spread": " in {m}"}


def statement(
    result: ClaimResult, metrics: Mapping[str, Mapping[str, JsonValue]]
) -> Markup:
    """What a claim says, with metrics by their names."""
    pattern = PATTERNS[result.about, result.kind]
    reference = Markup("<code>{}</code>").format(result.reference)
    if result.about == "level":
        reference = Markup("{}").format(result.reference)
    if result.about in STATEMENTS:
        pattern = pattern.replace(" on {m}", STATEMENTS[result.about])
    metric = "" if result.about == "failures" else metric_name(result.metric, metrics)
    if result.about == "shift":
        pattern = pattern.replace(" from {m} to {n}", " in {m}")
        measure = result.metric.partition(".")[2].partition("@")
        last = " (last epoch)" if measure[2] == "last" else ""
        metric = (
            f"{measure_name(measure[0], metrics)} from "
            f"{result.metric.partition('.')[0]} to {result.shifted.partition('.')[0]}"
            f"{last}"
        )
    return Markup(pattern).format(  # noqa: S704 (patterns are ours)
        a=Markup("<code>{}</code>").format(result.variant), b=reference, m=metric
    )


def margin_words(result: ClaimResult) -> str:
    """How a claim's margin reads after its sentence; "" where it names no amount."""
    if not result.margin:
        return ""
    if result.about == "level" and result.kind == "noninferior":
        return "to within"
    amounts = RATIO_AMOUNTS if result.about == "spread" else AMOUNTS
    return amounts.get(result.kind, "")


def margin_number(result: ClaimResult) -> str:
    """A claim's margin as it was written."""
    return f"{shown(result, result.margin):.6g}"


def effect_text(result: ClaimResult, effect: float, decimals: int) -> str:
    """An effect with its sign; a ratio has the sign of a factor."""
    text = write_decimal(
        shown(result, effect), decimals, signed=result.about != "spread"
    )
    return f"×{text}" if result.about == "spread" else text


def interval_text(result: ClaimResult, interval: Interval, decimals: int) -> str:
    """An interval with the decimals of its effect."""
    ends = shown_interval(result, interval)
    return write_interval(ends.lower, ends.upper, decimals)


def decimals_of(result: ClaimResult, uncertainty: float | None) -> int:
    """Decimals of a claim's effect.

    Args:
        result: of the claim.
        uncertainty: of the effect on the scale shown; by its interval where None.
    """
    if uncertainty is None and result.ci95 is not None:
        ends = shown_interval(result, result.ci95)
        uncertainty = (ends.upper - ends.lower) / 4
    return decimals_for(uncertainty, unit=result.unit)
