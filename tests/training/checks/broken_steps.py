"""Ablations that are not what they say, each wrong in its own way."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from reportgen.records import Array
from reportgen.training.checks.code_reversible import CodeReversible
from reportgen.training.checks.labels_kept import LabelsKept
from reportgen.training.data import Channel, Draw, Source, Split
from reportgen.training.transforms.hide_channel import HideChannel
from reportgen.training.transforms.keep_rows import KeepRows
from reportgen.training.transforms.reweight_symbols import ReweightSymbols
from reportgen.training.transforms.shuffle_labels import ShuffleLabels
from reportgen.training.transforms.shuffle_tokens import ShuffleTokens
from reportgen.training.transforms.sort_blocks import SortBlocks
from reportgen.training.transforms.tokenize import Tokenize

Rng = np.random.Generator


@dataclass(frozen=True)
class HidesButOneSymbol(HideChannel):
    """One symbol still shows."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        place = split.channel(self.channel)
        inputs = split.inputs.copy()
        inputs[:, :, place] = np.where(inputs[:, :, place] == 3, 3, 0)
        return replace(split, inputs=inputs)


@dataclass(frozen=True)
class HidesAnother(HideChannel):
    """It hides the other channel."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        return HideChannel("colour")(split, source=source, rng=rng)


@dataclass(frozen=True)
class HidesMore(HideChannel):
    """It hides the channel, and in half of the rows the other one too."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        hidden = super().__call__(split, source=source, rng=rng)
        inputs = hidden.inputs.copy()
        inputs[::2, :, 1] = 0
        return replace(hidden, inputs=inputs)


@dataclass(frozen=True)
class HidesInTrainOnly(HideChannel):
    """It does its work once, for the first split it is given."""

    seen: list[int] = field(init=False, default_factory=list)

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        self.seen.append(1)
        inputs = split.inputs.copy()
        if len(self.seen) == 1:
            inputs[:, :, split.channel(self.channel)] = 0
        return replace(split, inputs=inputs)


@dataclass(frozen=True)
class HidesAndRemembers(HideChannel):
    """It hides the channel and keeps it for `BringsBack`."""

    kept: ClassVar[list[Array]] = []

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        self.kept.append(split.inputs[:, :, split.channel(self.channel)])
        return super().__call__(split, source=source, rng=rng)


@dataclass(frozen=True)
class BringsBack(Tokenize):
    """It writes what was hidden into a channel of its own."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        same = [one for one in HidesAndRemembers.kept if len(one) == len(split)]
        inputs = np.concatenate([split.inputs, same[-1][:, :, None]], axis=2)
        extra = Channel("extra", ("1", "2", "3", "4"))
        return replace(split, inputs=inputs, channels=(*split.channels, extra))


@dataclass(frozen=True)
class ShufflesNothing(ShuffleTokens):
    """Rows stay as they are."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        return split


@dataclass(frozen=True)
class ShufflesAllButFirst(ShuffleTokens):
    """The first token stays where it is."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        rest = replace(split, inputs=split.inputs[:, 1:])
        rest = super().__call__(rest, source=source, rng=rng)
        inputs = np.concatenate([split.inputs[:, :1], rest.inputs], axis=1)
        return replace(split, inputs=inputs)


@dataclass(frozen=True)
class ShufflesAndLosesOne(ShuffleTokens):
    """One token of each row is overwritten by its neighbour."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        after = super().__call__(split, source=source, rng=rng)
        inputs = after.inputs.copy()
        inputs[:, 0] = inputs[:, 1]
        return replace(after, inputs=inputs)


@dataclass(frozen=True)
class ShufflesAllAlike(ShuffleTokens):
    """All rows get one order, so positions can be told."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        order = rng.permutation(split.inputs.shape[1])
        return replace(split, inputs=split.inputs[:, order])


@dataclass(frozen=True)
class Turns(ShuffleTokens):
    """Rows are turned, each by its own number of tokens; neighbours stay."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        rows, length, _ = split.inputs.shape
        start = rng.integers(0, length, (rows, 1))
        order = (np.arange(length) + start) % length
        inputs = np.take_along_axis(split.inputs, order[:, :, None], axis=1)
        return replace(split, inputs=inputs)


