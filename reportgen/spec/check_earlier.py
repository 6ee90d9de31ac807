"""Numbers from elsewhere, checked before anything runs: a study in, refusals out."""

from collections.abc import Iterator, Mapping, Sequence

from reportgen.errors import nearest
from reportgen.spec.check_arms import Arm
from reportgen.spec.check_claims import METRIC
from reportgen.spec.metric import MetricFacts
from reportgen.spec.model import EarlierNumber, StudySpec
from reportgen.spec.positions import Mistake, Path


def check_earlier(
    study: StudySpec, arms: Sequence[Arm], metrics: Mapping[str, MetricFacts]
) -> Iterator[Mistake]:
    """Check that each earlier number has an arm and a score to be held against."""
    known = {arm.name: arm for arm in arms}
    for place, one in enumerate(study.report.earlier):
        path: Path = ("report", "earlier", place)
        if one.arm not in known:
            what = f"there is no variant '{one.arm}'"
            yield Mistake((*path, "arm"), what, nearest(one.arm, known))
        yield from _check_score(path, one, known.get(one.arm), metrics)


def _check_score(
    path: Path,
    one: EarlierNumber,
    arm: Arm | None,
    metrics: Mapping[str, MetricFacts],
) -> Iterator[Mistake]:
    where: Path = (*path, "score")
    name, _, measure = one.score.partition(".")
    if not METRIC.fullmatch(one.score) or "@" in measure:
        what = f"'{one.score}' is no metric of an evaluation set"
        fix = f"write SET.METRIC, e.g. test.{next(iter(metrics), 'accuracy')}"
        yield Mistake(where, what, fix)
        return
    if arm is not None and arm.config and name not in arm.evaluation_sets:
        what = f"'{one.arm}' is not evaluated on '{name}'"
        yield Mistake(where, what, nearest(name, arm.evaluation_sets))
    metric = metrics.get(measure)
    if metric is None:
        what = f"nobody computes '{measure}'"
        yield Mistake(where, what, nearest(measure, metrics))
        return
    upper = float("inf") if metric.upper is None else metric.upper
    if not metric.lower <= one.value <= upper:
        ends = f"from {metric.lower:g} to {upper:g}"
        what = f"{one.value:g} is no {measure}, which goes {ends}"
        yield Mistake((*path, "value"), what, "write it in the metric's own unit")
