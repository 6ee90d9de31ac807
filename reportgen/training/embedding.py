"""The first layer of every built-in model: symbol codes in, token vectors out."""

import torch
from torch import Tensor, nn

from reportgen.training.data import DataInfo


class ChannelEmbedding(nn.Module):
    """One table per channel, their vectors added up.

    Parameters are named after the channels, `embedding.tables.shape.weight` in a model
    that calls this layer `embedding`, so that `embedding.*` freezes all of them.
    """

    def __init__(self, info: DataInfo, dim: int) -> None:
        super().__init__()
        self.dim = dim
        self.tables = nn.ModuleDict(
            {
                name: nn.Embedding(size, dim)
                for name, size in zip(info.channels, info.vocabularies, strict=True)
            }
        )

    def forward(self, inputs: Tensor) -> Tensor:
        """Look tokens up; (B, T, C) to (B, T, D)."""
        vectors = [
            table(inputs[:, :, position])  # (B, T, D)
            for position, table in enumerate(self.tables.values())
        ]
        return torch.stack(vectors).sum(dim=0) if len(vectors) > 1 else vectors[0]
