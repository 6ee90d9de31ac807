"""Detectors of data: duplicates against chance, and shifts of tokens."""

from dataclasses import replace

import numpy as np
import pytest

from reportgen.analysis.detector import Reading, load_detector
from reportgen.analysis.detectors.dup_exact import expected_share, repeats
from reportgen.analysis.detectors.token_shift import permuted_tables
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.rows.features import RowFeatures
from reportgen.records import Array, BundledRun
from tests.analysis.factory import Bundle, make_results
from tests.analysis.planted import fed_rows, with_array


def shifted(rows: Array, split: int, table: str) -> tuple[float, float]:
    found = dict(permuted_tables(RowFeatures(rows), own_rows(split, len(rows))))[table]
    return found.p, found.ratio


def own_rows(split: int, rows: int) -> tuple[Array, Array]:
    """The sources of rows none of which is a copy."""
    return np.arange(split), np.arange(rows - split)


def hashes(inputs: Array) -> Array:
    flat = np.ascontiguousarray(inputs.reshape(len(inputs), -1))
    return flat.view(np.dtype((np.void, flat.dtype.itemsize * flat.shape[1])))[:, 0]


@pytest.mark.parametrize(
    ("symbols", "length", "share"), [(16, 4, 0.030), (16, 5, 0.0019), (8, 5, 0.059)]
)
def test_chance_duplicates_of_uniform_rows(
    symbols: int, length: int, share: float
) -> None:
    exact = 1 - (1 - float(symbols) ** -length) ** 2000
    assert exact == pytest.approx(share, abs=5e-4)
    rng = np.random.default_rng(2)
    found = [
        expected_share(hashes(rng.integers(0, symbols, (2000, length))))[0]
        for _ in range(20)
    ]
    assert np.mean(found) == pytest.approx(exact, rel=0.25, abs=1e-3)


def test_rows_drawn_alike_do_not_surprise() -> None:
    rng = np.random.default_rng(1)
    surprises = 0
    for _ in range(200):
        train = hashes(rng.integers(0, 16, (800, 4)))
        test = hashes(rng.integers(0, 16, (400, 4)))
        p = repeats("test", train, test, 0).p
        assert p is not None
        surprises += p < 0.01
    assert surprises <= 8


def test_copied_rows_are_found() -> None:
    rng = np.random.default_rng(1)
    train, test = rng.integers(0, 16, (800, 10)), rng.integers(0, 16, (400, 10))
    test[:20] = train[:20]
    found = repeats("test", hashes(train), hashes(test), 0)
    assert found.flag
    assert found.statistic == pytest.approx(0.05)
    assert "20 of 400 rows occur in training, 0.0 expected" in found.note
    assert found.interval is not None
    assert found.interval.lower < 0.05 < found.interval.upper


def test_shuffled_clusters_of_tokens_are_no_shift() -> None:
    """Tokens of one row alike: a naive chi-square would cry wolf one time in five."""
    rng = np.random.default_rng(3)
    flags, repeats = 0, 40
    for _ in range(repeats):
        favourite = rng.integers(0, 16, (500, 1))
        own = rng.random((500, 12)) < 0.5
        rows = np.where(own, favourite, rng.integers(0, 16, (500, 12)))[:, :, None]
        p, _ = shifted(rows, 250, "tokens")
        flags += p < 0.05
    assert flags / repeats < 0.05 + 4 * np.sqrt(0.05 * 0.95 / repeats)


@pytest.mark.parametrize("table", ["tokens", "places"])
def test_a_shift_of_tokens_is_found(table: str) -> None:
    rng = np.random.default_rng(4)
    rows = rng.integers(0, 4, (600, 12, 1))
    odds = [0.4, 0.2, 0.2, 0.2]
    rows[300:] = rng.choice(4, size=(300, 12, 1), p=odds)
    p, excess = shifted(rows, 300, table)
    assert p < 0.01
    assert excess > 2


