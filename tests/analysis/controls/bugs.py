"""Bugs to plant: each breaks training, evaluation, data or loss for real."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from reportgen.records import Array
from reportgen.training.evaluation import predict
from reportgen.training.loop import train
from reportgen.training.prepare import Prepared
from reportgen.training.setup import set_up
from tests.analysis.controls.parts import joined
from tests.analysis.controls.small import DATA, PARTS, TEST_ROWS


@dataclass(frozen=True)
class Bug:
    """A mistake in the code under the study, or in what the study names."""

    plant: Callable[[pytest.MonkeyPatch], None] = lambda _: None
    change: dict[str, Any] = field(default_factory=dict)


def labels_slip_in_training(patch: pytest.MonkeyPatch) -> None:
    """Each row of a batch is trained with the label of the row before."""

    def slipping(*given: Any) -> Any:
        metrics, fitting = set_up(*given)
        right = fitting.loss.value

        def wrong(logits: Tensor, labels: Tensor) -> Tensor:
            loss: Tensor = right(logits, labels.roll(1))
            return loss

        return metrics, replace(fitting, loss=replace(fitting.loss, value=wrong))

    patch.setattr("reportgen.training.loop.set_up", slipping)


def answers_slip_in_evaluation(patch: pytest.MonkeyPatch) -> None:
    """The answers to the test rows stand one row late."""

    def wrong(model: nn.Module, inputs: Tensor, **settings: Any) -> Array:
        answers = predict(model, inputs, **settings)
        return np.roll(answers, 1, axis=0) if len(inputs) in TEST_ROWS else answers

    patch.setattr("reportgen.training.loop.predict", wrong)


def answers_are_shuffled_in_evaluation(patch: pytest.MonkeyPatch) -> None:
    """The answers to the test rows stand in another order than the rows."""

    def wrong(model: nn.Module, inputs: Tensor, **settings: Any) -> Array:
        answers = predict(model, inputs, **settings)
        order = np.random.default_rng(5).permutation(len(inputs))
        return answers[order] if len(inputs) in TEST_ROWS else answers

    patch.setattr("reportgen.training.loop.predict", wrong)


def the_loader_returns_one_batch(patch: pytest.MonkeyPatch) -> None:
    """The same rows come again and again."""
    right = torch.split

    def wrong(rows: Tensor, size: int) -> tuple[Tensor, ...]:
        batches: tuple[Tensor, ...] = right(rows, size)
        return batches if rows.ndim > 1 else (torch.arange(size),) * len(batches)

    patch.setattr(torch, "split", wrong)


def test_rows_are_trained_on(patch: pytest.MonkeyPatch) -> None:
    """The loop is handed the test rows among the training rows."""

    def wrong(config: Any, prepared: Prepared, *rest: Any) -> None:
        sets = dict(prepared.sets)
        sets["train"] = joined(sets["train"], sets["test"])
        train(config, replace(prepared, sets=MappingProxyType(sets)), *rest)

    patch.setattr("reportgen.training.runner.train", wrong)


def evaluation_stays_in_training(patch: pytest.MonkeyPatch) -> None:
    """No model ever leaves training mode."""
    patch.setattr(nn.Module, "eval", lambda self: self)


def _loss(name: str) -> dict[str, Any]:
    return {"training": {"loss": {"use": f"{PARTS}:{name}"}}}


def _data(name: str, **params: Any) -> dict[str, Any]:
    return {"data": {"use": f"{PARTS}:{name}", "params": {**DATA, **params}}}


BUGS: dict[str, Bug] = {
    "training labels one row late": Bug(labels_slip_in_training),
    "test labels one row late": Bug(answers_slip_in_evaluation),
    "test labels one row late, in the data": Bug(
        change=_data("misaligned", split="test")
    ),
    "test labels in another order": Bug(answers_are_shuffled_in_evaluation),
    "the same batch each time": Bug(the_loader_returns_one_batch),
    "test rows among the training rows": Bug(test_rows_are_trained_on),
    "test rows among the training rows, in the data": Bug(change=_data("leaky")),
    "evaluation in training mode": Bug(evaluation_stays_in_training),
    "wrong class weights": Bug(change=_loss("lopsided")),
}
