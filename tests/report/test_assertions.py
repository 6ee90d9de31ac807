"""Words that compare need a verdict beside them; the sentence is what counts."""

import pytest

from reportgen.errors import Location
from reportgen.report.assertions import assertion_problems
from reportgen.report.prose import Prose
from reportgen.spec.claims import Kind

KINDS: dict[str, Kind] = {"gain": "improves", "alike": "equivalent"}


def found(text: str, use: str = "results") -> list[str]:
    """The words that are refused in a section's text."""
    prose = Prose("report.sections[0].prose", text, "specs/s.yaml", text, use)
    return [one.what.split("'")[1] for one in assertion_problems(prose, KINDS)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Our model outperforms the rest.", "outperforms"),
        ("It is more robust on new rows.", "more robust"),
        ("The loss is lower.", "is lower"),
        ("HWA was significantly better.", "significantly"),
        ("Scores higher than the baseline's were seen.", "higher than"),
        ("Dropout does not help.", "does not help"),
        ("It performs best.", "performs best"),
        ("By {{ difference('gain') }} it improves.", "improves"),
        ("{{ verdict('gain') }}. It is better.", "better"),
        (
            "{% if verdict('gain') == 'inconclusive' %}It is better.{% endif %}",
            "better",
        ),
        (
            "{% if verdict('gain') == 'refuted' %}So.{% endif %} It helps.",
            "helps",
        ),
        ("{% if verdict('gain') != 'refuted' %}It is better.{% endif %}", "better"),
        (
            "{% if verdict('gain') == 'supported' %}So.{% else %}It beats.{% endif %}",
            "beats",
        ),
        (
            "{% if verdict('gain') == 'supported' or count('a') %}It helps.{% endif %}",
            "helps",
        ),
    ],
)
def test_a_comparison_alone_is_found(text: str, word: str) -> None:
    assert found(text) == [word]


@pytest.mark.parametrize(
    "text",
    [
        "That it improves is {{ verdict('gain') }}: {{ difference('gain') }}.",
        "{{ sentence('gain') }}, so it is better.",
        "{% if verdict('gain') == 'supported' %}It beats the other.{% endif %}",
        "{% if verdict('gain') == 'refuted' or verdict('gain') == 'equivalent' %}\n"
        "It is no better.\n{% endif %}",
        "{% if verdict('gain') == 'inconclusive' %}Open.\n"
        "{% elif verdict('gain') == 'supported' %}It helps.{% endif %}",
        "{{ lit('Better') }} is a word.",
        "`better` is a setting, $better$ a formula.",
        "The earliest epoch with the best development loss is kept.",
        "Nobody compared anything here, and the same seeds were used.",
    ],
)
def test_a_comparison_with_its_verdict_passes(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("There was no difference.", "no difference"),
        ("Dropout has no measurable effect: {{ verdict('gain') }}.", "no measurable"),
        ("They do not differ, {{ verdict('gain') }}.", "do not differ"),
        ("It is as good as the other.", "as good as"),
        ("{% if verdict('alike') == 'refuted' %}No effect.{% endif %}", "No effect"),
    ],
)
def test_an_absence_needs_a_claim_of_equivalence(text: str, word: str) -> None:
    (said,) = found(text)
    assert said.startswith(word)


@pytest.mark.parametrize(
    "text",
    [
        "That there is no difference is {{ verdict('alike') }}.",
        "{% if verdict('gain') == 'equivalent' %}It has no effect.{% endif %}",
        "{% if verdict('alike') == 'supported' %}It has no effect.{% endif %}",
    ],
)
def test_an_absence_that_was_shown_may_be_told(text: str) -> None:
    assert found(text) == []


def test_others_may_be_cited_in_the_background_alone() -> None:
    text = "Attention outperforms recurrence {{ cite('a2017') }}."
    assert found(text, "expectations") == []
    assert found(text, "results") == ["outperforms"]
    assert found("Attention outperforms recurrence.", "expectations") == ["outperforms"]
    assert found("Lower than usual rates were used.", "tested") == []
    assert found("Batches larger than that fail.", "data") == []


def test_the_place_is_that_of_the_word_and_not_of_its_twin() -> None:
    text = "It is better: {{ verdict('gain') }}. It is better.\n"
    spec = f"report:\n  prose: |\n    {text}"
    prose = Prose("report.abstract", text, "specs/s.yaml", spec)
    (problem,) = assertion_problems(prose, KINDS)
    assert isinstance(problem.where, Location)
    where = problem.where
    assert (where.line, where.column) == (3, spec.splitlines()[2].rfind("better") + 1)
