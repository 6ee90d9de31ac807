"""The guard of prose: typed numbers and leftovers are found, names are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analysis.findings.facts import Derivation, Fact
from reportgen.errors import Location
from reportgen.report.guard import guard_text
from reportgen.report.prose import Prose

SCORE = Fact(
    id="score/a/test.hwa@best/mean",
    value=0.8312,
    unit="fraction",
    standard_error=0.01,
    derivation=Derivation(formula="mean"),
)


def found(text: str, *facts: Fact) -> list[str]:
    """What the guard says of a paragraph that was typed as it is."""
    source = f"abstract: |\n  {text}\n"
    prose = Prose("report.abstract", text, "specs/s.yaml", source)
    by_id = {fact.id: fact for fact in facts}
    return [one.what for one in guard_text(prose, f"<p>{text}</p>", by_id)]


@pytest.mark.parametrize(
    "number", ["0.83", "83%", "-0.02", "\u22120.02", "1,000", "1\u202f000", "7"]
)
def test_a_typed_number_is_found(number: str) -> None:
    (what,) = found(f"It reached {number} in the end.")
    assert what == f"report.abstract: the number {number} is typed, not bound"


@pytest.mark.parametrize(
    "text",
    [
        "GPT-2 and ResNet50 in float32 with L2 decay",
        "as in 1997 and in 2024",
        "the 95 % CI and the 90 % interval",
        "see Figure 3, Tables 1 and 2, Section 4.2",
        "under Python 3.11 and PyTorch 2.13",
        "twice, once, both, the first and the second, one in which",
        "the four predicates, two one-sided tests, a third reading, two arms",
    ],
)
def test_names_years_and_places_are_no_results(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "number",
    [
        "three times",
        "half of",
        "twice as",
        "doubles",
        "tenfold",
        "two thirds of",
        "five seeds",
        "twenty-one runs",
        "two percentage points",
        "A dozen of runs",
    ],
)
def test_a_number_in_words_is_found(number: str) -> None:
    (what,) = found(f"It took {number} what it had.")
    assert what == f"report.abstract: the number in {number!r} is typed, not bound"


@pytest.mark.parametrize("made", ["<code>0.83</code>", "a<sup>2</sup>"])
def test_code_and_marks_are_no_words_of_the_author(made: str) -> None:
    prose = Prose("report.abstract", made, "specs/s.yaml", f"abstract: {made}\n")
    assert guard_text(prose, made, {}) == []


@pytest.mark.parametrize("leftover", ["[?]", "TODO", "NaN", "{{", "%}"])
def test_what_was_left_over_is_found(leftover: str) -> None:
    assert found(f"It is {leftover} here") == [
        f"report.abstract: {leftover} is left over"
    ]


def test_a_percentage_that_is_no_interval_is_a_number() -> None:
    assert len(found("in 95 % of the rows")) == 1


def test_the_binding_that_it_may_be_is_named_with_its_place() -> None:
    text = "first line\n  and 0.831 follows"
    prose = Prose("report.abstract", text, "specs/s.yaml", f"abstract: |\n  {text}\n")
    (problem,) = guard_text(prose, text, {SCORE.id: SCORE})
    assert f"perhaps {{{{ fact('{SCORE.id}') }}}}" in problem.fix
    assert isinstance(problem.where, Location)
    assert (problem.where.line, problem.where.column) == (3, 7)


@given(st.decimals(0, 999, places=3, allow_nan=False))
def test_no_decimal_slips_through(number: object) -> None:
    assert len(found(f"they scored {number} on test rows")) == 1
