"""Clean studies: a generator and a number of seeds in, results without a fault out.

No arm differs from another but where a detector's null says so: `blind`, an arm with a
channel hidden, lies exactly the margin below the baseline, and so do all arms on the
shuffled copies of the test rows. Curves are flat after the first epochs, confidences
are calibrated by construction (a normal log-likelihood ratio is its own logit), shifts
cost nothing, and rows are harder or easier for all.
"""

import json
from functools import cache
from math import sqrt
from typing import Any

import numpy as np
from numpy.random import Generator
from scipy import stats

from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.scored import RULES
from reportgen.metrics.metric import Outputs, load_metric
from reportgen.records import (
    Array,
    BundledRun,
    Checkpoint,
    Environment,
    RunRecord,
    SplitSummary,
)
from reportgen.spec.model import RunConfig, StudySpec
from reportgen.spec.plan import plan_study

ROWS = {"train": 200, "dev": 300, "test": 400, "same": 400}
COPIES, SHUFFLED = 5, "orders"
METRICS = ("accuracy", "hwa", "loss")
ACCURACY, SEED_SD, MARGIN, EPOCHS = 0.85, 0.01, 0.05, 20
# How much of a row's difficulty is common to all arms, to all seeds of one, to nothing.
COMMON, TASTE, OWN = sqrt(0.4), sqrt(0.1), sqrt(0.5)
HIDE = {"use": "hide_channel", "params": {"channel": "colour"}}
SHIFTS = {
    "same": {"use": "sort_blocks", "params": {"size": 4}},
    SHUFFLED: {"use": "shuffle_tokens", "params": {"copies": COPIES}},
}
SPEC: dict[str, Any] = {
    "study": "clean",
    "question": "Does a detector cry wolf?",
    "data": {"use": "spr", "params": {}, "shifts": SHIFTS},
    "model": {"use": "lstm", "params": {}},
    "training": {
        "epochs": EPOCHS,
        "batch_size": 32,
        "optimizer": {"use": "torch.optim:Adam", "params": {}},
        "select": {"metric": "dev.accuracy", "rule": "best"},
    },
    "metrics": list(METRICS),
    "variants": {
        "twin": {"why": "It is the same.", "change": {"training": {"batch_size": 64}}},
        "blind": {"why": "It sees less.", "change": {"data": {"transforms": [HIDE]}}},
    },
    "claims": {
        f"{arm}-same": {
            "says": f"{arm} matches test.accuracy of baseline",
            "margin": MARGIN,
            "why_expected": {"text": "It is simulated."},
        }
        for arm in ("twin", "blind")
    },
    "analysis": {},
    "controls": [],
    "report": {
        "title": "Clean",
        "authors": [{"name": "Nobody"}],
        "abstract": "Nothing was trained.",
        "sections": [{"use": "scope"}],
    },
}


def clean_results(rng: Generator, *, seeds: int, memory: float = 0.0) -> Results:
    """Simulate one clean study.

    Args:
        rng: consumed.
        seeds: of each arm.
        memory: correlation of one epoch's noise with that of the next.
    """
    study = _study(seeds)
    world = World(rng, memory)
    cells = plan_study(study, {}).cells
    bundled = tuple(
        BundledRun.model_construct(
            variant=cell.variant,
            seed=cell.seed,
            record=world.record(cell.config, cell.variant),
        )
        for cell in cells
    )
    return Results(study, cells, bundled, world.arrays)


@cache
def _study(seeds: int) -> StudySpec:
    return StudySpec.model_validate_json(json.dumps({**SPEC, "seeds": seeds}))


