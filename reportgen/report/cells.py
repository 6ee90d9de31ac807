"""Table cells: plain values in, escaped cells with their sort keys out."""

import json
import re
from collections.abc import Mapping

from markupsafe import Markup, escape
from pydantic import JsonValue

from reportgen.report.document import Cell
from reportgen.report.numbers import write_count, write_decimal
from reportgen.spec.claims import ClaimParts

_IN_NAME = re.compile(r"(?<=[a-z\]])[._](?=[a-z])")
DASH = Cell('<span class="none">–</span>', "")


def text_cell(value: str) -> Cell:
    """Plain words; the names of settings among them may break after a dot."""
    return Cell(_IN_NAME.sub(r"\g<0><wbr>", str(escape(value))), value.lower())


def code_cell(value: str) -> Cell:
    """A name from the spec or the code."""
    return Cell(str(code(value)), value.lower())


def value_cell(value: JsonValue) -> Cell:
    """A setting as it stands in a spec or a record."""
    shown = setting_text(value)
    sort = float(value) if isinstance(value, int | float) else shown.lower()
    return Cell(str(code(shown)), sort)


def setting_text(value: JsonValue) -> str:
    """A setting on one line: components as calls, everything else as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and "use" in value:
        params = value.get("params") or {}
        others = {key: value[key] for key in value if key not in ("use", "params")}
        named = {**(params if isinstance(params, dict) else {}), **others}
        inside = ", ".join(f"{key}={setting_text(one)}" for key, one in named.items())
        return f"{value['use']}({inside})"
    if isinstance(value, list) and value and all(map(_is_component, value)):
        return ", ".join(map(setting_text, value))
    return json.dumps(value, ensure_ascii=False)


def _is_component(value: JsonValue) -> bool:
    return isinstance(value, dict) and "use" in value


def count_cell(value: int | None) -> Cell:
    """A whole number."""
    return DASH if value is None else Cell(write_count(value), float(value))


def number_cell(value: float | None, decimals: int) -> Cell:
    """A number without a fact of its own."""
    return DASH if value is None else Cell(write_decimal(value, decimals), value)


def digest_cell(digest: str | None) -> Cell:
    """The beginning of a digest; the whole one is in the attached data."""
    return DASH if not digest else Cell(str(code(digest[:10])), digest)


def code(value: str) -> Markup:
    """Words in the face for code, that may break after a dot or a slash."""
    return Markup("<code>{}</code>").format(breakable(value))


def breakable(value: str) -> Markup:
    """Words that may break after a dot or a slash, as names of modules have to."""
    safe = str(escape(value))
    for mark in (".", "/", "_", ","):
        safe = safe.replace(mark, f"{mark}<wbr>")
    return Markup(safe)  # noqa: S704


def measure_name(measure: str, metrics: Mapping[str, Mapping[str, JsonValue]]) -> str:
    """A metric's name in running text: its initials in capitals, else its own name."""
    title = str(metrics.get(measure, {}).get("title", measure))
    initials = "".join(word[0] for word in title.replace("-", " ").split())
    return measure.upper() if initials.lower() == measure else measure


def metric_name(full: str, metrics: Mapping[str, Mapping[str, JsonValue]]) -> str:
    """`test.hwa@best` as `HWA on test`; a final checkpoint is named, the usual not."""
    measure = ClaimParts("differs", "", full, "")
    rule = " (last epoch)" if measure.rule == "last" else ""
    name = measure_name(measure.measure, metrics)
    return f"{name} on {measure.evaluation_set}{rule}"
