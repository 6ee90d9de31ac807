"""Synthetic studies: a spec and a seed in, records and arrays as training writes them.

The outputs come from a threshold model of correctness (row difficulty, seed noise and a
row-by-arm part), so that paired and crossed intervals have something to see.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.analysis.control import control_arms
from reportgen.analysis.facts import Fact
from reportgen.analysis.findings import Findings
from reportgen.analysis.results import Results
from reportgen.analysis.study import derive_facts, find
from reportgen.ledger.entries import (
    End,
    Entry,
    Register,
    Start,
    claim_digests,
    claims_digest,
    entry_line,
    first_link,
    seal,
    spec_digest,
)
from reportgen.ledger.read import Ledger
from reportgen.metrics.metric import Outputs, load_metric
from reportgen.project import Project
from reportgen.records import (
    Array,
    BundledRun,
    CaptureRow,
    ChannelSummary,
    Checkpoint,
    Environment,
    Failure,
    ModuleRow,
    RunRecord,
    SplitSummary,
    canonical_json,
    digest_array,
    digest_json,
)
from reportgen.spec.model import BASELINE, RunConfig, StudySpec
from reportgen.spec.plan import plan_study

SETS = {"train": 300, "dev": 200, "test": 400, "ordering": 400}
METRICS = ("hwa", "accuracy", "loss", "ece")
LENGTH = 12
SHAPES, COLOURS = "▲■●◆", "rgby"
SPEC: dict[str, Any] = {
    "study": "synthetic",
    "question": "Which choices decide whether the rule is learnt?",
    "data": {
        "use": "spr",
        "params": {"rows": {"train": 300, "dev": 200, "test": 400}, "seed": 11},
        "transforms": [],
        "shifts": {"ordering": {"use": "sort_blocks", "params": {"size": 4}}},
    },
    "model": {"use": "lstm", "params": {"hidden_dim": 8}},
    "training": {
        "epochs": 12,
        "batch_size": 32,
        "optimizer": {"use": "torch.optim:Adam", "params": {"lr": 0.001}},
        "select": {"metric": "dev.hwa", "rule": "best"},
    },
    "metrics": list(METRICS),
    "seeds": 5,
    "variants": {
        "bilstm": {
            "why": "Both directions see the whole context.",
            "change": {"model": {"params": {"bidirectional": True}}},
        },
        "dropout": {
            "why": "Noise should hold overfitting back.",
            "change": {"model": {"params": {"dropout": 0.3}}},
        },
        "frozen": {
            "why": "Random embeddings may be enough.",
            "change": {
                "training": {"freeze": [{"parameters": "embedding.*", "epochs": "all"}]}
            },
        },
    },
    "claims": {
        "bilstm-helps": {
            "says": "bilstm improves test.hwa over baseline",
            "margin": 0.02,
            "why_expected": {"text": "It reads both ways.", "cite": "graves2005"},
        },
        "dropout-helps": {
            "says": "dropout improves test.hwa over baseline",
            "margin": 0.02,
            "why_expected": {"text": "It regularises.", "cite": ["srivastava2014"]},
        },
        "frozen-same": {
            "says": "frozen matches test.accuracy of baseline",
            "margin": 0.03,
            "why_expected": {"text": "Random codes are distinct."},
        },
        "dropout-robust": {
            "says": "dropout worsens ordering.loss against baseline",
            "margin": 0.05,
            "why_expected": {"text": "It may blur order."},
        },
    },
    "controls": [],
    "report": {
        "title": "Synthetic",
        "authors": [{"name": "Ada Example"}],
        "abstract": "Nothing was trained.",
        "sections": [{"use": "results"}],
        "bibliography": None,
        "template": "paper",
    },
}


@dataclass(frozen=True)
class Behaviour:
    """How an arm behaves: its level of correctness and how much seeds move it."""

    level: float = 1.0
    seed_sd: float = 0.1
    row_sd: float = 0.2
    overfits: bool = True
    failed_seeds: tuple[int, ...] = ()


BEHAVIOURS: Mapping[str, Behaviour] = {
    BASELINE: Behaviour(level=0.8),
    "bilstm": Behaviour(level=1.4),
    "dropout": Behaviour(level=0.82, failed_seeds=(3,)),
    "frozen": Behaviour(level=0.79, seed_sd=0.05),
}


@dataclass(frozen=True)
class Bundle:
    """What `runs/STUDY/` holds, before it is written."""

    study: StudySpec
    runs: tuple[BundledRun, ...]
    arrays: dict[str, Array] = field(default_factory=dict)  # by digest


def make_study(**changes: Any) -> StudySpec:
    """The synthetic study, with top-level keys replaced."""
    return StudySpec.model_validate_json(json.dumps({**SPEC, **changes}))


def make_bundle(
    study: StudySpec | None = None,
    behaviours: Mapping[str, Behaviour] = BEHAVIOURS,
    *,
    seed: int = 5,
) -> Bundle:
    """Simulate every run of the baseline and the variants."""
    study = study or make_study()
    rng = np.random.default_rng(seed)
    world = _World(rng)
    arrays: dict[str, Array] = {}
    runs: list[BundledRun] = []
    for arm in (BASELINE, *study.variants):
        behaviour = behaviours.get(arm, Behaviour())
        tastes = {name: rng.standard_normal(rows) for name, rows in SETS.items()}
        for number in study.seed_list:
            record = _record(
                study, arm, number, (behaviour, world, tastes, rng), arrays
            )
            runs.append(BundledRun(variant=arm, seed=number, record=record))
    runs.sort(key=lambda one: one.record.key)
    return Bundle(study, tuple(runs), arrays)


def make_ledger(bundle: Bundle) -> Ledger:
    """The ledger of a study whose runs were trained one after another."""
    study, head = bundle.study, first_link(bundle.study.study)
    entries: list[Entry] = []

    def append(entry: Entry) -> None:
        nonlocal head
        entries.append(seal(entry))
        head = entries[-1].hash

    def link() -> dict[str, Any]:
        time = f"2026-01-05T10:{len(entries) // 60:02}:{len(entries) % 60:02}Z"
        return {"n": len(entries) + 1, "prev": head, "time": time}

    append(Register(**link(), claims=claim_digests(study)))
    for one in bundle.runs:
        record = one.record
        about: dict[str, Any] = {
            "run": record.run,
            "variant": one.variant,
            "seed": one.seed,
            "environment": record.environment.digest,
        }
        claims, spec = claims_digest(study), spec_digest(study)
        append(Start(**link(), **about, claims=claims, spec=spec, origin="trained"))
        ended = {"status": record.status, "result": record.result}
        kind = record.failure.kind if record.failure else None
        append(End(**link(), **about, **ended, failure=kind, wall_seconds=1.0))
    return Ledger(tuple(entries), head)


def make_results(bundle: Bundle | None = None) -> Results:
    """The bundle's results, as they are after loading."""
    bundle = bundle or make_bundle()
    cells = plan_study(bundle.study, control_arms(bundle.study)).cells
    return Results(bundle.study, cells, bundle.runs, bundle.arrays, make_ledger(bundle))


