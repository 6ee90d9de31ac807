"""Choices: every claim had the analysis been done another way."""

from collections.abc import Iterable

from reportgen.analysis.findings.complements import Choice, LeftOut
from reportgen.analysis.findings.study import ClaimResult, Verdict
from reportgen.report.cells import DASH, measure_name
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.statements import effect_text
from reportgen.report.writer import SIGNS, Writer
from reportgen.spec.model import StudySpec

_SUMMARIES = {"median": "Median", "iqm": "IQM"}


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per claim, one column per choice."""
    findings = write.findings
    found = {(one.claim, one.kind, one.name): one for one in findings.choices.choices}
    left_out = {one.claim: one for one in findings.choices.left_out}
    names = {one.name for one in found.values() if one.kind == "metric"}
    metrics = [name for name in findings.metrics if name in names]
    told = {one.claim for one in found.values()}
    rows = tuple(
        Row(
            (
                Cell(str(write.claim_name(claim.id)), claim.id),
                _cell(claim.verdict, claim.effect, claim, write),
                _chosen(_checkpoint(found.values(), claim.id), claim, write),
                *(
                    _chosen(found.get((claim.id, "metric", name)), claim, write)
                    for name in metrics
                ),
                *(
                    _chosen(found.get((claim.id, "summary", name)), claim, write)
                    for name in _SUMMARIES
                ),
                _range(left_out.get(claim.id), claim, write),
            )
        )
        for claim in findings.claims
        if claim.id in told
    )
    if not rows:
        return None
    columns = (
        Column("Claim", wrap=True),
        Column("As registered", "right"),
        Column("Other epoch", "right"),
        *(Column(measure_name(name, findings.metrics), "right") for name in metrics),
        *(Column(title, "right") for title in _SUMMARIES.values()),
        Column("One seed left out", "right"),
    )
    title = "What each claim would have come to under other choices"
    return Table("choices", title, columns, rows, _note(), small=True)


def _note() -> str:
    signs = ", ".join(f"{sign} {verdict}" for verdict, sign in SIGNS.items())
    return (
        "Effects are oriented: positive means that the variant is better. The sign is "
        f"the verdict at the level the claim had ({signs}); bold marks another verdict "
        "than the registered one. Other epoch is the last where the study reports "
        "the best, and the best where it reports the last. Other metrics are those "
        "that share the claim’s direction and unit, and so its margin. Median and IQM "
        "of the seed pairs carry no verdict; bold marks those on the other side of the "
        "margin. The last column has the range of the mean as each seed pair is left "
        "out, with every verdict met. A ratio of spreads has no median over seed "
        "pairs, and how often runs fail depends on no epoch or metric. Claims that a "
        "control or a check left without a verdict are not asked again."
    )


def _checkpoint(choices: Iterable[Choice], claim: str) -> Choice | None:
    return next(
        (one for one in choices if (one.claim, one.kind) == (claim, "checkpoint")),
        None,
    )


def _chosen(choice: Choice | None, claim: ClaimResult, write: Writer) -> Cell:
    if choice is None:
        return DASH
    cell = _cell(choice.verdict, choice.effect, claim, write)
    return Cell(f"<b>{cell.html}</b>", cell.sort) if choice.differs else cell


def _cell(
    verdict: Verdict | None, effect: float | None, claim: ClaimResult, write: Writer
) -> Cell:
    if effect is None:
        return DASH
    number = effect_text(claim, effect, write.effect_decimals(claim))
    return Cell(f"{_sign(verdict)}{number}", effect)


def _sign(verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    return f'<abbr title="{verdict}">{SIGNS[verdict]}</abbr>\u00a0'


def _range(left_out: LeftOut | None, claim: ClaimResult, write: Writer) -> Cell:
    if left_out is None:
        return DASH
    decimals = write.effect_decimals(claim)
    low, high = (
        effect_text(claim, end, decimals) for end in (left_out.lowest, left_out.highest)
    )
    signs = "".join(_sign(verdict) for verdict in left_out.verdicts)
    text = f"{signs}{low} to {high}"
    many = len(left_out.verdicts) > 1
    return Cell(f"<b>{text}</b>" if many else text, left_out.lowest)
