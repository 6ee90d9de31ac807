"""Sentences and what is bound in them: an author's text in, its sentences out.

Offsets are kept: every character that is not the author's own words (a binding, a tag,
a formula) is blanked by one that no pattern of words touches.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from reportgen.report.prose import Prose

# Stands for each character of a binding; no author types it and no letter it is.
BOUND = "\ue010"
_TOKEN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\$\$.*?\$\$|\$[^$\n]+\$", re.S)
_CALL = re.compile(r"\b([a-z]+)\(([^()]*)\)")
_TEXT = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_BREAK = re.compile(r"[.?!]['\")*_\]]*(?=\s|$)|\n[ \t]*(?:\n|[-*+] |\d+\. )|\x00")
_TEST = re.compile(r"verdict\(\s*['\"]([^'\"]+)['\"]\s*\)\s*==\s*['\"](\w+)['\"]")


@dataclass(frozen=True)
class Binding:
    """A call of a binding function, with those of its arguments that are texts."""

    name: str
    texts: tuple[str, ...]
    span: tuple[int, int]


@dataclass(frozen=True)
class Branch:
    """That a sentence is printed only where a claim has one of some verdicts."""

    claim: str
    verdicts: frozenset[str]


@dataclass(frozen=True)
class Sentence:
    """One sentence of an author's text.

    Attributes:
        text: its words, bindings and formulas blanked.
        start: offset of its first character.
        bindings: those in it, in order.
        branches: the verdicts under which it is printed.
    """

    text: str
    start: int
    bindings: tuple[Binding, ...]
    branches: tuple[Branch, ...]

    def span(self, match: re.Match[str]) -> tuple[int, int]:
        """Where something found in `text` stands in the whole text."""
        return self.start + match.start(), self.start + match.end()


@lru_cache(maxsize=1)  # two checks read the same text, one after the other
def read_sentences(prose: Prose) -> tuple[Sentence, ...]:
    """Cut a text into sentences.

    A branch of `{% if verdict('…') == '…' %}` is followed where its condition is made
    of such tests alone; what stands after `else`, or under any other condition, is
    taken as printed whatever a verdict is.
    """
    words = list(prose.text)
    bindings: list[Binding] = []
    conditions: list[tuple[int, tuple[Branch, ...]]] = [(0, ())]
    stack: list[tuple[Branch, ...]] = []
    for token in _TOKEN.finditer(prose.text):
        start, stop = token.span()
        words[start:stop] = (BOUND if token[0][:2] == "{{" else " ") * (stop - start)
        if token[0].startswith("{{"):
            bindings += _calls(token[0], token.span())
        elif token[0].startswith("{%"):
            words[start] = "\x00"
            _follow(token[0][2:-2].strip("-+ \n"), stack)
            held = tuple(branch for level in stack for branch in level)
            conditions.append((start, held))
    masked = "".join(words)
    found, at = [], 0
    for stop in [*(match.end() for match in _BREAK.finditer(masked)), len(masked)]:
        if masked[at:stop].strip("\x00 \n"):
            inside = [one for one in bindings if at <= one.span[0] < stop]
            held = next(each for start, each in reversed(conditions) if start <= at)
            text = masked[at:stop].replace("\x00", " ")
            found.append(Sentence(text, at, tuple(inside), held))
        at = stop
    return tuple(found)


def _calls(token: str, span: tuple[int, int]) -> list[Binding]:
    return [
        Binding(call[1], tuple(one or two for one, two in _TEXT.findall(call[2])), span)
        for call in _CALL.finditer(token)
    ]


def _follow(tag: str, stack: list[tuple[Branch, ...]]) -> None:
    """Keep the stack of conditions up to date with one tag."""
    word, _, condition = tag.partition(" ")
    if word == "if":
        stack.append(_branches(condition))
    elif word in ("elif", "else") and stack:
        stack[-1] = _branches(condition)
    elif word == "endif" and stack:
        stack.pop()


def _branches(condition: str) -> tuple[Branch, ...]:
    """The verdicts that a condition asks for; none where it asks anything else."""
    parts = re.split(r"\s+(and|or)\s+", condition.strip())
    tests = [_TEST.fullmatch(part.strip(" ()")) for part in parts[::2]]
    joined, claims = set(parts[1::2]), {test[1] for test in tests if test}
    if not all(tests) or len(joined) > 1 or (joined == {"or"} and len(claims) > 1):
        return ()
    return tuple(
        Branch(claim, frozenset(one[2] for one in tests if one and one[1] == claim))
        for claim in sorted(claims)
    )
