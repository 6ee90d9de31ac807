import torch
from torch import nn

from reportgen.training.weights import copy_weights, weights_digest


def test_every_tensor_counts() -> None:
    weights = {"a": torch.zeros(2), "b": torch.ones(2)}
    digests = {
        weights_digest(changed)
        for changed in (
            weights,
            {**weights, "a": torch.tensor([0.0, 1e-7])},
            {**weights, "b": torch.ones(2, dtype=torch.float64)},
            {**weights, "b": torch.ones((1, 2))},
            {"a": weights["b"], "b": weights["a"]},
            {"a": weights["a"]},
        )
    }
    assert len(digests) == 6


def test_order_of_names_does_not_count() -> None:
    one = {"a": torch.zeros(2), "b": torch.ones(2)}
    assert weights_digest(one) == weights_digest(dict(reversed(one.items())))


def test_copy_keeps_what_training_then_changes() -> None:
    model = nn.BatchNorm1d(3)
    kept = copy_weights(model)
    before = weights_digest(kept)
    model(torch.arange(12.0).reshape(4, 3))  # moves the running mean, a buffer
    assert weights_digest(kept) == before
    assert weights_digest(copy_weights(model)) != before
