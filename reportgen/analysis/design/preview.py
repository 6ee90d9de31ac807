"""What a study's claims can show before anything runs: a spec in, powers out."""

from dataclasses import dataclass, replace

from reportgen.analysis.claims.judged import Case, open_case
from reportgen.analysis.claims.looks import look_count
from reportgen.analysis.claims.method import Method
from reportgen.analysis.claims.quantity import Need
from reportgen.analysis.claims.wording import p_text, short
from reportgen.analysis.design.claims import (
    Design,
    design_of,
    family_of,
    hypotheses,
    reachable,
)
from reportgen.analysis.design.pilot import ADVICE, FEWEST_PAIRS, Pilot, pilot_of
from reportgen.analysis.design.pilot import Declared as Declared
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.digits import as_told, at_least_about
from reportgen.analysis.statistics.family import ALPHA
from reportgen.analysis.statistics.laws import Asked, effect_for, seeds_for
from reportgen.analysis.statistics.power import (
    MOST_SEEDS,
    POWER,
    Noise,
    fewest_seeds,
    rows_needed,
)
from reportgen.analysis.statistics.signflip import smallest_p
from reportgen.analysis.statistics.win_power import detectable_chance
from reportgen.spec.claims import About, Kind
from reportgen.spec.model import StudySpec

NOTHING_YET = Declared()  # before any run
MOST_RUNS = 200  # seeds up to which a claim about no mean is asked


@dataclass(frozen=True)
class ClaimPreview:
    """What one claim can show with the seeds planned.

    Attributes:
        level: two-sided, that the family leaves to its hardest claim at one look.
        detectable: distance from the margin that is resolved with 80 % power, in SDs
            of a paired difference; for ranks, the chance of improvement so resolved;
            None where no verdict can be reached.
        resolution: the distance the claim asks for, in the metric's unit; for ranks,
            the chance of improvement worth having.
        largest_sd: the SD up to which that distance is resolved; None for ranks.
        smallest_p: the smallest p the study's own test could reach or, where that has
            no bound, an exact sign-flip test.
        reachable_p: the smallest p that the study's method can reach, with the others.
        pilot_sd: SD of a difference over seeds, from runs that exist.
        smallest_effect: resolved with 80 % power at that SD, in the metric's unit.
        pilot_basis: where it comes from, or what would give one.
        seeds_needed: for 80 % power at that SD.
        seeds_if_underestimated: at its upper 80 % limit.
        test_rows: needed where more seeds cannot resolve the effect.
        power: of a claim about no mean, such as how often runs fail.
        post_hoc: whether a run it concerns has started without it.
        proviso: what the numbers take for granted; "" for nothing.
    """

    claim: str
    kind: Kind
    seeds: int
    level: float
    detectable: float | None
    resolution: float
    largest_sd: float | None
    smallest_p: float
    reachable_p: float
    decidable: bool
    sentence: str
    pilot_sd: float | None = None
    smallest_effect: float | None = None
    pilot_basis: str = ADVICE
    seeds_needed: int | None = None
    seeds_if_underestimated: int | None = None
    test_rows: int | None = None
    power: float | None = None
    about: About = "score"
    post_hoc: bool = False
    proviso: str = ""


def preview_claims(
    study: StudySpec, pilot: Results | None = None, declared: Declared = NOTHING_YET
) -> tuple[ClaimPreview, ...]:
    """Say what each claim can detect, at the level left to the hardest.

    Args:
        study: a checked study.
        pilot: runs of it that exist already.
        declared: who shares the level.
    """
    designs = {name: design_of(study, claim) for name, claim in study.claims.items()}
    found = []
    for name, design in designs.items():
        family, gone = family_of(name, designs, declared.late), declared.withdrawn
        level = ALPHA / look_count(study) / (hypotheses(family) + gone)
        reach = reachable(study, family, withdrawn=gone)[name]
        one = _preview(name, study, design, level=level, reach=reach)
        one = replace(one, post_hoc=name in declared.late)
        if pilot is not None and one.decidable:
            case = open_case(pilot, name, study.claims[name])
            one = _with_runs(one, design, case)
            spread = pilot_of(pilot, case)
            if spread is not None:
                one = _with_pilot(one, design.method, spread, _asked(one, study))
        found.append(one)
    return tuple(found)


