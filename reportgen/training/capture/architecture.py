"""The model as it runs: one batch through the live module, one row per module out."""

from typing import Any

import torch
from torch import Tensor, nn

from reportgen.records import ModuleRow
from reportgen.training.seeding import restored_generators


def capture_architecture(model: nn.Module, batch: Tensor) -> tuple[ModuleRow, ...]:
    """Modules in the order they are called; those never called come last.

    Args:
        model: the live model; left as it was, its mode included.
        batch: a few input rows, shape (B, T, C).
    """
    shapes: dict[str, tuple[tuple[int, ...] | None, tuple[int, ...] | None]] = {}
    entered: list[str] = []
    hooks: list[Any] = []
    for path, module in model.named_modules():

        def enter(_: nn.Module, __: Any, path: str = path) -> None:
            if path not in entered:
                entered.append(path)

        def leave(_: nn.Module, given: Any, out: Any, path: str = path) -> None:
            shapes.setdefault(path, (_shape(given), _shape(out)))

        hooks += [
            module.register_forward_pre_hook(enter),
            module.register_forward_hook(leave),
        ]
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad(), restored_generators():
            model(batch)
    finally:
        model.train(was_training)
        for hook in hooks:
            hook.remove()
    modules = dict(model.named_modules())
    order = [*entered, *(path for path in modules if path not in entered)]
    return tuple(
        _row(path, modules[path], shapes.get(path, (None, None))) for path in order
    )


def _row(
    path: str,
    module: nn.Module,
    shapes: tuple[tuple[int, ...] | None, tuple[int, ...] | None],
) -> ModuleRow:
    return ModuleRow(
        path=path,
        type=type(module).__name__,
        arguments=module.extra_repr(),
        parameters=sum(p.numel() for p in module.parameters(recurse=False)),
        input_shape=shapes[0],
        output_shape=shapes[1],
    )


def _shape(value: Any) -> tuple[int, ...] | None:
    """Shape of the first tensor in a value, batch axis left out."""
    if isinstance(value, Tensor):
        return tuple(value.shape[1:])
    if isinstance(value, list | tuple):
        return next(
            (found for one in value if (found := _shape(one)) is not None), None
        )
    return None
