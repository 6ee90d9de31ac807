"""Frozen means byte-equal weights and no gradient, until the epoch it says."""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from reportgen.errors import SettingError
from reportgen.spec.model import FreezeSpec, RunConfig
from reportgen.training.prepare import prepare
from reportgen.training.runner import train_run
from reportgen.training.seeding import restored_generators
from reportgen.training.setup import hold_still, require_effect, set_up

Configure = Callable[..., RunConfig]


def model() -> nn.Module:
    return nn.ModuleDict({"embedding": nn.Linear(2, 2), "readout": nn.Linear(2, 2)})


def free(module: nn.Module) -> list[str]:
    return [name for name, one in module.named_parameters() if one.requires_grad]


def test_globs_hold_for_the_epochs_they_name() -> None:
    specs = (
        FreezeSpec(parameters="embedding.*", epochs=2),
        FreezeSpec(parameters="*.bias", epochs="all"),
    )
    module = model()
    for epoch, expected in ((1, ["readout.weight"]), (2, ["readout.weight"])):
        hold_still(module, specs, epoch)
        assert free(module) == expected
    hold_still(module, specs, 3)
    assert free(module) == ["embedding.weight", "readout.weight"]


def test_parameter_the_model_itself_froze_stays_frozen() -> None:
    module = model()
    module.get_parameter("readout.bias").requires_grad_(False)
    hold_still(module, (FreezeSpec(parameters="embedding.*", epochs=1),), 2)
    assert "readout.bias" not in free(module)


def test_frozen_weights_stay_even_under_weight_decay(configure: Configure) -> None:
    optimizer = {"use": "torch.optim:AdamW", "params": {"lr": 0.1, "weight_decay": 1.0}}
    ends = {}
    for epochs in ("all", 1):
        freeze = [{"parameters": "embedding.*", "epochs": epochs}]
        config = configure({"training": {"optimizer": optimizer, "freeze": freeze}})
        ends[epochs] = trained_embedding(config)
    first = embedding_before(configure())
    assert torch.equal(ends["all"], first)
    assert not torch.equal(ends[1], first)


def embedding_before(config: RunConfig) -> torch.Tensor:
    with restored_generators():
        _, fitting = set_up(config, prepare(config.data))
    found: torch.Tensor = fitting.model.value.embedding.tables["shape"].weight
    return found.detach().clone()


def trained_embedding(config: RunConfig) -> torch.Tensor:
    """The embedding after training, caught by a hook on the last forward pass."""
    caught: list[torch.Tensor] = []

    def keep(module: nn.Module, _: object, __: object) -> None:
        if isinstance(module, nn.Embedding) and module.num_embeddings == 4:
            caught.append(module.weight.detach().clone())

    hook = nn.modules.module.register_module_forward_hook(keep)
    try:
        assert train_run(config)[0].status == "completed"
    finally:
        hook.remove()
    shapes = caught[0::2]  # shape and colour tables take turns
    return shapes[-1]


@pytest.mark.parametrize(
    ("freeze", "place"),
    [
        ([("embedding.*", "all"), ("embedding.tables.*", 1)], 1),
        ([("*.bias", 1), ("*.bias", 1)], 1),
        ([("hidden.*", 1), ("*.weight", 2), ("*.bias", 2)], 0),
    ],
)
def test_freeze_that_adds_nothing_is_refused(
    configure: Configure, freeze: list[tuple[str, int | str]], place: int
) -> None:
    written = [{"parameters": glob, "epochs": epochs} for glob, epochs in freeze]
    config = configure({"training": {"freeze": written}})
    with pytest.raises(SettingError, match="other freezes hold all of") as caught:
        set_up(config, prepare(config.data))
    assert caught.value.path == f"training.freeze[{place}]"


def test_freezes_that_overlap_in_part_are_fine(configure: Configure) -> None:
    written = [
        {"parameters": "*.weight", "epochs": 2},
        {"parameters": "readout.*", "epochs": 1},
    ]
    config = configure({"training": {"freeze": written}})
    _, fitting = set_up(config, prepare(config.data))
    assert not fitting.model.value.readout.bias.requires_grad


def test_freeze_of_what_the_model_holds_still_is_refused() -> None:
    model = nn.Linear(2, 2)
    model.bias.requires_grad_(False)
    still = FreezeSpec(parameters="bias", epochs="all")
    with pytest.raises(SettingError, match="holds all of 'bias' still by itself"):
        require_effect((still,), model)
    require_effect((FreezeSpec(parameters="*", epochs=1),), model)
