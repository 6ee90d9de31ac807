"""How much a difference varies over seeds, from runs already made.

Only spreads are read, never effects: a design that asks how large the effect was would
only restate its p-value.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from reportgen.analysis.claims.judged import Case
from reportgen.analysis.control import control_arms
from reportgen.analysis.evidence.arm_spread import spread_within
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.load import load_results
from reportgen.analysis.statistics.power import Noise, upper_sd
from reportgen.ledger.entries import Start
from reportgen.ledger.read import read_ledger
from reportgen.ledger.registration import Registration
from reportgen.project import Project
from reportgen.records import BundledRun
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import plan_study

FEWEST_PAIRS = 3
ADVICE = "run at least 5 pilot seeds to name a number"


@dataclass(frozen=True)
class Declared:
    """Who shares the level.

    Attributes:
        late: claims that are post hoc: a run they concern has started without them.
        withdrawn: how many claims were dropped or changed after runs had started; each
            keeps its share.
    """

    late: frozenset[str] = frozenset()
    withdrawn: int = 0


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


def read_declared(
    project: Project, study: StudySpec, stored: Collection[str] = ()
) -> Declared:
    """What stood in the ledger before which run, as an analysis would find it.

    Args:
        project: where ledger and records lie.
        study: as it is now.
        stored: arms of which a run is in the store that the ledger does not know.

    Raises:
        InputError: a file is damaged.
    """
    ledger = read_ledger(project, study.study)
    cells = plan_study(study, control_arms(study)).cells
    starts = [one for one in ledger.entries if isinstance(one, Start)]
    bundled: tuple[BundledRun, ...] = ()
    # Entries of earlier versions tell a run's arm by the record that it left.
    nameless = any(one.settings is None for one in starts)
    if nameless and project.records(study.study).exists():
        bundled = load_results(project, study).bundled
    known = Registration(study, cells, bundled, ledger, stored)
    return Declared(known.late_claims(), len(known.withdrawn_claims()))


def pilot_of(results: Results, case: Case) -> Pilot | None:
    """The spread of a claim's difference; of all arms pooled below three pairs."""
    found, sample = case.found, case.pairs.sample
    if case.quantity.chance is not None:
        return None  # no mean, so no SD says what it needs
    if found is None or sample is None or found.n < FEWEST_PAIRS or found.sd == 0:
        return pooled_pilot(results, case) if case.parts.about == "score" else None
    rows = 0 if sample.rows is None else sample.rows.shape[1]
    basis = f"{found.n} {case.method.units} of this claim"
    return Pilot(found.sd, found.seed_df, found.row_variance, rows, basis)


def pooled_pilot(results: Results, case: Case) -> Pilot | None:
    """The SD of a difference of two arms, from the spread within every arm."""
    found = spread_within(results, case.parts.metric)
    if found is None:
        return None
    basis = f"the spread within {found.arms} arms of this study"
    return Pilot(found.sd, found.df, 0.0, 0, basis)
