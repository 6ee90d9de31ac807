"""Simulated runs: an arm's behaviour in, records and arrays as training writes out.

The outputs come from a threshold model of correctness (row difficulty, seed noise and a
row-by-arm part), so that paired and crossed intervals have something to see.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.analysis.evidence.scored import Rule
from reportgen.metrics.metric import Outputs, load_metric
from reportgen.records import (
    Array,
    CaptureRow,
    ChannelSummary,
    Checkpoint,
    Environment,
    Failure,
    ModuleRow,
    RunRecord,
    SplitSummary,
    digest_array,
    digest_json,
)
from reportgen.spec.model import RunConfig

SETS = {"train": 300, "dev": 200, "test": 400, "ordering": 400}
METRICS = ("hwa", "accuracy", "loss", "ece")
LENGTH, EPOCHS = 12, 12
SHAPES, COLOURS = "▲■●◆", "rgby"
RULES: tuple[tuple[Rule, float, float, int], ...] = (
    ("best", 0.0, 1.0, 5),  # shift of the level, scale of the logits, epoch
    ("last", -0.15, 2.0, EPOCHS),
)
ENVIRONMENT = Environment(
    digest=digest_json({"torch": "2.13.0"}), details={"torch": "2.13.0"}
)
Curve = tuple[float | None, ...]


@dataclass(frozen=True)
class Behaviour:
    """How an arm behaves: its level of correctness and how much seeds move it."""

    level: float = 1.0
    seed_sd: float = 0.1
    row_sd: float = 0.2
    overfits: bool = True
    failed_seeds: tuple[int, ...] = ()


class Simulator:
    """One world of rows that all arms share; what runs leave goes into `arrays`."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.arrays: dict[str, Array] = {}  # by digest
        self.inputs: dict[str, Array] = {}
        self.labels: dict[str, Array] = {}
        self.columns: dict[str, dict[str, Array]] = {}
        self.difficulty: dict[str, Array] = {}
        for name, rows in SETS.items():
            if name == "ordering":
                self.inputs[name] = np.sort(self.inputs["test"], axis=1)
                self.labels[name] = self.labels["test"]
                self.columns[name] = self.columns["test"]
                self.difficulty[name] = self.difficulty["test"] - 0.3
                continue
            inputs = rng.integers(0, 4, size=(rows, LENGTH, 2)).astype(np.int16)
            self.inputs[name] = inputs
            self.labels[name] = (np.arange(rows) % 2).astype(np.int64)
            self.columns[name] = {
                "shape_variety": _variety(inputs[:, :, 0]),
                "colour_variety": _variety(inputs[:, :, 1]),
            }
            self.difficulty[name] = rng.normal(0.2, 1.2, rows)

    def tastes(self) -> dict[str, Array]:
        """What an arm likes or dislikes about each row."""
        return {name: self.rng.standard_normal(rows) for name, rows in SETS.items()}

    def record(
        self, config: RunConfig, behaviour: Behaviour, tastes: dict[str, Array]
    ) -> RunRecord:
        """One run of an arm; its key depends on the configuration alone."""
        run = digest_json(config.model_dump(mode="json"))
        failed = config.seed in behaviour.failed_seeds
        checkpoints: dict[Rule, Checkpoint] = {}
        arrays: dict[str, str] = {}
        curves: dict[str, Curve] = {
            "train.loss": (0.69, None),
            "dev.loss": (0.69, None),
        }
        if not failed:
            checkpoints, arrays = self._train(run, behaviour, tastes)
            curves = self._curves(behaviour, checkpoints["best"])
        return RunRecord(
            run=run,
            key=digest_json([run, ENVIRONMENT.digest]),
            config=config,
            environment=ENVIRONMENT,
            data={name: self._summary(name) for name in SETS},
            capture=_capture(config),
            architecture=_architecture(config),
            code={"reportgen.training.loop": "0" * 64},
            status="failed" if failed else "completed",
            failure=FAILURE if failed else None,
            checkpoints=checkpoints,
            curves=curves,
            arrays=arrays,
            result=digest_json([run, arrays]),
        )

    def _train(
        self, run: str, behaviour: Behaviour, tastes: dict[str, Array]
    ) -> tuple[dict[Rule, Checkpoint], dict[str, str]]:
        names: dict[str, str] = {}

        def store(name: str, array: Array) -> None:
            names[name] = digest_array(array)
            self.arrays[names[name]] = array

        for name in SETS:
            store(f"labels/{name}", self.labels[name])
            store(f"inputs/{name}", self.inputs[name])
            for column, values in self.columns[name].items():
                store(f"columns/{name}/{column}", values)
        luck = behaviour.level + behaviour.seed_sd * self.rng.standard_normal()
        checkpoints: dict[Rule, Checkpoint] = {}
        for rule, shift, scale, epoch in RULES:
            metrics: dict[str, float | None] = {}
            for name, rows in SETS.items():
                strength = (
                    luck
                    + shift
                    + (1.0 if name == "train" else 0.0)
                    + self.difficulty[name]
                    + behaviour.row_sd * tastes[name]
                    + 0.4 * self.rng.standard_normal(rows)
                )
                half = scale * (2.0 * self.labels[name] - 1) * strength / 2
                logits = np.stack([-half, half], axis=1).astype(np.float32)
                store(f"logits/{name}@{rule}", logits)
                outputs = Outputs(logits, self.labels[name], self.columns[name])
                for metric in METRICS:
                    metrics[f"{name}.{metric}"] = load_metric(metric).value(outputs)
            weights = hashlib.sha256(f"{run}{rule}".encode()).hexdigest()
            checkpoints[rule] = Checkpoint(
                epoch=epoch, metrics=metrics, weights=weights
            )
        return checkpoints, names

    def _curves(self, behaviour: Behaviour, best: Checkpoint) -> dict[str, Curve]:
        epochs = np.arange(1, EPOCHS + 1)
        train = 0.7 * np.exp(-epochs / 6) + 0.01 * self.rng.standard_normal(EPOCHS)
        climb = 0.03 if behaviour.overfits else 0.0
        dev = 0.5 + 0.2 * np.exp(-epochs / 2) + climb * np.maximum(0, epochs - 5)
        dev = dev + 0.01 * self.rng.standard_normal(EPOCHS)
        top = best.metrics["dev.hwa"] or 0.5
        score = top - 0.3 * np.exp(-epochs / 2) - 0.005 * np.maximum(0, epochs - 5)
        curves = {"train.loss": train, "dev.loss": dev, "dev.hwa": score}
        return {
            name: tuple(float(value) for value in values)
            for name, values in curves.items()
        }

    def _summary(self, name: str) -> SplitSummary:
        inputs, labels = self.inputs[name], self.labels[name]
        channels = tuple(
            ChannelSummary(
                name=title,
                symbols=tuple(symbols),
                counts=tuple(int(n) for n in np.bincount(inputs[:, :, place].ravel())),
            )
            for place, (title, symbols) in enumerate(
                (("shape", SHAPES), ("colour", COLOURS))
            )
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
            duplicates=0,
            conflicts=0,
            oracle_accuracy=1.0,
            examples=examples,
            example_labels=tuple(int(label) for label in labels[:3]),
        )


