"""A run whose every object can be altered: its code as text, and its settings."""

from typing import Any

CODE = '''
"""A user's model, loss, optimiser and data."""

import numpy as np
import torch
from torch import nn
from reportgen.training.data import Channel, DataInfo, Dataset, Split


class Net(nn.Module):
    """Everything a model may be made of, with every argument written out."""

    def __init__(self, info: DataInfo, *, width: int = 4, drop: float = 0.2) -> None:
        super().__init__()
        self.scale = 1.0
        self._offsets = {"logit": 0.0}
        self.table = nn.Embedding(
            info.vocabularies[0], width, padding_idx=None, max_norm=None,
            norm_type=2.0, scale_grad_by_freq=False, sparse=False,
        )
        self.rnn = nn.LSTM(
            width, 4, num_layers=2, bias=True, batch_first=True, dropout=0.3,
            bidirectional=False, proj_size=0,
        )
        self.norm = nn.LayerNorm(4, eps=1e-5, elementwise_affine=True)
        self.batch = nn.BatchNorm1d(
            4, eps=1e-4, momentum=0.1, affine=True, track_running_stats=True
        )
        self.drop = nn.Dropout(drop, inplace=False)
        self.act = nn.GELU(approximate="none")
        self.readout = nn.Linear(4, info.classes)
        # further parts

    def forward(self, inputs):
        """Logits."""
        _, (hidden, _) = self.rnn(self.table(inputs[:, :, 0]))
        state = self.batch(self.norm(hidden[-1]))
        logits = self.readout(self.drop(self.act(state)))
        return logits * self.scale + self._offsets["logit"]


class Other(Net):
    """Holds the same and gives twice as much."""

    def forward(self, inputs):
        """Logits."""
        return 2 * super().forward(inputs)


class Loss(nn.Module):
    """Cross-entropy, as a part of something."""

    def __init__(self, *, factor: float = 1.0) -> None:
        super().__init__()
        self.factor = factor
        self.inner = nn.CrossEntropyLoss(
            weight=None, size_average=None, ignore_index=-100, reduce=None,
            reduction="mean", label_smoothing=0.0,
        )

    def forward(self, logits, labels):
        """A number."""
        return self.inner(logits, labels) * self.factor


class Half(torch.optim.Adam):
    """Adam that moves half of the parameters."""

    def __init__(self, params, lr: float = 1e-3) -> None:
        kept = list(params)
        super().__init__(kept[: len(kept) // 2], lr=lr)


def letters(*, classes: int = 3) -> Dataset:
    """Letters, of as many classes as wanted."""
    channels = (Channel("letter", ("a", "b", "c", "d", "e")),)
    made = np.random.default_rng(0)
    splits = {
        name: Split(
            made.integers(0, 5, (rows, 4, 1)), np.arange(rows) % classes, channels
        )
        for name, rows in (("train", 30), ("dev", 12), ("test", 12))
    }
    return Dataset(splits, classes=classes)
'''

SETTINGS: dict[str, Any] = {
    "data": {
        "use": "spr",
        "params": {
            "rows": {"train": 40, "dev": 20, "test": 20},
            "length": 5,
            "seed": 3,
            "rule": ["count(▲) >= 2"],
        },
        "transforms": [
            {"use": "tokenize", "params": {"scheme": "joint"}},
            {"use": "keep_rows", "params": {"rows": 30}, "splits": ["train"]},
        ],
        "shifts": {
            "heavy": {"use": "reweight_symbols", "params": {"weights": {"■": 2.0}}}
        },
    },
    "model": {"use": "mutant_code:Net", "params": {"width": 4}},
    "training": {
        "epochs": 2,
        "batch_size": 8,
        "optimizer": {
            "use": "torch.optim:Adam",
            "params": {"lr": 0.02, "weight_decay": 0.01},
        },
        "scheduler": {
            "use": "torch.optim.lr_scheduler:StepLR",
            "params": {"step_size": 1, "gamma": 0.5},
        },
        "loss": {"use": "mutant_code:Loss"},
        "gradient_clip": 0.5,
        "freeze": [{"parameters": "table.*", "epochs": 1}],
        "select": {"metric": "dev.loss", "rule": "best"},
    },
    "metrics": ["accuracy", "loss"],
    "seed": 0,
}
# No transform or shift of the base run suits the letters.
LETTERS: dict[str, Any] = {"use": "mutant_code:letters", "transforms": [], "shifts": {}}
