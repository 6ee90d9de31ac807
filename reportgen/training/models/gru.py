"""A stacked GRU classifier, in one direction or both."""

from torch import Tensor, nn

from reportgen.training.data import DataInfo
from reportgen.training.embedding import ChannelEmbedding
from reportgen.training.recurrence import final_state, stack_layers, state_width


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
        self.gru = stack_layers(
            nn.GRU,
            embedding_dim,
            hidden_dim=hidden_dim,
            layers=layers,
            dropout=dropout,
            bidirectional=bidirectional,
        )
        self.dropout = nn.Dropout(dropout)
        self.readout = nn.Linear(state_width(self.gru), info.classes)

    def forward(self, inputs: Tensor) -> Tensor:
        """Classify rows; (B, T, C) to (B, K)."""
        tokens = self.embedding(inputs)  # (B, T, D)
        state = final_state(self.gru, tokens)  # (B, H·directions)
        return self.readout(self.dropout(state))  # type: ignore[no-any-return]
