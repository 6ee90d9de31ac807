"""Which runs a study needs: a validated study in, one resolved config per cell out.

Pure: nothing is imported, read or computed beyond merging the variants' changes.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from reportgen.spec.model import BASELINE, RunConfig, StudySpec

CONTROL_PREFIX = "control-"


Change = Mapping[str, JsonValue]


@dataclass(frozen=True)
class ControlArm:
    """What a control wants trained.

    Attributes:
        change: of the baseline.
        seeds: how many of the study's, the first ones.
        repeat: which execution of these settings; 1 has them executed once more.
    """

    change: Callable[[StudySpec], Change]
    seeds: int
    repeat: int = 0


@dataclass(frozen=True)
class Cell:
    """One run that is wanted: an arm of the study under one seed."""

    variant: str
    seed: int
    config: RunConfig


@dataclass(frozen=True)
class RunPlan:
    """Every run a study needs, baseline first, arms in the order of the spec."""

    study: str
    cells: tuple[Cell, ...]

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of the arms, in order."""
        return tuple(dict.fromkeys(cell.variant for cell in self.cells))


def merge_change(
    settings: Mapping[str, JsonValue], change: Change
) -> dict[str, JsonValue]:
    """Lay nested overrides over settings.

    Maps merge key by key, everything else replaces. Where `use` names another
    callable, the old callable's `params` are dropped: they belonged to it.
    """
    merged = dict(settings)
    if "use" in change and change["use"] != settings.get("use"):
        merged["params"] = {}
    for key, value in change.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = merge_change(old, value)
        else:
            merged[key] = value
    return merged


def arm_settings(study: StudySpec, change: Change) -> dict[str, JsonValue]:
    """One arm's `data`, `model` and `training` as plain JSON, with a change laid over.

    The result may be invalid, when the change is; `RunConfig` validates it.
    """
    base = study.model_dump(mode="json", include={"data", "model", "training"})
    return merge_change(base, change)


def plan_study(
    study: StudySpec,
    controls: Mapping[str, ControlArm],
) -> RunPlan:
    """Plan the baseline, every variant and every control arm under each seed.

    Args:
        study: a study whose variants were checked.
        controls: arms that the study's controls ask for, by control name.
    """
    cells: list[Cell] = []

    def add(variant: str, change: Change, seed: int, repeat: int = 0) -> None:
        whole = {
            **arm_settings(study, change),
            "metrics": list(study.metrics),
            "seed": seed,
            "repeat": repeat,
        }
        config = RunConfig.model_validate_json(json.dumps(whole))
        cells.append(Cell(variant, seed, config))

    for seed in study.seed_list:
        add(BASELINE, {}, seed)
    for name, variant in study.variants.items():
        for seed in study.seed_list:
            add(name, variant.change, seed)
    for name, arm in controls.items():
        for seed in study.seed_list[: arm.seeds]:
            add(CONTROL_PREFIX + name, arm.change(study), seed, arm.repeat)
    return RunPlan(study.study, tuple(cells))
