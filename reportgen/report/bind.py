"""Numbers into prose: Markdown with bindings in, HTML that knows its facts out."""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError, TemplateRuntimeError

from reportgen.errors import InputError, SettingError
from reportgen.report.bindings import (
    FUNCTIONS,
    open_sandbox,
    prose_problems,
    told_problems,
)
from reportgen.report.guard import guard_text
from reportgen.report.markdown import formulas, read_inline, read_markdown
from reportgen.report.math import set_formula
from reportgen.report.prose import Prose
from reportgen.report.writer import Writer

# Private-use characters pass through Markdown untouched and no author types them.
OPEN, CLOSE = "\ue000", "\ue001"
_SLOT = re.compile(f"{OPEN}([0-9]+){CLOSE}")


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
        if guard:
            problems += told_problems(prose, self.writer.names)
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


def _render(prose: Prose, functions: Mapping[str, Callable[..., object]]) -> str:
    template = open_sandbox().from_string(prose.text)
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

    return {name: slotted(getattr(writer, name)) for name in FUNCTIONS}


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
