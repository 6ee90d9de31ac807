"""How long a large study takes to analyse, and in how much memory.

Usage: python -m benchmarks.analysis [RUNS ROWS]     (both bars when left out)

One small run is trained; records, predictions and ledger of a large study are made of
it on disk, with scores and answers of their own, in the form that training leaves them
in. Then `reportgen analyse` is measured on them, as it is typed.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.measure import measure, print_table, project_copy
from reportgen.analysis.evidence.scored import RULES
from reportgen.execution.bundle import write_bundle
from reportgen.execution.ledger import LedgerBook
from reportgen.ledger.entries import CellRun
from reportgen.metrics.metric import Outputs, load_metric
from reportgen.project import Project
from reportgen.records import (
    Array,
    BundledRun,
    Checkpoint,
    RunRecord,
    digest_array,
    digest_json,
    digest_result,
)
from reportgen.spec.load import load_study
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import Cell, plan_study
from reportgen.training.runner import train_run

SIZES = ((1_000, 10_000), (10_000, 1_000))  # runs, rows of test and of the shift
BARS = ((60, 3.0), (300, None))  # CPU seconds, GiB
ARMS, CLAIMS, EPOCHS, TRIED = 20, 12, 20, 64
METRICS = ("accuracy", "hwa", "loss")
STUDY = """\
study: large
question: How fast are runs analysed?
data:
  use: spr
  params:
    rows: {{train: 2000, dev: 1000, test: {rows}}}
    length: 20
    seed: 11
    rule: ["first(▲) < first(●)"]
  shifts:
    sorted: {{use: sort_blocks, params: {{size: 4}}}}
model: {{use: lstm, params: {{embedding_dim: 4, hidden_dim: 4, layers: 1}}}}
training:
  epochs: {epochs}
  batch_size: 500
  optimizer: {{use: "torch.optim:Adam", params: {{lr: 2e-3}}}}
  select: {{metric: dev.accuracy, rule: best}}
metrics: [accuracy, hwa, loss]
seeds: {seeds}
variants:
{variants}
claims:
{claims}
analysis: {{}}
controls: []
report:
  title: Large
  authors: [{{name: Nobody}}]
  abstract: Nothing is told here.
  sections: [{{use: scope}}]
