"""Facts about the checks of the arms: what was found in, each result and counts out."""

from collections import Counter
from collections.abc import Iterator, Sequence

from reportgen.analysis.findings.facts import Derivation, Fact, Subject
from reportgen.analysis.findings.manipulations import CHANGE, Manipulation
from reportgen.analysis.output.facts import runs_input
from reportgen.analysis.output.setting_facts import spec_input
from reportgen.spec.model import BASELINE, StudySpec
from reportgen.spec.plan import CONTROL_PREFIX

STATES: dict[str, bool | None] = {"passed": True, "failed": False, "unchecked": None}
WORDS = {True: "passed", False: "failed", None: "not checked"}


def manipulation_facts(
    study: StudySpec, found: Sequence[Manipulation]
) -> Iterator[Fact]:
    """`check/ARM/SUBJECT/CHECK`, `checks/ARM` and `count/checks/…`: how many came so.

    Of several promises by one name, later ones end in their number.
    """
    named: Counter[str] = Counter()
    ids: dict[bool | None, list[str]] = {}
    for one in found:
        named[one.fact_id] += 1
        again = named[one.fact_id]
        fact_id = one.fact_id if again == 1 else f"{one.fact_id}/{again}"
        ids.setdefault(one.passed, []).append(fact_id)
        yield Fact(
            id=fact_id,
            value=WORDS[one.passed],
            unit="text",
            n=one.runs,
            subject=Subject(arm=one.arm),
            derivation=Derivation(
                formula=f"{one.says}; measured in {one.runs} of {one.ended} runs: "
                f"{one.observed}",
                inputs=tuple(_sources(study, one)),
            ),
        )
    yield from _of_arms(found)
    for name, state in STATES.items():
        told = ids.get(state, [])
        yield Fact(
            id=f"count/checks/{name}",
            value=len(told),
            unit="count",
            derivation=Derivation(
                formula=f"promises of arms {name}, each over all runs of its arm",
                inputs=tuple(f"fact:{one}" for one in told if state is not True),
            ),
        )


def _of_arms(found: Sequence[Manipulation]) -> Iterator[Fact]:
    """`checks/ARM`: how many of an arm's promises passed."""
    for arm in dict.fromkeys(one.arm for one in found):
        own = [one for one in found if one.arm == arm]
        yield Fact(
            id=f"checks/{arm}",
            value=sum(one.passed is True for one in own),
            unit="count",
            n=len(own),
            subject=Subject(arm=arm),
            derivation=Derivation(
                formula="promises of the arm that passed, of all of them",
                inputs=(runs_input(arm),),
            ),
        )


def _sources(study: StudySpec, one: Manipulation) -> Iterator[str]:
    """The runs it was measured in, and the lines of the spec that ask for it."""
    yield runs_input(one.arm)
    if one.subject == CHANGE:
        yield runs_input(BASELINE)
        yield f"spec:variants.{one.arm}.change"
    elif "." in one.subject and not one.arm.startswith(CONTROL_PREFIX):
        variant = study.variants.get(one.arm)
        change = variant.change if variant else {}
        yield spec_input(one.subject, one.arm, change)