def make_findings(bundle: Bundle | None = None) -> tuple[Findings, dict[str, Fact]]:
    """What analysis makes of a bundle: findings, and facts by id."""
    results = make_results(bundle)
    findings = find(results)
    facts = {fact.id: fact for fact in derive_facts(results, findings)}
    return findings, facts


def write_bundle(root: Path, bundle: Bundle) -> Project:
    """A project folder with the bundle's runs in it."""
    project, study = Project(root), bundle.study.study
    project.records(study).parent.mkdir(parents=True)
    lines = [canonical_json(one.model_dump(mode="json")) for one in bundle.runs]
    project.records(study).write_text("".join(line + "\n" for line in lines))
    arrays: Mapping[str, Any] = bundle.arrays
    np.savez(project.predictions(study), **arrays)
    entries = make_ledger(bundle).entries
    project.ledger(study).write_text("".join(map(entry_line, entries)))
    return project


class _World:
    """Inputs, labels and row columns of every evaluation set, shared by all arms."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.inputs: dict[str, Array] = {}
        self.labels: dict[str, Array] = {}
        self.columns: dict[str, dict[str, Array]] = {}
        self.difficulty: dict[str, Array] = {}
        for name, rows in SETS.items():
            source = name if name != "ordering" else "test"
            if name == "ordering":
                self.inputs[name] = np.sort(self.inputs[source], axis=1)
                self.labels[name] = self.labels[source]
                self.columns[name] = self.columns[source]
                self.difficulty[name] = self.difficulty[source] - 0.3
                continue
            inputs = rng.integers(0, 4, size=(rows, LENGTH, 2)).astype(np.int16)
            self.inputs[name] = inputs
            self.labels[name] = (np.arange(rows) % 2).astype(np.int64)
            self.columns[name] = {
                "shape_variety": _variety(inputs[:, :, 0]),
                "colour_variety": _variety(inputs[:, :, 1]),
            }
            self.difficulty[name] = rng.normal(0.2, 1.2, rows)


def _variety(tokens: Array) -> Array:
    return np.array([len(np.unique(row)) for row in tokens], dtype=np.int64)


def _record(
    study: StudySpec,
    arm: str,
    seed: int,
    parts: tuple[Behaviour, _World, Mapping[str, Array], np.random.Generator],
    arrays: dict[str, Array],
) -> RunRecord:
    behaviour, world, _, _ = parts
    config = make_config(study, arm, seed)
    run = digest_json([arm, seed, config.model_dump(mode="json")])
    names: dict[str, str] = {}

    def store(name: str, array: Array) -> None:
        names[name] = digest_array(array)
        arrays[names[name]] = array

    for name in SETS:
        store(f"labels/{name}", world.labels[name])
        store(f"inputs/{name}", world.inputs[name])
        for column, values in world.columns[name].items():
            store(f"columns/{name}/{column}", values)
    shared: dict[str, Any] = {
        "run": run,
        "key": digest_json([run, "class"]),
        "config": config,
        "environment": ENVIRONMENT,
        "data": {name: _summary(world, name) for name in SETS},
        "capture": _capture(config),
        "architecture": _architecture(config),
        "code": {"reportgen.training.loop": "0" * 64},
    }
    if seed in behaviour.failed_seeds:
        failure = Failure(kind="non-finite", message="loss is NaN", epoch=2)
        curves = {"train.loss": (0.69, None), "dev.loss": (0.69, None)}
        return RunRecord(
            **shared,
            status="failed",
            failure=failure,
            curves=curves,
            arrays=names,
            result=digest_json([run, "failed"]),
        )
    checkpoints = _checkpoints(run, parts, store)
    curves = _curves(behaviour, checkpoints, parts[3])
    return RunRecord(
        **shared,
        status="completed",
        curves=curves,
        checkpoints=checkpoints,
        arrays=names,
        result=digest_json([run, names]),
    )


def _checkpoints(
    run: str,
    parts: tuple[Behaviour, _World, Mapping[str, Array], np.random.Generator],
    store: Any,
) -> dict[str, Checkpoint]:
    behaviour, world, tastes, rng = parts
    luck = behaviour.level + behaviour.seed_sd * rng.standard_normal()
    found: dict[str, Checkpoint] = {}
    for rule, shift, scale, epoch in (("best", 0.0, 1.0, 5), ("last", -0.15, 2.0, 12)):
        metrics: dict[str, float | None] = {}
        for name, rows in SETS.items():
            bonus = 1.0 if name == "train" else 0.0
            strength = (
                luck
                + shift
                + bonus
                + world.difficulty[name]
                + behaviour.row_sd * tastes[name]
                + 0.4 * rng.standard_normal(rows)
            )
            signs = 2.0 * world.labels[name] - 1
            half = scale * signs * strength / 2
            logits = np.stack([-half, half], axis=1).astype(np.float32)
            if name != "train":
                store(f"logits/{name}@{rule}", logits)
            outputs = Outputs(logits, world.labels[name], world.columns[name])
            for metric in METRICS:
                metrics[f"{name}.{metric}"] = load_metric(metric).value(outputs)
        weights = hashlib.sha256(f"{run}{rule}".encode()).hexdigest()
        found[rule] = Checkpoint(epoch=epoch, metrics=metrics, weights=weights)
    return found


def _curves(
    behaviour: Behaviour,
    checkpoints: Mapping[str, Checkpoint],
    rng: np.random.Generator,
) -> dict[str, tuple[float | None, ...]]:
    epochs = np.arange(1, 13)
    train = 0.7 * np.exp(-epochs / 6) + 0.01 * rng.standard_normal(12)
    climb = 0.03 if behaviour.overfits else 0.0
    dev = 0.5 + 0.2 * np.exp(-epochs / 2) + climb * np.maximum(0, epochs - 5)
    dev = dev + 0.01 * rng.standard_normal(12)
    best = checkpoints["best"].metrics["dev.hwa"] or 0.5
    score = best - 0.3 * np.exp(-epochs / 2) - 0.005 * np.maximum(0, epochs - 5)
    return {
        "train.loss": tuple(float(value) for value in train),
        "dev.loss": tuple(float(value) for value in dev),
        "dev.hwa": tuple(float(value) for value in score),
    }


def make_config(study: StudySpec, arm: str, seed: int) -> RunConfig:
    """The resolved configuration of one cell."""
    cells = plan_study(study, {}).cells
    return next(
        cell.config for cell in cells if (cell.variant, cell.seed) == (arm, seed)
    )


ENVIRONMENT = Environment(
    digest=digest_json({"torch": "2.13.0"}), details={"torch": "2.13.0"}
)


def _summary(world: _World, name: str) -> SplitSummary:
    inputs, labels = world.inputs[name], world.labels[name]
    channels = tuple(
        ChannelSummary(
            name=title,
            symbols=tuple(symbols),
            counts=tuple(int(n) for n in np.bincount(inputs[:, :, c].ravel())),
        )
        for c, (title, symbols) in enumerate((("shape", SHAPES), ("colour", COLOURS)))
    )
    examples = tuple(
        (
            "".join(SHAPES[token] for token in row[:, 0]),
            "".join(COLOURS[token] for token in row[:, 1]),
        )
        for row in inputs[:3]
    )
    return SplitSummary(
        rows=len(labels),
        digest=digest_array(inputs),
        labels=tuple(int(n) for n in np.bincount(labels)),
        length=LENGTH,
        channels=channels,
        duplicates=len(labels) if name == "train" else 0,
        conflicts=0,
        oracle_accuracy=1.0,
        examples=examples,
        example_labels=tuple(int(label) for label in labels[:3]),
    )


def _capture(config: RunConfig) -> tuple[CaptureRow, ...]:
    rate = config.training.optimizer.params["lr"]
    rows = [
        ("batching.batch_size", config.training.batch_size, "rows", "spec",
         "training.batch_size", "rows per optimiser step"),
        ("optimizer.group0.lr", rate, None, "spec",
         "training.optimizer.params.lr", "step size"),
        ("optimizer.group0.betas", [0.9, 0.999], None, "default",
         "torch.optim.Adam", "decay rates of the gradient moments"),
        ("model.lstm.dropout", config.model.params.get("dropout", 0.0), "fraction",
         "derived", "model.params.dropout", "share of activations set to zero"),
    ]  # fmt: skip
    return tuple(
        CaptureRow(
            path=path, value=value, unit=unit, source=source, origin=origin,
            meaning=meaning,
        )
        for path, value, unit, source, origin, meaning in rows
    )  # fmt: skip


def _architecture(config: RunConfig) -> tuple[ModuleRow, ...]:
    both = 2 if config.model.params.get("bidirectional") else 1
    return (
        ModuleRow(
            path="embedding", type="Embedding", arguments="8, 16", parameters=128,
            input_shape=(LENGTH, 2), output_shape=(LENGTH, 32),
        ),
        ModuleRow(
            path="lstm", type="LSTM", arguments="32, 8", parameters=1344 * both,
            input_shape=(LENGTH, 32), output_shape=(LENGTH, 8 * both),
        ),
        ModuleRow(
            path="head", type="Linear", arguments=f"{8 * both}, 2",
            parameters=16 * both + 2, input_shape=(8 * both,), output_shape=(2,),
        ),
    )  # fmt: skip
