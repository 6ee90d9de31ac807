"""Arms checked before anything runs: a study in, every arm's settings and mistakes out.

An arm is the baseline or a variant. Each variant's change is laid over the baseline and
the result is judged as a whole, so that a mistake shows where the change was written.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue, ValidationError

from reportgen.spec.check_settings import SPLITS, Settings, check_settings, components
from reportgen.spec.component import Catalogues, with_defaults
from reportgen.spec.model import BASELINE, RunConfig, StudySpec
from reportgen.spec.plan import CONTROL_PREFIX, arm_settings
from reportgen.spec.positions import Mistake, Path
from reportgen.spec.validation import word_errors
from reportgen.spec.wording import MAP, unknown_key, wrong_type

CHANGEABLE = ("data", "model", "training")


@dataclass(frozen=True)
class Arm:
    """One arm: its settings as plain JSON, and as a run reads them where valid."""

    name: str
    settings: Settings
    config: RunConfig | None
    mistakes: tuple[Mistake, ...]  # paths as in the study's file

    @property
    def evaluation_sets(self) -> tuple[str, ...]:
        """What its runs are scored on."""
        return (*SPLITS, *(self.config.data.shifts if self.config else ()))


def resolve_arms(study: StudySpec, catalogues: Catalogues) -> list[Arm]:
    """Resolve and check every arm, baseline first."""
    settings = arm_settings(study, {})
    config, _ = _validate(settings, study)
    found = check_settings(settings, config, catalogues)
    baseline = Arm(BASELINE, settings, config, tuple(found))
    arms = [baseline]
    for name, variant in study.variants.items():
        arms.append(_resolve(study, baseline, name, variant.change, catalogues))
    return arms


def _resolve(
    study: StudySpec,
    baseline: Arm,
    name: str,
    change: Settings,
    catalogues: Catalogues,
) -> Arm:
    path: Path = ("variants", name)
    mistakes = _name_mistakes(path, name)
    unknown = [key for key in change if key not in CHANGEABLE]
    mistakes += [unknown_key((*path, "change", key), CHANGEABLE) for key in unknown]
    mistakes += [
        wrong_type((*path, "change", key), MAP, change[key])
        for key in CHANGEABLE
        if key in change and not isinstance(change[key], dict)
    ]
    if mistakes:
        return Arm(name, baseline.settings, None, tuple(mistakes))
    settings = arm_settings(study, change)
    config, invalid = _validate(settings, study)
    found = invalid or check_settings(settings, config, catalogues)
    mistakes = [
        Mistake((*path, "change", *one.path), one.what, one.fix, one.at)
        for one in found
        if one not in baseline.mistakes
    ]
    if not mistakes:
        mistakes = _idle(path, change, baseline.settings)
    return Arm(name, settings, None if invalid else config, tuple(mistakes))


def _name_mistakes(path: Path, name: str) -> list[Mistake]:
    if name == BASELINE or name.startswith(CONTROL_PREFIX):
        what = f"the name '{name}' is taken: the study has an arm of that kind already"
        return [Mistake(path, what, "give the variant another name", "key")]
    return []


def _validate(
    settings: Settings, study: StudySpec
) -> tuple[RunConfig | None, list[Mistake]]:
    whole: Settings = {**settings, "metrics": list(study.metrics), "seed": 0}
    try:
        return RunConfig.model_validate_json(json.dumps(whole)), []
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        return None, word_errors(errors, whole, RunConfig)


def _idle(path: Path, change: Settings, settings: Settings) -> list[Mistake]:
    """Overrides that repeat what the baseline has already."""
    idle = [*_repeats(change, settings)]
    leaves = [*_leaves(change)]
    if not change or len(idle) == len(leaves):
        what = "this variant changes nothing: the baseline has all of it already"
        return [Mistake((*path, "change"), what, "change something or delete it")]
    return [
        Mistake(
            (*path, "change", *below),
            f"'{below[-1]}' changes nothing: the baseline has this value already",
            "delete it",
            "key",
        )
        for below in idle
    ]


def _leaves(change: JsonValue, path: Path = ()) -> Iterator[Path]:
    if isinstance(change, dict) and change:
        for key, value in change.items():
            yield from _leaves(value, (*path, key))
    else:
        yield path


def _repeats(change: JsonValue, base: JsonValue, path: Path = ()) -> Iterator[Path]:
    if isinstance(change, dict) and isinstance(base, dict) and change:
        other = "use" in change and change["use"] != base.get("use")
        for key, value in change.items():
            if key in base and not (other and key == "params"):
                yield from _repeats(value, base[key], (*path, key))
    elif change == base and isinstance(change, bool) == isinstance(base, bool):
        yield path


def same_runs(arms: list[Arm], catalogues: Catalogues) -> list[Mistake]:
    """Variants that resolve to the same run as an arm before them.

    Nothing is said while the baseline has mistakes: every variant inherits them.
    """
    mistakes: list[Mistake] = []
    if arms[0].mistakes:
        return mistakes
    seen: dict[str, str] = {}
    for arm in arms:
        if arm.mistakes or arm.config is None:
            continue
        identity = json.dumps(_canonical(arm.settings, catalogues), sort_keys=True)
        if identity in seen:
            what = f"'{arm.name}' resolves to the same runs as '{seen[identity]}'"
            fix = "change something else, or keep one of the two"
            mistakes.append(Mistake(("variants", arm.name), what, fix, "key"))
        seen.setdefault(identity, arm.name)
    return mistakes


def _canonical(settings: Settings, catalogues: Catalogues) -> Settings:
    canonical: Settings = json.loads(json.dumps(settings))
    for path, kind, component in list(components(canonical)):
        full = with_defaults(component, kind, catalogues.of(kind))
        place: JsonValue = canonical
        for part in path:
            place = place[part]  # type: ignore[index]
        if isinstance(place, dict):
            place.update(full)
    return canonical
