"""A small Transformer encoder classifier."""

import torch
from torch import Tensor, nn

from reportgen.errors import SettingError
from reportgen.training.data import DataInfo
from reportgen.training.embedding import ChannelEmbedding


class Block(nn.Module):
    """Self-attention and a feed-forward layer, each normalised first and added on."""

    def __init__(
        self, dim: int, *, heads: int, hidden_dim: int, dropout: float
    ) -> None:
        super().__init__()
        self.dim, self.heads, self.hidden_dim = dim, heads, hidden_dim
        self.attention_norm = nn.LayerNorm(dim)
        self.attention = nn.MultiheadAttention(
            dim, heads, dropout=dropout, batch_first=True
        )
        self.forward_norm = nn.LayerNorm(dim)
        self.expand = nn.Linear(dim, hidden_dim)
        self.activation = nn.GELU()
        self.contract = nn.Linear(hidden_dim, dim)
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens: Tensor) -> Tensor:
        """Mix tokens; (B, T, D) to (B, T, D)."""
        normed = self.attention_norm(tokens)
        mixed, _ = self.attention(normed, normed, normed, need_weights=False)
        tokens = tokens + self.dropout(mixed)
        hidden = self.activation(self.expand(self.forward_norm(tokens)))  # (B, T, H)
        return tokens + self.dropout(self.contract(hidden))  # type: ignore[no-any-return]


class Transformer(nn.Module):
    """Embedding and learned positions, encoder blocks, mean over tokens, readout.

    Args:
        info: what the data look like.
        embedding_dim: width of a token's vector, a multiple of `heads`.
        hidden_dim: units of each block's feed-forward layer.
        layers: encoder blocks.
        heads: attention heads of each block.
        dropout: probability of dropping a unit, in attention and after each layer.

    Source: Vaswani et al. (2017), Attention Is All You Need; normalisation first as
    in Xiong et al. (2020), On Layer Normalization in the Transformer Architecture.
    """

    def __init__(
        self,
        info: DataInfo,
        *,
        embedding_dim: int = 32,
        hidden_dim: int = 64,
        layers: int = 2,
        heads: int = 4,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if embedding_dim % heads:
            what = f"{heads} heads do not divide a width of {embedding_dim}"
            raise SettingError("heads", what, "use a divisor of embedding_dim")
        self.embedding = ChannelEmbedding(info, embedding_dim)
        self.positions = nn.Embedding(info.length, embedding_dim)
        self.blocks = nn.ModuleList(
            Block(embedding_dim, heads=heads, hidden_dim=hidden_dim, dropout=dropout)
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(embedding_dim)
        self.readout = nn.Linear(embedding_dim, info.classes)

    def forward(self, inputs: Tensor) -> Tensor:
        """Classify rows; (B, T, C) to (B, K)."""
        places = torch.arange(inputs.shape[1], device=inputs.device)  # (T,)
        tokens = self.embedding(inputs) + self.positions(places)  # (B, T, D)
        for block in self.blocks:
            tokens = block(tokens)
        return self.readout(self.norm(tokens).mean(dim=1))  # type: ignore[no-any-return]
