"""What a figure sees and gives back: a study's results in, one drawn figure out."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.findings.facts import Fact
from reportgen.analysis.findings.study import ArmScore, Findings
from reportgen.report.refused import MARK, MEANING, is_refused, refused_names
from reportgen.spec.model import BASELINE, StudySpec
from reportgen.spec.plan import CONTROL_PREFIX

Series = NDArray[np.float64]
Cell = str | int | float | None


@dataclass(frozen=True)
class Curves:
    """Per-epoch curves of every run: `runs[arm, seed][curve]`, shape (epochs,).

    A missing or non-finite value is NaN.
    """

    names: tuple[str, ...]
    runs: Mapping[tuple[str, int], Mapping[str, Series]]

    def of(self, arm: str, name: str) -> dict[int, Series]:
        """One curve of one arm by seed; runs without a single finite value left out."""
        return {
            seed: curves[name]
            for (owner, seed), curves in self.runs.items()
            if owner == arm and name in curves and np.isfinite(curves[name]).any()
        }


@dataclass(frozen=True)
class FigureView:
    """Everything a figure may draw from, and nothing else."""

    study: StudySpec
    facts: Mapping[str, Fact]
    findings: Findings
    curves: Curves

    @property
    def headline(self) -> str:
        """Full name of the study's first metric on the test split."""
        return f"test.{self.study.metrics[0]}@{self.findings.selected}"

    @property
    def arms(self) -> tuple[str, ...]:
        """Arms with scores: baseline, variants in the spec's order, then controls."""
        scored = dict.fromkeys(score.arm for score in self.findings.scores)
        known = (BASELINE, *self.study.variants)
        rest = (arm for arm in scored if arm not in known)
        return tuple(arm for arm in known if arm in scored) + tuple(rest)

    @property
    def study_arms(self) -> tuple[str, ...]:
        """The arms without the controls."""
        return tuple(arm for arm in self.arms if not arm.startswith(CONTROL_PREFIX))

    @cached_property
    def _refused(self) -> frozenset[str]:
        return refused_names(self.findings)

    def label(self, arm: str, shift: str = "") -> str:
        """An arm's name, marked where the arm is not what it says."""
        return f"{arm}{MARK}" if is_refused(self._refused, arm, shift) else arm

    def explained(self, caption: str) -> str:
        """A caption that says what the mark means, where any arm is marked."""
        return f"{caption} {MEANING}" if self._refused else caption

    def score(self, arm: str, metric: str) -> ArmScore | None:
        """One arm's score on one metric, when there is one."""
        for score in self.findings.scores:
            if score.arm == arm and score.metric == metric:
                return score
        return None

    def fact(self, fact_id: str) -> float | None:
        """A fact's number; None when there is no such fact or it is a text."""
        fact = self.facts.get(fact_id)
        if fact is None or isinstance(fact.value, str):
            return None
        return float(fact.value)


@dataclass(frozen=True)
class FigureImage:
    """One figure, drawn.

    `svg` is an SVG element without XML prolog whose ids begin with `name`; `data_csv`
    holds exactly what is drawn; `wide` means the full measure of the page.
    """

    name: str
    title: str
    caption: str
    alt: str
    svg: str
    data_csv: str
    wide: bool


def read_curves(path: Path) -> Curves:
    """Read `curves.csv`: columns arm, seed, epoch, then one column per curve."""
    with path.open(encoding="utf-8", newline="") as file:
        return parse_curves(file)


def parse_curves(lines: Iterable[str]) -> Curves:
    """Parse the lines of a `curves.csv`; rows of a run come in order of epoch."""
    reader = csv.DictReader(lines)
    names = tuple(reader.fieldnames or ())[3:]
    values: dict[tuple[str, int], dict[str, list[float]]] = {}
    for row in reader:
        run = values.setdefault(
            (row["arm"], int(row["seed"])), {name: [] for name in names}
        )
        for name in names:
            run[name].append(_number(row[name]))
    runs = {
        cell: {name: np.array(column) for name, column in run.items()}
        for cell, run in values.items()
    }
    return Curves(names, runs)


def _number(text: str | None) -> float:
    try:
        value = float(text or "nan")
    except ValueError:
        return float("nan")
    return value if np.isfinite(value) else float("nan")


def metric_parts(metric: str) -> tuple[str, str, str]:
    """Take `test.hwa@best` apart into evaluation set, measure and checkpoint rule."""
    evaluation_set, _, rest = metric.partition(".")
    measure, _, rule = rest.partition("@")
    return evaluation_set, measure, rule


def write_table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Write a figure's data as CSV; numbers to 12 significant digits, None empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(
            format(cell, ".12g") if isinstance(cell, float) else cell for cell in row
        )
    return text.getvalue()
