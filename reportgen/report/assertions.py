"""Words that compare, held against the claims beside them: prose in, problems out.

Numbers can be bound one by one and still be told wrongly: "better" between two right
means is a claim that nobody tested. So a sentence that compares has to print a verdict,
or to stand in a branch that asks for one; in background sections a citation will do.
Which of two arms a sentence favours is not read: its verdict, printed or asked for,
stands beside it.
"""

import re
from collections.abc import Mapping

from reportgen.errors import Problem
from reportgen.report.prose import Prose
from reportgen.report.sentences import Sentence, read_sentences
from reportgen.spec.claims import Kind

# Sections about others' work, and about what was done: no results are told there.
BACKGROUND = frozenset({"introduction", "expectations", "tested", "scope"})
RECORD = frozenset({"data", "environment", "compute", "rerun", "runs", "deviations"})

_GRADES = r"higher|lower|greater|larger|smaller|stronger|weaker|faster|slower|fewer"
_EVEN = r"much|far|even|clearly|significantly|slightly|consistently"
# Nobody says these of arms without saying which is better, so they count anywhere.
_JUDGING = re.compile(
    r"\b(?:outperform\w*|surpass\w*|beats?|beaten|superior|inferior|worse|better"
    r"|improv(?:e|es|ed|ing|ements?)|worsen(?:s|ed|ing)?|degrad(?:e|es|ed|ation)"
    r"|statistically significant|significant(?:ly)?"
    r"|(?:more|less|most|least) (?:robust|accurate|stable|reliable|effective)"
    r"|(?:hurts|harms|harmed|helps|helped|boosts|boosted))\b",
    re.I,
)
# These may be about anything, so they count where results are told.
_GRADING = re.compile(
    rf"\b(?:(?:{_GRADES}) than"
    rf"|(?:is|are|was|were|{_EVEN}) (?:{_GRADES})"
    r"|(?:does|do|did) not (?:help|hurt|improve)"
    r"|(?:performs?|performed|does|did|scores?|scored|is|are|was|were) (?:the )?"
    r"(?:best|worst)|(?:best|worst)[- ]performing"
    r"|(?:highest|lowest) (?:accuracy|error|loss|scores?|results?)"
    r"|(?:increase|decrease|reduce)[sd] (?:the )?(?:\w+ )?"
    r"(?:accuracy|error|loss|scores?|performance))\b",
    re.I,
)
_NONE = re.compile(
    r"\b(?:no (?:\w+ )?(?:difference|effect|impact|gain|improvement|loss)\b"
    r"(?! that| as large| in the)"
    r"|(?:makes?|made) no (?:\w+ )?difference|(?:does|do|did) not (?:differ|matter)"
    r"|indistinguishable|on (?:a )?par\b|as (?:good|well|bad|accurate|robust) as"
    r"|(?:equally|just as) (?:good|well|bad|accurate|robust)"
    r"|(?:the same|identical|equal|comparable|similar) "
    r"(?:accuracy|performance|scores?|results?|hwa|loss))\b",
    re.I,
)
_CODE = re.compile(r"`[^`]*`")
# Verdicts that say something of an effect; the others leave it open.
TOLD = frozenset({"supported", "refuted", "equivalent"})
# Claims that are about the absence of an effect.
ABSENCE: frozenset[Kind] = frozenset({"equivalent", "noninferior"})


def assertion_problems(prose: Prose, kinds: Mapping[str, Kind]) -> list[Problem]:
    """Find the comparisons of a text that no claim of the study stands behind.

    Args:
        prose: the text, as it was written.
        kinds: of the study's claims, by name.
    """
    if prose.use in RECORD:
        return []
    problems = []
    for sentence in read_sentences(prose):
        cited = any(one.name == "cite" for one in sentence.bindings)
        if prose.use in BACKGROUND and (cited or prose.use == "scope"):
            continue
        text = _CODE.sub(lambda code: " " * len(code[0]), sentence.text)
        problem = _problem(prose, sentence, text, kinds)
        if problem:
            problems.append(problem)
    return problems


def _problem(
    prose: Prose, sentence: Sentence, text: str, kinds: Mapping[str, Kind]
) -> Problem | None:
    """The first thing a sentence says without evidence: an absence, or a comparison."""
    absent = _NONE.search(text)
    if absent and not _shows_absence(sentence, kinds):
        what = (
            f"{absent[0]!r} says that an effect is absent, and no claim of "
            "equivalence beside it says so"
        )
        fix = "what was not found may still be there; print {{ verdict('…') }} of a "
        fix += "claim that two arms match, or say what is ruled out"
        return prose.problem_at(what, fix, sentence.span(absent))
    words = [_JUDGING] if prose.use in BACKGROUND else [_JUDGING, _GRADING]
    found = [match for pattern in words for match in pattern.finditer(text)]
    if not found or _tells_verdict(sentence):
        return None
    first = min(found, key=re.Match.start)
    what = f"{first[0]!r} compares, and no verdict stands beside it"
    return prose.problem_at(what, _fix(prose, sentence, first[0]), sentence.span(first))


def _fix(prose: Prose, sentence: Sentence, word: str) -> str:
    named = [
        one.texts[0]
        for one in sentence.bindings
        if one.name in ("difference", "p") and one.texts
    ]
    claim = named[0] if named else "…"
    fix = f"print {{{{ verdict('{claim}') }}}} in this sentence, or put it under "
    fix += f"{{% if verdict('{claim}') == 'supported' %}}"
    if prose.use in BACKGROUND:
        fix += ", or cite who found it"
    return f"{fix}; write {{{{ lit('{word}') }}}} if it is no result"


def _tells_verdict(sentence: Sentence) -> bool:
    """Whether a verdict is printed beside it, or asked for around it."""
    printed = any(one.name in ("verdict", "sentence") for one in sentence.bindings)
    return printed or any(branch.verdicts <= TOLD for branch in sentence.branches)


def _shows_absence(sentence: Sentence, kinds: Mapping[str, Kind]) -> bool:
    """Whether a claim beside it says that there is no effect worth having."""
    printed = (
        kinds.get(one.texts[0]) in ABSENCE
        for one in sentence.bindings
        if one.name in ("verdict", "sentence") and one.texts
    )
    asked = (
        branch.verdicts == {"equivalent"}
        or (branch.verdicts == {"supported"} and kinds.get(branch.claim) in ABSENCE)
        for branch in sentence.branches
    )
    return any(printed) or any(asked)
