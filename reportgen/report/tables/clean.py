"""Clean: the claims on test, judged again without rows that occur in training."""

from reportgen.analysis.findings.audit import CleanVerdict
from reportgen.analysis.findings.study import ClaimResult
from reportgen.report.cells import DASH
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import write_decimal, write_interval
from reportgen.report.statements import effect_text
from reportgen.report.writer import SIGNS, Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per claim that was judged again."""
    claims = {claim.id: claim for claim in write.findings.claims}
    rows = tuple(
        _row(one, claims[one.claim], write) for one in write.findings.audit.verdicts
    )
    if not rows:
        return None
    columns = (
        Column("Claim", wrap=True),
        Column("Effect, all rows", "right"),
        Column("Effect, clean rows", "right"),
        Column("95\u202f% interval", "right"),
        Column("Verdict as registered"),
        Column("Verdict on clean rows"),
    )
    note = (
        "Clean rows are the test rows that occur in no training split. The registered "
        "verdict stands; bold marks one that owes itself to rows seen before."
    )
    title = "Claims on test, without rows that occur in training"
    return Table("clean", title, columns, rows, note, small=True)


def _row(again: CleanVerdict, claim: ClaimResult, write: Writer) -> Row:
    decimals = write.effect_decimals(claim)
    fact_id = f"clean/{claim.id}/effect"
    effect = interval = DASH
    if again.effect is not None:
        text = write_decimal(again.effect, decimals, signed=claim.about != "spread")
        effect = Cell(str(write.mark(fact_id, text)), again.effect)
    if again.ci95 is not None:
        text = write_interval(again.ci95.lower, again.ci95.upper, decimals)
        interval = Cell(str(write.mark(fact_id, text)), again.ci95.lower)
    registered = DASH
    if claim.effect is not None:
        text = effect_text(claim, claim.effect, decimals)
        marked = write.mark(f"claim/{claim.id}/effect", text)
        registered = Cell(str(marked), claim.effect)
    own = _verdict(again.verdict)
    return Row(
        (
            Cell(str(write.claim_name(claim.id)), claim.id),
            registered,
            effect,
            interval,
            Cell(_verdict(claim.verdict), claim.verdict),
            Cell(f"<b>{own}</b>" if again.differs else own, again.verdict),
        )
    )


def _verdict(word: str) -> str:
    sign = next(sign for verdict, sign in SIGNS.items() if verdict == word)
    shown = f'<span class="sign" aria-hidden="true">{sign}</span>'
    return f'<span class="verdict {word}">{shown}{word}</span>'
