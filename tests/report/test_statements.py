"""Claims in a report's words: every quantity, its margin and its numbers."""

from typing import Any

import numpy as np
import pytest

from reportgen.analysis.findings.study import ClaimResult, Interval
from reportgen.report.statements import (
    decimals_of,
    effect_text,
    interval_text,
    margin_number,
    margin_words,
    statement,
)
from reportgen.spec.claims import About
from tests.report.figures.sample import make_claim

METRICS: dict[str, dict[str, Any]] = {"hwa": {"title": "harmonic weighted accuracy"}}
SHIFTED = "ordering.hwa@best"


def made(about: About, **changes: Any) -> ClaimResult:
    found: ClaimResult = make_claim(0, "a", 3, np.random.default_rng(1))
    return found.model_copy(update={"about": about, "reference": "b", **changes})


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            made("shift", kind="noninferior", shifted=SHIFTED),
            "a is no less robust than b in HWA from test to ordering",
        ),
        (
            made("level", kind="worse", reference="chance"),
            "a falls short of chance in HWA on test",
        ),
        (
            made("spread", kind="equivalent"),
            "a varies as much over seeds as b in HWA on test",
        ),
        (
            made("failures", kind="improves", metric="runs.failure_rate"),
            "a fails less often than b",
        ),
    ],
)
def test_claims_are_told_in_words(found: ClaimResult, said: str) -> None:
    assert statement(found, METRICS).striptags() == said


def test_names_cannot_break_the_page() -> None:
    found = made("score", variant="<b>")
    assert "<b>" not in statement(found, METRICS)


def test_a_ratio_of_spreads_is_shown_as_one() -> None:
    found = made(
        "spread",
        kind="improves",
        unit="log ratio",
        margin=0.4054651081,
        effect=0.6931471806,
        ci95=Interval(level=0.95, lower=0.0, upper=1.3862943611),
    )
    decimals = decimals_of(found, None)
    assert effect_text(found, 0.6931471806, decimals) == "×2.0"
    assert found.ci95 is not None
    assert interval_text(found, found.ci95, decimals) == "1.0\u00a0to\u00a04.0"
    assert margin_number(found) == "1.5"
    assert margin_words(found) == "by a factor of at least"


def test_a_margin_of_reaching_is_what_may_be_missing() -> None:
    assert margin_words(made("level", kind="noninferior", margin=0.1)) == "to within"
    assert margin_words(made("level", kind="improves", margin=0.0)) == ""
