"""Claims checked before anything runs: sentences in, what no run could decide out."""

import re
from collections.abc import Iterator, Mapping

from reportgen.errors import SettingError, nearest
from reportgen.spec.check_arms import Arm
from reportgen.spec.claims import ClaimParts, parse_claim
from reportgen.spec.metric import MetricFacts
from reportgen.spec.model import ClaimSpec, StudySpec
from reportgen.spec.positions import Mistake, Path

METRIC = re.compile(r"[a-z][a-z0-9_-]*\.[a-z][a-z0-9_]*(?:@.*)?")
RULES = ("best", "last")


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
        said.setdefault(parts, name)
        yield from _check_arms((*path, "says"), parts, known)
        yield from _check_metric((*path, "says"), parts, known, metrics)
        if parts.measure in metrics:
            yield from _check_size(path, claim, metrics[parts.measure])


def _check_arms(
    path: Path, parts: ClaimParts, known: Mapping[str, Arm]
) -> Iterator[Mistake]:
    for arm in dict.fromkeys((parts.variant, parts.reference)):
        if arm not in known:
            what = f"there is no variant '{arm}'"
            yield Mistake(path, what, nearest(arm, known))
    if parts.variant == parts.reference:
        what = f"'{parts.variant}' is compared with itself"
        yield Mistake(path, what, "name another arm on one side")


def _check_metric(
    path: Path,
    parts: ClaimParts,
    known: Mapping[str, Arm],
    metrics: Mapping[str, MetricFacts],
) -> Iterator[Mistake]:
    if not METRIC.fullmatch(parts.metric):
        what = f"'{parts.metric}' is no metric of an evaluation set"
        fix = f"write SET.METRIC, e.g. test.{next(iter(metrics), 'accuracy')}"
        yield Mistake(path, what, fix)
        return
    if parts.measure not in metrics:
        what = f"nobody computes '{parts.measure}'"
        near = nearest(parts.measure, metrics)
        yield Mistake(path, what, f"{near} Or add '{parts.measure}' to metrics")
    if parts.rule is not None and parts.rule not in RULES:
        what = f"there is no checkpoint rule '{parts.rule}'"
        yield Mistake(path, what, nearest(parts.rule, RULES))
    for name in dict.fromkeys((parts.variant, parts.reference)):
        arm = known.get(name)
        if arm and arm.config and parts.evaluation_set not in arm.evaluation_sets:
            what = f"'{name}' is not evaluated on '{parts.evaluation_set}'"
            fix = nearest(parts.evaluation_set, arm.evaluation_sets)
            yield Mistake(path, what, fix)
            return


def _check_size(path: Path, claim: ClaimSpec, metric: MetricFacts) -> Iterator[Mistake]:
    if claim.margin == 0 and claim.smallest_effect is None:
        what = "a margin of 0 does not say which effect the study must resolve"
        fix = "add `smallest_effect: …` in the metric's own unit"
        yield Mistake(path, what, fix, "owner")
    for field in ("margin", "smallest_effect"):
        size = getattr(claim, field)
        if size is not None and metric.span is not None and size >= metric.span:
            what = f"no two scores of {metric.name} differ by more than {metric.span:g}"
            fix = "write it in the metric's own unit: one point in a hundred is 0.01"
            yield Mistake((*path, field), what, fix)
    if claim.scope == "population" and not metric.over_rows:
        what = f"{metric.name} is no mean of rows: no verdict reaches beyond these rows"
        fix = "write `scope: test_set`"
        yield Mistake((*path, "scope"), what, fix)
