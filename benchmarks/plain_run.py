"""One run as most people write it: a fresh process, a DataLoader, one thread.

Usage: python plain_run.py ARRAYS.npz SETTINGS.json SEED
Nothing of reportgen is imported, so that its ideas are not measured against themselves.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset


class Classifier(nn.Module):
    """Summed channel embeddings, a stacked LSTM, and a linear readout."""

    def __init__(
        self, symbols: list[int], embedding_dim: int, hidden_dim: int, layers: int
    ) -> None:
        super().__init__()
        self.embeddings = nn.ModuleList(
            nn.Embedding(count, embedding_dim) for count in symbols
        )
        self.lstm = nn.LSTM(embedding_dim, hidden_dim, layers, batch_first=True)
        self.readout = nn.Linear(hidden_dim, 2)

    def forward(self, inputs: Tensor) -> Tensor:
        """Class scores; (B, T, C) to (B, 2)."""
        embedded = sum(
            embedding(inputs[:, :, channel])
            for channel, embedding in enumerate(self.embeddings)
        )
        _, (hidden, _) = self.lstm(embedded)
        answer: Tensor = self.readout(hidden[-1])
        return answer


def evaluate(model: nn.Module, loader: DataLoader[tuple[Tensor, ...]]) -> float:
    """Mean loss over a loader."""
    model.eval()
    total, rows = 0.0, 0
    with torch.no_grad():
        for inputs, labels in loader:
            loss = nn.functional.cross_entropy(model(inputs), labels, reduction="sum")
            total, rows = total + loss.item(), rows + len(labels)
    return total / rows


def main(arrays: str, settings: str, seed: str) -> None:
    """Train one model and print what it reached."""
    torch.set_num_threads(1)
    torch.manual_seed(int(seed))  # noqa: TID251 - a script of its own, on purpose
    asked = json.loads(Path(settings).read_text("utf-8"))
    data = np.load(arrays)
    loaders = {
        split: DataLoader(
            TensorDataset(
                torch.from_numpy(data[f"{split}_inputs"]),
                torch.from_numpy(data[f"{split}_labels"]),
            ),
            batch_size=asked["batch_size"],
            shuffle=split == "train",
        )
        for split in ("train", "dev", "test")
    }
    model = Classifier(asked["symbols"], **asked["model"])
    optimizer = torch.optim.Adam(model.parameters(), lr=asked["lr"])
    best, best_weights = float("inf"), model.state_dict()
    for _ in range(asked["epochs"]):
        model.train()
        for inputs, labels in loaders["train"]:
            optimizer.zero_grad()
            loss: Tensor = nn.functional.cross_entropy(model(inputs), labels)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        now = evaluate(model, loaders["dev"])
        if now < best:
            best = now
            best_weights = {k: v.clone() for k, v in model.state_dict().items()}
    model.load_state_dict(best_weights)
    count = sum(one.numel() for one in model.parameters())
    print(json.dumps({"test": evaluate(model, loaders["test"]), "parameters": count}))


if __name__ == "__main__":
    main(*sys.argv[1:])
