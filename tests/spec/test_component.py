"""Components: settings fit what signatures ask for, or the reason is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from reportgen.errors import SettingError
from reportgen.spec.component import (
    Kind,
    Settings,
    check_component,
    find_target,
    with_defaults,
)
from reportgen.spec.shape import misfit, shape_of_type
from reportgen.training.models import MODELS
from reportgen.training.transforms import TRANSFORMS

CATALOGUES: dict[Kind, dict[str, str]] = {"model": MODELS, "transform": TRANSFORMS}


def complaints(kind: Kind, use: str, **params: object) -> list[tuple[str, str]]:
    component = {"use": use, "params": params}
    found = check_component(component, kind, CATALOGUES.get(kind, {}))  # type: ignore[arg-type]
    return [(".".join(map(str, one.path)), one.what) for one in found]


@pytest.mark.parametrize(
    ("kind", "use", "params"),
    [
        ("model", "lstm", {"hidden_dim": 8, "dropout": 0}),
        ("optimizer", "torch.optim:SGD", {"lr": 0.1, "momentum": 0.9}),
        ("scheduler", "torch.optim.lr_scheduler:MultiStepLR", {"milestones": [2, 4]}),
        ("loss", "torch.nn:CrossEntropyLoss", {"label_smoothing": 0.1}),
        ("loss", "torch.nn.functional:cross_entropy", {"label_smoothing": 0.1}),
        ("transform", "reweight_symbols", {"weights": {"▲": 3}}),
    ],
)
def test_accepts_settings_that_fit(
    kind: Kind, use: str, params: dict[str, object]
) -> None:
    assert complaints(kind, use, **params) == []


def test_tells_all_mistakes_of_a_component() -> None:
    found = complaints(
        "scheduler", "torch.optim.lr_scheduler:StepLR", gama=1, gamma="x"
    )
    assert found == [
        ("params", "torch.optim.lr_scheduler:StepLR needs 'step_size'"),
        ("params.gama", "unknown key 'gama'"),
        ("params.gamma", "must be a number, not the text 'x'"),
    ]


def test_points_below_a_setting() -> None:
    found = complaints("transform", "reweight_symbols", weights={"▲": 3, "●": "many"})
    assert found == [("params.weights.●", "must be a number, not the text 'many'")]


def test_booleans_are_no_numbers() -> None:
    found = complaints("model", "lstm", hidden_dim=True, bidirectional=1)
    assert [path for path, _ in found] == ["params.hidden_dim", "params.bidirectional"]


@pytest.mark.parametrize("use", ["a b:c", "a:b:c", "a:", ":b", "1a:b"])
def test_refuses_what_is_no_import_path(use: str) -> None:
    with pytest.raises(SettingError, match="is no import path"):
        find_target(use, "model", MODELS)


def test_defaults_written_out_change_nothing() -> None:
    short: Settings = {"use": "lstm", "params": {"dropout": 0}}
    long: Settings = {"use": MODELS["lstm"], "params": {"layers": 2, "dropout": 0.0}}
    assert with_defaults(short, "model", MODELS) == with_defaults(long, "model", MODELS)


TYPES = [
    int,
    float,
    bool,
    str,
    int | None,
    list[int],
    tuple[float, float],
    tuple[int, ...],
    dict[str, float],
    list[dict[str, int]],
    int | list[str],
    str | bool,
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-9, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=5,
)


@given(st.sampled_from(TYPES), JSON)
def test_agrees_with_strict_pydantic(annotation: type, value: object) -> None:
    """An independent judge of the same question: strict validation of JSON."""
    adapter: TypeAdapter[object] = TypeAdapter(annotation)
    try:
        adapter.validate_json(TypeAdapter(object).dump_json(value), strict=True)
    except ValidationError:
        fits = False
    else:
        fits = True
    assert (misfit(shape_of_type(annotation), value) is None) == fits  # type: ignore[arg-type]
