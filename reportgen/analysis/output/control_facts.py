"""Facts about controls: their results in, every number they observed out."""

from collections.abc import Iterator, Sequence

from reportgen.analysis.findings.controls import ControlResult
from reportgen.analysis.findings.facts import Derivation, Fact, Subject
from reportgen.analysis.output.facts import runs_input


def control_facts(controls: Sequence[ControlResult]) -> Iterator[Fact]:
    """`control/ID/NAME`: the numbers in what a control observed."""
    for control in controls:
        for one in control.measures:
            arms = one.arms
            yield Fact(
                id=f"control/{control.id}/{one.name}",
                value=one.value,
                unit=one.unit,
                subject=Subject(arm=arms[0] if len(arms) == 1 else None),
                derivation=Derivation(
                    formula=one.formula, inputs=tuple(map(runs_input, arms))
                ),
            )
