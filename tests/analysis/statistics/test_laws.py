"""The power of every method, against what the method decides on drawn scores."""

from functools import lru_cache

import numpy as np
import pytest
from scipy import stats

from reportgen.analysis.claims.method import Method, load_method
from reportgen.analysis.claims.methods import METHODS
from reportgen.analysis.claims.rule import Margins
from reportgen.analysis.statistics.estimate import Sample
from reportgen.analysis.statistics.laws import (
    Asked,
    effect_for,
    paired_law,
    pooled_law,
    rope_law,
    seeds_for,
    signflip_law,
    unlike_spreads,
    unpaired_law,
)
from reportgen.analysis.statistics.power import Noise, detectable_effect, seeds_needed
from reportgen.spec.claims import Kind
from reportgen.spec.model import AnalysisSpec

ROUNDS, ARMS = 400, 3
ROOT = 2**0.5  # SD of a difference of two arms whose SD is 1
JUDGED = sorted(set(METHODS) - {"poi"})


@lru_cache(maxsize=8)
def method(name: str) -> Method:
    return load_method(AnalysisSpec.model_validate({"method": name}))


def share_supported(name: str, kind: Kind, n: int, effect: float) -> float:
    """How often a method supports a claim that is true by `effect` SDs."""
    rng = np.random.default_rng([n, round(10 * effect), JUDGED.index(name)])
    one, hits = method(name), 0
    gain, margin = (0.0, effect) if kind == "equivalent" else (effect, 0.0)
    for _ in range(ROUNDS):
        peers = rng.standard_normal((ARMS, n)) / ROOT
        peers[0] += gain
        sample = Sample(peers[0] - peers[1], scores=(peers[0], peers[1]), peers=peers)
        found = one.estimate(sample, over_rows=False)
        margins = Margins(margin, 0.0)
        hits += one.judge(kind, margins, found, alpha=0.05).verdict == "supported"
    return hits / ROUNDS


@pytest.mark.parametrize("name", JUDGED)
@pytest.mark.parametrize(
    ("kind", "n", "effect"), [("improves", 7, 1.2), ("equivalent", 8, 1.5)]
)
def test_each_method_has_the_power_its_law_says(
    name: str, kind: Kind, n: int, effect: float
) -> None:
    one = method(name)
    said = one.power(effect, Noise(1.0), n, one.asked(kind, 0.05, arms=ARMS))
    seen = share_supported(name, kind, n, effect)
    assert 0.1 < said < 0.99
    assert seen == pytest.approx(said, abs=4 * (said * (1 - said) / ROUNDS) ** 0.5)


def test_the_laws_differ() -> None:
    """More degrees of freedom find more; exact flips find less than Student's t."""
    laws = (signflip_law, paired_law, unpaired_law)
    found = [law(1.0, Noise(1.0), 6, Asked(0.05)) for law in laws]
    assert found == sorted(found)
    assert found[1] - found[0] > 0.04
    assert rope_law(1.5, Noise(1.0), 5, Asked(0.025, equivalence=True)) > (
        paired_law(1.5, Noise(1.0), 5, Asked(0.025, equivalence=True))
    )


def test_the_paired_law_is_the_one_of_the_tables() -> None:
    for ratio in (0.5, 1.0, 2.0):
        asked, match = Asked(0.05), Asked(0.05, equivalence=True)
        assert seeds_for(paired_law, 1.0, Noise(ratio), asked) == seeds_needed(
            1.0, Noise(ratio)
        )
        assert seeds_for(paired_law, 1.0, Noise(ratio), match) == seeds_needed(
            1.0, Noise(ratio), equivalence=True
        )
    assert effect_for(paired_law, 5, Noise(1.0), Asked(0.05)) == detectable_effect(5)


def test_pooling_eight_arms_at_three_seeds() -> None:
    """2 SD of an arm: .627 where it is judged, which 1.2 % of such studies are."""
    asked = Asked(0.05, arms=8)
    power = pooled_law(2 / ROOT, Noise(1.0), 3, asked)
    judged = 1 - unlike_spreads(8, 3)
    assert power / judged == pytest.approx(0.627, abs=4 * (0.627 * 0.373 / 2e4) ** 0.5)
    assert effect_for(pooled_law, 3, Noise(1.0), asked) is None


@pytest.mark.parametrize(("n", "refused"), [(3, 0.99), (5, 0.90), (10, 0.49)])
def test_equal_arms_that_look_unequal(n: int, refused: float) -> None:
    """Eight equal arms, as often as simulated ones were refused."""
    assert unlike_spreads(8, n) == pytest.approx(refused, abs=0.006)
    two = stats.f.sf(4, n - 1, n - 1) * 2  # two arms: the F test of their variances
    assert unlike_spreads(2, n) == pytest.approx(two, abs=1e-6)


@pytest.mark.parametrize("distance", [0.5, 1.0, 2.0])
def test_six_flips_need_six_differences_on_one_side(distance: float) -> None:
    power = signflip_law(distance, Noise(1.0), 6, Asked(0.05))
    assert power == pytest.approx(float(stats.norm.cdf(distance)) ** 6)


def test_flips_that_cannot_reach_the_level_have_no_power() -> None:
    assert signflip_law(9.0, Noise(1.0), 5, Asked(0.05)) == 0.0
    assert effect_for(signflip_law, 5, Noise(1.0), Asked(0.05)) is None
    assert signflip_law(9.0, Noise(1.0), 6, Asked(0.0125)) == 0.0


def test_the_lattice_meets_students_law_where_it_hands_over() -> None:
    """K = 25 flips of ten differences walked, and of twelve by Student's law."""
    walked = signflip_law(1.0, Noise(1.0), 10, Asked(0.05))
    student = paired_law(1.0, Noise(1.0), 10, Asked(2 * 25 / 2**10))
    assert walked == pytest.approx(student, abs=0.01)


def test_rows_limit_every_law() -> None:
    still = Noise(1.0, 0.3)
    for name in JUDGED:
        one = method(name)
        asked = one.asked("improves", 0.05, arms=ARMS)
        without = one.power(1.2, Noise(1.0), 12, asked)
        assert one.power(1.2, still, 12, asked) < without
    assert seeds_for(signflip_law, 1.0, still, Asked(0.05)) is None
