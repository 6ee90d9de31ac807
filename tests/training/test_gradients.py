"""Gradient norms: known values, what a run keeps of them, and no bit of it moved."""

import math
from collections.abc import Callable, Sequence
from statistics import median

import pytest
import torch
from torch import nn

from reportgen.analysis.detectors.diverged import exploded
from reportgen.records import GradientSummary, digest_result
from reportgen.spec.model import RunConfig
from reportgen.training import loop
from reportgen.training.gradients import (
    STEPS_IN_A_ROW,
    WARM_UP,
    GradientNorms,
    RunningMedian,
    gradient_norm,
)
from reportgen.training.runner import train_run

Configure = Callable[..., RunConfig]
# A rate that grows thirtyfold every three epochs tears a transformer's weights apart.
EXPLODING = {
    "model": {"use": "transformer"},
    "training": {
        "epochs": 6,
        "optimizer": {"use": "torch.optim:SGD", "params": {"lr": 0.1}},
        "scheduler": {
            "use": "torch.optim.lr_scheduler:StepLR",
            "params": {"step_size": 3, "gamma": 30.0},
        },
    },
}
CLEAN = {
    "model": {"use": "lstm", "params": {"embedding_dim": 4, "hidden_dim": 6}},
    "training": {"epochs": 6},
}


def parameter(gradient: Sequence[float] | None) -> nn.Parameter:
    size = len(gradient or [0.0])
    found = nn.Parameter(torch.zeros(size))
    if gradient is not None:
        found.grad = torch.tensor(gradient)
    return found


def summary(norms: Sequence[float], *, per_epoch: int = 1000) -> GradientSummary:
    followed = GradientNorms()
    for step, norm in enumerate(norms):
        followed.add(norm, step // per_epoch + 1)
    found = followed.summary()
    assert found is not None
    return found


def test_norm_is_that_of_all_gradients_in_one_vector() -> None:
    parts = [parameter([3.0]), parameter(None), parameter([0.0, 4.0, 12.0])]
    assert gradient_norm(parts) == 13.0
    assert gradient_norm([parameter(None)]) == 0.0
    assert math.isnan(gradient_norm([parameter([math.nan, 1.0])]))
    assert gradient_norm([parameter([math.inf])]) == math.inf


def test_sparse_gradient_of_a_repeated_symbol_adds_up() -> None:
    norms = []
    for sparse in (False, True):
        layer = nn.Embedding(5, 2, sparse=sparse)
        layer(torch.tensor([1, 1, 3])).sum().backward()
        norms.append(gradient_norm(list(layer.parameters())))
    assert norms[0] == norms[1] == pytest.approx(math.sqrt(2 * 2**2 + 2 * 1))


def test_running_median_is_the_median_of_all_so_far() -> None:
    running = RunningMedian()
    assert math.isnan(running.value)
    numbers = torch.randn(200, generator=torch.Generator().manual_seed(0)).tolist()
    for count, number in enumerate(numbers, start=1):
        running.add(number)
        assert running.value == pytest.approx(median(numbers[:count]), abs=1e-15)
    assert len(running) == len(numbers)


def test_sustained_is_what_three_steps_in_a_row_all_reach() -> None:
    usual = [1.0] * WARM_UP
    found = summary([*usual, 300.0, 200.0, 500.0, 1.0], per_epoch=6)
    assert (found.sustained, found.sustained_epoch) == (200.0, 3)
    assert (found.steps, found.median, found.largest) == (WARM_UP + 4, 1.0, 500.0)


def test_two_steps_or_a_step_in_between_sustain_nothing() -> None:
    usual = [1.0] * WARM_UP
    for odd in ([300.0] * (STEPS_IN_A_ROW - 1), [300.0, 300.0, 2.0, 300.0, 300.0]):
        found = summary([*usual, *odd, 1.0, 1.0])
        assert found.sustained is not None
        assert found.sustained <= 2.0


def test_first_steps_are_compared_with_nothing() -> None:
    found = summary([1e-6, *[1.0] * (WARM_UP - 1), 1.0, 1.0])
    assert (found.sustained, found.sustained_epoch) == (None, None)


def test_steps_without_gradient_are_no_yardstick() -> None:
    """A loss that is met on most batches has a median norm of 0 otherwise."""
    met = [0.0] * 90 + [1.0] * WARM_UP
    found = summary([*met, *[2.0] * STEPS_IN_A_ROW])
    assert (found.median, found.sustained) == (1.0, 2.0)
    only = summary([0.0] * 30)
    assert (only.median, only.largest, only.sustained) == (None, 0.0, None)


def test_norms_that_are_no_numbers_are_counted_apart() -> None:
    usual = [1.0] * (WARM_UP + STEPS_IN_A_ROW)
    found = summary([*usual, math.nan, math.inf, *usual])
    assert (found.non_finite, found.largest, found.sustained) == (2, 1.0, 1.0)
    assert GradientNorms().summary() is None


def test_exploding_gradients_are_on_record_and_clean_ones_are_not_told_so(
    configure: Configure,
) -> None:
    fails, learns = (train_run(configure(one))[0] for one in (EXPLODING, CLEAN))
    assert exploded(fails)
    assert not exploded(learns)
    torn, calm = fails.gradients, learns.gradients
    assert torn is not None
    assert torn.sustained is not None
    assert torn.sustained > 100
    assert torn.sustained_epoch in (4, 5, 6)
    assert calm is not None
    assert calm.sustained is not None
    assert calm.sustained < 20


def test_a_run_that_breaks_off_keeps_its_norms(
    configure: Configure, users_code: str
) -> None:
    fails = {"use": f"{users_code}:Fails", "params": {"how": "raise", "after": 5}}
    record, _ = train_run(configure({"model": fails}))
    assert record.status == "failed"
    assert record.gradients is not None
    assert record.gradients.steps == 5


def test_norm_is_read_before_clipping(configure: Configure) -> None:
    """Clipped hard, weights hardly move, so that norms stay near the first."""
    free, _ = train_run(configure({"training": {"epochs": 1}}))
    tight = {"training": {"epochs": 1, "gradient_clip": 1e-4}}
    held, _ = train_run(configure(tight))
    assert free.gradients is not None
    assert held.gradients is not None
    assert held.gradients.median == pytest.approx(free.gradients.median, rel=0.5)
    assert held.gradients.largest > 100 * 1e-4


def test_reading_norms_moves_no_bit(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configure(CLEAN)
    watched, _ = train_run(config)
    monkeypatch.setattr(loop, "gradient_norm", lambda _: 1.0)
    unwatched, _ = train_run(config)
    assert unwatched.gradients != watched.gradients
    assert unwatched.checkpoints == watched.checkpoints
    assert unwatched.curves == watched.curves
    assert unwatched.arrays == watched.arrays


def test_result_covers_the_norms(configure: Configure) -> None:
    record, _ = train_run(configure({"training": {"epochs": 1}}))
    assert record.gradients is not None
    other = record.gradients.model_copy(update={"largest": 9.0})
    changed = record.model_copy(update={"gradients": other})
    assert digest_result(record) == record.result
    assert digest_result(changed) != record.result
