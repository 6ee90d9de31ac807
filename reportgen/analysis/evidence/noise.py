"""Declared label noise: a study and an arm in, the share of labels flipped out."""

from reportgen.spec.model import BASELINE, StudySpec
from reportgen.spec.plan import arm_settings


def label_noise(study: StudySpec, arm: str) -> float:
    """The share of labels an arm's data are told to flip; 0 where nothing says so."""
    change = {} if arm == BASELINE else study.variants[arm].change
    data = arm_settings(study, change)["data"]
    params = data.get("params") if isinstance(data, dict) else None
    declared = params.get("label_noise", 0.0) if isinstance(params, dict) else 0.0
    return float(declared) if isinstance(declared, int | float) else 0.0


def noisy_arms(study: StudySpec) -> dict[str, float]:
    """The arms with label noise, and how much."""
    noise = {arm: label_noise(study, arm) for arm in (BASELINE, *study.variants)}
    return {arm: share for arm, share in noise.items() if share > 0}
