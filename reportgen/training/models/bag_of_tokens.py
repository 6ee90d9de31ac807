"""A classifier that sees which tokens a row holds and not where."""

from torch import Tensor, nn

from reportgen.training.data import DataInfo
from reportgen.training.embedding import ChannelEmbedding


class BagOfTokens(nn.Module):
    """The mean token vector of a row, then one hidden layer.

    Args:
        info: what the data look like.
        embedding_dim: width of a token's vector.
        hidden_dim: units of the hidden layer.
        dropout: probability of dropping a hidden unit.
    """

    def __init__(
        self,
        info: DataInfo,
        *,
        embedding_dim: int = 32,
        hidden_dim: int = 64,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.embedding = ChannelEmbedding(info, embedding_dim)
        self.hidden = nn.Linear(embedding_dim, hidden_dim)
        self.activation = nn.ReLU()
        self.dropout = nn.Dropout(dropout)
        self.readout = nn.Linear(hidden_dim, info.classes)

    def forward(self, inputs: Tensor) -> Tensor:
        """Classify rows; (B, T, C) to (B, K)."""
        bag = self.embedding(inputs).mean(dim=1)  # (B, D)
        hidden = self.activation(self.hidden(bag))  # (B, H)
        return self.readout(self.dropout(hidden))  # type: ignore[no-any-return]
