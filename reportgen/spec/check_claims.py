"""Claims checked before anything runs: sentences in, what no run could decide out."""

import re
from collections.abc import Iterator, Mapping

from reportgen.errors import SettingError, nearest
from reportgen.spec.check_arms import Arm
from reportgen.spec.check_contradictions import Stated, check_contradictions
from reportgen.spec.check_sizes import FEWEST_FOR_SPREAD, check_sizes
from reportgen.spec.claims import ClaimParts, parse_claim
from reportgen.spec.metric import MetricFacts
from reportgen.spec.model import StudySpec
from reportgen.spec.positions import Mistake, Path

METRIC = re.compile(r"[a-z][a-z0-9_-]*\.[a-z][a-z0-9_]*(?:@.*)?")
RULES = ("best", "last")
CLEAN = "test-clean"  # the test rows that no training split holds


def check_claims(
    study: StudySpec, arms: list[Arm], metrics: Mapping[str, MetricFacts]
) -> Iterator[Mistake]:
    """Check every claim.

    Args:
        study: the study.
        arms: its arms, those with mistakes included.
        metrics: what the study computes, by name.
    """
    known = {arm.name: arm for arm in arms}
    said: dict[ClaimParts, str] = {}
    sound: list[Stated] = []
    for name, claim in study.claims.items():
        path: Path = ("claims", name)
        try:
            parts = parse_claim(claim.says)
        except SettingError as error:
            yield Mistake((*path, "says"), error.what, error.fix)
            continue
        if parts in said:
            what = f"the claim '{said[parts]}' says the same"
            yield Mistake((*path, "says"), what, "keep one of the two")
            continue
        said[parts] = name
        mistakes = [*_check_arms((*path, "says"), parts, known)]
        if parts.about != "failures":
            mistakes += _check_metric((*path, "says"), parts, known, metrics)
        mistakes += _check_seeds((*path, "says"), parts, len(study.seed_list))
        metric = metrics.get(parts.measure)
        if metric is not None or parts.about == "failures":
            mistakes += check_sizes(path, claim, parts, metric)
        yield from mistakes
        if not mistakes:
            sound.append(Stated(name, claim, parts))
    yield from check_contradictions(sound, known, metrics)


def _check_arms(
    path: Path, parts: ClaimParts, known: Mapping[str, Arm]
) -> Iterator[Mistake]:
    for arm in dict.fromkeys(parts.arms):
        if arm not in known:
            what = f"there is no variant '{arm}'"
            yield Mistake(path, what, nearest(arm, known))
    if len(parts.arms) == 2 and parts.variant == parts.reference:
        what = f"'{parts.variant}' is compared with itself"
        yield Mistake(path, what, "name another arm on one side")


def _check_seeds(path: Path, parts: ClaimParts, seeds: int) -> Iterator[Mistake]:
    if parts.about == "spread" and seeds < FEWEST_FOR_SPREAD:
        what = f"no spread over {seeds} seeds can be told from another"
        fix = f"plan {FEWEST_FOR_SPREAD} seeds or more, or drop the claim"
        yield Mistake(path, what, fix)


def _check_metric(
    path: Path,
    parts: ClaimParts,
    known: Mapping[str, Arm],
    metrics: Mapping[str, MetricFacts],
) -> Iterator[Mistake]:
    written = [parts.metric, *([parts.shifted] if parts.shifted else [])]
    for metric in written:
        if not METRIC.fullmatch(metric):
            what = f"'{metric}' is no metric of an evaluation set"
            fix = f"write SET.METRIC, e.g. test.{next(iter(metrics), 'accuracy')}"
            yield Mistake(path, what, fix)
            return
    if parts.measure not in metrics:
        what = f"nobody computes '{parts.measure}'"
        near = nearest(parts.measure, metrics)
        stop = "" if near.endswith("?") else "."
        yield Mistake(path, what, f"{near}{stop} Or add '{parts.measure}' to metrics")
    if parts.rule is not None and parts.rule not in RULES:
        what = f"there is no checkpoint rule '{parts.rule}'"
        yield Mistake(path, what, nearest(parts.rule, RULES))
    if parts.shifted:
        yield from _check_shifted(path, parts)
    yield from _check_sets(path, parts, known)


def _check_shifted(path: Path, parts: ClaimParts) -> Iterator[Mistake]:
    """One metric on two sets: what changes is the rows, and nothing else."""
    measured = parts.metric.partition(".")[2]
    if parts.shifted.partition(".")[2] != measured:
        what = f"'{parts.metric}' and '{parts.shifted}' are not one metric on two sets"
        fix = f"write {parts.shifted_set}.{measured} after 'to'"
        yield Mistake(path, what, fix)
    if parts.shifted_set == parts.evaluation_set:
        what = f"'{parts.evaluation_set}' is compared with itself: nothing is shifted"
        yield Mistake(path, what, "name a shift of data.shifts after 'to'")


def _check_sets(
    path: Path, parts: ClaimParts, known: Mapping[str, Arm]
) -> Iterator[Mistake]:
    wanted = [parts.evaluation_set, *([parts.shifted_set] if parts.shifted else [])]
    for name in dict.fromkeys(parts.arms):
        arm = known.get(name)
        if not arm or not arm.config:
            continue
        sets = (*arm.evaluation_sets, CLEAN)
        for one in wanted:
            if one not in sets:
                what = f"'{name}' is not evaluated on '{one}'"
                yield Mistake(path, what, nearest(one, sets))
                return
