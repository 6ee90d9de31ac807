"""What prose may name: a study (and its facts, once there are any) in, checks out."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

from reportgen.analysis.findings.facts import Fact
from reportgen.errors import SettingError, nearest
from reportgen.metrics import METRICS
from reportgen.spec.leaves import leaves
from reportgen.spec.metric import read_metric
from reportgen.spec.model import BASELINE, RunConfig, StudySpec
from reportgen.spec.plan import CONTROL_PREFIX, arm_settings

STATISTICS = ("mean", "sd", "min", "max")
SPLITS = ("train", "dev", "test")


@dataclass(frozen=True)
class Names:
    """Everything a binding may name.

    Attributes:
        citations: keys of the bibliography.
        anchors: figures, tables and sections that may be referred to.
        facts: None before analysis, when only the shape of an id can be checked.
    """

    study: StudySpec
    citations: Collection[str]
    anchors: Collection[str]
    facts: Mapping[str, Fact] | None = None

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """Every evaluation set with every measure, e.g. `test.hwa`."""
        measures = [read_metric(use, METRICS).name for use in self.study.metrics]
        sets = (*SPLITS, *self.study.data.shifts)
        return tuple(f"{one}.{measure}" for one in sets for measure in measures)

    @property
    def arms(self) -> tuple[str, ...]:
        """The baseline and the variants."""
        return (BASELINE, *self.study.variants)

    def check_fact(self, fact_id: str) -> str:
        """Return the id of a fact that exists.

        Raises:
            SettingError: there is none, or cannot be one.
        """
        if self.facts is None:
            kind, _, rest = fact_id.partition("/")
            if kind == "score":
                arm, _, rest = rest.partition("/")
                metric, _, statistic = rest.partition("/")
                self.score_id(arm, metric, statistic)
            elif kind == "claim":
                self.check_claim(rest.partition("/")[0])
            elif kind == "setting":
                arm, _, path = rest.partition("/")
                self.setting_id(path, arm)
            return fact_id
        if fact_id not in self.facts:
            fix = nearest(fact_id, self.facts) if len(self.facts) < 20_000 else ""
            raise SettingError("", f"no fact {fact_id!r}", _short(fix))
        return fact_id

    def check_claim(self, claim: str) -> str:
        """Return a claim's name, if the study makes it."""
        return _member("claim", claim, tuple(self.study.claims))

    def check_arm(self, arm: str) -> str:
        """Return an arm's name, if the study has it; controls are named as run."""
        if arm.startswith(CONTROL_PREFIX):
            return arm
        return _member("arm", arm, self.arms)

    def metric(self, arm: str, metric: str) -> str:
        """Complete `test.hwa` to `test.hwa@best`, by the arm's own selection rule."""
        self.check_arm(arm)
        name, _, rule = metric.partition("@")
        _member("metric", name, self.metrics)
        if rule:
            return f"{name}@{_member('checkpoint rule', rule, ('best', 'last'))}"
        return f"{name}@{self.setting_value('training.select.rule', arm)}"

    def score_id(self, arm: str, metric: str, statistic: str = "mean") -> str:
        """Id of an arm's score on a metric."""
        full = self.metric(arm, metric)
        _member("statistic", statistic, STATISTICS)
        return f"score/{arm}/{full}/{statistic}"

    def setting_id(self, path: str, arm: str = BASELINE) -> str:
        """Id of a setting of one arm, spelt as the facts spell it."""
        self.check_arm(arm)
        known = [name for name, _ in leaves(self._settings(arm))]
        if path not in known:
            what = f"{arm} has no setting {path!r}"
            raise SettingError("", what, _short(_spelling(path, known)))
        return f"setting/{arm}/{path}"

    def setting_value(self, path: str, arm: str) -> JsonValue:
        """What an arm has at a path: a setting, a list or a map of them."""
        self.check_arm(arm)
        value: JsonValue = self._settings(arm)
        for part in path.split("."):
            if not isinstance(value, dict) or part not in value:
                raise SettingError("", f"{arm} has no setting {path!r}", "")
            value = value[part]
        return value

    @cached_property
    def _settings_of(self) -> dict[str, dict[str, JsonValue]]:
        """Settings of the arms that were asked for so far."""
        return {}

    def _settings(self, arm: str) -> dict[str, JsonValue]:
        """An arm's settings as its runs read them, defaults filled in."""
        if arm not in self._settings_of:
            self._settings_of[arm] = self._read_settings(arm)
        return self._settings_of[arm]

    def _read_settings(self, arm: str) -> dict[str, JsonValue]:
        variant = self.study.variants.get(arm)
        settings = arm_settings(self.study, variant.change if variant else {})
        whole = {**settings, "metrics": list(self.study.metrics), "seed": 0}
        config = RunConfig.model_validate_json(json.dumps(whole))
        found: dict[str, JsonValue] = config.model_dump(
            mode="json", exclude={"seed", "repeat"}
        )
        return found

    def check_cite(self, *keys: str, narrative: bool = False) -> tuple[str, ...]:  # noqa: ARG002
        """Return citation keys of the bibliography."""
        if not keys:
            raise SettingError("", "cite() cites nothing", "name a citation key")
        return tuple(_member("citation key", key, self.citations) for key in keys)

    def check_ref(self, anchor: str) -> str:
        """Return the anchor of a figure, table or section."""
        return _member("figure, table or section", anchor, self.anchors)

    def check_count(self, name: str) -> str:
        """Return the id of a count."""
        return self.check_fact(f"count/{name}")

    @property
    def checks(self) -> dict[str, Callable[..., object]]:
        """What refuses the arguments of each binding function."""
        return {
            "fact": self.check_fact,
            "score": self.score_id,
            "difference": self.check_claim,
            "verdict": self.check_claim,
            "sentence": self.check_claim,
            "p": self.check_claim,
            "count": self.check_count,
            "setting": self.setting_id,
            "cite": self.check_cite,
            "ref": self.check_ref,
        }


def _member(kind: str, name: str, allowed: Collection[str]) -> str:
    if name not in allowed:
        raise SettingError("", f"no {kind} {name!r}", _short(nearest(name, allowed)))
    return name


def _spelling(path: str, known: Collection[str]) -> str:
    """How a setting that was spelt another way is spelt, or what is near it."""
    bracketed = re.sub(r"\.(\d+)(?=[.\[]|$)", r"[\1]", path)
    whole = re.sub(r"(\[\d+\])+$", "", bracketed)  # a list of numbers or texts
    for spelling in (bracketed, whole):
        if spelling in known:
            return f"write {spelling!r}"
    below = [one for one in known if one.startswith((f"{path}.", f"{path}["))]
    return "name one of: " + ", ".join(below) if below else nearest(path, known)


def _short(fix: str, limit: int = 300) -> str:
    return fix if len(fix) <= limit else fix[: limit - 2] + " …"
