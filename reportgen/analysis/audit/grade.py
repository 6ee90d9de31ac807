"""What came back of earlier findings: two analyses in, a grade per claim out."""

from dataclasses import dataclass
from typing import Literal

from reportgen.analysis.findings.study import ClaimResult, Findings

Grade = Literal["identical", "verdict preserved", "changed", "new", "gone"]


@dataclass(frozen=True)
class ClaimGrade:
    """One claim, before and now."""

    claim: str
    grade: Grade
    sentence: str


@dataclass(frozen=True)
class Comparison:
    """Findings against those they replace.

    Attributes:
        same_class: whether both come from the same environment classes.
        identical: whether every run ended in the same bits.
    """

    same_class: bool
    identical: bool
    claims: tuple[ClaimGrade, ...]

    def lines(self) -> tuple[str, ...]:
        """The comparison for people; empty where everything came back bit by bit."""
        if self.identical and all(one.grade == "identical" for one in self.claims):
            return ()
        where = "this environment class" if self.same_class else "another class"
        head = f"compared with the results before, which come from {where}:"
        return (head, *(f"  {one.sentence}" for one in self.claims))


def compare_findings(before: Findings, now: Findings) -> Comparison:
    """Grade every claim of two analyses of one study."""
    old = {claim.id: claim for claim in before.claims}
    new = {claim.id: claim for claim in now.claims}
    names = dict.fromkeys([*old, *new])
    return Comparison(
        same_class=before.environments == now.environments,
        identical=_ends(before) == _ends(now),
        claims=tuple(_grade(name, old.get(name), new.get(name)) for name in names),
    )


def _ends(findings: Findings) -> dict[tuple[str, int], tuple[object, ...]]:
    return {
        (row.arm, row.seed): (row.status, row.weights, tuple(row.metrics.items()))
        for row in findings.runs
    }


def _grade(name: str, old: ClaimResult | None, new: ClaimResult | None) -> ClaimGrade:
    if old is None or new is None:
        grade: Grade = "new" if old is None else "gone"
        return ClaimGrade(name, grade, f"{name}: {grade}")
    if old == new:
        return ClaimGrade(name, "identical", f"{name}: identical, {new.verdict}")
    moved = f"{_effect(old)} before, {_effect(new)} now"
    if old.verdict == new.verdict:
        text = f"{name}: verdict preserved, {new.verdict} ({moved})"
        return ClaimGrade(name, "verdict preserved", text)
    text = f"{name}: changed from {old.verdict} to {new.verdict} ({moved})"
    return ClaimGrade(name, "changed", text)


def _effect(claim: ClaimResult) -> str:
    return "no effect" if claim.effect is None else f"{claim.effect:+.4f}"