@dataclass(frozen=True)
class ShufflesTrainOnly(ShuffleTokens):
    """It does its work once, for the first split it is given."""

    seen: list[int] = field(init=False, default_factory=list)

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        self.seen.append(1)
        if len(self.seen) > 1:
            return split
        return super().__call__(split, source=source, rng=rng)


@dataclass(frozen=True)
class ShufflesByLabel(ShuffleTokens):
    """In rows of class 1 a ▲ comes first where there is one."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        after = super().__call__(split, source=source, rng=rng)
        first = after.inputs[:, :, 0] == 0
        key = np.where(after.labels[:, None] == 1, ~first, 0)
        order = np.argsort(key, axis=1, kind="stable")
        inputs = np.take_along_axis(after.inputs, order[:, :, None], axis=1)
        return replace(after, inputs=inputs)


@dataclass(frozen=True)
class ShufflesRows(ShuffleTokens):
    """Inputs are given to other rows' labels."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        after = super().__call__(split, source=source, rng=rng)
        return replace(after, inputs=after.inputs[rng.permutation(len(after))])


@dataclass(frozen=True)
class MovesLabelsAlong(ShuffleTokens):
    """Labels and columns go to other rows, in step, and inputs stay."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        after = super().__call__(split, source=source, rng=rng)
        moved = after.take(rng.permutation(len(after)))
        return replace(moved, inputs=after.inputs)


@dataclass(frozen=True)
class CopiesAlike(ShuffleTokens):
    """Fewer copies than promised."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        return ShuffleTokens(self.copies - 1)(split, source=source, rng=rng)


@dataclass(frozen=True)
class MergesTokens(Tokenize):
    """Two tokens share a code."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        after = super().__call__(split, source=source, rng=rng)
        inputs = np.where(after.inputs == 5, 4, after.inputs)
        return replace(after, inputs=inputs)


@dataclass(frozen=True)
class CodesEachSetAnew(Tokenize):
    """Every set has a code book of its own."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        after = super().__call__(split, source=source, rng=rng)
        book = rng.permutation(len(after.channels[0].symbols))
        return replace(after, inputs=book[after.inputs])


@dataclass(frozen=True)
class FlipsLabels(ReweightSymbols):
    """Every tenth label is turned round."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        after = super().__call__(split, source=source, rng=rng)
        labels = after.labels.copy()
        labels[::10] = 1 - labels[::10]
        return replace(after, labels=labels)


@dataclass(frozen=True)
class UnbalancesLabels(ReweightSymbols):
    """Rows of class 1 are drawn less often."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        after = super().__call__(split, source=source, rng=rng)
        kept = np.flatnonzero((after.labels == 0) | (np.arange(len(after)) % 2 == 0))
        return after.take(np.resize(kept, len(after)))


@dataclass(frozen=True)
class PaintsRed(ReweightSymbols):
    """Colours change as well, and the rule labels what came out."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        assert source is not None
        return source.draw(len(split), rng, Draw({**self.weights, "r": 2.0}))


@dataclass(frozen=True)
class MovesAnother(ReweightSymbols):
    """It makes another symbol of the channel frequent."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        assert source is not None
        return source.draw(len(split), rng, Draw({"●": 4.0}))


@dataclass(frozen=True)
class Lengthens(ReweightSymbols):
    """Rows lose their last token."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        after = super().__call__(split, source=source, rng=rng)
        return replace(after, inputs=after.inputs[:, :-1])


@dataclass(frozen=True)
class SortsAll(SortBlocks):
    """Whole rows are sorted."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        return SortBlocks(split.inputs.shape[1])(split, source=source, rng=rng)


@dataclass(frozen=True)
class ShufflesHalfTheLabels(ShuffleLabels):
    """Every second row keeps its label."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        labels = split.labels.copy()
        labels[::2] = rng.permutation(labels[::2])
        return replace(split, labels=labels)


@dataclass(frozen=True)
class KeepsTheLastRows(KeepRows):
    """Other rows than it says."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        return split.take(np.arange(len(split) - self.rows, len(split)))


