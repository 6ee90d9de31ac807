"""Strict YAML: the bytes of one file in, a plain JSON value and its positions out.

Two spellings never mean the same thing silently: duplicate keys, merge keys, tags,
directives and second documents are refused, and plain scalars follow YAML 1.2.
"""

import re
from pathlib import Path as FilePath

import yaml

from reportgen.errors import InputError, Problem
from reportgen.spec.builder import Builder, Document
from reportgen.spec.mistakes import find_conflict, word_mistake
from reportgen.spec.positions import Positions

MOST_BYTES = 1_000_000
# libyaml reads ten times faster; PyYAML's own parser names mistakes better.
FAST_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LINE_END = re.compile(r"\r\n|\r|\n")
# Control characters, and line ends that only some readers of YAML know. Said by what
# it matches, for the opposite takes Python ten times as long to compile.
UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)


def read_yaml(path: FilePath, name: str) -> Document:
    """Read a YAML file; `name` is how messages call it.

    Mistakes that leave the meaning clear enough to go on are returned in `problems`.

    Raises:
        InputError: the file cannot be read, or its syntax is broken.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        what = f"cannot read the file ({error.strerror})"
        raise InputError(Problem(what, name, "check its name and rights")) from error
    return parse_yaml(content, name)


def parse_yaml(content: bytes, name: str) -> Document:
    """Parse the bytes of a YAML file as `read_yaml` does."""
    text = _decode(content, name)
    positions = Positions(name, tuple(LINE_END.split(text)), {}, {})
    for problem in (_find_unreadable(text, positions), find_conflict(positions)):
        if problem:
            raise InputError(problem)
    try:
        return Builder(positions, yaml.parse(text, Loader=FAST_LOADER)).document()
    except yaml.MarkedYAMLError as error:
        raise InputError(_explain(error, text, positions)) from error


def _decode(content: bytes, name: str) -> str:
    if len(content) > MOST_BYTES:
        what = f"the file has {len(content):,} bytes; {MOST_BYTES:,} is the limit"
        raise InputError(Problem(what, name, "move data out of the spec"))
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = f"line {line} is not UTF-8 (byte 0x{content[error.start]:02x})"
        raise InputError(Problem(what, name, "save the file as UTF-8")) from error


def _find_unreadable(text: str, positions: Positions) -> Problem | None:
    found = UNREADABLE.search(text)
    if not found:
        return None
    before = LINE_END.split(text[: found.start()])
    where = positions.location(len(before) - 1, len(before[-1]))
    what = f"the invisible character U+{ord(found[0]):04X} may not stand in a spec"
    return Problem(what, where, "delete it")


def _explain(error: yaml.MarkedYAMLError, text: str, positions: Positions) -> Problem:
    """Word a syntax error as PyYAML's own parser sees it."""
    try:
        for _ in yaml.parse(text, Loader=yaml.SafeLoader):
            pass
    except yaml.MarkedYAMLError as better:
        error = better
    at = error.problem_mark or error.context_mark
    start = error.context_mark
    return word_mistake(
        error.problem or "",
        (at.line, at.column) if at else (0, 0),
        (start.line, start.column) if start else None,
        positions,
    )
