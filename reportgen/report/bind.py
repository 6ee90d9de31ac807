"""Numbers into prose: Markdown with bindings in, HTML whose numbers know their facts.

Templates of authors run in a sandbox: no loader, no attributes of Python, no globals
but the binding functions, and nothing that is undefined passes.
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reportgen.errors import InputError, Problem, SettingError, nearest
from reportgen.report.guard import guard_text
from reportgen.report.markdown import formulas, read_inline, read_markdown
from reportgen.report.math import set_formula
from reportgen.report.prose import Prose
from reportgen.report.writer import Writer

# Private-use characters pass through Markdown untouched and no author types them.
OPEN, CLOSE = "\ue000", "\ue001"
_SLOT = re.compile(f"{OPEN}([0-9]+){CLOSE}")
NAMES_OF_FUNCTIONS = (
    *("fact", "score", "difference", "verdict", "sentence", "p", "count", "setting"),
    *("cite", "ref", "lit"),
)


class Bound:
    """A bound value: prints as a slot, compares as the text it will show."""

    def __init__(self, text: str, slot: str) -> None:
        self.text, self._slot = text, slot

    def __html__(self) -> str:
        return self._slot

    def __str__(self) -> str:
        return self._slot

    def __eq__(self, other: object) -> bool:
        return self.text == (other.text if isinstance(other, Bound) else other)

    def __hash__(self) -> int:
        return hash(self.text)


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


def _sandbox() -> Sandbox:
    sandbox = Sandbox(autoescape=True, undefined=StrictUndefined)
    sandbox.globals.clear()
    kept = ("join", "length", "first", "last", "sort", "upper", "lower", "capitalize")
    sandbox.filters = {name: sandbox.filters[name] for name in kept}
    return sandbox


@dataclass(frozen=True)
class Binder:
    """Binds prose to the facts a writer knows."""

    writer: Writer

    def bind(self, prose: Prose, *, prefix: str, guard: bool = True) -> str:
        """Give a text as HTML blocks; `prefix` begins the ids of its footnotes."""
        return self._bound(
            prose, lambda text: read_markdown(text, prefix=prefix), guard
        )

    def bind_inline(self, prose: Prose, *, guard: bool = True) -> str:
        """Give a text of one paragraph as HTML without the paragraph."""
        return self._bound(prose, read_inline, guard)

    def _bound(self, prose: Prose, read: Callable[[str], str], guard: object) -> str:
        problems = prose_problems(prose, self.writer.checks)
        if problems:
            raise InputError(problems)
        slots: list[tuple[str, str]] = []
        source = _render(prose, _functions(self.writer, slots))
        made = _formulas_filled(read(source), slots)
        check_formulas(prose, made)
        if guard:
            problems = guard_text(prose, _SLOT.sub("", made), self.writer.facts)
            if problems:
                raise InputError(problems)
        return _SLOT.sub(lambda slot: slots[int(slot[1])][1], made)


def prose_problems(
    prose: Prose, checks: Mapping[str, Callable[..., object]]
) -> list[Problem]:
    """Find what can be known to be wrong before a text is rendered.

    Args:
        prose: the text.
        checks: by function name, what refuses arguments with a SettingError.
    """
    try:
        tree = _sandbox().parse(prose.text)
    except TemplateSyntaxError as error:
        what = f"cannot read the bindings: {error.message}"
        fix = "write bindings as {{ fact('…') }}"
        return [prose.problem(what, fix, "{", line=error.lineno)]
    problems = []
    unknown = find_undeclared_variables(tree) - set(NAMES_OF_FUNCTIONS)
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            what = f"nothing is called {name.name!r} here"
            fix = nearest(name.name, NAMES_OF_FUNCTIONS)
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


def _render(prose: Prose, functions: Mapping[str, Callable[..., object]]) -> str:
    template = _sandbox().from_string(prose.text)
    try:
        return template.render(functions)
    except SettingError as error:
        line = _template_line(error)
        raise InputError(
            prose.problem(error.what, error.fix, "{{", line=line)
        ) from error
    except (UndefinedError, SecurityError, TemplateRuntimeError, TypeError) as error:
        line = _template_line(error)
        what = f"this binding fails: {error}"
        problem = prose.problem(what, "correct the binding", "{{", line=line)
        raise InputError(problem) from error


def _template_line(error: BaseException) -> int:
    """Line of the template that was running; Jinja writes it into the traceback."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _functions(
    writer: Writer, slots: list[tuple[str, str]]
) -> dict[str, Callable[..., Bound]]:
    """Wrap what the writer can write, so that a template gets slots to print."""

    def slotted(function: Callable[..., str]) -> Callable[..., Bound]:
        def call(*args: object, **kwargs: object) -> Bound:
            made = function(*args, **kwargs)
            text = html.unescape(re.sub(r"<[^>]+>", "", made))
            slots.append((text, made))
            return Bound(text, f"{OPEN}{len(slots) - 1}{CLOSE}")

        return call

    return {name: slotted(getattr(writer, name)) for name in NAMES_OF_FUNCTIONS}


def check_formulas(prose: Prose, made: str) -> None:
    """Set every formula once, so that a wrong one is told with its place."""
    problems = []
    for tex in formulas(made):
        try:
            set_formula(tex)
        except SettingError as error:
            problems.append(prose.problem(error.what, error.fix, tex))
    if problems:
        raise InputError(problems)


def _formulas_filled(made: str, slots: list[tuple[str, str]]) -> str:
    """Inside formulas a bound value is plain TeX; elsewhere it keeps its slot."""

    def fill(formula: re.Match[str]) -> str:
        return _SLOT.sub(lambda slot: _as_tex(slots[int(slot[1])][0]), formula[0])

    return re.sub(r'<span class="math(?: display)?">.*?</span>', fill, made, flags=re.S)


def _as_tex(text: str) -> str:
    return html.escape(text.replace("\u2212", "-").replace("\u202f", r"\,"))
