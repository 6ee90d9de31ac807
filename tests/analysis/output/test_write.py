"""Facts as a file holds them: what stands once must come back for each of them."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reportgen.analysis.findings.facts import Derivation, Fact, Subject
from reportgen.analysis.output.shared import beyond, in_common, joined
from reportgen.analysis.output.write import facts_text, parse_facts

LEAVES: st.SearchStrategy[Any] = st.sampled_from(
    [0, 1, 1.0, True, "a", "", None, [1], [1.0], {}]
)
FIELDS = st.dictionaries(
    st.sampled_from("abc"),
    LEAVES | st.dictionaries(st.sampled_from("abc"), LEAVES),
)


def fact(fact_id: str, **changes: Any) -> Fact:
    usual: dict[str, Any] = {
        "value": 1,
        "unit": "fraction",
        "n": 5,
        "subject": Subject(arm="small", metric="hwa"),
        "derivation": Derivation(formula="counted", inputs=("fact:runs/small",)),
    }
    return Fact(id=fact_id, **{**usual, **changes})


@given(st.lists(FIELDS, max_size=4))
@example([{"a": 1}, {"a": True}])
@example([{"a": {"b": 1}}, {"a": {"b": 1.0}}])
@example([{"a": {}}, {"a": {"b": {}}}])
def test_what_is_in_common_and_the_rest_are_the_whole(values: list[Any]) -> None:
    shared = in_common(values)
    for value in values:
        back = joined(shared, beyond(value, shared))
        assert json.dumps(back, sort_keys=True) == json.dumps(value, sort_keys=True)


def test_alike_facts_are_read_back_and_written_alike() -> None:
    facts = [
        fact("score/small/test.hwa@best/mean", value=0.5, standard_error=0.1),
        fact("score/small/test.hwa@best/sd", value=0.25),
        fact("score/small/dev.hwa@best/sd", n=None, subject=Subject()),
        fact("runs/small", derivation=Derivation(formula="counted")),
        fact("runs/large", value=1.0, subject=Subject(arm="large")),
        fact("runs", value="a\n{}"),
    ]
    text = facts_text(facts)
    back = parse_facts(text.encode())
    assert list(back) == sorted(one.id for one in facts)
    assert back == {one.id: one for one in facts}
    assert facts_text(back.values()) == text
    assert text.count('"metric":"hwa"') == 3, "of two alike facts it stands once"
    assert len(text.splitlines()) == 2 + 4 + 6, "a line for each fact and each group"


@pytest.mark.parametrize("text", ["[]", '{"runs": 1}', '{"runs": {"value": 1}}', "{"])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"facts by the beginning|Expecting"):
        parse_facts(text.encode())
