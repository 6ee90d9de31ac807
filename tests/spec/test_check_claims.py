"""Claims of every kind on a sound study: what passes, and which pairs clash."""

from pathlib import Path

import pytest

from reportgen.cli.studies import catalogues_of
from reportgen.project import Project
from reportgen.spec.check import check_study
from reportgen.spec.check_contradictions import Stated, check_contradictions
from reportgen.spec.claims import parse_claim
from reportgen.spec.load import load_study
from reportgen.spec.metric import MetricFacts
from reportgen.spec.model import ClaimSpec, Expectation

ROOT = Path(__file__).parents[2]
BROKEN = ROOT / "tests" / "golden" / "broken"
CLAIM = "shuffled worsens test.hwa against baseline\n    margin: 0.05"
SHIFT = "  shifts: {ordering: {use: sort_blocks, params: {size: 2}}}\nmodel:"
METRICS = {
    "hwa": MetricFacts("hwa", 1.0, over_rows=True, upper=1.0),
    "loss": MetricFacts("loss", None, over_rows=True, higher_is_better=False),
}


@pytest.mark.parametrize(
    "claim",
    [
        "wide is more robust than baseline from test.hwa to ordering.hwa\n"
        "    margin: 0.05",
        "wide is as robust as shuffled from dev.loss@last to ordering.loss@last\n"
        "    margin: 0.05",
        "wide improves test-clean.hwa over shuffled\n    margin: 0.05",
        "baseline beats chance on test.hwa\n    margin: 0.05",
        "baseline beats 0.4 on test.loss\n    margin: 0.05",
        "shuffled stays at 0.5 on ordering.accuracy@last\n    margin: 0.05",
        "baseline falls short of ceiling on test.accuracy\n    margin: 0.05",
        "wide varies less over seeds than baseline on test.hwa\n    margin: 1.5\n"
        "    scope: test_set",
        "wide fails no more often than baseline\n    margin: 0.3",
        "wide fails less often than baseline\n    margin: 0.0\n"
        "    smallest_effect: 0.3",
    ],
)
def test_accepts_a_sound_claim(tmp_path: Path, claim: str) -> None:
    text = (BROKEN / "sound.yaml").read_text(encoding="utf-8")
    for old, new in ((CLAIM, claim), ("model:", SHIFT), ("seeds: 3", "seeds: 10")):
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "specs" / "sound.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    references = (BROKEN / "beside" / "references.bib").read_text("utf-8")
    path.with_name("references.bib").write_text(references, encoding="utf-8")
    catalogues = catalogues_of(Project(ROOT))
    problems = check_study(load_study(path), catalogues, project=Project(tmp_path))
    assert [problem.what for problem in problems] == []


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        (("a improves test.hwa over b", 0.1), ("a worsens test.hwa against b", 0), 1),
        (("a improves test.hwa over b", 0.1), ("b improves test.hwa over a", 0.1), 1),
        (("a improves test.hwa over b", 0.1), ("a matches test.hwa of b", 0.1), 1),
        (("a improves test.hwa over b", 0.1), ("a matches test.hwa of b", 0.2), 0),
        (("a improves test.hwa over b", 0.1), ("a changes test.hwa against b", 0), 0),
        (("a improves test.hwa over b", 0.1), ("a worsens dev.hwa against b", 0.1), 0),
        (("a improves test.hwa over b", 0), ("a improves test.hwa over b", 0.2), 0),
        (
            ("a does not worsen test.hwa against b", 0.1),
            ("a worsens test.hwa against b", 0.1),
            1,
        ),
        (
            ("a does not worsen test.hwa against b", 0.2),
            ("a worsens test.hwa against b", 0.1),
            0,
        ),
        (("a beats 0.7 on test.hwa", 0.1), ("a falls short of 0.9 on test.hwa", 0), 0),
        (("a beats 0.7 on test.hwa", 0.1), ("a falls short of 0.8 on test.hwa", 0), 1),
        (("a beats 0.7 on test.loss", 0), ("a falls short of 0.6 on test.loss", 0), 0),
        (("a beats 0.6 on test.loss", 0), ("a falls short of 0.7 on test.loss", 0), 1),
        (("a beats chance on test.hwa", 0), ("a stays at chance on test.hwa", 0.1), 0),
        (("a beats chance on test.hwa", 0.1), ("a stays at 0.4 on test.hwa", 0.1), 0),
        (
            ("a varies less over seeds than b on test.hwa", 2),
            ("a varies as much over seeds as b on test.hwa", 1.5),
            1,
        ),
        (("a fails less often than b", 0), ("b fails less often than a", 0.1), 1),
        (
            ("a is more robust than b from test.hwa to x.hwa", 0.1),
            ("a is less robust than b from test.hwa to y.hwa", 0.1),
            0,
        ),
    ],
)
def test_claims_that_cannot_both_hold(
    first: tuple[str, float], second: tuple[str, float], clash: int
) -> None:
    claims = [
        Stated(
            name,
            ClaimSpec(says=says, margin=margin, why_expected=Expectation(text="So.")),
            parse_claim(says),
        )
        for name, (says, margin) in (("one", first), ("other", second))
    ]
    found = list(check_contradictions(claims, {}, METRICS))
    assert len(found) == clash
    if clash:
        assert found[0].path == ("claims", "other", "says")
        assert "'one'" in found[0].what
