"""Parts of a small study: a quick model, and parts with a bug in them."""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from reportgen.training.data import Channel, DataInfo, Dataset, Split
from reportgen.training.datasets.spr import spr


class Perceptron(nn.Module):
    """One hidden layer over the symbols of all places."""

    def __init__(
        self, info: DataInfo, *, hidden: int = 64, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.sizes = info.vocabularies
        self.hidden = nn.Linear(info.length * sum(info.vocabularies), hidden)
        self.activation = nn.ReLU()
        self.dropout = nn.Dropout(dropout)
        self.readout = nn.Linear(hidden, info.classes)

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits; (B, T, C) to (B, K)."""
        shown = [
            functional.one_hot(inputs[:, :, place], size).flatten(1)
            for place, size in enumerate(self.sizes)
        ]
        hidden = self.activation(self.hidden(torch.cat(shown, dim=1).float()))
        logits: Tensor = self.readout(self.dropout(hidden))
        return logits


def lopsided(logits: Tensor, labels: Tensor) -> Tensor:
    """A cross-entropy in which the second class weighs five times as much."""
    weights = torch.ones(logits.shape[1])
    weights[1] = 5.0
    return functional.cross_entropy(logits, labels, weight=weights)


def ruleless(
    *, rows: dict[str, int], length: int, seed: int, label_noise: float = 0.0
) -> Dataset:
    """Rows that do not say which rule made their labels."""
    drawn = spr(
        rows=rows,
        length=length,
        seed=seed,
        rule=["count(▲) >= 2"],
        label_noise=label_noise,
    )
    splits = {name: replace(one, oracle=None) for name, one in drawn.splits.items()}
    return replace(drawn, splits=splits)


def misaligned(
    *,
    rows: dict[str, int],
    length: int,
    seed: int,
    split: str,
    label_noise: float = 0.0,
) -> Dataset:
    """Rows of one split have the label of the row before."""
    drawn = ruleless(rows=rows, length=length, seed=seed, label_noise=label_noise)
    splits = dict(drawn.splits)
    wrong = splits[split]
    splits[split] = replace(wrong, labels=np.roll(wrong.labels, 1))
    return replace(drawn, splits=splits)


def leaky(
    *, rows: dict[str, int], length: int, seed: int, label_noise: float = 0.0
) -> Dataset:
    """Test rows stand among the training rows."""
    drawn = ruleless(rows=rows, length=length, seed=seed, label_noise=label_noise)
    splits = dict(drawn.splits)
    splits["train"] = joined(splits["train"], splits["test"])
    return replace(drawn, splits=splits)


def joined(first: Split, second: Split) -> Split:
    """The rows of two splits, in an order of their own."""
    rows = np.random.default_rng(0).permutation(len(first) + len(second))

    def both(name: str) -> np.ndarray:
        return np.concatenate([getattr(first, name), getattr(second, name)])[rows]

    columns = {
        name: np.concatenate([column, second.columns[name]])[rows]
        for name, column in first.columns.items()
    }
    return Split(both("inputs"), both("labels"), first.channels, None, columns)


def letters() -> Dataset:
    """Nine rows of one token in one channel, in three classes; no rule, no columns."""
    split = Split(
        np.arange(9).reshape(9, 1, 1) % 3,
        np.arange(9) % 3,
        (Channel("letter", ("a", "b", "c")),),
    )
    return Dataset(dict.fromkeys(("train", "dev", "test"), split), classes=3)
