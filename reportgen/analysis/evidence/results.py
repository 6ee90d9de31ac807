"""Tidy results: the records of a study in, scores and outputs by arm and seed out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from reportgen.analysis.evidence.scored import Identity, Rule, Score, Side
from reportgen.analysis.findings.outcome import FAULTS
from reportgen.analysis.rows.clean import CLEAN, CLEANED, stored_set, unseen
from reportgen.ledger.read import Ledger
from reportgen.metrics.metric import Metric, Outputs, load_metric
from reportgen.records import Array, BundledRun, RunRecord
from reportgen.spec.model import BASELINE, SelectSpec, StudySpec
from reportgen.spec.plan import CONTROL_PREFIX, Cell


@dataclass(frozen=True)
class Results:
    """Everything a study's runs left behind.

    Attributes:
        study: the study as it is now.
        cells: the runs it plans, controls included.
        bundled: one record per planned run that ended.
        arrays: by digest; read when asked for.
        ledger: the account of every run that started.
        scored: scores found so far; most comparisons share an arm with another one.
    """

    study: StudySpec
    cells: tuple[Cell, ...]
    bundled: tuple[BundledRun, ...]
    arrays: Mapping[str, Array]
    ledger: Ledger = field(default_factory=lambda: Ledger((), ""))
    scored: dict[tuple[Metric, Side, int], Score | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def arms(self) -> tuple[str, ...]:
        """All arms, baseline first, controls last."""
        return tuple(dict.fromkeys(cell.variant for cell in self.cells))

    @property
    def study_arms(self) -> tuple[str, ...]:
        """The arms without the controls."""
        return tuple(arm for arm in self.arms if not arm.startswith(CONTROL_PREFIX))

    @cached_property
    def _records(self) -> dict[tuple[str, int], RunRecord]:
        return {(one.variant, one.seed): one.record for one in self.bundled}

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """The study's metrics by catalogue name, in the order of the spec."""
        found = [load_metric(use) for use in self.study.metrics]
        return {metric.name: metric for metric in found}

    def seeds(self, arm: str) -> tuple[int, ...]:
        """The seeds planned for an arm."""
        return tuple(cell.seed for cell in self.cells if cell.variant == arm)

    def record(self, arm: str, seed: int) -> RunRecord | None:
        """The record of one cell; None where the run has none."""
        return self._records.get((arm, seed))

    def counted(self, arm: str, seed: int) -> RunRecord | None:
        """The record of one cell; None where there is none, or a fault of the machine.

        A run that failed by itself counts as failed; one that the machine lost, twice,
        is missing.

        Source: statistical protocol, edge cases: infrastructure failure.
        """
        record = self.record(arm, seed)
        failure = record.failure if record else None
        return None if failure and failure.kind in FAULTS else record

    def records(self, arm: str) -> Iterator[tuple[int, RunRecord]]:
        """Seeds and records of an arm, failed ones included, in the order planned."""
        for seed in self.seeds(arm):
            record = self.record(arm, seed)
            if record is not None:
                yield seed, record

    def selected(self, arm: str) -> Rule:
        """The checkpoint rule an arm reports by."""
        return self._select(arm).rule

    def selection_metric(self, arm: str) -> str:
        """The metric an arm's epoch is chosen by."""
        return self._select(arm).metric

    def _select(self, arm: str) -> SelectSpec:
        found = (one for one in self.cells if one.variant == arm)
        cell = next(found, None)
        return (cell.config if cell else self.study).training.select

    def sets(self, arm: str = BASELINE) -> tuple[str, ...]:
        """Evaluation sets of an arm: train, dev, test, then its shifts."""
        for cell in self.cells:
            if cell.variant == arm:
                return ("train", "dev", "test", *cell.config.data.shifts)
        return ()

    def score(self, arm: str, seed: int, metric: str, rule: Rule) -> float | None:
        """A finite score such as `test.hwa`; None where the run failed to give one.

        Scores on the clean rows are computed here: no run knows them.
        """
        record = self.record(arm, seed)
        if record is None or record.status == "failed":
            return None
        if metric.startswith(f"{CLEAN}."):
            return self._clean_score(arm, seed, metric.removeprefix(f"{CLEAN}."), rule)
        checkpoint = record.checkpoints.get(rule)
        return None if checkpoint is None else checkpoint.metrics.get(metric)

    def scores(self, arm: str, metric: str, rule: Rule) -> list[float | None]:
        """One score per planned seed."""
        return [self.score(arm, seed, metric, rule) for seed in self.seeds(arm)]

    def outputs(
        self, arm: str, seed: int, name: str, rule: Rule, *, of_failed: bool = False
    ) -> Outputs | None:
        """A run's answers on one evaluation set; None where they were not kept.

        Those of a failed run, at the best checkpoint it had, only where asked for.

        `test-clean` has those test rows whose input occurs in no training split.
        """
        record = self.record(arm, seed)
        digest = record and record.arrays.get(f"logits/{stored_set(name)}@{rule}")
        if record is None or not digest or digest not in self.arrays:
            return None
        if record.status == "failed" and not of_failed:
            return None
        return self._answers(record, name, self.arrays[digest])

    def unanswered(self, arm: str, name: str) -> Outputs | None:
        """An evaluation set of an arm with all-zero logits; None where not kept."""
        stored = stored_set(name)
        for source in (arm, BASELINE):
            for _, record in self.records(source):
                if f"labels/{stored}" not in record.arrays:
                    continue
                labels = self.arrays[record.arrays[f"labels/{stored}"]]
                summary = record.data.get(stored)
                classes = len(summary.labels) if summary else int(labels.max()) + 1
                return self._answers(record, name, np.zeros((len(labels), classes)))
        return None

    def clean_mask(self, arm: str) -> Array | None:
        """True for each test row of an arm that no training split holds.

        None where the rows fed were not kept.
        """
        fed = self.fed(arm)
        return None if fed is None else self._clean.get(row_identity(fed, CLEANED))

    def fed(self, arm: str) -> RunRecord | None:
        """A record of an arm that kept the rows fed; all its runs saw the same."""
        return self._fed.get(arm)

    @cached_property
    def _fed(self) -> dict[str, RunRecord]:
        found: dict[str, RunRecord] = {}
        for arm in self.arms:
            for _, record in self.records(arm):
                if {"inputs/train", f"inputs/{CLEANED}"} <= record.arrays.keys():
                    found[arm] = record
                    break
        return found

    @cached_property
    def _clean(self) -> dict[Identity, Array]:
        """Masks by the rows they are of; shared by all arms that answer these rows."""
        groups: dict[Identity, list[RunRecord]] = {}
        for arm in self.study_arms:
            record = self.fed(arm)
            if record is not None:
                groups.setdefault(row_identity(record, CLEANED), []).append(record)
        masks = {}
        for identity, records in groups.items():
            rows = records[0].arrays[f"inputs/{CLEANED}"]
            trained = {
                record.arrays["inputs/train"]: None
                for record in records
                if record.arrays[f"inputs/{CLEANED}"] == rows
            }
            splits = (self.arrays[digest] for digest in trained)
            masks[identity] = unseen(self.arrays[rows], splits)
        return masks

    def _clean_score(
        self, arm: str, seed: int, measure: str, rule: Rule
    ) -> float | None:
        outputs = self.outputs(arm, seed, CLEAN, rule)
        if outputs is None:
            return None
        metric = self.metrics.get(measure) or load_metric(measure)
        value = float(metric.value(outputs))
        return value if np.isfinite(value) else None

    def _answers(self, record: RunRecord, name: str, logits: Array) -> Outputs | None:
        """The answers on a set; None for the clean rows where none are left."""
        stored = stored_set(name)
        prefix = f"columns/{stored}/"
        columns = {
            key.removeprefix(prefix): self.arrays[digest]
            for key, digest in record.arrays.items()
            if key.startswith(prefix)
        }
        labels = self.arrays[record.arrays[f"labels/{stored}"]]
        if name != CLEAN:
            return Outputs(logits, labels, columns)
        mask = self._clean.get(row_identity(record, stored))
        if mask is None or not mask.any():
            return None
        kept = {name: values[mask] for name, values in columns.items()}
        return Outputs(logits[mask], labels[mask], kept)


def row_identity(record: RunRecord, name: str) -> Identity:
    """Digests that agree where two runs were evaluated on the same rows in order.

    Labels and row columns decide: both stay with a row when transforms recode it. The
    clean rows of two runs are the same where their test rows are.
    """
    name = stored_set(name)
    wanted = (f"labels/{name}", f"columns/{name}/")
    return tuple(
        sorted(
            (key, digest)
            for key, digest in record.arrays.items()
            if key.startswith(wanted)
        )
    )
