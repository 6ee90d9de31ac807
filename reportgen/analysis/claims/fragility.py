"""How fragile a verdict is: a judged claim in, its tags out."""

from reportgen.analysis.claims.judged import Case, Levels, judge, judge_sample
from reportgen.analysis.claims.rule import Decision
from reportgen.analysis.statistics.signflip import signflip_p

EXACT_FROM = 6  # pairs; below, the exact test cannot reach .05
LEAVE_OUT_FROM = 4
ROWS_DOMINATE = 1.5


def claim_tags(case: Case, decision: Decision, levels: Levels) -> tuple[str, ...]:
    """Tags in a fixed order; they change no verdict and are always printed."""
    if case.found is None or case.pairs.sample is None:
        return ("missing_runs",) if case.pairs.missing else ()
    n = case.found.n
    told = decision.verdict in ("supported", "refuted", "equivalent")
    seeds, crossed = case.found.seeds, case.found.crossed
    tags = {
        "parametric_only": n < EXACT_FROM and _by_a_bell_curve(case),
        "signflip_disagrees": told and n >= EXACT_FROM and _signflip_disagrees(case),
        "ci95_outside_eq_margin": told and _outside_at_95(case, decision),
        "one_seed_decides": n >= LEAVE_OUT_FROM and _one_seed_decides(case, levels),
        "test_set_limited": bool(
            seeds and crossed and crossed.error > ROWS_DOMINATE * seeds.error
        ),
        "scope_narrowed": _narrowed(case),
        "different_rows": case.over_rows and not case.pairs.same_rows,
        "conditional_on_convergence": not case.pairs.imputed,
        "repeated_outputs": case.pairs.repeats > 0,
        "missing_runs": bool(case.pairs.missing),
        "different_selection": _selected_apart(case),
    }
    return (*(name for name, holds in tags.items() if holds), *case.caveats)


def _by_a_bell_curve(case: Case) -> bool:
    """Whether nothing but an assumed law of the effects decides."""
    return case.quantity.means and not case.method.own_margins


def _selected_apart(case: Case) -> bool:
    """Whether the arms report by different checkpoint rules."""
    if case.reference is None or case.quantity.counts_failures:
        return False
    return case.variant.rule != case.reference.rule


def _narrowed(case: Case) -> bool:
    """Whether a claim about new rows was judged on the rows at hand only."""
    if case.quantity.counts_failures:
        return False
    return case.spec.scope == "population" and not case.over_rows


def _signflip_disagrees(case: Case) -> bool:
    """Whether the exact test of the claim's own margin stays above .05."""
    if case.parts.kind == "equivalent" or case.pairs.sample is None:
        return False
    if not case.quantity.means:
        return False  # flipped signs say nothing about spread or counts
    margin = case.margins.claimed
    null = margin if case.parts.kind == "improves" else -margin
    return signflip_p(case.pairs.sample.effects - null) > 0.05


def _outside_at_95(case: Case, decision: Decision) -> bool:
    if case.parts.kind != "equivalent" or decision.verdict != "supported":
        return False
    if case.method.own_margins or case.found is None or not case.found.determined:
        return False
    lower, upper = case.found.interval(0.95)
    margin = case.margins.claimed
    return not (-margin < lower and upper < margin)


def _one_seed_decides(case: Case, levels: Levels) -> bool:
    """Whether leaving any one pair out changes the verdict."""
    sample = case.pairs.sample
    if sample is None or case.pairs.agreeing:
        return False
    whole = judge(case, levels).verdict
    if judge_sample(case, sample, levels).verdict != whole:
        return False  # failed runs decide already, and are told of
    for left_out in range(sample.n):
        others = sample.take([i for i in range(sample.n) if i != left_out])
        if judge_sample(case, others, levels).verdict != whole:
            return True
    return False
