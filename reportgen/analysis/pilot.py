"""How much a difference varies over seeds, from runs already made.

Only spreads are read, never effects: a design that asks how large the effect was would
only restate its p-value.
"""

from dataclasses import dataclass, replace

import numpy as np

from reportgen.analysis.judged import Case
from reportgen.analysis.load import load_results
from reportgen.analysis.pairs import side_of
from reportgen.analysis.power import Noise, upper_sd
from reportgen.analysis.results import Results
from reportgen.project import Project
from reportgen.spec.model import StudySpec

FEWEST_PAIRS = 3
ADVICE = "run at least 5 pilot seeds to name a number"


@dataclass(frozen=True)
class Pilot:
    """The spread of one seed's difference.

    Attributes:
        sd: over seeds.
        df: of the SD.
        row_variance: of the mean difference, from the rows; seeds cannot shrink it.
        rows: of the evaluation set; 0 where unknown.
        basis: where it comes from.
    """

    sd: float
    df: int
    row_variance: float
    rows: int
    basis: str

    @property
    def noise(self) -> Noise:
        """At the SD seen."""
        return Noise(self.sd, self.row_variance)

    @property
    def upper_noise(self) -> Noise:
        """At the upper 80 % limit of the SD."""
        return Noise(upper_sd(self.sd, self.df + 1), self.row_variance)


def read_pilot(project: Project, study: StudySpec) -> Results | None:
    """Runs of this study as it is now that exist already; None where there are none.

    Raises:
        InputError: a file is damaged.
    """
    if not project.records(study.study).exists():
        return None
    results = load_results(project, study)
    planned = {(cell.variant, cell.seed): cell.config for cell in results.cells}
    current = tuple(
        one
        for one in results.bundled
        if planned.get((one.variant, one.seed)) == one.record.config
    )
    return replace(results, bundled=current) if current else None


def pilot_of(results: Results, case: Case) -> Pilot | None:
    """The spread of a claim's difference; of all arms pooled below three pairs."""
    found, sample = case.found, case.pairs.sample
    if case.quantity.chance is not None:
        return None  # no mean, so no SD says what it needs
    if found is None or sample is None or found.n < FEWEST_PAIRS or found.sd == 0:
        return pooled_pilot(results, case) if case.parts.about == "score" else None
    rows = 0 if sample.rows is None else sample.rows.shape[1]
    basis = f"{found.n} seed pairs of this claim"
    return Pilot(found.sd, found.n - 1, found.row_variance, rows, basis)


def pooled_pilot(results: Results, case: Case) -> Pilot | None:
    """The SD of a difference of two arms, from the spread within every arm.

    As if arms did not correlate over seeds; pairing can only make it smaller where
    they do.
    """
    total, df, arms = 0.0, 0, 0
    for arm in results.study_arms:
        if case.variant.evaluation_set not in results.sets(arm):
            continue
        metric, side = side_of(results, arm, case.parts.metric)
        path = f"{side.evaluation_set}.{metric.name}"
        scores = [
            score for score in results.scores(arm, path, side.rule) if score is not None
        ]
        if len(scores) > 1:
            total += (len(scores) - 1) * float(np.var(scores, ddof=1))
            df, arms = df + len(scores) - 1, arms + 1
    if df < FEWEST_PAIRS - 1 or total == 0:
        return None
    sd = (2 * total / df) ** 0.5
    return Pilot(sd, df, 0.0, 0, f"the spread within {arms} arms of this study")