"""
VARIANT = """\
  size-{place}:
    why: It is another size.
    change: {{training: {{batch_size: {size}}}}}"""
CLAIM = """\
  claim-{place}:
    says: size-{place} improves test.accuracy over baseline
    margin: 0.01
    why_expected: {{text: It is made up.}}"""


def write_spec(root: Path, runs: int, rows: int) -> StudySpec:
    """Write a study of so many runs."""
    variants = [VARIANT.format(place=one, size=500 + one) for one in range(1, ARMS)]
    claims = [CLAIM.format(place=one) for one in range(1, CLAIMS + 1)]
    path = root / "specs" / "large.yaml"
    path.parent.mkdir()
    path.write_text(
        STUDY.format(
            rows=rows,
            epochs=EPOCHS,
            seeds=runs // ARMS,
            variants="\n".join(variants),
            claims="\n".join(claims),
        ),
        encoding="utf-8",
    )
    return load_study(path).spec


class Answers(Mapping[str, Array]):
    """Arrays by digest: those all runs share, and logits made again when asked for."""

    def __init__(self, shared: dict[str, Array]) -> None:
        self.shared = shared
        self.logits: dict[str, tuple[int, Array]] = {}  # seed, labels

    def make(self, seed: int, labels: Array) -> Array:
        """Logits of a run that is right on about 85 % of the rows; (N, 2)."""
        rng = np.random.default_rng(seed)
        strength = rng.normal(1.0, 0.05) + rng.standard_normal(len(labels))
        half = (2 * labels - 1) * strength
        return np.stack([-half, half], axis=1).astype(np.float32)

    def add(self, seed: int, labels: Array) -> tuple[str, Array]:
        """Keep how an array is made; its digest, and itself."""
        array = self.make(seed, labels)
        digest = digest_array(array)
        self.logits[digest] = (seed, labels)
        return digest, array

    def __getitem__(self, digest: str) -> Array:
        if digest in self.shared:
            return self.shared[digest]
        return self.make(*self.logits[digest])

    def __iter__(self) -> Iterator[str]:
        yield from self.shared
        yield from self.logits

    def __len__(self) -> int:
        return len(self.shared) + len(self.logits)


@dataclass(frozen=True)
class Maker:
    """Makes records of a real one."""

    pattern: RunRecord
    answers: Answers

    def record(self, cell: Cell, number: int) -> RunRecord:
        """The record of one cell, with answers of its own."""
        arrays = dict(self.pattern.arrays)
        checkpoints = {}
        for turn, rule in enumerate(RULES):
            scores: dict[str, float | None] = {}
            for place, name in enumerate(self.pattern.data):
                labels = self.answers.shared[arrays[f"labels/{name}"]]
                seed = number * TRIED + 8 * turn + place
                digest, logits = self.answers.add(seed, labels)
                arrays[f"logits/{name}@{rule}"] = digest
                prefix = f"columns/{name}/"
                columns = {
                    key.removeprefix(prefix): self.answers.shared[value]
                    for key, value in arrays.items()
                    if key.startswith(prefix)
                }
                outputs = Outputs(logits, labels, columns)
                for metric in METRICS:
                    scores[f"{name}.{metric}"] = load_metric(metric).value(outputs)
            epoch, weights = 10 + 10 * turn, digest_json([number, rule])
            checkpoints[rule] = Checkpoint(epoch=epoch, metrics=scores, weights=weights)
        run = digest_json([cell.variant, cell.seed])
        noise = np.random.default_rng(number)
        curves = {
            name: tuple((0.5 + 0.01 * noise.standard_normal(EPOCHS)).tolist())
            for name in self.pattern.curves
        }
        changes = {
            "run": run,
            "key": digest_json([run, self.pattern.environment.digest]),
            "config": cell.config,
            "curves": curves,
            "checkpoints": checkpoints,
            "arrays": arrays,
        }
        record = self.pattern.model_copy(update=changes)
        return record.model_copy(update={"result": digest_result(record)})


def write_runs(root: Path, study: StudySpec) -> None:
    """Write what training would leave of a study, from one short run of it."""
    project, cells = Project(root), plan_study(study, {}).cells
    training = cells[0].config.training.model_copy(update={"epochs": 1})
    pattern, found = train_run(
        cells[0].config.model_copy(update={"training": training})
    )
    kept = {
        name: digest
        for name, digest in pattern.arrays.items()
        if not name.startswith("logits/")
    }
    pattern = pattern.model_copy(update={"arrays": kept})
    answers = Answers({digest: found[digest] for digest in kept.values()})
    maker = Maker(pattern, answers)
    book = LedgerBook(project, study, environment=pattern.environment.digest)
    bundled = []
    for number, cell in enumerate(cells):
        record = maker.record(cell, number)
        about = CellRun(cell.variant, cell.seed, record.run)
        book.begin(about, cell.config, origin="trained")
        book.conclude(about, record, wall_seconds=1.0)
        bundled.append(BundledRun(variant=cell.variant, seed=cell.seed, record=record))
    write_bundle(project, study.study, bundled, answers)


def main(sizes: tuple[tuple[int, int], ...]) -> None:
    """Measure every size and print seconds and memory."""
    rows = []
    for runs, width in sizes:
        with project_copy("templates") as root:
            write_runs(root, write_spec(root, runs, width))
            size = (root / "runs" / "large" / "predictions.npz").stat().st_size
            used = measure(["reportgen", "analyse", "large"], cwd=root)
        seconds, memory = dict(zip(SIZES, BARS, strict=True)).get(
            (runs, width), (None, None)
        )
        rows.append(
            [
                f"{runs:,} × {width:,}",
                f"{size / 2**30:.2f} GiB",
                f"{used.cpu_seconds:.1f}",
                f"≤ {seconds}" if seconds else "",
                f"{used.peak_gib:.2f} GiB",
                f"≤ {memory:g} GiB" if memory else "",
            ]
        )
    print_table(["runs × rows", "predictions", "CPU s", "bar", "peak", "bar"], rows)


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]]
    main(((asked[0], asked[1]),) if asked else SIZES)
