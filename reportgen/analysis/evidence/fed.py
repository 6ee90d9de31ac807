"""What models were fed: results in, every distinct pair of evaluation sets out.

Arms that only recode the rows they share with the baseline are not paired again: two
of their sets differ where the baseline's do. Equal arrays are compared once, whatever
arms they belong to; digests say which are equal.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reportgen.analysis.evidence.results import Results, row_identity
from reportgen.analysis.evidence.sources import source_rows
from reportgen.records import Array, RunRecord
from reportgen.spec.model import BASELINE

SPLITS = ("train", "dev", "test")


@dataclass(frozen=True)
class Fed:
    """One set of rows as an arm was fed them."""

    results: Results
    arm: str
    name: str
    record: RunRecord

    @property
    def digest(self) -> str:
        """Of the rows."""
        return self.record.arrays[f"inputs/{self.name}"]

    @property
    def inputs(self) -> Array:
        """Codes, shape (N, T, C)."""
        return self.results.arrays[self.digest]

    @property
    def labels(self) -> Array:
        """Classes, shape (N,)."""
        return self.results.arrays[self.record.arrays[f"labels/{self.name}"]]

    @property
    def columns(self) -> dict[str, Array]:
        """Values that go with each row, by name; each of shape (N,)."""
        prefix = f"columns/{self.name}/"
        return {
            key.removeprefix(prefix): self.results.arrays[digest]
            for key, digest in sorted(self.record.arrays.items())
            if key.startswith(prefix)
        }

    @property
    def sources(self) -> Array:
        """Which row each row is a copy of, shape (N,); its own number where of none."""
        found = source_rows(self.results, self.record, self.name)
        return np.arange(len(self.labels)) if found is None else found

    @property
    def symbols(self) -> tuple[tuple[str, ...], ...]:
        """What the codes of each channel stand for; empty where not recorded."""
        summary = self.record.data.get(self.name)
        return tuple(one.symbols for one in summary.channels) if summary else ()


@dataclass(frozen=True)
class FedPair:
    """Two sets of one arm."""

    first: Fed
    second: Fed

    @property
    def subject(self) -> str:
        """The words a reader knows the pair by."""
        return pair_subject(self.first.arm, self.first.name, self.second.name)

    @property
    def declared(self) -> bool:
        """Whether a spec makes the second set differ from the first on purpose."""
        return self.second.name not in SPLITS


def pair_subject(arm: str, first: str, second: str) -> str:
    """How two sets of one arm are called."""
    return f"{arm}: {first} and {second}"


def set_subject(arm: str, name: str) -> str:
    """How one set is called; the baseline's bear their own name."""
    return name if arm == BASELINE else f"{arm}: {name}"


def fed_sets(results: Results, arm: str = BASELINE) -> tuple[Fed, ...]:
    """The sets whose rows an arm kept: train, dev, test, then its shifts."""
    record = results.fed(arm)
    if record is None:
        return ()
    return tuple(
        Fed(results, arm, name, record)
        for name in results.sets(arm)
        if f"inputs/{name}" in record.arrays and f"labels/{name}" in record.arrays
    )


def distinct_sets(results: Results, *, recoded: bool = False) -> Iterator[Fed]:
    """Every set of the baseline, and those of other arms with rows of their own.

    Args:
        results: whose arms are read.
        recoded: whether to read arms that feed the baseline's rows in another form too.
    """
    seen = set()
    for arm in results.study_arms:
        for one in fed_sets(results, arm):
            labelled = (one.digest, _label_digest(one))
            if labelled not in seen and (recoded or _own_rows(results, one)):
                seen.add(labelled)
                yield one


def shift_pairs(results: Results, *, recoded: bool = False) -> Iterator[FedPair]:
    """Training with dev and with test, and test with each of its shifts.

    Args:
        results: whose arms are read.
        recoded: whether to read arms that feed the baseline's rows in another form too.
    """
    seen = set()
    for arm in results.study_arms:
        for pair in _pairs(fed_sets(results, arm)):
            digests = (pair.first.digest, pair.second.digest)
            if digests in seen or not (recoded or _own_pair(results, pair)):
                continue
            seen.add(digests)
            yield pair


def train_pairs(results: Results, *, labelled: bool = False) -> Iterator[FedPair]:
    """Training with every other set.

    Args:
        results: whose arms are read.
        labelled: whether equal rows with other labels make a pair of their own.
    """
    seen = set()
    for arm in results.study_arms:
        sets = fed_sets(results, arm)
        train = next((one for one in sets if one.name == "train"), None)
        for one in sets:
            if train is None or one.name == "train":
                continue
            pair = FedPair(train, one)
            known: tuple[str, ...] = (train.digest, one.digest)
            if labelled:
                known += tuple(_label_digest(fed) for fed in (train, one))
            if known not in seen and _own_pair(results, pair):
                seen.add(known)
                yield pair


def _label_digest(fed: Fed) -> str:
    return fed.record.arrays[f"labels/{fed.name}"]


def _pairs(sets: tuple[Fed, ...]) -> Iterator[FedPair]:
    named = {one.name: one for one in sets}
    for name, one in named.items():
        if name in ("dev", "test") and "train" in named:
            yield FedPair(named["train"], one)
        elif name not in SPLITS and "test" in named:
            yield FedPair(named["test"], one)


def _own_rows(results: Results, fed: Fed) -> bool:
    """Whether these rows are the baseline's own or none of the baseline's."""
    if fed.arm == BASELINE:
        return True
    base = results.fed(BASELINE)
    return base is None or (
        row_identity(base, fed.name) != row_identity(fed.record, fed.name)
    )


def _own_pair(results: Results, pair: FedPair) -> bool:
    return _own_rows(results, pair.first) or _own_rows(results, pair.second)
