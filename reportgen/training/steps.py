"""A step on the data, done and followed: a component in, its moves of rows out."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np

from reportgen.errors import SettingError
from reportgen.records import Array
from reportgen.spec.model import Component
from reportgen.training.checks.nothing import Nothing
from reportgen.training.components import Built, build
from reportgen.training.data import Source, Split
from reportgen.training.invariant import Invariant, Transform
from reportgen.training.outside import raised_by
from reportgen.training.transforms import TRANSFORMS

# A column that steps carry along like any other, so that rows can be followed.
FOLLOWED = "row before the step"
Made = TypeVar("Made")


@dataclass(frozen=True, eq=False)
class Move:
    """One set before and after one step.

    `rows` says which row of `before` each row of `after` was, where that is known.
    """

    before: Split
    after: Split
    rows: Array | None


@dataclass(frozen=True, eq=False)
class Step:
    """One transform and what it did to each set it touched.

    Attributes:
        path: where it stands in the spec, e.g. `data.transforms[0]`.
        built: the transform.
        stream: what its random numbers start from, set by set.
        moves: by name of the set.
        source: where the dataset draws more rows.
    """

    path: str
    built: Built
    stream: tuple[object, str, str]  # the data's seed, the step, no set
    moves: Mapping[str, Move]
    source: Source | None

    def redo(self, name: str, split: Split) -> tuple[Split, Array | None]:
        """Do the step to other rows, with the random numbers it had for this set."""
        seed, position, only = self.stream
        rng = step_generator(seed, position, only or name)
        return followed(self.built.value, split, self.source, rng)


def step_generator(seed: object, position: str, split: str) -> np.random.Generator:
    """The stream of one step on one split: from the data's seed, never the run's."""
    entropy = hashlib.sha256(f"data/{seed}/{position}/{split}".encode()).digest()
    return np.random.default_rng(int.from_bytes(entropy[:16], "little"))


def followed(
    transform: Transform,
    split: Split,
    source: Source | None,
    rng: np.random.Generator,
) -> tuple[Split, Array | None]:
    """What a transform makes of a split, and which rows its rows were."""
    marked = {**split.columns, FOLLOWED: np.arange(len(split))}
    given = replace(split, columns=marked)
    after = transform(given, source=source, rng=rng)
    columns = dict(after.columns)
    rows = columns.pop(FOLLOWED, None)
    return replace(after, columns=columns), rows


def build_transform(component: Component, path: str) -> Built:
    """Build a transform and see that it says what it does.

    Raises:
        SettingError: it is refused, or promises nothing that can be measured.
    """
    built = run_data_code(
        path, component.use, lambda: build(component, "transform", TRANSFORMS)
    )
    declared: list[object] = []
    for name in ("changes", "keeps", "redraws"):
        if not hasattr(type(built.value), name) and not hasattr(built.value, name):
            what = f"the transform {component.use!r} does not declare `{name}`"
            raise SettingError(f"{path}.use", what, _DECLARE[name])
    for name in ("changes", "keeps"):
        read = partial(_declared, built.value, name)
        side = run_data_code(path, component.use, read)
        if not side:
            what = f"the transform {component.use!r} declares nothing in `{name}`"
            raise SettingError(f"{path}.use", what, _DECLARE[name])
        declared += side
    if all(isinstance(one, Nothing) for one in declared):
        what = f"the transform {component.use!r} is without declared invariants"
        raise SettingError(f"{path}.use", what, _DECLARE["changes"])
    for one in declared:
        if not isinstance(one, Invariant):
            what = f"{one!r}, declared by {component.use!r}, cannot be evaluated"
            fix = "declare values such as LabelsKept() from reportgen.training.checks"
            raise SettingError(f"{path}.use", what, fix)
    return built


def _declared(transform: Transform, name: str) -> tuple[object, ...]:
    return tuple(getattr(transform, name))


_DECLARE = {
    "changes": (
        "say in the class what it moves, or why it moves nothing:\n"
        "        # from reportgen.training.checks import order_lost, nothing\n"
        "        changes = (order_lost.OrderLost(),)\n"
        '        changes = (nothing.Nothing(because="…"),)'
    ),
    "keeps": (
        "say in the class what it leaves alone, or why it leaves nothing alone:\n"
        "        # from reportgen.training.checks import labels_kept, nothing\n"
        "        keeps = (labels_kept.LabelsKept(),)\n"
        '        keeps = (nothing.Nothing(because="…"),)'
    ),
    "redraws": "add `redraws: ClassVar = False`, or True where it draws new rows",
}


def run_data_code(path: str, use: str, work: Callable[[], Made]) -> Made:
    """Run a dataset's or transform's code; what it raises is a mistake of the input.

    Nothing can be trained without data, so this is no failed run: it stops the study
    before its first.

    Raises:
        SettingError: with the place in the spec.
    """
    made: list[Made] = []
    try:
        error = raised_by(lambda: made.append(work()))
    except SettingError as refused:
        where = f"{path}.{refused.path}" if refused.path else path
        raise SettingError(where, refused.what, refused.fix) from refused
    if error is not None:
        what = f"{use!r} raised {type(error).__name__}: {error}"
        raise SettingError(path, what, "mend the data or the code") from error
    return made[0]
