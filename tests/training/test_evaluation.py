import numpy as np
import pytest
import torch
from torch import nn

from reportgen.metrics.metric import load_metric
from reportgen.training.evaluation import EVALUATION_ROWS, forward, predict, score
from reportgen.training.journal import RunFailed


class Dropping(nn.Module):
    """Half of what it is fed, where it is in training mode."""

    def __init__(self) -> None:
        super().__init__()
        self.dropout = nn.Dropout(0.5)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(B, T, C) to (B, T·C)."""
        dropped: torch.Tensor = self.dropout(inputs.float().flatten(1))
        return dropped


def test_nothing_is_dropped_in_evaluation() -> None:
    model, inputs = Dropping(), torch.ones((3, 2, 1))
    logits = predict(model, inputs, precision="float32", seed=0)
    assert logits.tolist() == [[1.0, 1.0]] * 3
    assert model.training, "training goes on in training mode"


def test_batches_are_put_together_in_order() -> None:
    rows = 2 * EVALUATION_ROWS + 3
    inputs = torch.arange(rows).reshape(rows, 1, 1)
    logits = predict(nn.Flatten(), inputs, precision="float32", seed=0)
    assert logits[:, 0].tolist() == list(range(rows))
    assert logits.dtype == np.float32


def test_bfloat16_is_rounder_and_comes_back_as_float32() -> None:
    layer = nn.Linear(64, 2)
    inputs = torch.linspace(-1, 1, 64)[None]
    full, half = (forward(layer, inputs, one) for one in ("float32", "bfloat16"))
    assert half.dtype == torch.float32
    assert not torch.equal(full, half)
    torch.testing.assert_close(full, half, atol=0.02, rtol=0.02)


def test_update_is_seen_under_bfloat16() -> None:
    """A context kept open would go on with the weights it cast first."""
    layer, inputs = nn.Linear(4, 2), torch.ones((1, 4))
    with torch.no_grad():
        before = forward(layer, inputs, "bfloat16")
        layer.weight.add_(1.0)
        assert torch.allclose(forward(layer, inputs, "bfloat16"), before + 4, atol=0.1)


def test_outputs_that_are_no_numbers_fail_the_run() -> None:
    logits = np.array([[0.0, np.nan]])
    with pytest.raises(RunFailed, match="no longer finite") as caught:
        score([load_metric("accuracy")], logits, np.array([0]), {})
    assert caught.value.kind == "non-finite"
