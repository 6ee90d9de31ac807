"""Controls: chosen by the spec, passed by sound runs, failed by planted faults."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reportgen.analysis.control import (
    Control,
    chosen_controls,
    control_arms,
    judge_controls,
    load_control,
)
from reportgen.analysis.controls import CONTROLS
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import ControlResult
from reportgen.errors import InputError
from reportgen.records import BundledRun, digest_array
from reportgen.spec.load import load_study
from reportgen.spec.plan import CONTROL_PREFIX, plan_study
from tests.analysis.factory import Bundle, make_bundle, make_results, make_study
from tests.analysis.simulate import Behaviour


def judge(name: str, results: Results) -> ControlResult:
    control = load_control(name)
    return control.judge(control, results)


def with_control(
    bundle: Bundle, name: str, source: str, accuracy: float, learnt: float | None = None
) -> Results:
    """Give a control's arm the runs of another arm, with this share of rows right."""
    study = make_study(controls=[name])
    cells = plan_study(study, control_arms(study)).cells
    arm = CONTROL_PREFIX + name
    runs, arrays = list(bundle.runs), dict(bundle.arrays)
    for cell in cells:
        if cell.variant != arm:
            continue
        record = next(
            one.record
            for one in bundle.runs
            if (one.variant, one.seed) == (source, cell.seed)
        )
        names = dict(record.arrays)
        for evaluation_set in ("train", "test"):
            labels = bundle.arrays[names[f"labels/{evaluation_set}"]]
            rng = np.random.default_rng(cell.seed)
            share = accuracy if evaluation_set == "test" or learnt is None else learnt
            right = rng.permutation(len(labels)) < share * len(labels)
            said = np.where(right, labels, 1 - labels)
            logits = np.eye(2, dtype=np.float32)[said]
            for rule in ("best", "last"):
                names[f"logits/{evaluation_set}@{rule}"] = digest_array(logits)
            arrays[digest_array(logits)] = logits
        update = {"arrays": names, "config": cell.config}
        copied = record.model_copy(update=update)
        runs.append(BundledRun(variant=arm, seed=cell.seed, record=copied))
    return replace(make_results(bundle), study=study, cells=cells,
                   bundled=tuple(runs), arrays=arrays)  # fmt: skip


@pytest.mark.parametrize("name", CONTROLS)
def test_every_control_of_the_catalogue_explains_itself(name: str) -> None:
    control = load_control(name)
    assert isinstance(control, Control)
    assert control.name == name
    assert control.title
    assert control.expected


def test_a_study_gets_the_controls_it_asks_for() -> None:
    assert [one.name for one in chosen_controls(make_study(controls="default"))] == [
        *CONTROLS
    ]
    assert chosen_controls(make_study(controls=[])) == ()
    arms = control_arms(make_study(controls=["memorisation", "oracle"]))
    assert list(arms) == ["memorisation"]


def test_an_unknown_control_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'oracle'"):
        chosen_controls(make_study(controls=["orakle"]))


def test_control_arms_add_to_the_transforms_of_the_baseline() -> None:
    study = make_study()
    study = make_study(
        controls="default",
        data={**study.data.model_dump(mode="json"), "transforms": [
            {"use": "hide_channel", "params": {"channel": "shape"}}
        ]},
    )  # fmt: skip
    cells = plan_study(study, control_arms(study)).cells
    shuffled = [one for one in cells if one.variant == "control-shuffled-labels"]
    assert len(shuffled) == 2
    steps = [step.use for step in shuffled[0].config.data.transforms]
    assert steps == ["hide_channel", "shuffle_labels"]
    memory = next(one for one in cells if one.variant == "control-memorisation").config
    assert memory.data.transforms[-1].params == {"rows": 64, "or_all": True}
    assert (memory.training.epochs, memory.training.batch_size) == (150, 16)
    assert memory.training.select.rule == "last"


