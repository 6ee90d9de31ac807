import csv
import io
import math

import numpy as np
import pytest

from reportgen.analysis.findings.study import ClaimResult
from reportgen.report.figures.claim_axes import axis_label, panel_of, supported_regions
from reportgen.report.figures.claim_words import claims_alt, claims_table
from reportgen.report.figures.claims import draw
from tests.report.figures.sample import make_claim, make_sample

FAR = float("inf")


def claim(**changes: object) -> ClaimResult:
    made: ClaimResult = make_claim(0, "bilstm", 3, np.random.default_rng(1))
    return made.model_copy(update=changes)


@pytest.mark.parametrize(
    ("kind", "regions"),
    [
        ("improves", ((0.02, FAR),)),
        ("worse", ((-FAR, -0.02),)),
        ("noninferior", ((-0.02, FAR),)),
        ("equivalent", ((-0.02, 0.02),)),
        ("differs", ((-FAR, 0.0), (0.0, FAR))),
    ],
)
def test_supported_regions_end_at_the_margin(
    kind: str, regions: tuple[tuple[float, float], ...]
) -> None:
    assert supported_regions(claim(kind=kind, margin=0.02)) == regions


def test_claims_of_one_scale_share_a_panel() -> None:
    score, shift = claim(), claim(about="shift")
    spread = claim(about="spread", unit="log ratio")
    panels = [panel_of(one) for one in (score, shift, claim(about="level"), spread)]
    assert panels[0] == panels[1]
    assert len(set(panels)) == 3
    assert "varies less" in axis_label([spread])
    assert "fails less" in axis_label([claim(about="failures")])
    assert "yardstick in HWA" in axis_label([claim(about="level")])


def test_ratios_of_spread_are_told_as_ratios() -> None:
    double = claim(about="spread", unit="log ratio", effect=math.log(2), margin=0.0)
    row = next(csv.DictReader(io.StringIO(claims_table([double]))))
    assert (float(row["effect"]), float(row["margin"])) == pytest.approx((2, 1))
    assert row["unit"] == "ratio"
    assert "effect ×2.0" in claims_alt([double])


def test_table_holds_every_pair() -> None:
    view = make_sample(arms=4, seeds=5, claims=5)
    image = draw(view)
    assert image is not None
    rows = list(csv.DictReader(io.StringIO(image.data_csv)))
    told = [float(row["pair_effect"]) for row in rows if row["pair_effect"]]
    drawn = [one for claim in view.findings.claims for one in claim.pair_effects]
    assert told == pytest.approx(drawn, abs=1e-11)
    assert {row["claim"] for row in rows} == {one.id for one in view.findings.claims}


def test_alt_names_every_claim_and_verdict() -> None:
    view = make_sample(arms=4, seeds=5, claims=6)
    image = draw(view)
    assert image is not None
    assert "2 supported, 1 refuted, 1 equivalent, 1 inconclusive" in image.alt
    for one in view.findings.claims:
        assert f"{one.id}: {one.verdict}" in image.alt


def test_post_hoc_claims_are_explained() -> None:
    assert "dagger" not in str(draw(make_sample(claims=6)))
    assert "dagger" in str(draw(make_sample(claims=7)))
    late, early = claim(id="a", post_hoc=True), claim(id="b")
    told = claims_alt([late, early])
    assert " Post hoc: 1. a: " in told
    assert told.count(" (post hoc), effect") == 1
    assert "Post hoc" not in claims_alt([early])


def test_a_wide_interval_leaves_the_picture() -> None:
    view = make_sample(arms=2, seeds=5, claims=1)
    one = view.findings.claims[0]
    assert one.ci95 is not None
    wide = one.ci95.model_copy(update={"lower": -50.0, "upper": 50.0})
    stretched = one.model_copy(update={"ci_family": wide})
    findings = view.findings.model_copy(update={"claims": (stretched,)})
    image = draw(type(view)(view.study, view.facts, findings, view.curves))
    usual = draw(view)
    assert image is not None
    assert usual is not None
    assert "50" in image.data_csv
    assert image.svg.count("<path") > usual.svg.count("<path")  # two arrowheads


def test_effects_in_other_units_get_a_panel_of_their_own() -> None:
    view = make_sample(arms=2, seeds=5, claims=2)
    first, second = view.findings.claims
    second = second.model_copy(update={"unit": "nats", "metric": "test.loss@best"})
    findings = view.findings.model_copy(update={"claims": (first, second)})
    one = draw(view)
    two = draw(type(view)(view.study, view.facts, findings, view.curves))
    assert one is not None
    assert two is not None
    assert two.svg.count("<clipPath") > one.svg.count("<clipPath")
