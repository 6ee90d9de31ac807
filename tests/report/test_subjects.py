"""A number's words and its binding have to be of the same thing."""

import pytest

from reportgen.report.names import Names
from reportgen.report.prose import Prose
from reportgen.report.subjects import subject_problems
from tests.studies import make_tiny

VARIANTS = {
    "wide": {"why": "Room.", "change": {"model": {"params": {"hidden_dim": 6}}}},
    "wide-late": {"why": "Room.", "change": {"model": {"params": {"hidden_dim": 7}}}},
}


def found(text: str) -> list[tuple[str, ...]]:
    """What each number is said to be of, and what it is of."""
    prose = Prose("report.abstract", text, "specs/s.yaml", text)
    names = Names(make_tiny(variants=VARIANTS), citations=(), anchors=())
    return [tuple(one.what.split("'")[1::2]) for one in subject_problems(prose, names)]


@pytest.mark.parametrize(
    ("text", "said", "bound"),
    [
        ("Wide reaches {{ score('baseline', 'test.loss') }}.", "wide", "baseline"),
        ("That of wide-late is {{ score('wide', 'test.loss') }}", "wide-late", "wide"),
        ("`wide`: {{ score('wide', 'test.loss') }}, baseline {{ score('wide', "
         "'test.loss') }}", "baseline", "wide"),
        ("{{ score('wide', 'test.loss') }} for the baseline.", "baseline", "wide"),
        ("an accuracy of {{ score('wide', 'test.loss') }}", "accuracy", "loss"),
        ("the test loss, {{ score('wide', 'dev.loss') }}, a dev loss of "
         "{{ score('wide', 'test.loss') }}", "dev", "test"),
        ("loss falls: loss by {{ difference('wider-is-better') }}", "loss", "accuracy"),
    ],
)  # fmt: skip
def test_a_number_of_something_else_is_found(text: str, said: str, bound: str) -> None:
    assert found(text) == [(said, bound)]


@pytest.mark.parametrize(
    "text",
    [
        "Wide reaches {{ score('wide', 'test.loss') }} and the baseline "
        "{{ score('baseline', 'test.loss') }}.",
        "The loss is {{ score('wide', 'test.loss') }} for wide and "
        "{{ score('baseline', 'test.loss') }} for the baseline.",
        "{{ score('baseline', 'test.loss') }} to {{ score('wide', 'test.loss') }}.",
        "Compared with the baseline it reaches {{ score('wide', 'test.loss') }}.",
        "That wide beats the baseline is {{ verdict('wider-is-better') }}: "
        "{{ difference('wider-is-better') }}.",
        "A wide one that starts late reaches {{ score('wide-late', 'test.loss') }}.",
        "A test loss of {{ score('wide', 'test.loss') }} nats; a loss of accuracy: "
        "{{ score('wide', 'test.accuracy') }}.",
        "No name is in {{ score('wide', 'test.accuracy', 'sd') }}.",
        "{{ score('narrow', 'test.accuracy') }} of wide is refused elsewhere.",
    ],
)
def test_sentences_may_speak_of_several_arms(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("unit", ["%", " percent", " points", " nats", " epochs"])
def test_a_unit_that_the_number_does_not_have_is_found(unit: str) -> None:
    ((said,),) = found(f"It is {{{{ score('wide', 'test.accuracy') }}}}{unit}.")
    assert said == unit.strip()
    nats = found(f"It is {{{{ score('wide', 'test.loss') }}}}{unit}.")
    assert nats == ([] if unit == " nats" else [(unit.strip(),)])
