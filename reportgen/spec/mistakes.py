"""YAML syntax mistakes in our words: what the parser stumbled on in, a problem out."""

import re

from reportgen.errors import Problem
from reportgen.spec.positions import Place, Positions

CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7})(?: |$)|={7}$")
TABBED = re.compile(r" *\t")

# The parser's own words -> what to say, how to fix it, and whether the mistake lies
# where the construct began rather than where the parser gave up.
MISTAKES: tuple[tuple[str, str, str, bool], ...] = (
    (
        "mapping values are not allowed",
        "a colon stands where no key can be",
        "quote a text that holds ': ', or check the indentation",
        False,
    ),
    (
        "could not find expected ':'",
        "this key has no colon",
        "write `key: value`, or indent a text that goes on",
        True,
    ),
    (
        "expected <block end>",
        "the indentation does not fit the lines above",
        "align it with its neighbours",
        False,
    ),
    (
        "found unexpected end of stream",
        "this quotation mark is never closed",
        "close it",
        True,
    ),
    (
        "expected ',' or '}'",
        "this { is never closed properly",
        "separate entries with commas, close quotation marks, and end it with }",
        True,
    ),
    (
        "expected ',' or ']'",
        "this [ is never closed properly",
        "separate items with commas, close quotation marks, and end it with ]",
        True,
    ),
    (
        "cannot start any token",
        "no unquoted text may begin with {}",
        "quote the text",
        False,
    ),
    (
        "alphabetic or numeric character",
        "after * or & the name of an anchor should follow",
        "quote the text",
        True,
    ),
    (
        "unknown escape character",
        "a text in double quotes has an unknown \\ escape",
        "use single quotes for text with backslashes",
        False,
    ),
    (
        "sequence entries are not allowed",
        "a list item cannot begin here",
        "begin the list on a line of its own",
        False,
    ),
    (
        "<document start>",
        "more text follows the end of the document",
        "indent it below a key, or delete it",
        False,
    ),
    (
        "expected the node content",
        "a value is missing or misplaced here",
        "write a value, or quote the text",
        False,
    ),
)


def find_conflict(positions: Positions) -> Problem | None:
    """Find what `git merge` leaves in a file with a conflict."""
    for number, line in enumerate(positions.lines):
        if CONFLICT.match(line):
            where = positions.location(number, 0)
            fix = "finish the merge: keep one side and delete the markers"
            return Problem("a merge conflict was left in the file", where, fix)
    return None


def word_mistake(
    said: str, at: Place, start: Place | None, positions: Positions
) -> Problem:
    """Word a syntax error.

    Args:
        said: the parser's description.
        at: where it gave up.
        start: where the construct it was reading began.
        positions: the file.
    """
    tabbed = _find_tab(positions, at[0])
    if tabbed:
        where = positions.location(*tabbed)
        return Problem("a tab indents this line", where, "indent with spaces only")
    if "mapping values are not allowed" in said and _is_key(positions, at):
        above = positions.lines[at[0] - 1]
        where = positions.location(at[0] - 1, len(above) - len(above.lstrip()))
        return Problem("this line has no colon", where, "write `key: value`")
    for words, what, fix, begins in MISTAKES:
        if words in said:
            where = positions.location(*(start if begins and start else at))
            shown = where.text[where.column - 1 :][:1]
            return Problem(what.replace("{}", shown), where, fix)
    what = f"this is not YAML ({said})"
    return Problem(what, positions.location(*at), "compare it with a spec that works")


def _is_key(positions: Positions, at: Place) -> bool:
    """Whether a line begins with a key, below a line that has no colon."""
    line, above = positions.lines[at[0]], positions.lines[at[0] - 1]
    key = re.fullmatch(r"\s*[\w.-]+", line[: at[1]])
    return at[0] > 0 and key is not None and ":" not in above and above.strip() != ""


def _find_tab(positions: Positions, line: int) -> Place | None:
    """A tab in the indentation of the line at fault, or of the one before."""
    for number in (line, line - 1):
        text = positions.lines[number] if 0 <= number < len(positions.lines) else ""
        found = TABBED.match(text)
        if found:
            return number, found.end() - 1
    return None
