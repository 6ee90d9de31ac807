"""What cannot be built is told before anything trains, of all arms at once."""

from collections.abc import Callable
from typing import Any

import pytest

from reportgen.errors import InputError, SettingError
from reportgen.execution.rehearsal import rehearse
from reportgen.execution.study import preview
from reportgen.execution.summary import RunSummary
from reportgen.project import Project
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import plan_study

Make = Callable[..., StudySpec]
Train = Callable[..., RunSummary]
SCHEDULERS = "torch.optim.lr_scheduler"


def study_with(make_study: Make, *changes: dict[str, Any]) -> StudySpec:
    """The tiny study with a variant for each change."""
    variants = {
        f"arm-{place}": {"why": "To see.", "change": change}
        for place, change in enumerate(changes)
    }
    return make_study(variants=variants, claims={})


@pytest.mark.parametrize(
    ("change", "path", "what"),
    [
        (
            {"model": {"params": {"hidden_dim": -4}}},
            "model.params.hidden_dim",
            "hidden_size",
        ),
        (
            {"model": {"params": {"dropout": 1.5}}},
            "model.params.dropout",
            "between 0 and 1",
        ),
        (
            {"training": {"optimizer": {"params": {"lr": -0.1}}}},
            "training.optimizer.params.lr",
            "Invalid learning rate",
        ),
        (
            {
                "training": {
                    "scheduler": {
                        "use": f"{SCHEDULERS}:StepLR",
                        "params": {"step_size": 0},
                    }
                }
            },
            "training.scheduler.params.step_size",
            "ZeroDivisionError",
        ),
        (
            {
                "training": {
                    "optimizer": {"use": "torch.optim:SGD"},
                    "scheduler": {
                        "use": f"{SCHEDULERS}:OneCycleLR",
                        "params": {"max_lr": 0.1, "total_steps": 1},
                    },
                }
            },
            "training.scheduler.params.total_steps",
            "Tried to step 2 times",
        ),
        (
            {
                "training": {
                    "scheduler": {
                        "use": f"{SCHEDULERS}:StepLR",
                        "params": {"step_size": 9},
                    }
                }
            },
            "training.scheduler.params",
            "it never acts: no step of 2 epochs is another",
        ),
        (
            {
                "training": {
                    "scheduler": {
                        "use": f"{SCHEDULERS}:ReduceLROnPlateau",
                        "params": {"patience": 5},
                    }
                }
            },
            "training.scheduler.params",
            "it never acts",
        ),
        (
            {
                "training": {
                    "epochs": 6,
                    "scheduler": {
                        "use": f"{SCHEDULERS}:OneCycleLR",
                        "params": {"max_lr": 0.5, "total_steps": 6},
                    },
                }
            },
            "training.optimizer.params.lr",
            "no step would use this: 0.02 is put in its place",
        ),
        (
            {"training": {"freeze": [{"parameters": "lost.*", "epochs": "all"}]}},
            "training.freeze[0].parameters",
            "no parameter matches",
        ),
    ],
)
def test_refuses_what_cannot_be_built(
    make_study: Make, change: dict[str, Any], path: str, what: str
) -> None:
    config = plan_study(study_with(make_study, change), {}).cells[-1].config
    with pytest.raises(SettingError, match=what) as caught:
        rehearse(config)
    assert caught.value.path == path


def test_a_model_too_large_for_this_machine_is_left_to_its_runs(
    place: Project, make_study: Make, train: Train
) -> None:
    study = make_study(
        model={"use": "lstm", "params": {"hidden_dim": 10**8}},
        variants={},
        claims={},
        seeds=1,
    )
    ((label, failure),) = train(place, study).failures
    assert (label, failure.kind) == ("baseline seed 0", "out-of-memory")


def test_every_arm_is_told_and_nothing_trains(
    place: Project, make_study: Make, train: Train
) -> None:
    study = study_with(
        make_study,
        {"model": {"params": {"dropout": 1.5}}},
        {"training": {"optimizer": {"params": {"lr": -0.1}}}},
        {"model": {"params": {"hidden_dim": 5}}},
    )
    for work in (preview, train):
        with pytest.raises(InputError) as caught:
            work(place, study)
        assert [problem.where for problem in caught.value.problems] == [
            "arm-0: model.params.dropout",
            "arm-1: training.optimizer.params.lr",
        ]
    assert not place.ledger("tiny").exists()


def test_data_that_leave_the_process_are_a_problem(
    place: Project, make_study: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import sys\n\n\ndef data() -> None:\n    sys.exit(3)\n"
    (place.root / "leaver.py").write_text(code)
    monkeypatch.syspath_prepend(place.root)
    study = study_with(make_study, {"data": {"use": "leaver:data"}})
    with pytest.raises(InputError, match=r"arm-0: data: .* calls sys\.exit\(3\)"):
        preview(place, study)
