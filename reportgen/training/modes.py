"""Training mode and evaluation mode: a trained model in, what each does out.

Asked once everything is scored, so that nothing asked can touch a result.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from reportgen.records import CheckRow
from reportgen.training.dropping import Dropping
from reportgen.training.evaluation import forward
from reportgen.training.outside import raised_by
from reportgen.training.seeding import restored_generators, seed_global

ROWS = 64
# Kernels add up in another order for another batch: by how much outputs may differ.
TOLERANCE = {"float32": 1e-4, "bfloat16": 5e-2}


def measure_modes(
    model: nn.Module, rows: Tensor, dropping: Dropping, *, precision: str, seed: int
) -> tuple[CheckRow, ...]:
    """Whether evaluation is steady, and dropout active in training where there is any.

    Outputs are compared once, at the end: in an epoch it would take forward passes in
    training mode, which move the model's buffers and so the run.

    Args:
        model: its buffers may change; nothing reads them afterwards.
        rows: some inputs, (N, T, C).
        dropping: has watched the model's dropout in every epoch.
        precision: that of the run's forward passes.
        seed: of the run.
    """
    some = rows[:ROWS]

    def outputs(stream: str, given: Tensor, *, training: bool) -> Tensor:
        model.train(training)
        seed_global(seed, stream)
        return forward(model, given, precision)

    with restored_generators(), torch.no_grad():
        found = [_steady(outputs, some, TOLERANCE[precision])]
        if dropping:
            found.append(_dropping(outputs, some, dropping))
    return tuple(found)


Outputs = Callable[..., Tensor]


def _steady(outputs: Outputs, rows: Tensor, tolerance: float) -> CheckRow:
    """Same outputs whatever is drawn, and whatever else is in the batch."""
    seen: list[str] = []

    def ask() -> None:
        first = outputs("evaluation", rows, training=False)
        again = outputs("dropout", rows, training=False)
        if not torch.equal(first, again):
            seen.append("outputs follow the random numbers drawn")
        half = len(rows) // 2 or 1
        parts = [
            outputs("evaluation", part, training=False)
            for part in torch.split(rows.flip(0), half)
        ]
        apart = (torch.cat(parts).flip(0) - first).abs()
        if bool((apart > tolerance * (1 + first.abs())).any()):
            seen.append(f"outputs follow the batch, by up to {float(apart.max()):.3g}")

    return _row(
        ("run", "evaluation_steady", "keeps"),
        "evaluation draws nothing and does not depend on the batch",
        (raised_by(ask), seen, f"outputs of {len(rows)} rows are the same"),
    )


def _dropping(outputs: Outputs, rows: Tensor, dropping: Dropping) -> CheckRow:
    """Other outputs under other random numbers, in training mode, and on all along."""
    seen = dropping.faults()
    paths = ", ".join(dropping.paths())

    def ask() -> None:
        first = outputs("dropout", rows, training=True)
        other = outputs("evaluation", rows, training=True)
        if torch.equal(first, other):
            seen.append("outputs are the same under two seeds")

    return _row(
        ("run", "dropout_active", "changes"),
        "units are dropped in every batch to fit, and in no batch to be scored",
        (raised_by(ask), seen, f"outputs differ under two seeds ({paths})"),
    )


def _row(
    ids: tuple[str, str, str], says: str, found: tuple[Exception | None, list[str], str]
) -> CheckRow:
    (subject, check, kind), (error, faults, fine) = ids, found
    observed = "; ".join(faults) or fine
    if error is not None and not faults:
        observed = f"the model raised {type(error).__name__}"
    return CheckRow(
        subject=subject,
        check=check,
        kind="changes" if kind == "changes" else "keeps",
        says=says,
        observed=observed,
        passed=False if faults else None if error is not None else True,
    )
