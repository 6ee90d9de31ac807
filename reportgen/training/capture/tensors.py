"""Parameters and buffers: live tensors in, one row each and the totals out."""

from collections.abc import Iterator

import torch
from pydantic import JsonValue
from torch import Tensor, nn

from reportgen.records import CaptureRow, digest_array
from reportgen.training.capture.rows import derived, row
from reportgen.training.capture.values import as_array

DIGITS = 6  # of a statistic; the digest tells any smaller difference
READ = ("derived", "read before the first step")


def tensor_rows(path: str, module: nn.Module) -> Iterator[CaptureRow]:
    """One row per parameter and buffer, as initialised, then the totals.

    Args:
        path: what the rows stand below, "" for the model's.
        module: the live module.
    """
    parameters = dict(module.named_parameters(remove_duplicate=False))
    buffers = dict(module.named_buffers(remove_duplicate=False))
    for kind, tensors, meaning in (
        ("parameters", parameters, "numbers that training may move"),
        ("buffers", buffers, "numbers that the module keeps besides parameters"),
    ):
        first: dict[int, str] = {}
        for name, tensor in tensors.items():
            place = f"{path}{kind}.{name}"
            if id(tensor) in first:
                shared = f"the tensor {first[id(tensor)]}"
                yield row(place, shared, ("derived", READ[1]), "one tensor, used twice")
                continue
            first[id(tensor)] = place
            yield row(place, describe(tensor), ("derived", READ[1]), meaning)
    trainable = sum(p.numel() for p in module.parameters() if p.requires_grad)
    total = sum(parameter.numel() for parameter in module.parameters())
    yield from derived(
        "counted before the first step",
        (f"{path}parameters.total", total, "numbers in all parameters", "parameters"),
        (
            f"{path}parameters.trainable",
            trainable,
            "of these, open to training in the first epoch",
            "parameters",
        ),
    )


def describe(tensor: Tensor) -> dict[str, JsonValue]:
    """Shape, format, whether it is trained, first statistics and a digest."""
    told: dict[str, JsonValue] = {
        "shape": list(tensor.shape),
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "trained": tensor.requires_grad,
    }
    values = tensor.detach().double()
    if values.numel() and not tensor.is_complex():
        figures = {
            "mean": values.mean(),
            "sd": values.std(unbiased=False),
            "min": values.min(),
            "max": values.max(),
        }
        told |= {name: _short(figure) for name, figure in figures.items()}
    return {**told, "sha256": digest_array(as_array(tensor))[:12]}


def _short(figure: Tensor) -> JsonValue:
    value = float(f"{figure.item():.{DIGITS}g}")
    return value if torch.isfinite(figure) else str(value)
