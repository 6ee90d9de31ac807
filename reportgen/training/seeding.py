"""Random streams: a run's seed and a purpose in, a generator of its own out.

The only place that touches the global generators, which initialisers and dropout
layers draw from. Streams are independent, so a model that draws more numbers to start
with sees its rows in the same order as one that draws fewer.
"""

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

STREAMS = ("initialisation", "order", "dropout", "evaluation")


def stream_seed(seed: int, stream: str) -> int:
    """The 63-bit seed of one stream: the head of SHA-256 over run seed and name."""
    digest = hashlib.sha256(f"reportgen/{seed}/{stream}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def stream_generator(seed: int, stream: str) -> torch.Generator:
    """A generator of its own for one stream."""
    return torch.Generator().manual_seed(stream_seed(seed, stream))


def seed_global(seed: int, stream: str) -> None:
    """Start the global generators of torch, numpy and Python at one stream.

    Of torch the CPU's, the only one that runs draw from: `torch.manual_seed` would also
    queue a seed, with a formatted stack, for every kind of device there is not.
    """
    start = stream_seed(seed, stream)
    torch.default_generator.manual_seed(start)
    np.random.seed(start % 2**32)
    random.seed(start)


@contextmanager
def restored_generators() -> Iterator[None]:
    """Leave the global generators as they were found."""
    torch_state, numpy_state = torch.get_rng_state(), np.random.get_state()
    python_state = random.getstate()
    try:
        yield
    finally:
        torch.set_rng_state(torch_state)
        np.random.set_state(numpy_state)
        random.setstate(python_state)


@contextmanager
def evaluation_stream(seed: int) -> Iterator[None]:
    """Evaluate apart: a further evaluation set moves no number drawn in training."""
    with restored_generators():
        seed_global(seed, "evaluation")
        yield
