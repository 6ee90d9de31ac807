"""What prose may not hold: rendered text in, every typed number and leftover out.

Numbers are digits, and number words where they count or multiply what a study has.
"""

import html
import re
from collections.abc import Mapping

from reportgen.analysis.findings.facts import Fact
from reportgen.errors import Problem
from reportgen.report.numbers import write_fact
from reportgen.report.prose import Prose

# Not words of the author: code, formulas, marks of footnotes.
_SILENT = re.compile(
    r"<code.*?</code>|<pre.*?</pre>|<sup.*?</sup>|<span class=\"math.*?</span>", re.S
)
_BINDING = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
# The same in Markdown, with the marks around words.
_MARKS = re.compile(r"`[^`]*`|\$\$.*?\$\$|\$[^$\n]+\$|\[\^[^\]]*\]|[*_]", re.S)
_LEFTOVER = re.compile(r"\[\?\]|\bTODO\b|\bFIXME\b|\bNaN\b|\{\{|\}\}|\{%|%\}")
# A number is digits that no letter touches: "L2", "float32" and "GPT-2" are names.
_NUMBER = re.compile(
    r"(?<![\w.])(?<!\w[-–])[-−+]?\d[\d.,\u2009\u202f ]*(?<=\d)%?(?![\w])"
)
# Amounts in words: how many of what a study counts, and how many times as much. "One",
# "first" and "both" stand for too much else, and every comparison is of two arms.
_TENS = r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_COUNT = (
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    rf"|fifteen|sixteen|seventeen|eighteen|nineteen|(?:{_TENS})(?:-\w+)?"
    r"|(?:a |one )?(?:dozen|hundred|thousand|million)s?(?: of)?"
)
_COUNTED = (
    r"seeds?|runs?|arms?|claims?|variants?|controls?|epochs?|rows?|layers?|units?"
    r"|heads?|parameters|percent|per cent|points?|times|nats|seconds"
    r"|standard deviations|orders of magnitude"
)
_WORDED = re.compile(
    rf"\b(?!two arms)(?:(?:{_COUNT})[ -](?:\w+ |percentage )?(?:{_COUNTED})\b"
    r"|(?:twice|thrice|double|triple|half) (?:as|the|of|that)\b"
    r"|(?:doubl|tripl|halv|quadrupl)(?:es|ed|ing)\b"
    r"|(?:two|three|four|five|six|ten|several|many)-?fold\b"
    r"|(?:a|one|two|three) (?:third|quarter|fifth|tenth)s? (?:of|as|more|less)\b)",
    re.I,
)
_ALLOWED = (
    re.compile(r"\b(?:1[6-9]|20)\d\d\b"),  # a year
    re.compile(r"\b(?:9[059])\s?%(?=\s(?:CI|confidence|credible|interval))"),
    re.compile(
        r"\b(?:Figures?|Tables?|Sections?|Appendix|Equations?|Eqs?\.|Algorithm"
        r"|Chapter|Theorem)\s\d+(?:\.\d+)*(?:\s?(?:and|–|to)\s?\d+)?"
    ),
    re.compile(r"\b(?:Python|PyTorch|CUDA|version)\s\d+(?:\.\d+)*"),
)


def guard_text(prose: Prose, made: str, facts: Mapping[str, Fact]) -> list[Problem]:
    """Find typed numbers and leftovers in a text.

    Args:
        prose: the source, to say where.
        made: the HTML made of it, bound values left out.
        facts: to suggest what a typed number might be.
    """
    text = html.unescape(re.sub(r"<[^>]+>", " ", _SILENT.sub(" ", made)))
    problems = []
    for match in _LEFTOVER.finditer(text):
        what = f"{match[0]} is left over"
        problems.append(_problem(prose, what, "write what belongs there", match[0]))
    for allowed in _ALLOWED:
        text = allowed.sub(" ", text)
    for match in _NUMBER.finditer(text):
        number = match[0].strip()
        what = f"the number {number} is typed, not bound"
        problems.append(_problem(prose, what, _suggestion(number, facts), number))
    for match in _WORDED.finditer(text):
        what = f"the number in {match[0]!r} is typed, not bound"
        fix = f"bind it, or write {{{{ lit('{match[0]}') }}}} if it is no result"
        problems.append(_problem(prose, what, fix, match[0].split()[0]))
    return problems


def typed_problems(prose: Prose) -> list[Problem]:
    """Find typed numbers and leftovers before there is anything to bind.

    What the source shows to be without any is not turned into HTML: that takes longer
    than all else about a text.
    """
    text = _BINDING.sub(" ", prose.text)
    plain = _MARKS.sub("", text)
    if not any(one.search(plain) for one in (_LEFTOVER, _NUMBER, _WORDED)):
        return []
    from reportgen.report.markdown import read_markdown  # seldom needed, and slow

    return guard_text(prose, read_markdown(text, prefix=""), {})


def _problem(prose: Prose, what: str, fix: str, snippet: str) -> Problem:
    def blank(binding: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", binding[0])

    source = _BINDING.sub(blank, prose.text)
    at = source.find(snippet)
    line = source.count("\n", 0, at) + 1 if at >= 0 else 1
    return prose.problem(what, fix, snippet, line=line)


def _suggestion(number: str, facts: Mapping[str, Fact]) -> str:
    plain = number.replace(" ", "").replace("\u2212", "-").rstrip("%")
    near = [
        fact_id
        for fact_id, fact in facts.items()
        if write_fact(fact).replace("\u202f", "").replace("\u2212", "-") == plain
    ][:2]
    literal = f"{{{{ lit('{number}') }}}} if it is no result"
    if not near:
        return f"bind it with {{{{ fact('…') }}}}, or write {literal}"
    ids = " or ".join(f"{{{{ fact('{one}') }}}}" for one in near)
    return f"bind it, perhaps {ids}, or write {literal}"