FAILURE = Failure(
    kind="non-finite",
    message="the training loss became nan",
    epoch=2,
    excerpt="epoch 1/12 train.loss 0.690 dev.loss 0.690 *",
)


def _variety(tokens: Array) -> Array:
    return np.array([len(np.unique(row)) for row in tokens], dtype=np.int64)


def _capture(config: RunConfig) -> tuple[CaptureRow, ...]:
    params = config.model.params
    return (
        CaptureRow(
            path="batching.batch_size",
            value=config.training.batch_size,
            unit="rows",
            source="spec",
            origin="training.batch_size",
            meaning="rows per optimiser step",
        ),
        CaptureRow(
            path="optimizer.group0.betas",
            value=[0.9, 0.999],
            source="default",
            origin="torch.optim.Adam",
            meaning="decay rates of the gradient moments",
        ),
        CaptureRow(
            path="model.lstm.dropout",
            value=params.get("dropout", 0.0),
            unit="fraction",
            source="spec" if "dropout" in params else "default",
            origin="model.params.dropout",
            meaning="share of activations set to zero",
        ),
    )


def _architecture(config: RunConfig) -> tuple[ModuleRow, ...]:
    ways = 2 if config.model.params.get("bidirectional") else 1
    settings: list[dict[str, Any]] = [
        {"path": "embedding", "type": "Embedding", "arguments": "8, 16"},
        {"path": "lstm", "type": "LSTM", "arguments": "32, 8"},
        {"path": "head", "type": "Linear", "arguments": f"{8 * ways}, 2"},
    ]
    parameters = (128, 1344 * ways, 16 * ways + 2)
    shapes = ((LENGTH, 2), (LENGTH, 32), (LENGTH, 8 * ways), (2,))
    return tuple(
        ModuleRow(
            **setting,
            parameters=parameters[place],
            input_shape=shapes[place],
            output_shape=shapes[place + 1],
        )
        for place, setting in enumerate(settings)
    )
