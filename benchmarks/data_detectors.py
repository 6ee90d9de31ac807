"""How often detectors of data cry wolf, and see the wolf: by simulation.

Usage: python -m benchmarks.data_detectors [SETS]

Clean sets of rows are drawn alike, from generators with and without dependence inside
a row, and so small in one case that chance repeats rows; faults are planted in others.
The rates stand in each detector's `false_positives`. Every line has a seed of its own.
"""

import sys
from collections.abc import Callable, Iterator
from math import sqrt

import numpy as np
from numpy.random import Generator
from scipy import stats

from benchmarks.measure import print_table
from reportgen.analysis.detectors.c2st import ALPHA, TOLD_APART, tell_apart
from reportgen.analysis.detectors.dup_effect import repeated_against_clean
from reportgen.analysis.detectors.dup_exact import repeats
from reportgen.analysis.detectors.dup_near import (
    Repeats,
    compare,
)
from reportgen.analysis.detectors.feature_ks import two_sample_ks
from reportgen.analysis.detectors.label_shift import ALPHA as LABELS
from reportgen.analysis.detectors.label_shift import prediction_p
from reportgen.analysis.detectors.mmd import discrepancies, gaussian_kernel
from reportgen.analysis.detectors.token_shift import permuted_tables
from reportgen.analysis.evidence.arm_values import twice_median
from reportgen.analysis.rows.clean import row_keys
from reportgen.analysis.rows.features import RowFeatures, permutation_p
from reportgen.analysis.rows.leaks import order_leak, single_feature_auc
from reportgen.analysis.rows.near import near_rows, reordered_rows
from reportgen.analysis.statistics.estimate import estimate
from reportgen.metrics.metric import Outputs, load_metric
from reportgen.records import Array

SETS = 400
Draw = Callable[[Generator, int], Array]
Flags = Callable[[Array, Array], dict[str, bool]]


def independent(rng: Generator, rows: int) -> Array:
    """Twenty tokens of sixteen symbols."""
    return rng.integers(0, 16, (rows, 20))


def clustered(rng: Generator, rows: int) -> Array:
    """Each row prefers a symbol of its own: tokens within it are not independent."""
    favourite = rng.integers(0, 16, (rows, 1))
    return np.where(rng.random((rows, 12)) < 0.5, favourite, _uneven(rng, (rows, 12)))


def short(rng: Generator, rows: int) -> Array:
    """So few rows are possible that chance repeats them."""
    return _uneven(rng, (rows, 7)) % 6


def _uneven(rng: Generator, shape: tuple[int, int]) -> Array:
    """Symbols of unequal frequency."""
    odds = 1 / np.arange(1, 17)
    return rng.choice(16, size=shape, p=odds / odds.sum())


CLEAN: dict[str, Draw] = {
    "independent tokens": independent,
    "tokens alike within rows": clustered,
    "chance repeats rows": short,
}


def two_sample(train: Array, rows: Array) -> dict[str, bool]:
    """What the detectors of shifts say of two sets."""
    features, split = RowFeatures(np.concatenate([train, rows])[:, :, None]), len(train)
    sources = (np.arange(split), np.arange(len(rows)))
    tables = dict(permuted_tables(features, sources))
    p_tables = len(tables) * min(one.p for one in tables.values())
    columns = np.concatenate([features.counts, features.places], axis=1)
    told = tell_apart(columns, split)
    varied = np.column_stack([features.counts, (features.counts > 0).sum(axis=1)])
    p_features = two_sample_ks(varied, split)[1].min() * varied.shape[1]
    return {
        "token_shift": p_tables < 0.05,
        "feature_ks": bool(p_features < 0.05),
        "c2st": told.p < ALPHA and told.auc > TOLD_APART,
        "mmd": permutation_p(discrepancies(gaussian_kernel(features.places), split))
        < 0.05,
    }


def near(train: Array, rows: Array) -> Repeats:
    """Rows that nearly repeat a training row."""
    return Repeats(near_rows(rows, train).found(), near_rows(train, train).found())