@dataclass(frozen=True)
class WritesOnePlace(Tokenize):
    """It writes one symbol of what was hidden over the last one of another channel."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        same = [one for one in HidesAndRemembers.kept if len(one) == len(split)]
        inputs = split.inputs.copy()
        inputs[:, -1, 1] = same[-1][:, 0]
        return replace(split, inputs=inputs)


@dataclass(frozen=True)
class RecodesNothing(Tokenize):
    """Tokens stay as they are, whatever scheme is asked for."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        return split


@dataclass(frozen=True)
class JoinsAnyway(Tokenize):
    """Tokens are joined, whatever scheme is asked for."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        return Tokenize("joint")(split, source=source, rng=rng)


@dataclass(frozen=True)
class SpellsNothing:
    """A recoding of one's own that gives the rows back."""

    redraws: ClassVar = False
    changes: ClassVar = (CodeReversible(),)
    keeps: ClassVar = (LabelsKept(),)

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        return split


@dataclass(frozen=True)
class MovesSibling(ReweightSymbols):
    """Of the other symbols of the channel one becomes more frequent than the rest."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        assert source is not None
        return source.draw(len(split), rng, Draw({**self.weights, "◆": 2.5}))


def arranged(key: Callable[[Array], Array]) -> Callable[[Array, Rng], Array]:
    """A draw whose rows are put into the order of a key before the rule sees them."""

    def arrange(inputs: Array, _: Rng) -> Array:
        order = np.argsort(key(inputs), axis=1, kind="stable")
        return np.take_along_axis(inputs, order[:, :, None], axis=1)

    return arrange


@dataclass(frozen=True)
class ReweightsAndSorts(ReweightSymbols):
    """Rows are sorted as well, and the rule labels what came out."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        assert source is not None
        sort = arranged(lambda inputs: inputs[:, :, 0])
        return source.draw(len(split), rng, Draw(self.weights, sort))


@dataclass(frozen=True)
class ReweightsAndPairs(ReweightSymbols):
    """Each second ■ takes the colour of its left neighbour's."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        assert source is not None

        def paint(inputs: Array, rng: Rng) -> Array:
            after = inputs.copy()
            pairs = (inputs[:, 1:, 0] == 1) & (rng.random(inputs[:, 1:, 0].shape) < 0.5)
            after[:, 1:, 1][pairs] = inputs[:, :-1, 1][pairs]
            return after

        return source.draw(len(split), rng, Draw(self.weights, paint))


@dataclass(frozen=True)
class FlipsTheRed(ReweightSymbols):
    """As many labels of a class are flipped as before, but where red comes first."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        after = super().__call__(split, source=source, rng=rng)
        assert after.oracle is not None
        labels = after.oracle.copy()
        for label in (0, 1):
            own = np.flatnonzero(after.oracle == label)
            red_first = np.argsort(after.inputs[own, 0, 1], kind="stable")
            flips = int((after.labels[own] != label).sum())
            labels[own[red_first[:flips]]] = 1 - label
        return replace(after, labels=labels)


@dataclass(frozen=True)
class PaintsLabels(ReweightSymbols):
    """The last token is red or green, as the label says; the rule reads none of it."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        after = super().__call__(split, source=source, rng=rng)
        inputs = after.inputs.copy()
        inputs[:, -1, 1] = after.labels
        return replace(after, inputs=inputs)


@dataclass(frozen=True)
class SortsChannelsApart(SortBlocks):
    """In each block shapes and colours are sorted on their own: tokens break up."""

    def __call__(self, split: Split, *, source: Source | None, rng: Rng) -> Split:
        assert source is not None

        def arrange(inputs: Array, _: Rng) -> Array:
            blocks = np.arange(inputs.shape[1])[None, :, None] // self.size * 100
            order = np.argsort(inputs + blocks, axis=1, kind="stable")
            return np.take_along_axis(inputs, order, axis=1)

        return source.draw(len(split), rng, Draw(arrange=arrange))
