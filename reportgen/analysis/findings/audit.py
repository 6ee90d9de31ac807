"""What the audit of the data came to, for `Findings`."""

from reportgen.analysis.findings.outcome import Interval, Verdict
from reportgen.spec.model import Frozen


class CleanVerdict(Frozen):
    """One claim on test, judged again on those test rows that no training holds."""

    claim: str
    printed: Verdict  # on all test rows
    verdict: Verdict
    effect: float | None
    ci95: Interval | None

    @property
    def differs(self) -> bool:
        """Whether the claim owes its verdict to rows that were seen before."""
        return self.verdict != self.printed


class DataAudit(Frozen):
    """Test rows that occur in training, and the claims without them.

    `clean_rows` is None where the rows fed were not kept. Claims are judged again where
    more rows occur in training than chance explains.
    """

    test_rows: int = 0
    clean_rows: int | None = None
    verdicts: tuple[CleanVerdict, ...] = ()
    sentences: tuple[str, ...] = ()  # what was checked, found, and not checked
