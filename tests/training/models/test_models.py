"""The contract every model in the catalogue keeps."""

import pytest
import torch
from torch import nn

from reportgen.errors import SettingError
from reportgen.spec.model import Component
from reportgen.training.components import build_model
from reportgen.training.data import DataInfo
from reportgen.training.models import MODELS
from reportgen.training.seeding import restored_generators, seed_global

INFO = DataInfo(("shape", "colour"), (4, 3), length=7, classes=3)
VARIANTS = [
    *((name, {}) for name in MODELS),
    ("lstm", {"bidirectional": True, "layers": 1, "dropout": 0.3}),
    ("gru", {"bidirectional": True, "dropout": 0.3}),
    ("transformer", {"layers": 1, "heads": 2, "dropout": 0.1}),
    ("bag_of_tokens", {"dropout": 0.5}),
]


def make(name: str, params: dict[str, object], *, seed: int = 0) -> nn.Module:
    with restored_generators():
        seed_global(seed, "initialisation")
        component = Component.model_validate({"use": name, "params": params})
        model = build_model(component, MODELS, INFO).value
    assert isinstance(model, nn.Module)
    return model


def batch(rows: int = 5) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    sizes = torch.tensor(INFO.vocabularies)
    drawn = torch.rand((rows, INFO.length, 2), generator=generator)  # (B, T, C)
    return (drawn * sizes).long()


@pytest.mark.parametrize(("name", "params"), VARIANTS)
def test_model_classifies_rows(name: str, params: dict[str, object]) -> None:
    logits = make(name, params)(batch())
    assert logits.shape == (5, 3)
    assert torch.isfinite(logits).all()


@pytest.mark.parametrize(("name", "params"), VARIANTS)
def test_seed_decides_the_first_weights(name: str, params: dict[str, object]) -> None:
    one, same, other = (
        make(name, params),
        make(name, params),
        make(name, params, seed=1),
    )
    weights = [
        torch.cat([p.flatten() for p in m.parameters()]) for m in (one, same, other)
    ]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


@pytest.mark.parametrize(("name", "params"), VARIANTS)
def test_rows_do_not_influence_each_other(name: str, params: dict[str, object]) -> None:
    model = make(name, params).eval()
    with torch.no_grad():
        torch.testing.assert_close(model(batch())[:1], model(batch()[:1]))


@pytest.mark.parametrize("name", MODELS)
def test_embedding_is_named_so_that_it_can_be_frozen(name: str) -> None:
    names = [
        n for n, _ in make(name, {}).named_parameters() if n.startswith("embedding.")
    ]
    assert names == ["embedding.tables.shape.weight", "embedding.tables.colour.weight"]


@pytest.mark.parametrize("name", MODELS)
def test_every_parameter_gets_a_gradient(name: str) -> None:
    model = make(name, {})
    loss = nn.functional.cross_entropy(model(batch(64)), torch.arange(64) % 3)
    torch.autograd.backward(loss)
    for parameter_name, parameter in model.named_parameters():
        assert parameter.grad is not None, parameter_name


def test_bag_of_tokens_cannot_see_order() -> None:
    model = make("bag_of_tokens", {}).eval()
    torch.testing.assert_close(model(batch()), model(batch().flip(1)))


@pytest.mark.parametrize("name", ["lstm", "gru", "transformer"])
def test_sequence_models_see_order(name: str) -> None:
    model = make(name, {}).eval()
    assert not torch.allclose(model(batch()), model(batch().flip(1)), atol=1e-4)


def test_dropout_acts_in_training_only() -> None:
    model = make("bag_of_tokens", {"dropout": 0.5})
    with torch.no_grad(), restored_generators():
        seed_global(0, "dropout")
        assert not torch.equal(model(batch()), model(batch()))
        model.eval()
        assert torch.equal(model(batch()), model(batch()))


def test_both_directions_reach_the_readout() -> None:
    model = make("lstm", {"bidirectional": True, "hidden_dim": 6})
    assert model.readout.in_features == 12  # type: ignore[union-attr]
    first, last = batch().clone(), batch().clone()
    first[:, 0, 0] = (first[:, 0, 0] + 1) % 4
    last[:, -1, 0] = (last[:, -1, 0] + 1) % 4
    with torch.no_grad():
        for changed in (first, last):
            assert not torch.equal(model(batch()), model(changed))


def test_heads_must_divide_the_width() -> None:
    with pytest.raises(
        SettingError, match="3 heads do not divide a width of 32"
    ) as caught:
        make("transformer", {"heads": 3})
    assert caught.value.path == "params.heads"