def reordered(train: Array, rows: Array) -> Repeats:
    """Rows with the tokens of a training row in another order."""
    return Repeats(reordered_rows(rows, train), reordered_rows(train, train))


def duplicates(train: Array, rows: Array) -> dict[str, bool]:
    """What the detectors of duplicates say, by their p-values alone."""
    exact = repeats("test", row_keys(train), row_keys(rows), 0)
    return {
        "dup_exact": (exact.p or 0.0) < 0.01,
        "dup_near": compare("test", near(train, rows), "").flag,
        "dup_near, reordered": compare("test", reordered(train, rows), "").flag,
    }


def leaks(train: Array, rows: Array) -> dict[str, bool]:
    """What the checklist says of labels drawn without regard to the rows."""
    features = RowFeatures(train[:, :, None])
    labels = np.random.default_rng(int(rows.sum())).integers(0, 2, len(train))
    best = max(
        single_feature_auc(one, labels) for one in (features.counts, features.places)
    )
    auc, p = order_leak(labels)
    return {
        "leakage_process, single feature": best > 0.99,
        "leakage_process, place": p < 0.01 and abs(auc - 0.5) > 0.05,
    }


def effect(rng: Generator, seeds: int, repeated: int, gain: float) -> bool:
    """What is said of runs that answer repeated rows better by a gain in logits."""
    rows = 400
    clean = np.arange(rows) >= repeated
    strength = rng.normal(0.8, 1.0, rows) + gain * ~clean
    outputs = []
    for _ in range(seeds):
        right = strength + rng.normal(0, 0.2) + rng.normal(0, 0.5, rows) > 0
        labels = rng.integers(0, 2, rows)
        logits = np.eye(2)[np.where(right, labels, 1 - labels)]
        outputs.append(Outputs(logits, labels, {}))
    sample = repeated_against_clean(load_metric("accuracy"), outputs, clean)
    found = estimate(sample)
    return found.determined and found.interval(0.95)[0] > 0


def relabelled(
    rng: Generator, runs: int, *, classes: int = 2, first: float | None = None
) -> bool:
    """What is said of dev and test, whose first class may have a share of its own."""
    rows = 400
    odds = np.full(classes, 1 / classes)
    if first is not None:
        odds = np.array([first, *[(1 - first) / (classes - 1)] * (classes - 1)])
    labels = (rng.integers(0, classes, rows), rng.choice(classes, rows, p=odds))
    strengths = (rng.normal(1.5, 1.2, rows), rng.normal(1.5, 1.2, rows))
    p_values = []
    for _ in range(runs):
        luck = rng.normal(0, 0.2)
        sides = []
        for truth, strength in zip(labels, strengths, strict=True):
            right = strength + luck + rng.normal(0, 0.5, rows) > 0
            other = (truth + rng.integers(1, classes, rows)) % classes
            named = np.where(right, truth, other)
            sides.append(Outputs(np.eye(classes)[named], truth, {}))
        p = prediction_p(*sides)
        p_values += [] if p is None else [p]
    return twice_median(p_values) < LABELS


def label_rates(sets: int) -> Iterator[tuple[str, ...]]:
    """How often a shift of labels is seen where both sets are labelled alike."""
    for runs, classes in ((1, 2), (3, 2), (10, 2), (10, 5)):
        rng = np.random.default_rng([runs, classes])
        fired = sum(relabelled(rng, runs, classes=classes) for _ in range(2 * sets))
        case = f"{runs} runs, {classes} classes"
        yield "label_shift", case, *_rate(fired, 2 * sets)


