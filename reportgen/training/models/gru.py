"""A stacked GRU classifier, in one direction or both."""

import torch
from torch import Tensor, nn

from reportgen.training.data import DataInfo
from reportgen.training.embedding import ChannelEmbedding


class GRU(nn.Module):
    """Embedding, stacked GRU, and a linear readout of its final state.

    Args:
        info: what the data look like.
        embedding_dim: width of a token's vector.
        hidden_dim: units of each layer and direction.
        layers: stacked recurrent layers.
        dropout: probability of dropping a unit between layers and before the readout.
        bidirectional: also read each row from its end.

    Source: Cho et al. (2014), Learning Phrase Representations using RNN
    Encoder-Decoder.
    """

    def __init__(
        self,
        info: DataInfo,
        *,
        embedding_dim: int = 32,
        hidden_dim: int = 64,
        layers: int = 2,
        dropout: float = 0.0,
        bidirectional: bool = False,
    ) -> None:
        super().__init__()
        self.embedding = ChannelEmbedding(info, embedding_dim)
        self.gru = nn.GRU(
            embedding_dim,
            hidden_dim,
            num_layers=layers,
            batch_first=True,
            # PyTorch drops units between layers only, and warns where there is one.
            dropout=dropout if layers > 1 else 0.0,
            bidirectional=bidirectional,
        )
        self.dropout = nn.Dropout(dropout)
        self.readout = nn.Linear(hidden_dim * (1 + bidirectional), info.classes)

    def forward(self, inputs: Tensor) -> Tensor:
        """Classify rows; (B, T, C) to (B, K)."""
        tokens = self.embedding(inputs)  # (B, T, D)
        _, hidden = self.gru(tokens)  # (layers·directions, B, H)
        ends = hidden[-2:] if self.gru.bidirectional else hidden[-1:]
        state = torch.cat(tuple(ends), dim=1)  # (B, H·directions)
        return self.readout(self.dropout(state))  # type: ignore[no-any-return]
