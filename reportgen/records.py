"""The files between stages: what training writes, and what everything later reads.

Nothing in a record depends on clock, host or path; times live in a sidecar. A record
refers to its arrays by the SHA-256 of their bytes, so equal arrays are stored once.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, JsonValue

from reportgen.spec.model import Frozen, RunConfig

FORMAT = 1
Array = NDArray[Any]
Source = Literal["spec", "derived", "default"]
FailureKind = Literal[
    "diverged",
    "non-finite",
    "exception",
    "out-of-memory",
    "timeout",
    "killed",
    "data-error",
]
# Faults of the machine rather than of the run: tried again, never kept in the store.
INFRASTRUCTURE: frozenset[FailureKind] = frozenset({"timeout", "killed"})


class CaptureRow(Frozen):
    """One hyperparameter as found on the live object at step 0."""

    path: str  # e.g. optimizer.group0.betas, model.lstm.hidden_size
    value: JsonValue
    unit: str | None = None
    source: Source
    origin: str  # the spec's path, how it was derived, or whose default it is
    meaning: str


class ModuleRow(Frozen):
    """One module of the live model, in call order, for the architecture figure."""

    path: str
    type: str
    arguments: str
    parameters: int  # own parameters, children not counted
    input_shape: tuple[int, ...] | None  # batch axis left out
    output_shape: tuple[int, ...] | None


class ChannelSummary(Frozen):
    """One input channel: its symbols, and how often each occurs in the split."""

    name: str
    symbols: tuple[str, ...]
    counts: tuple[int, ...]


class SplitSummary(Frozen):
    """What a split held when it was fed to the model."""

    rows: int
    digest: str  # of inputs and labels as fed
    labels: tuple[int, ...]  # rows per class
    length: int  # tokens per row
    channels: tuple[ChannelSummary, ...]
    duplicates: int  # rows whose input also occurs in the training split
    conflicts: int  # of these, rows whose label is another one there
    oracle_accuracy: float | None  # of the generating rule against the labels
    examples: tuple[tuple[str, ...], ...]  # first rows: one string per channel
    example_labels: tuple[int, ...]


class CheckRow(Frozen):
    """One thing that a step of a run promised, and what was measured of it."""

    subject: str  # who promised: data.transforms[0], training.freeze[0], run
    check: str  # its name, e.g. channel_hidden
    kind: Literal["changes", "keeps"]
    says: str  # what must hold, in plain words
    observed: str
    passed: bool | None = None  # None: it could not be measured, which is no pass
    sets: tuple[str, ...] = ()  # evaluation sets it was measured on


class Checkpoint(Frozen):
    """The model as one selection rule reports it."""

    epoch: int  # counted from 1
    metrics: dict[str, float | None]  # "test.hwa" -> value; None when not finite
    weights: str  # SHA-256 over names, dtypes, shapes and little-endian bytes


class GradientSummary(Frozen):
    """Global L2 norms of a run's gradients before clipping, one per step.

    What is unusually large is told by the multiple of the median of all earlier norms:
    `sustained` is the largest that some three steps in a row all reached, which one bad
    batch cannot give. Norms of 0 are in no median, and the first ten are not compared.
    """

    steps: int = Field(ge=1)
    non_finite: int = Field(ge=0)  # steps whose norm was NaN or infinite
    median: float | None = Field(gt=0)  # of the finite norms above 0; None without any
    largest: float = Field(ge=0)  # of the finite norms
    sustained: float | None = Field(ge=0)  # None: too few steps to compare any
    sustained_epoch: int | None  # counted from 1: where the last of the three steps was


class Failure(Frozen):
    """How a run failed."""

    kind: FailureKind
    message: str
    epoch: int | None = None
    excerpt: str = ""  # last lines of its log, without paths


class Environment(Frozen):
    """What may change bits: two runs agree bit for bit within one class."""

    digest: str  # class: SHA-256 of `details`
    details: dict[str, str]


class RunRecord(Frozen):
    """Everything known about one run that ended.

    A failed run keeps its best checkpoint up to then, where it had one.
    """

    format: Literal[1] = 1
    run: str  # SHA-256 of config, data digest and code digest
    key: str  # SHA-256 of `run` and the environment class: the store's address
    config: RunConfig
    status: Literal["completed", "failed"]
    failure: Failure | None = None
    capture: tuple[CaptureRow, ...] = ()
    architecture: tuple[ModuleRow, ...] = ()
    data: dict[str, SplitSummary] = Field(default_factory=dict)
    # Module -> digest, comments ignored.
    code: dict[str, str] = Field(default_factory=dict)
    environment: Environment
    # Per epoch: "train.loss", "dev.hwa" …
    curves: dict[str, tuple[float | None, ...]] = Field(default_factory=dict)
    checkpoints: dict[Literal["best", "last"], Checkpoint] = Field(default_factory=dict)
    # "logits/test@best", "labels/test" … -> SHA-256.
    arrays: dict[str, str] = Field(default_factory=dict)
    checks: tuple[CheckRow, ...] = ()  # what the run's steps promised, measured
    gradients: GradientSummary | None = None  # None where no step was taken
    # SHA-256 of status, checkpoints, curves, arrays, gradients and passed checks.
    result: str

    @property
    def selected(self) -> Literal["best", "last"]:
        """The checkpoint the study reports."""
        return self.config.training.select.rule


class BundledRun(Frozen):
    """A line of `records.jsonl`: a record and the cell of the study it fills."""

    variant: str
    seed: int
    record: RunRecord


def canonical_json(value: Any) -> str:
    """One spelling per value: sorted keys, no spaces, no NaN, UTF-8 kept."""
    return json.dumps(
        value,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )


def digest_json(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def digest_array(array: Array) -> str:
    """SHA-256 of dtype, shape and little-endian bytes, in hex."""
    data = np.ascontiguousarray(array)
    little = data.astype(data.dtype.newbyteorder("<"), copy=False)
    sha = hashlib.sha256(f"{little.dtype.str}{little.shape}".encode())
    sha.update(little.tobytes())
    return sha.hexdigest()


def digest_arrays(arrays: Mapping[str, Array]) -> str:
    """SHA-256 over names and arrays, independent of their order."""
    return digest_json({name: digest_array(array) for name, array in arrays.items()})


def digest_result(record: RunRecord) -> str:
    """SHA-256 of what a run came to: all that was measured of it.

    Of a check it holds the outcome, since a claim stands or falls with it, and not the
    words: those may be put better without making it another result.
    """
    content = record.model_dump(
        mode="json", include={"status", "checkpoints", "curves", "arrays"}
    )
    if record.gradients is not None:
        content["gradients"] = record.gradients.model_dump(mode="json")
    if record.checks:
        content["checks"] = [
            [one.subject, one.check, one.passed] for one in record.checks
        ]
    return digest_json(content)
