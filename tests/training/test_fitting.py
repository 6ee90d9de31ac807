"""What is refused before anything fits together."""

import pytest
import torch
from torch import nn

from reportgen.errors import SettingError
from reportgen.training.fitting import require_ready


def test_layer_of_open_size_is_refused() -> None:
    with pytest.raises(SettingError, match="'m' leaves sizes open") as caught:
        require_ready(nn.Sequential(nn.LazyLinear(2)), "m")
    assert caught.value.path == "model.use"


@pytest.mark.parametrize("kind", [nn.Linear(2, 2, device="meta"), nn.BatchNorm1d(2)])
def test_numbers_elsewhere_than_on_the_processor_are_refused(kind: nn.Module) -> None:
    require_ready(nn.Linear(2, 2), "m")
    moved = kind.to(torch.device("meta"))
    with pytest.raises(SettingError, match="'m' puts numbers on meta"):
        require_ready(nn.Sequential(nn.Linear(2, 2), moved), "m")
