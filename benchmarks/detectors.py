"""How often detectors of runs flag clean studies, by simulation.

Usage: python -m benchmarks.detectors [STUDIES]     (300 when left out)

Every study goes through the detectors as a real one does. A detector's own rule is
counted by reading; `after BH` is what a report shows, where detectors with a p-value
share one false discovery rate. The rates stand in each detector's `false_positives`.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy import stats

from benchmarks.clean_studies import SHUFFLED, clean_results
from benchmarks.measure import print_table
from reportgen.analysis.detector import Reading, load_detector, settle
from reportgen.analysis.detectors.single_run_luck import ALPHA, luck_p
from reportgen.analysis.evidence.results import Results

STUDIES, NUMBERS = 300, 20_000
SEEDS = (3, 5, 10)
MEMORY = (0.0, 0.7)  # of the noise of curves, in turn
OF_RUNS = (
    *("overfit_slope", "overfit_drop", "undertrained", "diverged", "failed_seed"),
    *("outlier_seed", "seed_gap", "unstable_vs_baseline", "chance_level"),
    *("metric_disagreement", "miscalibrated", "shift_drop", "selection_on_test"),
    *("ablation_insensitive", "order_insensitive"),
)


@dataclass
class Counts:
    """Flags of clean studies, by detector."""

    studies: int = 0
    readings: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)  # by the detector's own rule
    shown: Counter[str] = field(default_factory=Counter)  # after BH
    studies_flagged: Counter[str] = field(default_factory=Counter)
    alarms: int = 0  # studies with any flag at all, after BH

    def add(self, results: Results) -> None:
        """Read every detector of runs on one study."""
        found = [
            (load_detector(name), reading)
            for name in OF_RUNS
            for reading in load_detector(name).read(results)
            if is_clean(name, reading.subject)
        ]
        shown = [one.id for one in settle(found) if one.flag]
        self.studies += 1
        self.shown.update(shown)
        self.studies_flagged.update(set(shown))
        self.alarms += bool(shown)
        for detector, reading in found:
            if isinstance(reading, Reading):
                self.readings[detector.name] += 1
                self.flags[detector.name] += reading.flag


def is_clean(detector: str, subject: str) -> bool:
    """Whether a subject is clean in the sense of a detector's null."""
    if detector == "ablation_insensitive":
        return subject == "blind-same"
    if detector == "order_insensitive":
        return True
    return SHUFFLED not in subject and "blind" not in subject


def count(studies: int, seeds: int) -> Counts:
    """Simulate clean studies of so many seeds and count flags."""
    counts = Counts()
    rng = np.random.default_rng(seeds)
    for number in range(studies):
        memory = MEMORY[number % len(MEMORY)]
        counts.add(clean_results(rng, seeds=seeds, memory=memory))
    return counts


def lucky_numbers(seeds: int, numbers: int = NUMBERS) -> Iterable[list[str]]:
    """How often a number that is one more run of an arm is told apart from it."""
    rng = np.random.default_rng(seeds)
    scores = rng.standard_normal((numbers, seeds + 1))
    fired = sum(luck_p(one[1:], one[0]) < ALPHA for one in scores)
    low, high = limits(fired, numbers)
    rate = f"{fired / numbers:.3f} ({low:.3f}–{high:.3f})"
    yield [str(seeds), "single_run_luck", str(numbers), rate, "", ""]


def limits(flags: int, readings: int) -> tuple[float, float]:
    """Exact 95 % interval of a rate; readings of one study count as independent."""
    found = stats.binomtest(flags, readings).proportion_ci(0.95)
    return float(found.low), float(found.high)


def rows_of(counts: Counts, seeds: int) -> Iterable[list[str]]:
    """One line per detector that could look at all."""
    for name in OF_RUNS:
        readings = counts.readings[name]
        if not readings:
            continue
        low, high = limits(counts.flags[name], readings)
        yield [
            str(seeds),
            name,
            str(readings),
            f"{counts.flags[name] / readings:.3f} ({low:.3f}–{high:.3f})",
            f"{counts.shown[name] / readings:.3f}",
            f"{counts.studies_flagged[name] / counts.studies:.3f}",
        ]
    alarms = f"{counts.alarms / counts.studies:.3f}"
    yield [str(seeds), "any of these", "", "", "", alarms]


def main(studies: int) -> None:
    """Print how often each detector flags what is clean."""
    head = ["seeds", "detector", "readings", "own rule (95 % CI)", "after BH"]
    rows = [row for n in SEEDS for row in rows_of(count(studies, n), n)]
    rows += [row for n in SEEDS for row in lucky_numbers(n)]
    print_table([*head, "studies flagged"], rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else STUDIES)
