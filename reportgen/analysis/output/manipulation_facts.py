"""Facts about the checks of the arms: what was found in, counts of it out."""

from collections.abc import Iterator, Sequence

from reportgen.analysis.findings.facts import Derivation, Fact
from reportgen.analysis.findings.manipulations import Manipulation

STATES: dict[str, bool | None] = {"passed": True, "failed": False, "unchecked": None}


def manipulation_facts(found: Sequence[Manipulation]) -> Iterator[Fact]:
    """`count/checks/…`: promises of all arms by what was measured, arms refused."""
    for name, state in STATES.items():
        told = [one for one in found if one.passed is state]
        yield Fact(
            id=f"count/checks/{name}",
            value=len(told),
            unit="count",
            derivation=Derivation(
                formula=f"promises of arms {name}, each over all runs of its arm",
                inputs=tuple(
                    f"check:{one.arm}/{one.subject}/{one.check}"
                    for one in told
                    if state is not True
                ),
            ),
        )
