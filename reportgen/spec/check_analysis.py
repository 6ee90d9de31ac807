"""How claims are judged, checked before anything runs: a study in, refusals out."""

from collections.abc import Iterator
from itertools import pairwise

from reportgen.errors import SettingError
from reportgen.spec.claims import parse_claim
from reportgen.spec.model import StudySpec
from reportgen.spec.positions import Mistake, Path

# Seeds below which a method can decide nothing, and why.
FEWEST: dict[str, tuple[int, str]] = {
    "signflip": (6, "no two-sided p of fewer pairs can fall below 0.05"),
    "poi": (5, "ranks of fewer runs say too little"),
}
# What claims may not be about where a method sets the runs of two arms against each
# other. Claims about spreads and failures have rules of their own.
UNFIT: dict[str, tuple[str, ...]] = {
    "welch": ("level",),
    "pooled": ("shift", "level"),
    "poi": ("level",),
}
ABOUT = {"shift": "what a shift costs", "level": "one arm and a yardstick"}
FEWEST_SEEDS = 3


def check_analysis(study: StudySpec) -> Iterator[Mistake]:
    """Check that the methods chosen can judge the study's claims."""
    yield from _check_method(study)
    yield from _check_looks(study)
    analysis = study.analysis
    written = analysis.model_fields_set
    if "better_with_probability" in written and analysis.method != "poi":
        what = f"the method '{analysis.method}' never asks for it"
        fix = "delete it, or write `method: poi`"
        yield Mistake(("analysis", "better_with_probability"), what, fix)
    if analysis.method == "poi" and "better_with_probability" not in written:
        what = "'poi' judges by the probability of improvement worth having, and none "
        what += "is declared"
        fix = "add `better_with_probability: 0.75`, or what is worth having to you"
        yield Mistake(("analysis", "method"), what, fix)
    if written and not study.claims:
        what = "it says how claims are judged, and the study has no claim"
        yield Mistake(("analysis",), what, "write `analysis: {}`, or add claims")


def _check_method(study: StudySpec) -> Iterator[Mistake]:
    method, seeds = study.analysis.method, len(study.seed_list)
    path: Path = ("analysis", "method")
    fewest, reason = FEWEST.get(method, (0, ""))
    if seeds < fewest:
        what = f"'{method}' needs {fewest} seeds and the study has {seeds}: {reason}"
        yield Mistake(path, what, f"plan {fewest} seeds or more, or write another one")
    unfit = UNFIT.get(method)
    if unfit is None:
        return
    for name, claim in study.claims.items():
        try:
            about = parse_claim(claim.says).about
        except SettingError:
            continue  # told by the check of claims
        if about in unfit:
            what = f"'{method}' compares the scores of two arms, and this claim is "
            what += f"about {ABOUT[about]}"
            fix = "write `method: paired`, or move the claim to a study of its own"
            yield Mistake(("claims", name, "says"), what, fix)
        if (
            method == "poi"
            and about in ("score", "shift")
            and claim.scope == "population"
        ):
            what = "'poi' ranks whole runs: its verdicts reach no rows but these"
            fix = "write `scope: test_set`"
            yield Mistake(("claims", name, "scope"), what, fix)


def _check_looks(study: StudySpec) -> Iterator[Mistake]:
    looks, seeds = study.analysis.looks, len(study.seed_list)
    if not looks:
        return
    for place, (before, look) in enumerate(pairwise(looks), start=1):
        if look <= before:
            what = f"a look at {look} seeds cannot follow one at {before}"
            yield Mistake(("analysis", "looks", place), what, "write them rising")
    for place, look in enumerate(looks):
        if look < FEWEST_SEEDS:
            what = f"no verdict is given below {FEWEST_SEEDS} seeds"
            yield Mistake(("analysis", "looks", place), what, "delete this look")
    if seeds not in looks:
        what = f"the study has {seeds} seeds, and that is none of its looks"
        fix = "plan as many seeds as the next look has, or declare this one too"
        yield Mistake(("analysis", "looks"), what, fix)
