"""Arms that are not what they say: findings in, alarms and their mark out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reportgen.analysis.findings.manipulations import Manipulation
from reportgen.analysis.findings.study import Findings
from reportgen.spec.plan import CONTROL_PREFIX

MARK = "†"
MEANING = (
    f"{MARK} marks what comes of an arm that is not what it says: it failed a check of "
    "its own, and no claim about it has a verdict."
)
Fault = tuple[str, str, str]  # whose, what was expected, what was observed


@dataclass(frozen=True)
class Alarm:
    """Arms that failed the same checks in the same way, and what that costs."""

    arms: tuple[str, ...]
    faults: tuple[Manipulation, ...]

    @property
    def costs(self) -> str:
        """Which claims have no verdict, in a sentence."""
        if any(arm.startswith(CONTROL_PREFIX) for arm in self.arms):
            return "No claim has a verdict."
        whom, whose = ("it", "its") if len(self.arms) == 1 else ("them", "their")
        shifts = dict.fromkeys(one.shift for one in self.faults)
        where, there = "", ""
        if "" not in shifts:
            where, there = f" on {' and '.join(shifts)}", " there"
        return (
            f"Claims about {whom}{where} have no verdict, and {whose} numbers{there} "
            f"are marked {MARK}."
        )


def refused_names(findings: Findings) -> frozenset[str]:
    """Arms that failed a check, and `ARM/SHIFT` where it is a shift that failed."""
    return frozenset(one.bars for one in findings.manipulations if one.passed is False)


def arm_alarms(findings: Findings) -> tuple[Alarm, ...]:
    """One alarm for each arm, or for all that failed alike, as the plan orders them."""
    by_arm: dict[str, list[Manipulation]] = {}
    for one in findings.manipulations:
        if one.passed is False:
            by_arm.setdefault(one.arm, []).append(one)
    alike: dict[tuple[Fault, ...], list[str]] = {}
    for arm, faults in by_arm.items():
        alike.setdefault(_told(faults), []).append(arm)
    return tuple(Alarm(tuple(arms), tuple(by_arm[arms[0]])) for arms in alike.values())


def is_refused(refused: Iterable[str], arm: str, shift: str = "") -> bool:
    """Whether an arm is not what it says, or is not on a shift."""
    return arm in refused or f"{arm}/{shift}" in refused


def _told(faults: Sequence[Manipulation]) -> tuple[Fault, ...]:
    return tuple((one.whose, one.says, one.observed) for one in faults)
