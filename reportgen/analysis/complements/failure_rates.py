"""How often runs fail: the account of all runs in, one rate per arm out."""

from collections.abc import Iterable

from scipy import stats

from reportgen.analysis.claims.verdicts import failure_interval
from reportgen.analysis.findings.complements import FailureRate
from reportgen.analysis.findings.study import ArmAttrition
from reportgen.spec.model import BASELINE
from reportgen.spec.plan import CONTROL_PREFIX


def failure_rates(arms: Iterable[ArmAttrition]) -> tuple[FailureRate, ...]:
    """Each arm's failed runs among those that ended, controls left out.

    A run that a declared rule excludes has failed all the same.
    """
    counts = {
        one.arm: (one.broken, one.broken + one.reported)
        for one in arms
        if not one.arm.startswith(CONTROL_PREFIX) and one.broken + one.reported
    }
    usual = counts.get(BASELINE)
    return tuple(
        FailureRate(
            arm=arm,
            failed=failed,
            ended=ended,
            interval=failure_interval(failed, ended),
            at_most=largest_rate(failed, ended),
            fisher_p=None
            if arm == BASELINE or usual is None
            else fisher_p((failed, ended), usual),
        )
        for arm, (failed, ended) in counts.items()
    )


def largest_rate(failed: int, ended: int) -> float:
    """One-sided 95 % bound of a failure rate; 1 - .05^(1/n) where none failed."""
    if failed == ended:
        return 1.0
    return float(stats.beta.ppf(0.95, failed + 1, ended - failed))


def fisher_p(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Fisher's exact two-sided p of two counts, each (failed, ended)."""
    table = [[failed, ended - failed] for failed, ended in (first, second)]
    return float(stats.fisher_exact(table).pvalue)
