"""A setting refused while data are made is shown where it was written."""

from reportgen.errors import Location, Problem
from reportgen.spec.settings import place_problems
from reportgen.spec.syntax import parse_yaml

TEXT = """\
data:
  use: spr
  params: {length: 8, rule: [a, b]}
variants:
  longer:
    change: {data: {params: {length: 0}}}
  sorted:
    change: {data: {transforms: [{use: sort_blocks, params: {size: 1}}]}}
controls: [oracle, memorisation]
"""
POSITIONS = parse_yaml(TEXT.encode(), "specs/f.yaml").positions


def place(where: str) -> tuple[str, int, int]:
    (problem,) = place_problems([Problem("is wrong", where, "mend it")], POSITIONS)
    assert isinstance(problem.where, Location)
    return problem.what, problem.where.line, problem.where.column


def test_finds_settings_of_the_baseline() -> None:
    found = place("baseline: data.params.rule[1]")
    assert found == ("data.params.rule[1]: is wrong", 3, 33)


def test_finds_what_a_variant_wrote() -> None:
    assert place("longer: data.params.length")[1:] == (6, 38)
    assert place("sorted: data.transforms[0].params.size")[1:] == (8, 68)


def test_a_variant_does_not_answer_for_the_baseline() -> None:
    assert place("longer: data.params.rule[0]")[1:] == (3, 30)


def test_tells_a_problem_of_all_arms_once() -> None:
    problems = [
        Problem("is wrong", f"{arm}: data.params.rule", "mend it")
        for arm in ("baseline", "longer")
    ]
    assert len(place_problems(problems, POSITIONS)) == 1


def test_leaves_other_problems_alone() -> None:
    problem = Problem("is damaged", "runs/f/ledger.jsonl", "restore it")
    assert place_problems([problem], POSITIONS) == [problem]


def test_a_control_that_cannot_be_asked_is_shown_where_it_is_named() -> None:
    assert place("controls[1]")[1:] == (9, 20)


def test_the_arm_of_a_control_answers_for_what_it_alone_cannot() -> None:
    found = place("control-memorisation: model.params.width")
    assert found[0].startswith("'memorisation' cannot be asked of this study: model.")
    assert found[1] == 9
    problems = [
        Problem("is wrong", f"{arm}: data.params.rule", "mend it")
        for arm in ("control-memorisation", "baseline")
    ]
    (problem,) = place_problems(problems, POSITIONS)
    assert problem.what == "data.params.rule: is wrong"
