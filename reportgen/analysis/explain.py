"""Explain a fact: its id in, the chain from the printed digits to stored bytes out."""

import re
from collections.abc import Iterator, Mapping

from reportgen.analysis.findings.facts import Fact
from reportgen.analysis.load import read_records
from reportgen.analysis.output.manipulation_facts import WORDS as CHECKED
from reportgen.analysis.output.write import read_facts
from reportgen.errors import InputError, Problem, nearest
from reportgen.ledger.read import read_ledger
from reportgen.project import Project
from reportgen.records import BundledRun
from reportgen.spec.load import load_study

INDENT = "  "
DEEPEST = 4  # facts that rest on facts


def explain_fact(project: Project, study: str, fact_id: str) -> str:
    """Explain a fact in lines of text, what it rests on below it.

    Raises:
        InputError: there is no such fact, or no results.
    """
    facts = read_facts(project, study)
    if fact_id not in facts:
        where = project.show(project.results(study))
        what = f"there is no fact '{fact_id}'"
        raise InputError(Problem(what, where, nearest(fact_id, facts)))
    explainer = _Explainer(project, study, facts, facts[fact_id])
    return "\n".join(explainer.fact(fact_id, 0))


class _Explainer:
    """Reads what a chain of derivations leads to; `asked` is the fact asked about."""

    def __init__(
        self, project: Project, study: str, facts: Mapping[str, Fact], asked: Fact
    ) -> None:
        self._project, self._study, self._facts = project, study, facts
        self._asked = asked
        path = project.records(study)
        self._runs = read_records(project, study) if path.exists() else ()

    def fact(self, fact_id: str, depth: int) -> Iterator[str]:
        """A fact's lines, and those of everything it was derived from."""
        pad, fact = INDENT * depth, self._facts[fact_id]
        yield f"{pad}{fact.id} = {_value(fact)}"
        about = ", ".join(
            f"{name.replace('_', ' ')} {value}"
            for name, value in fact.subject.model_dump().items()
            if value is not None
        )
        if about:
            yield f"{pad}{INDENT}about: {about}"
        yield f"{pad}{INDENT}how: {fact.derivation.formula}"
        for given in fact.derivation.inputs:
            yield from self._input(given, depth + 1)

    def _input(self, given: str, depth: int) -> Iterator[str]:
        pad = INDENT * depth
        kind, _, rest = given.partition(":")
        if kind == "fact" and rest in self._facts and depth < DEEPEST:
            yield from self.fact(rest, depth)
        elif kind == "run":
            yield from (pad + line for line in self._run(rest))
        elif kind == "spec":
            yield pad + self._spec(rest)
        elif kind == "ledger":
            yield pad + self._entry(int(rest))
        else:
            yield pad + given

    def _run(self, key: str) -> Iterator[str]:
        found = [one for one in self._runs if one.record.key.startswith(key)]
        if not found:
            path = self._project.show(self._project.records(self._study))
            yield f"run {key}: its record is not in {path}; try 'dvc pull'"
        for one in found:
            yield f"run {key}: {one.variant}, seed {one.seed}, {one.record.status}"
            yield from (INDENT + line for line in self._bytes(one))
            yield from (INDENT + line for line in self._measured(one))

    def _measured(self, one: BundledRun) -> Iterator[str]:
        """What a run of the arm measured, where a check of that arm was asked about."""
        asked, arm = self._asked, self._asked.subject.arm
        for row in one.record.checks if one.variant == arm else ():
            name = f"check/{arm}/{row.subject}/{row.check}"
            same = f"{asked.id}/".startswith(f"{name}/")
            if same and asked.derivation.formula.startswith(row.says):
                yield f"{CHECKED[row.passed]}: {row.observed}"

    def _bytes(self, one: BundledRun) -> Iterator[str]:
        """What of a run's record and arrays the answer was read from."""
        subject, record = self._asked.subject, one.record
        rule = subject.checkpoint or record.selected
        checkpoint = record.checkpoints.get("best" if rule == "best" else "last")
        if checkpoint is None or subject.evaluation_set is None:
            return
        name = f"{subject.evaluation_set}.{subject.metric}"
        if name in checkpoint.metrics:
            value = checkpoint.metrics[name]
            yield f"{name} = {value!r} at epoch {checkpoint.epoch} ({rule})"
        yield f"weights sha256 {checkpoint.weights}"
        path = self._project.show(self._project.predictions(self._study))
        for array in (
            f"logits/{subject.evaluation_set}@{rule}",
            f"labels/{subject.evaluation_set}",
        ):
            if array in record.arrays:
                yield f"{array}: {path} [{record.arrays[array]}]"

    def _spec(self, dotted: str) -> str:
        loaded = load_study(self._project.spec(self._study))
        parts = tuple(
            int(part[1:-1]) if part.startswith("[") else part
            for part in re.findall(r"\[\d+\]|[^.\[]+", dotted)
        )
        where = loaded.positions.value(parts)
        return f"{where.file}:{where.line}: {where.text.strip() or dotted}"

    def _entry(self, number: int) -> str:
        path = self._project.show(self._project.ledger(self._study))
        entries = read_ledger(self._project, self._study).entries
        if not 0 < number <= len(entries):
            return f"{path}: entry {number} is not there"
        entry = entries[number - 1]
        return f"{path}:{number}: {entry.kind}, chained as {entry.hash}"


def _value(fact: Fact) -> str:
    value = fact.value if isinstance(fact.value, str) else repr(fact.value)
    notes: list[str] = [fact.unit]
    if fact.interval is not None:
        low, high = fact.interval
        level = f"{100 * (fact.level or 0.95):.3g} % CI"
        notes.append(f"{level} {low:.6g} to {high:.6g}")
    if fact.n is not None:
        notes.append(f"n = {fact.n}")
    return f"{value} ({', '.join(notes)})"