def test_sorted_rows_keep_their_tokens_and_lose_their_places() -> None:
    rng = np.random.default_rng(4)
    rows = rng.integers(0, 4, (600, 12, 1))
    rows[300:] = np.sort(rows[:300], axis=1)
    assert shifted(rows, 300, "tokens")[0] > 0.9
    assert shifted(rows, 300, "places")[0] < 0.01


def test_each_pair_of_sets_is_read_once(results: Results) -> None:
    readings = load_detector("token_shift").read(results)
    assert [one.subject for one in readings] == [
        "baseline: train and dev",
        "baseline: train and test",
        "baseline: test and ordering",
    ]
    flags = [one.flag for one in readings if isinstance(one, Reading)]
    assert flags == [False, False, True]


def test_a_study_whose_rows_were_not_kept_is_not_checked(results: Results) -> None:
    def strip(one: BundledRun) -> BundledRun:
        arrays = {
            name: digest
            for name, digest in one.record.arrays.items()
            if not name.startswith("inputs/")
        }
        record = one.record.model_copy(update={"arrays": arrays})
        return one.model_copy(update={"record": record})

    bare = replace(results, bundled=tuple(strip(one) for one in results.bundled))
    for name in ("dup_exact", "token_shift"):
        readings = load_detector(name).read(bare)
        assert readings
        assert not any(isinstance(one, Reading) for one in readings)


def test_lengths_that_shift_are_found_beside_tokens() -> None:
    """Padding by name: the same tokens, fewer of them in one set."""
    rng = np.random.default_rng(5)
    rows = rng.integers(1, 5, (600, 12, 1))
    symbols = [("<pad>", "a", "b", "c", "d")]
    kept = rng.integers(8, 13, 600)
    kept[300:] -= 2
    rows[np.arange(12) >= kept[:, None]] = 0
    tested = dict(permuted_tables(RowFeatures(rows, symbols), own_rows(300, 600)))
    assert list(tested) == ["tokens", "places", "lengths"]
    assert tested["lengths"].p < 0.01
    unnamed = RowFeatures(rows)
    assert (unnamed.lengths == 12).all()
    named = [name for name, _ in permuted_tables(unnamed, own_rows(300, 600))]
    assert named == ["tokens", "places"]


def test_repeated_rows_with_other_labels_are_counted(bundle: Bundle) -> None:
    test = fed_rows(bundle, "baseline", "test").copy()
    test[1:21] = fed_rows(bundle, "baseline", "train")[:20]  # labels alternate
    test[100:110] = fed_rows(bundle, "baseline", "train")[100:110]
    planted = make_results(with_array(bundle, "inputs/test", test))
    found = {one.subject: one for one in load_detector("dup_exact").read(planted)}
    reading = found["test"]
    assert isinstance(reading, Reading)
    assert reading.flag
    assert "30 of 400 rows" in reading.note
    assert "20 of them with another label" in reading.note
    other = (np.arange(400) + 1) % 2
    relabelled = with_array(
        with_array(bundle, "inputs/test", test), "labels/test", other, {"bilstm"}
    )
    beside = load_detector("dup_exact").read(make_results(relabelled))
    told = {one.subject: getattr(one, "note", "") for one in beside}
    assert "20 of them with another label" in told["test"]
    assert "10 of them with another label" in told["bilstm: test"], "its own labels"
    quiet = found["dev"]
    assert isinstance(quiet, Reading)
    assert not quiet.flag
    assert "label" not in quiet.note


def test_an_arm_trained_on_test_rows_is_named(bundle: Bundle) -> None:
    train = fed_rows(bundle, "baseline", "train").copy()
    labels = bundle.arrays[bundle.runs[0].record.arrays["labels/train"]].copy()
    train[:30] = fed_rows(bundle, "baseline", "test")[:30]
    labels[:30] = 1 - labels[:30]
    planted = with_array(bundle, "inputs/train", train, {"bilstm"})
    planted = with_array(planted, "labels/train", labels, {"bilstm"})
    flagged = [
        one.subject
        for one in load_detector("dup_exact").read(make_results(planted))
        if isinstance(one, Reading) and one.flag
    ]
    assert flagged == ["bilstm: test"]
