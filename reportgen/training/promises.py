"""Promises of the steps on the data, measured: prepared data in, one row each out."""

from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import Literal

from reportgen.errors import SettingError
from reportgen.records import Array, CheckRow
from reportgen.training.checks.labels_unseen import LabelsUnseen
from reportgen.training.invariant import Change, Invariant, Measured
from reportgen.training.outside import raised_by
from reportgen.training.prepare import Prepared
from reportgen.training.steps import Step

MEND = "mend what it declares, or let it declare what its rows can show"


def measure_promises(
    prepared: Prepared, fed: Mapping[str, Array]
) -> tuple[CheckRow, ...]:
    """Everything that shifts and transforms promise, on all sets that they touched.

    Args:
        prepared: the data, with what each step did.
        fed: the inputs of each set as the model is given them, (N, T, C).

    Raises:
        SettingError: an invariant cannot be evaluated; the path is the spec's.
    """
    rows = []
    for position, step in enumerate(prepared.steps):
        later = prepared.steps[position + 1 :]
        changes = [_change(step, later, name, fed[name]) for name in step.moves]
        for kind, promised in _promised(step):
            found = _measure(step, promised, changes)
            rows.append(
                CheckRow(
                    subject=step.path,
                    check=promised.name,
                    kind=kind,
                    says=promised.says,
                    observed=found.observed,
                    passed=found.passed,
                    sets=tuple(step.moves),
                )
            )
    return tuple(rows)


@lru_cache(maxsize=32)
def evaluate_promises(prepared: Prepared) -> None:
    """See that all promises can be evaluated, whatever comes out; once per data.

    Raises:
        SettingError: as `measure_promises`.
    """
    measure_promises(prepared, {n: one.inputs for n, one in prepared.sets.items()})


def _promised(
    step: Step,
) -> Iterator[tuple[Literal["changes", "keeps"], Invariant]]:
    """What a step declares, and what is asked of all steps that draw no rows."""
    for one in step.built.value.changes:
        yield "changes", one
    for one in step.built.value.keeps:
        yield "keeps", one
    if not step.built.value.redraws:
        yield "keeps", LabelsUnseen()


def _change(step: Step, later: tuple[Step, ...], name: str, fed: Array) -> Change:
    move = step.moves[name]
    fed_rows = move.rows
    for other in later:
        if name in other.moves and fed_rows is not None:
            then = other.moves[name].rows
            fed_rows = None if then is None else fed_rows[then]
    return Change(
        name=name,
        before=move.before,
        after=move.after,
        rows=move.rows,
        fed=fed,
        fed_rows=fed_rows,
        source=step.source,
        replay=partial(step.redo, name),
    )


def _measure(step: Step, promised: Invariant, changes: list[Change]) -> Measured:
    found: list[object] = []
    what = f"the invariant {promised.name!r} of {step.built.target} cannot be evaluated"
    try:
        error = raised_by(lambda: found.append(promised.measure(changes)))
    except SettingError as refused:
        where = f"{step.path}.use"
        raise SettingError(where, f"{what}: {refused.what}", refused.fix) from refused
    if error is not None:
        reason = f"{what}: it raised {type(error).__name__}: {error}"
        raise SettingError(f"{step.path}.use", reason, MEND) from error
    (measured,) = found
    if not isinstance(measured, Measured):
        reason = f"{what}: it gave {type(measured).__name__}, not Measured"
        raise SettingError(f"{step.path}.use", reason, MEND)
    return measured