def clean_rates(sets: int) -> Iterator[tuple[str, ...]]:
    """How often each detector flags rows drawn alike."""
    cases: tuple[tuple[Flags, tuple[int, int]], ...] = (
        (two_sample, (300, 250)),
        (duplicates, (600, 400)),
        (leaks, (300, 300)),
    )
    for seed, (name, draw) in enumerate(CLEAN.items()):
        for flags, (train, rows) in cases:
            rng = np.random.default_rng([seed, train])
            found = [flags(draw(rng, train), draw(rng, rows)) for _ in range(sets)]
            for detector in found[0]:
                fired = sum(one[detector] for one in found)
                yield detector, name, *_rate(fired, sets)
    for seeds, repeated in ((3, 30), (5, 60), (10, 60)):
        rng = np.random.default_rng([seeds, repeated])
        fired = sum(effect(rng, seeds, repeated, 0.0) for _ in range(2 * sets))
        case = f"{seeds} runs, {repeated} repeated rows"
        yield "dup_effect", case, *_rate(fired, 2 * sets)
    yield from label_rates(sets)


def planted_rates(sets: int) -> Iterator[tuple[str, ...]]:
    """How often each detector flags a fault."""
    for name, (flags, (train, rows), plant) in FAULTS.items():
        rng = np.random.default_rng(len(name))
        found = []
        for _ in range(sets):
            first, second = independent(rng, train), independent(rng, rows)
            found.append(flags(first, plant(rng, first, second)))
        for detector in found[0]:
            fired = sum(one[detector] for one in found)
            yield detector, name, *_rate(fired, sets)
    rng = np.random.default_rng(1)
    fired = sum(effect(rng, 5, 60, 2.0) for _ in range(sets))
    yield "dup_effect", "repeated rows answered better", *_rate(fired, sets)
    rng = np.random.default_rng(2)
    fired = sum(relabelled(rng, 5, first=0.65) for _ in range(sets))
    yield "label_shift", "a class of 65 % rather than half", *_rate(fired, sets)


def _copied(rng: Generator, train: Array, rows: Array) -> Array:
    """Three rows in a hundred repeat a training row."""
    del rng
    return np.concatenate([train[: len(rows) * 3 // 100], rows[len(rows) * 3 // 100 :]])


def _nearly(rng: Generator, train: Array, rows: Array) -> Array:
    """Three rows in a hundred repeat one but for a token."""
    found = _copied(rng, train, rows)
    copies = len(rows) * 3 // 100
    found[np.arange(copies), rng.integers(0, 20, copies)] = 0
    return found


def _reordered(rng: Generator, train: Array, rows: Array) -> Array:
    """Three rows in a hundred hold the tokens of one in another order."""
    copies = len(rows) * 3 // 100
    found = _copied(rng, train, rows)
    found[:copies] = rng.permuted(found[:copies], axis=1)
    return found


def _reweighted(rng: Generator, train: Array, rows: Array) -> Array:
    """One token in eight becomes the same symbol."""
    del train
    return np.where(rng.random(rows.shape) < 0.125, 0, rows)


def _sorted(rng: Generator, train: Array, rows: Array) -> Array:
    """The first ten tokens of each row are sorted."""
    del rng, train
    return np.concatenate([np.sort(rows[:, :10], axis=1), rows[:, 10:]], axis=1)


FAULTS: dict[
    str, tuple[Flags, tuple[int, int], Callable[[Generator, Array, Array], Array]]
] = {
    "3 % of rows copied": (duplicates, (600, 400), _copied),
    "3 % copied but for a token": (duplicates, (600, 400), _nearly),
    "3 % copied in another order": (duplicates, (600, 400), _reordered),
    "one token in eight replaced": (two_sample, (300, 250), _reweighted),
    "half of each row sorted": (two_sample, (300, 250), _sorted),
}


def _rate(fired: int, sets: int) -> tuple[str, str]:
    """The rate with its 95 % interval (Clopper-Pearson)."""
    span = stats.binomtest(fired, sets).proportion_ci(0.95, method="exact")
    error = sqrt(max(fired, 1) * (sets - fired)) / sets**1.5
    return f"{fired / sets:.3f}", f"{span.low:.3f} to {span.high:.3f} (se {error:.3f})"


def main(sets: int) -> None:
    """Print both tables."""
    for title, rates in (("clean rows", clean_rates), ("fault", planted_rates)):
        print_table(("detector", title, "flagged", "95 % interval"), [*rates(sets)])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SETS)
