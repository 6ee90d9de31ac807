"""Two-sample detectors: each fires on a shift, and rarely on rows drawn alike."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import pdist

from reportgen.analysis.detector import Missing, Reading, load_detector
from reportgen.analysis.detectors.c2st import ALPHA, TOLD_APART, tell_apart
from reportgen.analysis.detectors.feature_ks import two_sample_ks
from reportgen.analysis.detectors.mmd import discrepancies, gaussian_kernel
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.rows.features import RowFeatures, groupings, permutation_p
from reportgen.records import Array
from tests.analysis.factory import Bundle, make_results
from tests.analysis.planted import fed_rows, with_array

NAMES = ("c2st", "mmd", "feature_ks")


def flagged_c2st(rows: Array, split: int) -> bool:
    features = RowFeatures(rows)
    columns = np.concatenate([features.counts, features.places], axis=1)
    found = tell_apart(columns, split)
    return found.p < ALPHA and found.auc > TOLD_APART


def flagged_mmd(rows: Array, split: int) -> bool:
    return (
        permutation_p(discrepancies(gaussian_kernel(RowFeatures(rows).places), split))
        < 0.05
    )


def flagged_ks(rows: Array, split: int) -> bool:
    counts = RowFeatures(rows).counts
    return bool(two_sample_ks(counts, split)[1].min() * counts.shape[1] < 0.05)


@pytest.mark.parametrize("flagged", [flagged_c2st, flagged_mmd, flagged_ks])
def test_rows_drawn_alike_are_flagged_as_seldom_as_promised(
    flagged: Callable[[Array, int], bool],
) -> None:
    rng = np.random.default_rng(8)
    repeats = 60
    flags = sum(flagged(clustered(rng, 420), 210) for _ in range(repeats))
    assert flags <= stats.binom.ppf(0.999, repeats, 0.05)


def clustered(rng: np.random.Generator, rows: int) -> Array:
    """Rows whose tokens are alike within each, so tokens are not independent."""
    favourite = rng.integers(0, 6, (rows, 1))
    own = rng.random((rows, 8)) < 0.4
    return np.where(own, favourite, rng.integers(0, 6, (rows, 8)))[:, :, None]


@pytest.mark.parametrize("name", NAMES)
def test_a_shift_of_tokens_is_found(bundle: Bundle, name: str) -> None:
    test = fed_rows(bundle, "baseline", "test").copy()
    rng = np.random.default_rng(1)
    test[rng.random(test.shape) < 0.2] = 0
    found = readings(make_results(with_array(bundle, "inputs/test", test)), name)
    assert found["baseline: train and test"].flag
    assert not found["baseline: train and dev"].flag


@pytest.mark.parametrize(("name", "seen"), [("c2st", 1), ("mmd", 1), ("feature_ks", 0)])
def test_a_shift_of_order_moves_no_count(
    results: Results, name: str, seen: int
) -> None:
    """`ordering` holds the test rows with their tokens sorted."""
    found = readings(results, name)
    assert found["baseline: test and ordering"].flag == bool(seen)
    assert not found["baseline: train and test"].flag


def readings(results: Results, name: str) -> dict[str, Reading]:
    found = load_detector(name).read(results)
    return {one.subject: one for one in found if isinstance(one, Reading)}


def test_arms_that_recode_the_same_rows_are_not_read_again(bundle: Bundle) -> None:
    """All but the table of tokens, which sees what one split alone was done to."""
    planted = bundle
    for place in ("train", "dev", "test", "ordering"):
        recoded = 3 - fed_rows(bundle, "baseline", place)
        planted = with_array(planted, f"inputs/{place}", recoded, {"bilstm"})
    results = make_results(planted)
    for name in (*NAMES, "token_shift"):
        arms = {subject.split(":")[0] for subject in readings(results, name)}
        others = {"bilstm"} if name == "token_shift" else set()
        assert arms == {"baseline"} | others
    redrawn = with_array(planted, "labels/test", np.ones(400, np.int64), {"bilstm"})
    assert list(readings(make_results(redrawn), "c2st"))[3:] == [
        "bilstm: train and test",
        "bilstm: test and ordering",
    ]


@pytest.mark.parametrize(("name", "fewest"), [("c2st", 200), ("mmd", 100)])
def test_too_few_rows_are_not_checked(bundle: Bundle, name: str, fewest: int) -> None:
    rows = fed_rows(bundle, "baseline", "dev")[: fewest - 1]
    found = load_detector(name).read(
        make_results(with_array(bundle, "inputs/dev", rows))
    )
    assert isinstance(found[0], Missing)
    assert str(fewest) in found[0].why
    assert isinstance(found[1], Reading)


def test_a_column_of_the_rows_may_shift_alone(bundle: Bundle) -> None:
    values = np.full(400, 2)
    planted = with_array(bundle, "columns/test/shape_variety", values)
    found = readings(make_results(planted), "feature_ks")
    assert "shape_variety" in found["baseline: train and test"].note


def test_ks_agrees_with_another_computation() -> None:
    rng = np.random.default_rng(3)
    features = np.column_stack(
        [rng.integers(0, 5, 250), rng.random(250), rng.integers(0, 2, 250)]
    )
    gaps, p_values = two_sample_ks(features, 110)
    for column, gap, p in zip(features.T, gaps, p_values, strict=True):
        other = stats.ks_2samp(column[:110], column[110:], method="asymp")
        assert gap == pytest.approx(other.statistic)
        assert p == pytest.approx(other.pvalue)


def test_mmd_agrees_with_its_definition() -> None:
    """The double sums over distinct pairs, written out."""
    rng = np.random.default_rng(3)
    features = rng.integers(0, 3, (9, 4)).astype(np.float64)
    width = float(np.median(pdist(features, "sqeuclidean")))
    n = 4

    def kernel(i: int, j: int) -> float:
        return float(np.exp(-((features[i] - features[j]) ** 2).sum() / width))

    first, second = range(n), range(n, 9)
    within = sum(kernel(i, j) for i in first for j in first if i != j) / (4 * 3)
    others = sum(kernel(i, j) for i in second for j in second if i != j) / (5 * 4)
    across = sum(kernel(i, j) for i in first for j in second) / (4 * 5)
    found = gaussian_kernel(features)
    assert discrepancies(found, n)[0] == pytest.approx(within + others - 2 * across)
    assert found[0, 1] == pytest.approx(kernel(0, 1))


def test_equal_rows_have_no_discrepancy() -> None:
    assert permutation_p(discrepancies(gaussian_kernel(np.ones((200, 3))), 100)) == 1.0


def test_groupings_keep_their_sizes_and_the_observed_first() -> None:
    groups = groupings(50, 20)
    assert groups.shape == (1000, 50)
    assert (groups.sum(axis=1) == 20).all()
    assert groups[0, :20].all()
    assert len(np.unique(groups, axis=0)) == 1000


def test_auc_and_its_interval_agree_with_counting_pairs() -> None:
    rng = np.random.default_rng(5)
    features = rng.normal(size=(900, 3))
    features[450:, 0] += 0.6
    found = tell_apart(features, 450)
    # Of the first feature alone: P(N(0.6, 1) > N(0, 1)) = 0.664.
    assert found.auc == pytest.approx(0.664, abs=0.06)
    assert found.lower < 0.664 < found.upper
    assert 0.1 < found.upper - found.lower < 0.25
    assert found.p < 1e-4
    assert tell_apart(np.ones((500, 2)), 250).auc == pytest.approx(0.5)


def test_a_shifted_row_and_its_source_fall_on_one_side() -> None:
    """Else a classifier would remember the source and be wrong about the shift."""
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(300, 200))
    assert tell_apart(np.concatenate([rows, rows]), 300).auc == pytest.approx(0.5)
