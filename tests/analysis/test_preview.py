"""What claims can show, told before anything runs."""

import pytest

from reportgen.analysis.preview import preview_claims, undecidable
from tests.analysis.factory import make_study


def test_every_claim_is_previewed_at_the_familys_hardest_level() -> None:
    previews = preview_claims(make_study())
    assert [one.claim for one in previews][:2] == ["bilstm-helps", "dropout-helps"]
    assert all(one.level == pytest.approx(0.05 / 4) for one in previews)
    assert all(one.smallest_p == 0.0625 for one in previews)
    assert undecidable(previews) == ()


def test_more_seeds_resolve_more() -> None:
    few, many = (preview_claims(make_study(seeds=n))[0] for n in (3, 10))
    assert few.detectable is not None
    assert many.detectable is not None
    assert many.detectable < few.detectable
    assert many.largest_sd is not None
    assert many.largest_sd * many.detectable == pytest.approx(0.02)


def test_two_seeds_are_refused() -> None:
    previews = preview_claims(make_study(seeds=2))
    assert len(undecidable(previews)) == 4
    assert "needs 3 or more" in previews[0].sentence
