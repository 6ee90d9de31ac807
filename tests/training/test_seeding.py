import random

import numpy as np
import torch

from reportgen.training.seeding import (
    STREAMS,
    evaluation_stream,
    restored_generators,
    seed_global,
    stream_generator,
    stream_seed,
)


def draws() -> tuple[float, float, float]:
    return float(torch.rand(())), float(np.random.rand()), random.random()  # noqa: NPY002, S311


def test_streams_are_apart_and_known_forever() -> None:
    seeds = {stream_seed(seed, stream) for seed in range(50) for stream in STREAMS}
    assert len(seeds) == 200
    # Pinned: a change would silently retrain every study to other numbers.
    assert stream_seed(0, "initialisation") == 8777223213737301033


def test_seeding_fixes_all_three_global_generators() -> None:
    with restored_generators():
        seed_global(3, "dropout")
        one = draws()
        seed_global(3, "dropout")
        assert draws() == one
        seed_global(4, "dropout")
        assert all(a != b for a, b in zip(draws(), one, strict=True))


def test_global_generators_are_left_as_found() -> None:
    with restored_generators():
        seed_global(1, "order")
        expected = draws()
        seed_global(1, "order")
        with restored_generators():
            seed_global(9, "dropout")
            draws()
        assert draws() == expected


def test_evaluation_moves_no_number_of_training() -> None:
    with restored_generators():
        seed_global(1, "dropout")
        expected = draws()
        seed_global(1, "dropout")
        with evaluation_stream(1):
            first = draws()
        with evaluation_stream(1):
            assert draws() == first
        assert draws() == expected


def test_order_comes_from_a_generator_of_its_own() -> None:
    orders = [
        torch.randperm(20, generator=stream_generator(seed, "order"))
        for seed in (0, 0, 1)
    ]
    assert torch.equal(orders[0], orders[1])
    assert not torch.equal(orders[0], orders[2])