def test_sound_runs_pass_and_what_cannot_be_checked_says_so(results: Results) -> None:
    study = make_study(controls=["oracle", "ceiling", "majority", "memorisation"])
    judged = {one.id: one for one in judge_controls(replace(results, study=study))}
    assert judged["oracle"].passed is True
    assert judged["majority"].passed is True
    assert judged["ceiling"].passed is None
    assert judged["memorisation"].passed is None
    assert judged["memorisation"].observed == "not checked"


def test_labels_that_left_their_rule_are_caught(bundle: Bundle) -> None:
    def spoil(one: BundledRun) -> BundledRun:
        split = one.record.data["test"].model_copy(update={"oracle_accuracy": 0.9})
        data = {**one.record.data, "test": split}
        return one.model_copy(
            update={"record": one.record.model_copy(update={"data": data})}
        )

    spoilt = replace(bundle, runs=tuple(spoil(one) for one in bundle.runs))
    found = judge("oracle", make_results(spoilt))
    assert found.passed is False
    assert "test 0.900" in found.note


@pytest.mark.parametrize(("noise", "passed"), [(0.3, False), (0.1, True)])
def test_scores_beyond_the_attainable_are_caught(
    bundle: Bundle, noise: float, passed: bool
) -> None:
    data = bundle.study.data.model_dump(mode="json")
    noisy = {**data, "params": {**data["params"], "label_noise": noise}}
    study = make_study(data=noisy)
    cells = plan_study(study, {}).cells
    found = judge("ceiling", replace(make_results(bundle), study=study, cells=cells))
    assert found.passed is passed
    assert ("leak" in found.note) is not passed


def test_the_ceiling_is_each_arms_own(bundle: Bundle) -> None:
    variants = {
        name: {"why": one.why, "change": one.change}
        for name, one in bundle.study.variants.items()
    }
    variants["dropout"]["change"] = {"data": {"params": {"label_noise": 0.45}}}
    study = make_study(variants=variants)
    cells = plan_study(study, {}).cells
    found = judge("ceiling", replace(make_results(bundle), study=study, cells=cells))
    assert found.passed is False
    assert found.note.endswith("beyond it: dropout, so labels leak into what is fed")


def test_a_study_that_learnt_nothing_is_caught() -> None:
    blind = Behaviour(level=-0.2, seed_sd=0.0)
    study = make_study(variants={}, claims={})
    found = judge("majority", make_results(make_bundle(study, {"baseline": blind})))
    assert found.passed is False


@pytest.mark.parametrize(
    ("accuracy", "learnt", "passed", "told"),
    [
        (0.5, 1.0, True, "from 0.155 of the test rows on, leaked ones would show"),
        (0.7, 1.0, False, "labels reach the model by another way than learning"),
        (0.5, 0.55, None, "too little was learnt by heart (0.550) to show a leak"),
    ],
)
def test_shuffled_labels_must_sit_at_chance(
    bundle: Bundle, accuracy: float, learnt: float, passed: bool | None, told: str
) -> None:
    found = judge(
        "shuffled-labels",
        with_control(bundle, "shuffled-labels", "baseline", accuracy, learnt),
    )
    assert found.passed is passed
    assert told in found.note


@pytest.mark.parametrize(("accuracy", "passed"), [(1.0, True), (0.9, False)])
def test_a_few_rows_must_be_memorised(
    bundle: Bundle, accuracy: float, passed: bool
) -> None:
    results = with_control(bundle, "memorisation", "baseline", accuracy)
    assert judge("memorisation", results).passed is passed


def test_the_bag_of_tokens_is_a_yardstick(bundle: Bundle) -> None:
    results = with_control(bundle, "bag-of-tokens", "baseline", 0.6)
    found = judge("bag-of-tokens", results)
    assert found.yardstick
    assert found.passed is None
    assert found.observed.startswith("mean test accuracy 0.600")


def test_controls_cost_a_small_share_of_a_studys_runs() -> None:
    spec = Path(__file__).parents[2] / "specs" / "spr-failure-modes.yaml"
    study = load_study(spec).spec
    arms = [cell.variant for cell in plan_study(study, control_arms(study)).cells]
    controls = [arm for arm in arms if arm.startswith(CONTROL_PREFIX)]
    assert len(controls) <= 0.15 * (len(arms) - len(controls))
