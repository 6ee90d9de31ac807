import errno

import pytest
import torch

from reportgen.training.failure import describe_failure, failure_kind, without_places
from reportgen.training.journal import Journal, RunFailed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no /home/ada/models/net.bin here", "no net.bin here"),
        ("at 0x7f00deadbeef", "at 0x…"),
        (r"C:\Users\ada\net.bin", "net.bin"),
        ("1/2 of the rows", "1/2 of the rows"),
        ("shape (3/4) and/or 5", "shape (3/4) and/or 5"),
    ],
)
def test_places_are_taken_out(text: str, expected: str) -> None:
    assert without_places(text) == expected


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RunFailed("non-finite", "x"), "non-finite"),
        (MemoryError(), "out-of-memory"),
        (torch.OutOfMemoryError("CUDA out of memory"), "out-of-memory"),
        (RuntimeError("std::bad_alloc"), "out-of-memory"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "out-of-memory"),
        (OSError(errno.ENOENT, "No such file"), "exception"),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), "exception"),
        (ValueError("out of memory"), "exception"),
    ],
)
def test_kind(error: Exception, kind: str) -> None:
    assert failure_kind(error) == kind


def test_excerpt_ends_with_the_error_and_holds_no_line_numbers() -> None:
    journal = Journal(lines=[f"epoch {n}/9" for n in range(1, 10)], epoch=9)
    try:
        torch.zeros(2) @ torch.zeros(3)
    except RuntimeError as error:
        failure = describe_failure(error, journal)
    assert failure.epoch == 9
    lines = failure.excerpt.splitlines()
    assert lines[0] == "epoch 6/9"
    assert "torch.zeros(2) @ torch.zeros(3)" in failure.excerpt
    assert lines[-1].startswith("RuntimeError: ")
    assert "line " not in failure.excerpt


@pytest.mark.parametrize(
    ("losses", "kind"),
    [
        ([], "non-finite"),
        ([0.7, 0.5], "non-finite"),
        ([0.7, 1.3, float("nan")], "non-finite"),
        ([0.7, 1.5, float("nan")], "diverged"),
        ([0.7, float("inf")], "diverged"),
        ([float("nan")], "non-finite"),
    ],
)
def test_a_run_diverged_where_its_loss_grew_before_it_was_lost(
    losses: list[float], kind: str
) -> None:
    journal = Journal()
    for loss in losses:
        journal.note_loss(loss)
    found = describe_failure(RunFailed("non-finite", "the loss became nan"), journal)
    assert found.kind == kind
    assert describe_failure(KeyError("x"), journal).kind == "exception"