def _preview(
    name: str, study: StudySpec, design: Design, *, level: float, reach: float
) -> ClaimPreview:
    seeds, method = len(study.seed_list), design.method
    one = ClaimPreview(
        claim=name,
        kind=design.kind,
        seeds=seeds,
        level=level,
        detectable=None,
        resolution=design.resolution,
        largest_sd=None,
        smallest_p=method.least_p(design.kind, seeds) or smallest_p(seeds),
        reachable_p=reach,
        decidable=False,
        sentence="",
        about=design.quantity.about,
    )
    many = "1 seed" if seeds == 1 else f"{seeds} seeds"
    text = f"{many} can decide nothing: a verdict needs {method.fewest} or more"
    if seeds < method.fewest:
        return replace(one, sentence=text)
    if reach >= ALPHA:
        text = f"{seeds} seeds can decide nothing: by {method.title}, with all claims "
        text += f"of the study, no p below {p_text(reach)[1:]} can come out"
        return replace(one, sentence=text)
    one = replace(one, decidable=True)
    if method.own_margins:
        gamma = study.analysis.better_with_probability
        alpha = method.test_level(design.kind, level)
        chance = detectable_chance(design.kind, seeds, alpha=alpha)
        text = f"{seeds} seeds tell a chance of improvement of {chance:.2f} from an "
        text += f"even one with 80 % power; {gamma:g} is declared worth having"
        needed = as_told(method.seeds(design.kind, alpha) if method.seeds else None)
        about = "more than a million" if needed is None else f"about {needed:,}"
        return replace(
            one,
            detectable=chance,
            resolution=gamma,
            seeds_needed=needed,
            sentence=f"{text}, and needs {about} seeds",
        )
    if design.quantity.chance is not None:
        power = design.quantity.chance(_need(one, design), seeds, None)
        text = f"{seeds} seeds resolve it with {100 * power:.0f} % power "
        text += design.quantity.supposing
        return replace(one, power=power, sentence=text)
    return _resolved(one, method, _asked(one, study))


def _asked(one: ClaimPreview, study: StudySpec) -> Asked:
    """What the power of a claim is asked of."""
    method = design_of(study, study.claims[one.claim]).method
    return method.asked(one.kind, one.level, arms=len(study.variants) + 1)


def _need(one: ClaimPreview, design: Design) -> Need:
    alpha = design.method.test_level(one.kind, one.level)
    return Need(one.kind, design.resolution, alpha)


def _resolved(one: ClaimPreview, method: Method, asked: Asked) -> ClaimPreview:
    """What the seeds resolve, in SDs of a difference."""
    found = effect_for(method.power, one.seeds, Noise(1.0), asked)
    proviso = method.proviso(asked.arms, one.seeds)
    one, proviso = replace(one, proviso=proviso), f", and {proviso}" if proviso else ""
    if found is None:
        text = f"{one.seeds} seeds resolve no effect with 80 % power{proviso}"
        return replace(one, sentence=text)
    largest = one.resolution / found
    text = f"{one.seeds} seeds resolve {short(one.resolution)} with 80 % power if the "
    text += f"difference varies over seeds by {short(largest)} (SD) or less{proviso}"
    return replace(one, detectable=found, largest_sd=largest, sentence=text)


def _with_runs(one: ClaimPreview, design: Design, case: Case) -> ClaimPreview:
    """The preview of a claim about no mean, with the seeds that its runs ask for."""
    chance, sample = design.quantity.chance, case.pairs.sample
    if chance is None or sample is None or sample.n < FEWEST_PAIRS:
        return one
    need = _need(one, design)
    found = fewest_seeds(lambda n: chance(need, n, sample) >= POWER, most=MOST_RUNS)
    about = f"about {as_told(found)}" if found else f"more than {MOST_RUNS}"
    return replace(
        one,
        pilot_basis=f"{sample.n} seed pairs of this claim",
        seeds_needed=as_told(found),
        sentence=f"{one.sentence}; by the runs that exist it needs {about} seeds",
    )


def _with_pilot(
    one: ClaimPreview, method: Method, pilot: Pilot, asked: Asked
) -> ClaimPreview:
    """The preview with the seeds, or rows, that the spread of a pilot asks for."""
    one = replace(one, pilot_sd=pilot.sd, pilot_basis=pilot.basis)
    if method.own_margins:
        return one
    smallest = effect_for(method.power, one.seeds, pilot.noise, asked)
    one = replace(one, smallest_effect=smallest)
    likely, most = (
        as_told(seeds_for(method.power, one.resolution, noise, asked))
        for noise in (pilot.noise, pilot.upper_noise)
    )
    rows = _rows(one, pilot, asked) if likely is None else None
    if rows is not None:
        text = f"; no number of seeds resolves it on {pilot.rows} rows: it needs about "
        text += f"{rows:,}"
        return replace(one, test_rows=rows, sentence=one.sentence + text)
    about = f"about {likely:,}" if likely else f"more than {MOST_SEEDS:,}"
    ceiling = f"{most:,}" if most else f"more than {MOST_SEEDS:,}"
    text = f"; by {pilot.basis} it varies by {short(pilot.sd)}, so it needs {about} "
    text += f"seeds ({ceiling} if that is an underestimate)"
    return replace(
        one,
        seeds_needed=likely,
        seeds_if_underestimated=most,
        sentence=one.sentence + text,
    )


def _rows(one: ClaimPreview, pilot: Pilot, asked: Asked) -> int | None:
    """Test rows that the claim needs; None where those there are would do."""
    rows = rows_needed(
        one.resolution,
        pilot.row_variance,
        pilot.rows,
        alpha=asked.alpha,
        equivalence=asked.equivalence,
    )
    return at_least_about(rows) if rows > pilot.rows > 0 else None