class World:
    """Rows that all arms share; what runs leave goes into `arrays`."""

    def __init__(self, rng: Generator, memory: float) -> None:
        self.rng, self.memory = rng, memory
        self.arrays: dict[str, Array] = {}
        self.sets: dict[str, Outputs] = {}  # without answers
        self.common: dict[str, Array] = {}
        self.tastes: dict[str, dict[str, Array]] = {}
        self.names: dict[str, str] = {}
        for name, rows in ROWS.items():
            if name == "same":
                self._add(name, self.sets["test"], self.common["test"])
                continue
            labels = np.arange(rows) % 2
            variety = {
                column: rng.integers(1, 5, rows)
                for column in ("shape_variety", "colour_variety")
            }
            self._add(name, Outputs(labels, labels, variety), rng.standard_normal(rows))
        test = self.sets["test"]
        columns = {name: np.tile(one, COPIES) for name, one in test.columns.items()}
        labels = np.tile(test.labels, COPIES)
        common = np.tile(self.common["test"], COPIES)
        self._add(SHUFFLED, Outputs(labels, labels, columns), common)

    def _add(self, name: str, outputs: Outputs, common: Array) -> None:
        self.sets[name], self.common[name] = outputs, common
        stored = "test" if name == "same" else name
        self._store(f"labels/{name}", f"labels/{stored}", outputs.labels)
        for column, values in outputs.columns.items():
            where = f"columns/{{}}/{column}"
            self._store(where.format(name), where.format(stored), values)

    def _store(self, name: str, key: str, array: Array) -> None:
        self.names[name] = key
        self.arrays[key] = array

    def record(self, config: RunConfig, arm: str) -> RunRecord:
        """One run; its accuracy is the arm's and a little luck."""
        luck = SEED_SD * self.rng.standard_normal()
        accuracy = ACCURACY + luck - (MARGIN if arm == "blind" else 0.0)
        tastes = self.tastes.setdefault(arm, self._tastes())
        names = dict(self.names)
        checkpoints = {}
        for rule in RULES:
            scores: dict[str, float | None] = {}
            for name in self.sets:
                lost = MARGIN if name == SHUFFLED else 0.0
                outputs = self._answers(name, accuracy - lost, tastes[name])
                key = f"{arm}/{config.seed}/{name}@{rule}"
                names[f"logits/{name}@{rule}"] = key
                self.arrays[key] = outputs.logits
                for metric in METRICS:
                    scores[f"{name}.{metric}"] = load_metric(metric).value(outputs)
            checkpoints[rule] = Checkpoint(
                epoch=EPOCHS // 2, metrics=scores, weights=""
            )
        return RunRecord.model_construct(
            run=f"{arm}/{config.seed}",
            key=f"{arm}/{config.seed}",
            config=config,
            status="completed",
            failure=None,
            data={name: _summary(one) for name, one in self.sets.items()},
            environment=Environment(digest="", details={}),
            curves=self._curves(accuracy),
            checkpoints=checkpoints,
            arrays=names,
            result="",
        )

    def _tastes(self) -> dict[str, Array]:
        """What an arm likes about each row, in whatever order its tokens stand."""
        found = {
            name: self.rng.standard_normal(len(one.labels))
            for name, one in self.sets.items()
        }
        return {**found, SHUFFLED: np.tile(found["test"], COPIES)}

    def _answers(self, name: str, accuracy: float, taste: Array) -> Outputs:
        """Answers right with a given probability, and as sure as they are right."""
        labels, columns = self.sets[name].labels, self.sets[name].columns
        own = self.rng.standard_normal(len(labels))
        noise = COMMON * self.common[name] + TASTE * taste + OWN * own
        strength = 2 * float(stats.norm.ppf(accuracy)) ** 2
        logit = (strength + sqrt(2 * strength) * noise) * (2 * labels - 1)  # (N,)
        logits = np.stack([-logit / 2, logit / 2], axis=1).astype(np.float32)
        return Outputs(logits, labels, columns)

    def _curves(self, accuracy: float) -> dict[str, tuple[float | None, ...]]:
        epochs = np.arange(EPOCHS)
        curves = {
            "train.loss": 0.7 * np.exp(-epochs / 8) + 0.01 * self._noise(),
            "dev.loss": 0.4 + 0.3 * np.exp(-epochs) + 0.01 * self._noise(),
            "dev.accuracy": accuracy - 0.3 * np.exp(-epochs) + 0.01 * self._noise(),
        }
        return {name: tuple(curve.tolist()) for name, curve in curves.items()}

    def _noise(self) -> Array:
        """Standard normal values, each a little like the one before; (E,)."""
        fresh = self.rng.standard_normal(EPOCHS)
        noise = np.empty(EPOCHS)
        noise[0] = fresh[0]
        for epoch in range(1, EPOCHS):
            kept = self.memory * noise[epoch - 1]
            noise[epoch] = kept + sqrt(1 - self.memory**2) * fresh[epoch]
        return noise


def _summary(outputs: Outputs) -> SplitSummary:
    counts = tuple(int(count) for count in np.bincount(outputs.labels))
    return SplitSummary(
        rows=len(outputs.labels),
        digest="",
        labels=counts,
        length=0,
        channels=(),
        duplicates=0,
        conflicts=0,
        oracle_accuracy=None,
        examples=(),
        example_labels=(),
    )
