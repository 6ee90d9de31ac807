"""Every check of every arm is a fact, and says whose it is and where it comes from."""

import pytest

from reportgen.analysis.audit.manipulations import check_manipulations
from reportgen.analysis.output.manipulation_facts import STATES, manipulation_facts
from tests.analysis.audit.test_manipulations import promise_of, row, with_checks
from tests.analysis.factory import make_results


def test_each_result_is_a_fact_and_counted() -> None:
    rows = {("bilstm", 2): row(passed=False), ("frozen", 4): row(passed=None)}
    results = with_checks(make_results(), rows)
    found = check_manipulations(results)
    facts = {one.id: one for one in manipulation_facts(results.study, found)}
    assert len(facts) == len(found) + len(results.arms) + len(STATES)
    failed = facts["check/bilstm/run/it"]
    assert (failed.value, failed.n, failed.subject.arm) == ("failed", 5, "bilstm")
    assert failed.derivation.inputs == ("fact:runs/bilstm",)
    assert failed.derivation.formula == (
        "it holds; measured in 5 of 5 runs: it was seen"
    )
    assert facts["check/baseline/run/it"].value == "passed"
    assert facts["check/frozen/run/it"].value == "not checked"
    passed = facts["checks/bilstm"]
    assert (passed.value, passed.n) == (1, 2)
    counted = {name: facts[f"count/checks/{name}"] for name in STATES}
    assert [one.value for one in counted.values()] == [len(found) - 2, 1, 1]
    assert counted["failed"].derivation.inputs == ("fact:check/bilstm/run/it",)


def test_promises_by_one_name_are_facts_of_their_own() -> None:
    results = make_results()
    one = promise_of("baseline")
    twice = (one, one.model_copy(update={"says": "it holds elsewhere"}))
    facts = list(manipulation_facts(results.study, twice))
    assert [fact.id for fact in facts[:2]] == [
        "check/baseline/run/it",
        "check/baseline/run/it/2",
    ]


@pytest.mark.parametrize(
    ("subject", "arm", "whose", "source"),
    [
        (
            "data.transforms[1]",
            "baseline",
            "its transform 2 (hide)",
            "spec:data.transforms[1]",
        ),
        (
            "training.freeze[0]",
            "frozen",
            "its freezing 1 (hide)",
            "spec:variants.frozen.change.training.freeze[0]",
        ),
        (
            "data.shifts.ordering",
            "frozen",
            "its shift ordering",
            "spec:data.shifts.ordering",
        ),
        ("change", "frozen", "its change hide", "spec:variants.frozen.change"),
        ("run", "frozen", "its training hide", "fact:runs/frozen"),
    ],
)
def test_whose_promise_it_is_is_told_in_words(
    subject: str, arm: str, whose: str, source: str
) -> None:
    one = promise_of(arm).model_copy(update={"subject": subject, "named": "hide"})
    assert one.whose == whose
    fact, *_ = manipulation_facts(make_results().study, (one,))
    assert fact.derivation.inputs[-1] == source
