"""Seed noise: one seed moves a comparison by more than the margin it is to show."""

import numpy as np
from scipy import stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.pairs import pair_runs, side_of
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import Interval
from reportgen.analysis.statistics.power import sd_interval
from reportgen.spec.claims import parse_claim

FEWEST_SEEDS, FEWEST_FOR_QUARTILES = 3, 5


def _read(results: Results) -> list[Reading | Missing]:
    found: list[Reading | Missing] = []
    for name, claim in results.study.claims.items():
        parts = parse_claim(claim.says)
        if parts.about != "score":
            continue  # no difference of two arms on one set
        margin = claim.margin or claim.smallest_effect or 0.0
        metric, variant = side_of(results, parts.variant, parts.metric)
        _, reference = side_of(results, parts.reference, parts.metric)
        sample = pair_runs(results, metric, variant, reference).complete
        if sample is None or sample.n < FEWEST_SEEDS or margin <= 0:
            why = f"needs {FEWEST_SEEDS} pairs of completed runs and a margin"
            found.append(Missing(name, why))
            continue
        sd = float(np.std(sample.effects, ddof=1))
        least, most = float(sample.effects.min()), float(sample.effects.max())
        low, high = (end / margin for end in sd_interval(sd, sample.n))
        flag = sd > margin
        ends = f"from {least:+.3f} to {most:+.3f}"
        if sample.n >= FEWEST_FOR_QUARTILES:
            ends += f", IQR {float(stats.iqr(sample.effects)):.3f}"
        note = (
            f"the difference varies over seeds by {sd:.3f} (SD; {ends}), more than "
            f"the margin of {margin:g}: expect to need 10 seeds or more"
            if flag
            else f"the difference varies over seeds by {sd:.3f} (SD; {ends}), less "
            f"than the margin of {margin:g}"
        )
        found.append(
            Reading(
                name,
                flag,
                note,
                sd / margin,
                Interval(level=0.95, lower=low, upper=high),
                n_used=sample.n,
            )
        )
    return found


SEED_NOISE = Detector(
    name="seed_noise",
    title="seed noise against the margin",
    statistic_name="SD of the paired difference over the margin",
    threshold="above 1",
    source="at this ratio 10 seeds give 80 % power",
    false_positives="descriptive; of 3 seeds the SD is uncertain by 0.52 to 6.3 times",
    read=_read,
)
