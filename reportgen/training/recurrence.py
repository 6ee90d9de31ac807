"""What recurrent models share: settings and token vectors in, layers and states out."""

from typing import TypeVar

import torch
from torch import Tensor, nn

Stack = TypeVar("Stack", nn.LSTM, nn.GRU)


def stack_layers(
    cell: type[Stack],
    width: int,
    *,
    hidden_dim: int,
    layers: int,
    dropout: float,
    bidirectional: bool,
) -> Stack:
    """Recurrent layers on top of each other, for tokens of shape (B, T, width)."""
    return cell(
        width,
        hidden_dim,
        num_layers=layers,
        batch_first=True,
        # PyTorch drops units between layers only, and warns where there is one.
        dropout=dropout if layers > 1 else 0.0,
        bidirectional=bidirectional,
    )


def state_width(stack: nn.LSTM | nn.GRU) -> int:
    """Width of a final state: H·directions."""
    return stack.hidden_size * (1 + stack.bidirectional)


def final_state(stack: nn.LSTM | nn.GRU, tokens: Tensor) -> Tensor:
    """The last layer's state after each row, in each direction.

    Maps (B, T, D) to (B, H·directions); backwards, a row ends at its first token.
    """
    _, hidden = stack(tokens)  # (layers·directions, B, H)
    if isinstance(hidden, tuple):
        hidden, _ = hidden  # an LSTM ends in a cell state as well
    ends = hidden[-2:] if stack.bidirectional else hidden[-1:]
    return torch.cat(tuple(ends), dim=1)  # (B, H·directions)
