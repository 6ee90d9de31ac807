"""One claim under judgement: what was compared, and what came of it, before words."""

from dataclasses import dataclass, replace

from reportgen.analysis.claims.method import Method, load_method
from reportgen.analysis.claims.quantity import Quantity, load_quantity
from reportgen.analysis.claims.rule import (
    FEWEST_PAIRS,
    Decision,
    Margins,
    margins_of,
)
from reportgen.analysis.evidence.arm_spread import ArmSpread, spread_within
from reportgen.analysis.evidence.pairs import Pairs, Side
from reportgen.analysis.evidence.peers import with_peers
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.statistics.estimate import Estimate, Sample
from reportgen.metrics.metric import Metric
from reportgen.spec.claims import ClaimParts, parse_claim
from reportgen.spec.model import ClaimSpec


@dataclass(frozen=True)
class Case:
    """A claim with its pairs of runs and their estimate.

    `found` counts failed runs by intention to treat, `complete` leaves their pairs
    out; both are None where no pair is left. A claim about a single arm has no
    reference.
    """

    name: str
    spec: ClaimSpec
    parts: ClaimParts
    metric: Metric
    quantity: Quantity
    variant: Side
    reference: Side | None
    pairs: Pairs
    margins: Margins
    over_rows: bool
    method: Method
    found: Estimate | None
    complete: Estimate | None
    caveats: tuple[str, ...] = ()
    arm_spread: ArmSpread | None = None  # where the pairs are too few to show a spread
    arms: int = 2  # of the study, the baseline counted

    @property
    def metric_path(self) -> str:
        """Full name of the metric, with the variant's checkpoint rule."""
        return self._path(self.variant.evaluation_set)

    @property
    def shifted_path(self) -> str:
        """The same after the shift that the claim is about; "" where it is none."""
        return self._path(self.parts.shifted_set) if self.parts.shifted else ""

    def _path(self, evaluation_set: str) -> str:
        name = f"{evaluation_set}.{self.metric.name}"
        # How often runs fail depends on no checkpoint.
        return name if self.quantity.counts_failures else f"{name}@{self.variant.rule}"

    @property
    def resolution(self) -> float:
        """The distance from the margin that the study should resolve."""
        return self.quantity.scaled(self.spec.smallest_effect or self.spec.margin)

    @property
    def own_equivalence(self) -> bool:
        """Whether `equivalent` is a hypothesis of its own in the family."""
        if self.parts.kind not in ("improves", "worse", "differs"):
            return False
        if self.method.own_margins:
            return self.parts.kind == "differs"
        bound = self.margins.equivalence
        return bound > 0 and bound != self.margins.claimed

    @property
    def p(self) -> float:
        """The p-value the claim brings to the family; 1 where none can be had."""
        if self.found is None:
            return 1.0
        return self.method.claim_p(self.parts.kind, self.margins, self.found)

    @property
    def p_equivalent(self) -> float:
        """The p-value of the equivalence hypothesis, where it is one of its own."""
        if self.found is None:
            return 1.0
        return self.method.equivalence_p(self.margins, self.found)


@dataclass(frozen=True)
class Levels:
    """The two-sided levels the family leaves to a claim's hypotheses."""

    claim: float = 0.05
    equivalence: float = 0.05


def open_case(results: Results, name: str, spec: ClaimSpec) -> Case:
    """Collect what one claim is judged by."""
    parts = parse_claim(spec.says)
    quantity = load_quantity(parts.about)
    sides = quantity.sides(results, parts)
    metric = sides.metric
    pairs = quantity.pair(results, parts, metric)
    method = quantity.method or load_method(results.study.analysis)
    if method.peers and parts.about == "score" and pairs.sample is not None:
        whole = with_peers(results, pairs.sample, parts.metric, pairs.seeds)
        pairs = replace(pairs, sample=whole)
    over_rows = (
        spec.scope == "population"
        and pairs.sample is not None
        and pairs.sample.rows is not None
    )

    def estimated(sample: Sample | None) -> Estimate | None:
        if sample is None:
            return None
        found = method.estimate(sample, over_rows=over_rows)
        if not over_rows or not pairs.agreeing or metric.name != "accuracy":
            return found
        # Nothing varies; how often could the arms disagree on rows not drawn yet?
        width = 0 if sample.rows is None else sample.rows.shape[1]
        return replace(found, agreeing_rows=width)

    few = pairs.sample is None or pairs.sample.n < FEWEST_PAIRS
    return Case(
        name=name,
        spec=spec,
        parts=parts,
        metric=metric,
        quantity=quantity,
        variant=sides.variant,
        reference=sides.reference,
        pairs=pairs,
        margins=_margins(quantity, parts, spec),
        over_rows=over_rows,
        method=method,
        found=estimated(pairs.sample),
        complete=estimated(pairs.complete),
        caveats=quantity.caveats(results, parts, metric),
        arms=len(results.study.variants) + 1,
        arm_spread=(
            spread_within(results, parts.metric)
            if few and parts.about == "score"
            else None
        ),
    )


def _margins(quantity: Quantity, parts: ClaimParts, spec: ClaimSpec) -> Margins:
    smallest = spec.smallest_effect
    return margins_of(
        parts.kind,
        quantity.scaled(spec.margin),
        None if smallest is None else quantity.scaled(smallest),
    )


def judge(case: Case, levels: Levels) -> Decision:
    """The verdict at the levels given; failed runs may leave it open."""
    decision = _decide(case, case.found, levels)
    if not any(case.pairs.failed) or not case.pairs.imputed:
        return decision
    without = _decide(case, case.complete, levels)
    if without.verdict != decision.verdict:
        return Decision("inconclusive", "depends_on_failures")
    return decision


def judge_complete(case: Case, levels: Levels) -> Decision:
    """The verdict from the pairs in which both runs completed."""
    return _decide(case, case.complete, levels)


def judge_sample(case: Case, sample: Sample, levels: Levels) -> Decision:
    """The verdict had the sample been another one."""
    found = case.method.estimate(sample, over_rows=case.over_rows)
    return _decide(case, found, levels)


def _decide(case: Case, found: Estimate | None, levels: Levels) -> Decision:
    if found is None:
        return Decision("inconclusive", "no_data")
    kind, margins, decide = case.parts.kind, case.margins, case.method.judge
    if (
        not found.determined
        and not found.refused
        and case.pairs.agreeing
        and found.n > 2
    ):
        return Decision("inconclusive", "identical_predictions")
    if not case.own_equivalence:
        return decide(kind, margins, found, alpha=levels.claim)
    main = decide(kind, Margins(margins.claimed, 0.0), found, alpha=levels.claim)
    if main.verdict == "supported" or margins.equivalence <= 0:
        return main
    fallback = decide(kind, margins, found, alpha=levels.equivalence)
    return fallback if fallback.verdict == "equivalent" else main
