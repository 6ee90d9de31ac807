"""Optimisers and a model that do not do what their settings say."""

from typing import Any

import torch
from torch import Tensor, nn

from reportgen.training.data import DataInfo
from reportgen.training.embedding import ChannelEmbedding


class DecaysAll(torch.optim.SGD):
    """Weights decay with or without a gradient."""

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        super().step(closure)
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter.mul_(0.99)


class Rests(torch.optim.SGD):
    """It never steps."""

    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        return None


class Small(nn.Module):
    """A bag of tokens that treats dropout, or its batch, in a way of its own."""

    def __init__(self, info: DataInfo, *, how: str, dropout: float = 0.5) -> None:
        super().__init__()
        self.how = how
        self.embedding = ChannelEmbedding(info, 8)
        self.dropout = nn.Dropout(dropout)
        self.readout = nn.Linear(8, info.classes)

    def forward(self, inputs: Tensor) -> Tensor:
        pooled = self.embedding(inputs).mean(dim=1)
        if self.how == "fine":
            pooled = self.dropout(pooled)
        if self.how == "always":
            pooled = nn.functional.dropout(pooled, self.dropout.p, training=True)
        if self.how == "batch":
            pooled = pooled - pooled.mean(dim=0)
        if self.how == "asleep":
            self.eval()
        logits: Tensor = self.readout(pooled)
        return logits
