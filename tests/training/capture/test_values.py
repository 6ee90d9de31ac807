import hashlib
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from reportgen.training.capture.meaning import meaning_of
from reportgen.training.capture.values import Unreadable, plain
from reportgen.training.datasets.spr import spr


class Colour(Enum):
    RED = 1


@dataclass
class Pair:
    left: int
    right: tuple[float, ...]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (0.1, 0.1),
        (float("inf"), "inf"),
        ((0.9, 0.999), [0.9, 0.999]),
        ({3, 1, 2}, [1, 2, 3]),
        ({1: (2,)}, {"1": [2]}),
        (torch.float32, "float32"),
        (torch.device("cpu"), "cpu"),
        (torch.tensor([1.0, 2.0]), [1.0, 2.0]),
        (np.float64(0.5), 0.5),
        (
            torch.zeros(20, 2),
            "float32 array of shape [20, 2], SHA-256 "
            + hashlib.sha256(b"<f4(20, 2)" + bytes(160)).hexdigest()[:12]
            + "…",
        ),
        (torch.ones(2, dtype=torch.bfloat16), [1.0, 1.0]),
        (range(3), [0, 1, 2]),
        (Colour.RED, "Colour.RED"),
        (Pair(1, (2.0,)), {"left": 1, "right": [2.0]}),
        (
            partial(spr, length=3),
            {
                "calls": "reportgen.training.datasets.spr:spr",
                "arguments": [],
                "length": 3,
            },
        ),
        (torch.relu, "builtin"),
        (spr, "reportgen.training.datasets.spr:spr"),
        (dict, "builtins:dict"),
    ],
)
def test_value_has_its_json(value: Any, expected: Any) -> None:
    if expected == "builtin":
        assert "relu" in str(plain(value))
    else:
        assert plain(value) == expected


@pytest.mark.parametrize(
    "value", [[object()], np.array([object()]), torch.Generator(), {1: {2: object()}}]
)
def test_object_without_content_is_refused(value: Any) -> None:
    with pytest.raises(Unreadable):
        plain(value)


def test_value_that_holds_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(Unreadable, match="too deeply"):
        plain(loop)


class Documented:
    """Does things.

    Args:
        lr: how bold a step is; from 0 to 1.
        width (int): how wide,
            on two lines. And more.
    """


def test_users_docstring_comes_before_our_glossary() -> None:
    assert meaning_of(Documented, "lr") == (None, "how bold a step is")
    assert meaning_of(Documented, "width")[1] == "how wide, on two lines"
    assert meaning_of(torch.optim.Adam, "lr") == (None, "step size of the optimiser")
    nothing = "xyz of Documented; its docstring does not explain it"
    assert meaning_of(Documented, "xyz")[1] == nothing
