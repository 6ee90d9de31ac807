"""What a variant changes, as captured: two runs in, what differs beside the change out.

A variant says which settings it changes. The captures of its run and of the baseline's
under the same seed must differ there, and nowhere that does not follow from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from reportgen.records import CaptureRow, RunRecord

Settings = Mapping[str, JsonValue]
Leaf = tuple[str, JsonValue]
# Captured name -> where a spec writes it.
SECTIONS = {
    "optimizer": "training.optimizer",
    "scheduler": "training.scheduler",
    "loss": "training.loss",
}
# Parts of a spec that a model is built from.
SHAPED_BY_DATA = ("data", "model")
FREEZE = "training.freeze"  # decides which parameters are open at the start


@dataclass(frozen=True)
class Contrast:
    """Where two runs differ.

    Attributes:
        declared: settings that the change moves.
        missing: of these, those that no captured row shows.
        beyond: captured rows that differ and do not follow from the change.
    """

    declared: tuple[str, ...]
    missing: tuple[str, ...]
    beyond: tuple[str, ...]


def contrast(change: Settings, usual: RunRecord, own: RunRecord) -> Contrast:
    """Compare a variant's run with the baseline's under the same seed."""
    told = [
        usual.config.model_dump(mode="json", exclude={"seed"}),
        own.config.model_dump(mode="json", exclude={"seed"}),
    ]
    written = [dict(_leaves(one)) for one in told]
    declared = [
        path
        for path, _ in _leaves(change)
        if _value(told[0], path) != _value(told[1], path)
    ]
    rows = _differing(usual.capture, own.capture)
    missing = [
        path for path in declared if not any(_covers(path, _place(row)) for row in rows)
    ]
    strays = [
        path
        for path in dict.fromkeys((*written[0], *written[1]))
        if written[0].get(path) != written[1].get(path)
        and not any(_covers(one, path) for one in _reach(change))
    ]
    beyond = [row.path for row in rows if not _follows(row, _reach(change))]
    return Contrast(
        tuple(declared), tuple(missing), tuple(dict.fromkeys((*strays, *beyond)))
    )


def same_outcome(usual: RunRecord, own: RunRecord) -> bool:
    """Whether two runs came to the same thing, bit for bit."""
    return (
        usual.checkpoints == own.checkpoints
        and usual.curves == own.curves
        and usual.arrays == own.arrays
    )


def _leaves(value: JsonValue | Settings, path: str = "") -> Iterator[Leaf]:
    """Every setting that is no map, by its dotted path; lists are told whole."""
    if isinstance(value, Mapping) and (value or not path):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    else:
        yield path, value  # type: ignore[misc]


def _value(settings: Settings, path: str) -> JsonValue:
    """What stands at a path; None where nothing does."""
    found: JsonValue = dict(settings)
    for key in path.split("."):
        if not isinstance(found, dict) or key not in found:
            return None
        found = found[key]
    return found


def _differing(
    usual: Sequence[CaptureRow], own: Sequence[CaptureRow]
) -> list[CaptureRow]:
    """Rows whose values differ, or that only one of the two has."""
    before = {row.path: row for row in usual}
    after = {row.path: row for row in own}
    return [
        (after.get(path) or before[path])
        for path in dict.fromkeys((*before, *after))
        if path not in before
        or path not in after
        or before[path].value != after[path].value
    ]


def _reach(change: Settings) -> tuple[str, ...]:
    """What a change speaks of; another `use` speaks of the whole component."""
    return tuple(
        path.removesuffix(".use") if path.endswith(".use") else path
        for path, _ in _leaves(change)
    )


def _place(row: CaptureRow) -> str:
    """Where a spec writes, or would write, what a row shows."""
    if row.source == "spec":
        return row.origin
    section, _, rest = row.path.partition(".")
    home = SECTIONS.get(section, section)
    if section in SECTIONS or (section in SHAPED_BY_DATA and "." not in rest):
        name = rest.rpartition(".")[2]
        return f"{home}.use" if name == "use" else f"{home}.params.{name}"
    return row.path


def _covers(one: str, other: str) -> bool:
    """Whether a setting holds the other, is held by it, or is the same."""
    return one == other or any(
        longer.startswith((f"{shorter}.", f"{shorter}["))
        for longer, shorter in ((one, other), (other, one))
    )


def _follows(row: CaptureRow, reach: Sequence[str]) -> bool:
    """Whether a row may differ where a change reaches so far."""
    section, _, rest = row.path.partition(".")
    if section == "parameters" and FREEZE in reach:
        return True
    nested = section == "model" and ("." in rest or row.source == "derived")
    if nested or section == "parameters":
        return any(one.partition(".")[0] in SHAPED_BY_DATA for one in reach)
    if row.source == "derived":
        return True
    return any(_covers(one, _place(row)) for one in reach)
