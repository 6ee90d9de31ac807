"""What a researcher keeps beside a spec: a model, a dataset and a constant."""

from __future__ import annotations

from typing import Any

from reportgen.training.data import DataInfo, Dataset

WIDTH = 3


class Net:
    """A model by its signature alone."""

    def __init__(self, info: DataInfo, width: int = 8, depth: int | None = None):
        self.width, self.depth, self.info = width, depth, info


class Anything:
    """Takes everything and says nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.args, self.kwargs = args, kwargs


def data(*, rows: int, noise: float = 0.0) -> Dataset:
    """A dataset with a required setting."""
    raise NotImplementedError(f"{rows} rows with noise {noise}")


class Idle:
    """Takes a depth and builds the same whatever it is."""

    def __init__(self, info: DataInfo, width: int = 8, depth: int = 2):
        self.width, self.info = width, info
