"""Bindings in prose, judged before anything is rendered: a text in, problems out.

Templates of authors run in a sandbox: no loader, no attributes of Python, no globals
but the binding functions, and nothing that is undefined passes.
"""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reportgen.errors import Problem, SettingError, nearest
from reportgen.project import Project
from reportgen.report.assertions import assertion_problems
from reportgen.report.guard import typed_problems
from reportgen.report.names import Names
from reportgen.report.prose import Prose, study_prose
from reportgen.report.subjects import subject_problems
from reportgen.spec.check_files import bibliography_keys
from reportgen.spec.claims import parse_claim
from reportgen.spec.model import StudySpec
from reportgen.spec.positions import Path

FUNCTIONS = (
    *("fact", "score", "difference", "verdict", "sentence", "p", "count", "setting"),
    *("cite", "ref", "lit"),
)
# What can be told of a study with problems, and where it says what they may name.
CERTAIN: dict[str, Path] = {
    "cite": ("report", "bibliography"),
    **dict.fromkeys(("difference", "verdict", "sentence", "p"), ("claims",)),
}
UNREADABLE = "cannot read the bindings"


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja for authors."""

    # Otherwise `'x' * 10 ** 9` would fill the memory.
    intercepted_binops = frozenset({"*", "**"})

    def call_binop(
        self,
        context: object,  # noqa: ARG002
        operator: str,
        left: object,  # noqa: ARG002
        right: object,  # noqa: ARG002
    ) -> Any:
        """Refuse arithmetic that can grow without bound."""
        raise SecurityError(f"the operator {operator} is not available in prose")


def open_sandbox() -> Sandbox:
    """Jinja without a way out, with the few filters that texts need."""
    sandbox = Sandbox(autoescape=True, undefined=StrictUndefined)
    sandbox.globals.clear()
    kept = ("join", "length", "first", "last", "sort", "upper", "lower", "capitalize")
    sandbox.filters = {name: sandbox.filters[name] for name in kept}
    return sandbox


@cache
def _parser() -> Sandbox:
    """The sandbox that only parses: one is enough for every text."""
    return open_sandbox()


def check_prose(
    project: Project,
    study: StudySpec,
    *,
    sound: bool = True,
    replaced: Collection[Path] = (),
) -> list[Problem]:
    """Find what is wrong with a study's texts before there are results.

    What figures and tables may be referred to is known only when a report is composed.

    Args:
        project: where the study lies.
        study: what its texts are about.
        sound: whether it has no problem else; texts that name a part of one that has
            are not judged by it.
        replaced: where a broken spec says something else.
    """
    spec = project.spec(study.study)
    bibliography = spec.parent / (study.report.bibliography or "")
    keys = bibliography_keys(bibliography) if bibliography.is_file() else ()
    names = Names(study, citations=keys, anchors=())
    checks = names.checks
    checks.pop("ref")
    if not sound:
        checks = {
            name: checks[name]
            for name, place in CERTAIN.items()
            if place not in replaced and place[:1] not in replaced
        }
    problems = []
    for prose in study_prose(study, spec):
        found = prose_problems(prose, checks)
        if prose.tells_results and not any(UNREADABLE in one.what for one in found):
            found += [*(told_problems(prose, names) if sound else ())]
            found += typed_problems(prose)
        problems += found
    return problems


def told_problems(prose: Prose, names: Names) -> list[Problem]:
    """Find comparisons without a verdict, and numbers told of something else."""
    kinds = {
        name: parse_claim(claim.says).kind for name, claim in names.study.claims.items()
    }
    return [*assertion_problems(prose, kinds), *subject_problems(prose, names)]


def prose_problems(
    prose: Prose, checks: Mapping[str, Callable[..., object]]
) -> list[Problem]:
    """Find what can be known to be wrong before a text is rendered.

    Args:
        prose: the text.
        checks: by function name, what refuses arguments with a SettingError.
    """
    if not any(opening in prose.text for opening in ("{{", "{%", "{#")):
        return []
    try:
        tree = _parser().parse(prose.text)
    except TemplateSyntaxError as error:
        what = f"{UNREADABLE}: {error.message}"
        fix = "write bindings as {{ fact('…') }}"
        return [prose.problem(what, fix, "{", line=error.lineno)]
    problems = []
    strange = [name for name in tree.find_all(nodes.Name) if name.name not in FUNCTIONS]
    # Which of them a loop or a block defines takes long to find, so only when asked.
    unknown = find_undeclared_variables(tree) if strange else set()
    for name in strange:
        if name.name in unknown:
            what = f"nothing is called {name.name!r} here"
            fix = nearest(name.name, FUNCTIONS)
            problems.append(prose.problem(what, fix, name.name, line=name.lineno))
    for call in tree.find_all(nodes.Call):
        problem = _call_problem(prose, call, checks)
        if problem:
            problems.append(problem)
    return problems


def _call_problem(
    prose: Prose, call: nodes.Call, checks: Mapping[str, Callable[..., object]]
) -> Problem | None:
    if not isinstance(call.node, nodes.Name) or call.node.name not in checks:
        return None
    constants = [*call.args, *(keyword.value for keyword in call.kwargs)]
    if not all(isinstance(value, nodes.Const) for value in constants):
        return None  # checked when it runs
    values = [value.value for value in call.args if isinstance(value, nodes.Const)]
    named = {
        keyword.key: keyword.value.value
        for keyword in call.kwargs
        if isinstance(keyword.value, nodes.Const)
    }
    name = call.node.name
    snippet = str(values[0]) if values else name
    try:
        checks[name](*values, **named)
    except SettingError as error:
        return prose.problem(error.what, error.fix, snippet, line=call.lineno)
    except TypeError:
        what = f"{name}() does not take these arguments"
        return prose.problem(what, _signature(name), name, line=call.lineno)
    return None


def _signature(name: str) -> str:
    known = {
        "fact": "fact(id)",
        "score": "score(arm, metric, statistic='mean')",
        "difference": "difference(claim)",
        "verdict": "verdict(claim)",
        "sentence": "sentence(claim)",
        "p": "p(claim)",
        "count": "count(id), e.g. count('runs/planned')",
        "setting": "setting(path, arm='baseline')",
        "cite": "cite(key, …, narrative=false)",
        "ref": "ref('fig-…')",
        "lit": "lit(text)",
    }
    return f"write {known[name]}"
