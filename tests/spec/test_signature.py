"""Signatures read without an import are those that Python itself reports."""

import collections.abc
import inspect
import sys
from importlib import import_module
from pathlib import Path

import pytest
import torch

from reportgen.errors import SettingError
from reportgen.spec.shape import ANY, describe_shape, shape_of_type
from reportgen.spec.signature import UNKNOWN_DEFAULT, Signature, read_signature
from reportgen.training.datasets import DATASETS
from reportgen.training.models import MODELS
from reportgen.training.transforms import TRANSFORMS

LOSSES = ("CrossEntropyLoss", "NLLLoss", "MultiMarginLoss")


def classes(module: str) -> list[str]:
    names = vars(import_module(module))
    return sorted(
        f"{module}:{name}"
        for name, value in names.items()
        if isinstance(value, type) and value.__module__.startswith("torch.optim")
        if name[0] != "_" and name != "Optimizer"
    )


TARGETS = [
    *DATASETS.values(),
    *TRANSFORMS.values(),
    *MODELS.values(),
    *classes("torch.optim"),
    *classes("torch.optim.lr_scheduler"),
    *(f"torch.nn:{name}" for name in LOSSES),
]


@pytest.mark.parametrize("target", TARGETS)
def test_reads_what_python_reports(target: str) -> None:
    module, _, attribute = target.partition(":")
    value = getattr(import_module(module), attribute)
    # PyTorch imports some of these names for type checkers only.
    names = {**vars(collections.abc), **vars(import_module(value.__module__))}
    live = inspect.signature(value, eval_str=True, locals=names).parameters.values()
    named = [
        one for one in live if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
    found = read_signature(target)
    assert [one.name for one in found.parameters] == [one.name for one in named]
    for mine, theirs in zip(found.parameters, named, strict=True):
        assert mine.required == (theirs.default is theirs.empty)
        annotation = theirs.annotation
        expected = ANY if annotation is theirs.empty else shape_of_type(annotation)
        if not mine.injected and "params" not in mine.name:
            assert mine.shape == expected, mine.name
        if mine.default not in (UNKNOWN_DEFAULT, None):
            theirs_plain = theirs.default
            if isinstance(theirs_plain, tuple):
                theirs_plain = list(theirs_plain)
            assert mine.default == theirs_plain


def test_the_contract_covers_pytorch() -> None:
    assert len(classes("torch.optim")) >= 10
    assert len(classes("torch.optim.lr_scheduler")) >= 12
    assert torch.__version__  # what the contract was held against


def test_data_info_is_filled_in() -> None:
    (info,) = [one for one in read_signature(MODELS["lstm"]).parameters if one.injected]
    assert info.name == "info"


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A user's module, written anew for each test."""
    name = f"module_{tmp_path.name.replace('-', '_')}"
    text = (
        "from __future__ import annotations\n"
        "from typing import TYPE_CHECKING, Literal, Optional\n"
        "if TYPE_CHECKING:\n"
        "    from nowhere import Unknown\n"
        "class Typed:\n"
        "    def __init__(self, width: int, kind: Literal['a', 'b'] = 'a',\n"
        "                 betas: tuple[float, float] = (0.9, 0.99),\n"
        "                 name: Optional[str] = None, extra=None): ...\n"
        "def unknown(size: Unknown, rate: float = 0.1): ...\n"
        "def open_ended(width: int, **more: object): ...\n"
        "VALUE = 3\n"
    )
    (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return name


def words(signature: Signature) -> dict[str, str]:
    return {one.name: describe_shape(one.shape) for one in signature.parameters}


def test_inspects_a_users_class(module: str) -> None:
    signature = read_signature(f"{module}:Typed")
    assert words(signature) == {
        "width": "a whole number",
        "kind": "'a' or 'b'",
        "betas": "a list of 2 numbers",
        "name": "a text or nothing",
        "extra": "anything",
    }
    assert signature.is_class
    assert not signature.open


def test_accepts_annotations_that_only_type_checkers_import(module: str) -> None:
    expected = {"size": "anything", "rate": "a number"}
    assert words(read_signature(f"{module}:unknown")) == expected


def test_notices_open_keywords(module: str) -> None:
    signature = read_signature(f"{module}:open_ended")
    assert signature.open
    assert words(signature) == {"width": "a whole number"}


@pytest.mark.parametrize(
    ("attribute", "match"),
    [("VALUE", "cannot be called"), ("Typd", "has no 'Typd'")],
)
def test_refuses_what_is_no_callable(module: str, attribute: str, match: str) -> None:
    with pytest.raises(SettingError, match=match):
        read_signature(f"{module}:{attribute}")


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ("import nowhere_at_all", "ModuleNotFoundError: No module named 'nowhere"),
        ("def broken(:", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("raise RuntimeError('no device')", "no device"),
        ("class Own(Exception): pass\nraise Own('odd')", "Own: odd"),
        ("raise SystemExit(3)", "SystemExit: 3"),
    ],
)
def test_says_why_an_import_fails(
    content: str, match: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"broken_{abs(hash(content))}"
    (tmp_path / f"{name}.py").write_text(content, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(SettingError, match=match):
        read_signature(f"{name}:Thing")
    assert name not in sys.modules


@pytest.mark.parametrize("target", ["nowhere:x", "nowhere.below:x", "torch.optm:Adam"])
def test_names_a_module_that_is_missing(target: str) -> None:
    module = target.partition(":")[0]
    with pytest.raises(SettingError, match=f"there is no module '{module}'"):
        read_signature(target)
