"""What would settle a claim: a judged claim in, seeds or test rows out."""

from math import sqrt

from reportgen.analysis.claims.judged import Case
from reportgen.analysis.claims.quantity import Need
from reportgen.analysis.claims.rule import Decision
from reportgen.analysis.claims.wording import amount, short
from reportgen.analysis.findings.digits import as_told, at_least_about
from reportgen.analysis.findings.outcome import Verdict
from reportgen.analysis.findings.study import Settle
from reportgen.analysis.statistics.family import ALPHA
from reportgen.analysis.statistics.laws import Asked, seeds_for
from reportgen.analysis.statistics.power import (
    MOST_SEEDS,
    POWER,
    Noise,
    fewest_seeds,
    rows_needed,
    upper_sd,
)

CLEAR = "It is settled: more seeds would only narrow the interval."
# Verdicts that no number of seeds would change.
NO_SEEDS: dict[Verdict, str] = {
    "refuted": CLEAR,
    "equivalent": CLEAR,
    "exploratory": "Register the claim and its looks beforehand, and run it with fresh "
    "seeds.",
    "inadmissible": "Mend what the control or check found and run the study again.",
}
# Nor where something other than chance keeps a claim open.
REASONS = {
    "depends_on_failures": "More seeds do not settle it: find out why runs fail, or "
    "claim how often they do.",
    "degenerate": "More seeds do not settle what no seed changes: find out whether the "
    "seed reaches the runs, or claim something finer.",
    "method_refused": "Register another method of comparing, and run it with fresh "
    "seeds.",
}
PILOT = "At least 5 pilot seeds are needed before a number of seeds can be named."


def what_settles(case: Case, decision: Decision, family: int) -> Settle | None:
    """Seeds or test rows that would give the claim an 80 % chance of a verdict.

    Args:
        case: the claim.
        decision: its verdict, not a positive one.
        family: hypotheses that share the level.
    """
    beside = NO_SEEDS.get(decision.verdict) or REASONS.get(decision.finding)
    if beside:
        return Settle(sentence=beside)
    found, alpha = case.found, ALPHA / max(1, family)
    asked = case.method.asked(case.parts.kind, alpha, arms=case.arms)
    if case.method.seeds is not None:
        return _by_ranks(case.method.seeds(case.parts.kind, asked.alpha))
    if case.quantity.chance is not None:
        return _by_chance(case, asked.alpha)
    if found is None or found.n < 3:
        return _by_arms(case, asked)
    if case.resolution <= 0:
        return Settle(sentence=PILOT)
    effect, law = case.resolution, case.method.power
    sd = found.sd or _floor(case)
    seeds = as_told(seeds_for(law, effect, Noise(sd, found.row_variance), asked))
    wider = Noise(upper_sd(sd, found.seed_df + 1), found.row_variance)
    most = as_told(seeds_for(law, effect, wider, asked))
    if seeds is None:
        return _by_rows(case, effect, asked)
    return Settle(
        seeds=seeds,
        seeds_if_underestimated=most,
        sentence=f"To resolve {short(effect)} with 80 % power it needs about "
        f"{seeds:,} seeds ({_ceiling(most)} if the spread is underestimated).",
    )


def _ceiling(most: int | None) -> str:
    return f"more than {MOST_SEEDS:,}" if most is None else f"{most:,}"


def _by_chance(case: Case, alpha: float) -> Settle:
    """Seeds for an effect that is no mean, by the law of its own quantity."""
    chance, sample = case.quantity.chance, case.pairs.sample
    if chance is None or sample is None or case.resolution <= 0:
        return Settle(sentence=PILOT)
    need = Need(case.parts.kind, case.resolution, alpha)
    seeds = as_told(fewest_seeds(lambda n: chance(need, n, sample) >= POWER))
    size = amount(case, case.resolution)
    if seeds is None:
        return Settle(
            sentence=f"No number of seeds up to {MOST_SEEDS:,} resolves {size}."
        )
    return Settle(
        seeds=seeds,
        sentence=f"To resolve {size} with 80 % power it needs about {seeds:,} seeds.",
    )


def _by_ranks(need: int | None) -> Settle:
    seeds = as_told(need)
    many = "more than a million" if seeds is None else f"about {seeds:,}"
    return Settle(
        seeds=seeds,
        sentence=f"To tell the chance of improvement worth having from an even one "
        f"with 80 % power it needs {many} seeds.",
    )


def _by_arms(case: Case, asked: Asked) -> Settle:
    """Seeds by the spread within all arms, where a claim's own pairs show none."""
    spread = case.arm_spread
    if spread is None or case.resolution <= 0:
        return Settle(sentence=PILOT)
    likely, most = (
        as_told(seeds_for(case.method.power, case.resolution, Noise(sd), asked))
        for sd in (spread.sd, upper_sd(spread.sd, spread.df + 1))
    )
    if likely is None:
        return Settle(sentence=PILOT)
    return Settle(
        seeds=likely,
        seeds_if_underestimated=most,
        sentence=f"By the spread within {spread.arms} arms of this study, resolving "
        f"{short(case.resolution)} with 80 % power needs about {likely:,} "
        f"seeds ({_ceiling(most)} if that spread is underestimated); 5 pilot seeds "
        "would tell.",
    )


def _by_rows(case: Case, effect: float, asked: Asked) -> Settle:
    sample, found = case.pairs.sample, case.found
    unresolved = Settle(
        sentence=f"No number of seeds up to {MOST_SEEDS:,} resolves it."
    )
    if sample is None or sample.rows is None or found is None:
        return unresolved
    width = sample.rows.shape[1]
    sets = f"the {case.variant.evaluation_set} set needs"
    if case.parts.shifted_set:
        sets = f"{case.variant.evaluation_set} and {case.parts.shifted_set} each need"
        width = max(width, 0 if sample.other is None else sample.other.shape[1])
    rows = rows_needed(
        effect,
        found.row_variance,
        width,
        alpha=asked.alpha,
        equivalence=asked.equivalence,
    )
    if rows <= width:  # at the edge: rows would do, with more seeds than anyone runs
        return unresolved
    rows = at_least_about(rows)
    return Settle(
        test_rows=rows,
        sentence=f"More seeds cannot resolve {short(effect)} on these rows: {sets} "
        f"about {rows:,} rows or more.",
    )


def _floor(case: Case) -> float:
    """A spread for scores that agree to the last row: the metric's resolution."""
    sample = case.pairs.sample
    rows = sample.rows.shape[1] if sample is not None and sample.rows is not None else 0
    return 1 / max(rows, 1000) / sqrt(6)
