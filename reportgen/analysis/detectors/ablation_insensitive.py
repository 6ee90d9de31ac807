"""Ablation insensitive: inputs with something taken away that do as well as whole ones.

Only where a claim said beforehand that they would; then the model can live without what
was taken, which in the whole input it may have passed over for a shortcut.

Source: Geirhos et al. (2020), Nat. Mach. Intell. 2:665 (shortcuts).
"""

from collections.abc import Iterator

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.agreement import (
    agreement,
    answer_pairs,
    beats_majority,
    kappa,
)
from reportgen.analysis.evidence.pairs import Side, pair_runs, side_of
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import Interval
from reportgen.analysis.statistics.estimate import Estimate, estimate
from reportgen.spec.claims import ClaimParts, parse_claim
from reportgen.spec.model import BASELINE

FEWEST_SEEDS = 3
LEVEL = 0.90  # of two one-sided tests at 5 %
# Other transforms of the catalogue recode inputs or choose rows; one of a user's own is
# taken at the word of the claim.
TAKING = ("hide_channel", "shuffle_tokens", "sort_blocks", "blank_tokens")


def _read(results: Results) -> list[Reading | Missing]:
    ablated = [arm for arm in results.study_arms if _ablated(results, arm)]
    if not ablated:
        return [Missing("every arm", "no variant takes anything from its inputs")]
    found: list[Reading | Missing] = []
    claimed = set()
    for name, parts, margin in _equivalences(results):
        if parts.variant in ablated and parts.reference == BASELINE:
            claimed.add(parts.variant)
            found.append(_reading(results, name, parts, margin))
    why = "no claim said beforehand that it matches the baseline"
    found += [Missing(arm, why) for arm in ablated if arm not in claimed]
    return found


def _ablated(results: Results, arm: str) -> bool:
    """Whether an arm's inputs, all of them, lose something on their way."""
    cell = next((one for one in results.cells if one.variant == arm), None)
    return cell is not None and any(
        step.splits is None and (step.use in TAKING or ":" in step.use)
        for step in cell.config.data.transforms
    )


def _equivalences(results: Results) -> Iterator[tuple[str, ClaimParts, float]]:
    for name, claim in results.study.claims.items():
        parts = parse_claim(claim.says)
        if (parts.about, parts.kind) == ("score", "equivalent"):
            yield name, parts, claim.margin


def _reading(
    results: Results, name: str, parts: ClaimParts, margin: float
) -> Reading | Missing:
    metric, own = side_of(results, parts.variant, parts.metric)
    _, whole = side_of(results, parts.reference, parts.metric)
    sample = pair_runs(results, metric, own, whole).complete
    if sample is None or sample.n < FEWEST_SEEDS:
        return Missing(name, f"needs {FEWEST_SEEDS} pairs of completed runs")
    found = estimate(sample)
    if not found.determined:
        return Missing(name, "the difference is the same in every pair")
    lower, upper = found.interval(LEVEL)
    alike = -margin < lower and upper < margin
    learnt = beats_majority(results, parts.reference, whole.evaluation_set)
    ends = Interval(level=LEVEL, lower=lower, upper=upper)
    return Reading(
        name,
        alike and learnt,
        _words(parts, alike=alike, learnt=learnt) + _likeness(results, own, whole),
        found.mean,
        ends,
        p=_tost_p(found, margin),
        n_used=found.n,
    )


def _tost_p(found: Estimate, margin: float) -> float:
    return max(found.p_greater(-margin), found.p_less(margin))


def _words(parts: ClaimParts, *, alike: bool, learnt: bool) -> str:
    if alike and learnt:
        return (
            f"the ablated input of {parts.variant} carries enough signal: "
            f"{parts.reference} may rest on a shortcut"
        )
    if alike:
        return f"no conclusion: {parts.reference} is not shown to beat guessing either"
    return "no conclusion: the two are not shown to be equivalent"


def _likeness(results: Results, own: Side, whole: Side) -> str:
    """How often both name one class; they may score alike on different rows."""
    pairs = answer_pairs(results, own, whole)
    if not pairs:
        return ""
    beyond = kappa(pairs)
    text = f"; on {agreement(pairs):.2f} of the rows both give one answer"
    return text if beyond is None else f"{text} (kappa {beyond:.2f})"


ABLATION_INSENSITIVE = Detector(
    name="ablation_insensitive",
    title="ablation without effect",
    statistic_name="ablated minus whole input",
    threshold="90 % interval within the claim's margin, and whole inputs above chance",
    source="two one-sided tests at 5 %, as for verdicts",
    false_positives="0.022 to 0.052 of 400 ablations that cost exactly the margin",
    read=_read,
)
