"""What a clause speaks of, held against what is bound in it: prose in, problems out.

Two right numbers can stand in each other's place. So an arm, a metric, an evaluation
set or a unit that a clause names beside a bound number has to be that of the number.
Only names as the spec has them are read ("dropout", not "the arm that drops units"),
and only in the clause of the number, for a sentence may speak of several arms.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from reportgen.errors import Problem, SettingError
from reportgen.metrics import METRICS
from reportgen.report.names import SPLITS, Names
from reportgen.report.prose import Prose
from reportgen.report.sentences import Binding, Sentence, read_sentences
from reportgen.spec.claims import parse_claim
from reportgen.spec.metric import read_metric

# Where one clause ends and the next begins, coarsely.
_SEAM = re.compile(
    r"[,;:()–—]|\b(?:and|or|but|while|whereas|than|to|from|against|next to|versus"
    r"|when|where|that|which)\b",
    re.I,
)
# An arm after these is what something is compared with, not what a number is of.
_BESIDE = r"(?:with|over|unlike|beside|beyond|above|below|like|as) (?:the |a |an )?"
# "A loss of at least" is no metric, and a "weighted accuracy" is another one.
_NO_METRIC = re.compile(r"\b(?:weighted accuracy|(?:a|any|no|its) loss)\b", re.I)
_NUMBER_OF = re.compile(r"\s*(?:nats )?(?:for|of|by|with) (?:the |a |an )?", re.I)
_UNIT = re.compile(
    r"[\s\u202f]*(?P<unit>%|percent\b|per cent\b|percentage points?\b|points?\b"
    r"|nats?\b|standard deviations?\b|epochs?\b|seconds?\b)"
)


@dataclass(frozen=True)
class Subject:
    """What a bound number is of; `fraction` says that it lies between 0 and 1."""

    arms: frozenset[str]
    measures: frozenset[str]
    sets: frozenset[str]
    fraction: bool


def subject_problems(prose: Prose, names: Names) -> list[Problem]:
    """Find the numbers of a text that its words say to be of something else.

    Args:
        prose: the text, as it was written.
        names: what the study may name.
    """
    problems = []
    for sentence in read_sentences(prose):
        previous = sentence.start
        for binding in sentence.bindings:
            subject = _subject(binding, names)
            if subject:
                clause = _clause(sentence, previous, binding)
                wrong = next(_wrong(clause, subject, names), None)
                if wrong:
                    problems.append(_problem(prose, binding, *wrong))
            previous = binding.span[1]
    return problems


@dataclass(frozen=True)
class _Clause:
    """The words before a bound number, back to the last seam, and those after it."""

    before: str
    after: str
    written: bool  # whether the binding writes a number


def _clause(sentence: Sentence, previous: int, binding: Binding) -> _Clause:
    text, start = sentence.text, sentence.start
    before = text[max(previous - start, 0) : binding.span[0] - start]
    seams = [match.end() for match in _SEAM.finditer(before)]
    after = text[binding.span[1] - start :]
    written = binding.name in ("score", "difference")
    return _Clause(before[seams[-1] if seams else 0 :], after, written)


def _subject(binding: Binding, names: Names) -> Subject | None:
    """What a binding is of; None where it is of nothing that words could miss."""
    texts = binding.texts
    try:
        if binding.name == "score" and len(texts) > 1:
            names.score_id(*texts[:3])
            return _of({texts[0]}, [texts[1]], names)
        if binding.name in ("difference", "p", "sentence", "verdict") and texts:
            parts = parse_claim(names.study.claims[texts[0]].says)
            paths = [path for path in (parts.metric, parts.shifted) if path]
            found = _of(set(parts.arms), paths, names)
            plain = parts.about in ("score", "shift", "level")
            return found if plain and paths else None
    except (SettingError, KeyError):
        pass  # a wrong name is told by another check
    return None


def _of(arms: set[str], paths: Collection[str], names: Names) -> Subject:
    bare = [path.partition("@")[0].partition(".") for path in paths]
    measures = frozenset(measure for _, _, measure in bare)
    fraction = all(_is_fraction(use) for use in names.study.metrics if use in measures)
    return Subject(
        frozenset(arms),
        measures,
        frozenset(evaluated for evaluated, _, _ in bare),
        fraction,
    )


@cache
def _is_fraction(use: str) -> bool:
    facts = read_metric(use, METRICS)
    return facts.lower == 0 and facts.upper == 1


def _wrong(
    clause: _Clause, subject: Subject, names: Names
) -> Iterator[tuple[str, str, str]]:
    """What a clause names and what its number is of, each with what it is: all."""
    arms = [*_named(clause.before, names.arms, beside=True)]
    tail = _NUMBER_OF.match(clause.after)
    if not arms and tail:
        rest = clause.after[tail.end() :].split(" ")
        arms = [*_named(" ".join(rest[:1]), names.arms)]
    known = subject.arms | {part for arm in subject.arms for part in arm.split("-")}
    if arms and not known.intersection(arms):
        yield "arm", arms[-1], " and ".join(sorted(subject.arms))
    study = {use.partition(":")[2] or use for use in names.study.metrics}
    measures = [*_named(_NO_METRIC.sub("", clause.before), study)]
    if measures and not subject.measures.intersection(measures):
        yield "metric", measures[-1], " and ".join(sorted(subject.measures))
    sets = [*_sets(clause.before, names, study)]
    if sets and not subject.sets.intersection(sets):
        yield "evaluation set", sets[-1], " and ".join(sorted(subject.sets))
    unit = _UNIT.match(clause.after)
    if unit and clause.written and (subject.fraction or unit["unit"][0] != "n"):
        yield "unit", unit["unit"], "a fraction" if subject.fraction else "nats"


def _named(text: str, known: Collection[str], *, beside: bool = False) -> Iterator[str]:
    """The names that a text holds, longest first at any place."""
    if not known:
        return
    words = "|".join(re.escape(one) for one in sorted(known, key=len, reverse=True))
    for match in re.finditer(rf"(?<![\w-])(?:{words})(?![\w-])", text, re.I):
        if beside and re.search(_BESIDE + r"[`*]*$", text[: match.start()], re.I):
            continue
        yield next(one for one in known if one.lower() == match[0].lower())


def _sets(text: str, names: Names, measures: Collection[str]) -> Iterator[str]:
    """The evaluation sets that a text names as such: `test hwa`, `the dev split`."""
    known = (*SPLITS, *names.study.data.shifts)
    sets = "|".join(re.escape(one) for one in known)
    what = "|".join(re.escape(one) for one in (*measures, "set", "split", "shift"))
    pattern = rf"(?<![\w-])({sets})[`*]* (?:{what})(?![\w-])"
    for match in re.finditer(pattern, text, re.I):
        yield match[1].lower()


def _problem(
    prose: Prose, binding: Binding, kind: str, said: str, bound: str
) -> Problem:
    what = f"the words say {kind} {said!r}, and {binding.name}() here is of {bound!r}"
    fix = f"bind what the words say, or say {bound}"
    if kind == "unit":
        what = f"{said!r} follows {binding.name}(), whose unit is {bound}"
        fix = f"leave {said!r} out, or bind a number that has this unit"
    return prose.problem_at(what, fix, binding.span)
