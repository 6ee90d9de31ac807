from collections.abc import Callable

import pytest

from reportgen.errors import InputError
from reportgen.report.bind import Binder
from reportgen.report.cite import load_bibliography
from reportgen.report.names import Names
from reportgen.report.prose import Prose
from reportgen.report.results import Results
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec

Bind = Callable[[str], str]


@pytest.fixture
def writer(told: tuple[object, StudySpec], results: Results) -> Writer:
    names = Names(told[1], (), ("fig-claims",), results.facts)
    return Writer(names, results.findings, load_bibliography(None))


def text(source: str) -> Prose:
    indented = "\n".join("    " + line for line in source.splitlines())
    return Prose(
        "report.abstract", source, "specs/s.yaml", f"abstract: |\n{indented}\n"
    )


@pytest.fixture
def bind(writer: Writer) -> Bind:
    return lambda source: Binder(writer).bind(text(source), prefix="a")


def test_a_number_knows_its_fact(bind: Bind, writer: Writer) -> None:
    made = bind("It is {{ score('baseline', 'test.hwa') }}.")
    fact_id = "score/baseline/test.hwa@best/mean"
    assert f'<span class="fact" data-fact="{fact_id}">0.' in made
    assert writer.shown.facts == {fact_id}


def test_markdown_does_not_touch_what_is_bound(bind: Bind) -> None:
    made = bind("*{{ count('seeds') }}* and `{{ count('arms') }}`")
    assert '<em><span class="fact" data-fact="count/seeds">5</span></em>' in made
    assert '<code><span class="fact" data-fact="count/arms">4</span></code>' in made


def test_a_verdict_compares_as_its_word(bind: Bind) -> None:
    source = "{% if verdict('bilstm-helps') == 'supported' %}yes{% else %}no{% endif %}"
    assert bind(source) == "<p>yes</p>\n"


def test_a_number_in_a_formula_is_plain_tex(bind: Bind) -> None:
    made = bind("Thus $n = {{ count('seeds') }}$.")
    assert '<span class="math">n = 5</span>' in made


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a\n{{ fact('count/seed') }}", r"s\.yaml:3:14: .* no fact 'count/seed'"),
        ("a {{ score('bilst', 'test.hwa') }}", "no arm 'bilst'"),
        ("a {{ score('bilst', 'test.hwa') }}", "did you mean 'bilstm'"),
        ("a {{ score('bilstm', 'test.swa') }}", "no metric 'test.swa'"),
        ("a {{ verdict('nope') }}", "no claim 'nope'"),
        ("a {{ cite('nobody2000') }}", "no citation key 'nobody2000'"),
        ("a {{ ref('fig-nothing') }}", "no figure, table or section 'fig-nothing'"),
        ("a {{ setting('training.epoch') }}", "no setting 'training.epoch'"),
        ("{{ setting('metrics.0') }}", "write 'metrics'"),
        ("{{ setting('training.select') }}", "name one of: training.select.metric"),
        ("a {{ scor('x') }}", "nothing is called 'scor' here"),
        ("a {{ count() }}", r"count\(\) does not take these arguments"),
        ("a\n\n{{ count('seeds' }}", r"s\.yaml:4:5: .*cannot read the bindings"),
        ("a {{ count.__class__ }}", "unsafe|fails"),
        ("a {{ 'x' * 1000000000 }}", r"operator \* is not available"),
        ("a {% for i in range(9) %}{% endfor %}", "nothing is called 'range'"),
        ("a {% include 'b' %}", "fails|no loader"),
        (r"a $\frac{1$", "TeX"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    bind: Bind, source: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        bind(source)


def test_all_problems_of_a_text_come_at_once(bind: Bind) -> None:
    with pytest.raises(InputError) as caught:
        bind("{{ fact('a') }}\n{{ verdict('b') }}\n{{ nobody }}")
    assert len(caught.value.problems) == 3


def test_names_known_only_while_running_are_checked_too(bind: Bind) -> None:
    with pytest.raises(InputError, match=r"s\.yaml:2:\d+: .*no claim 'x'"):
        bind("{% set name = 'x' %}{{ verdict(name) }}")


@pytest.mark.parametrize(
    "source",
    [
        "In 2019 an L2 penalty and GPT-2 were old; see Figure 2 and Section 3.1.",
        "A 95 % confidence interval, `x = 3`, $x = 3$ and {{ lit('3') }} examples.",
        "Python 3.11 and float32 on CIFAR-10.\n\n1. First\n2. Second",
        "A note.[^1]\n\n[^1]: It says nothing.",
        "None of the claims was supported.",
    ],
)
def test_digits_that_are_no_results_pass(bind: Bind, source: str) -> None:
    assert bind(source)


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("We reach 0.83 here.", "0.83"),
        ("ok\n\nA drop of −3.2 points.", "−3.2"),
        ("With 95 % accuracy.", "95"),
        ("Over 12 runs.", "12"),
        ("A gain of 4% each.", "4%"),
    ],
)
def test_a_typed_number_is_refused(bind: Bind, source: str, number: str) -> None:
    with pytest.raises(InputError, match=f"the number {number} is typed, not bound"):
        bind(source)


def test_a_typed_number_is_shown_its_fact(bind: Bind) -> None:
    with pytest.raises(InputError, match=r"perhaps \{\{ fact\('count/"):
        bind("All 20 runs.")


@pytest.mark.parametrize("left", ["TODO: write", "as in [?]", "it was NaN"])
def test_leftovers_are_refused(bind: Bind, left: str) -> None:
    with pytest.raises(InputError, match="is left over"):
        bind(left)
