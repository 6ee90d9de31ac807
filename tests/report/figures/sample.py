"""A made-up study for the figures: contract values built by hand, no training."""

import json
from typing import Any

import numpy as np

from reportgen.analysis.findings.facts import Derivation, Fact
from reportgen.analysis.findings.study import (
    ArmAttrition,
    ArmDispersion,
    ArmFailures,
    ArmScore,
    ClaimResult,
    FamilySummary,
    Findings,
    Interval,
    LedgerSummary,
    RankCorrelation,
    RunRow,
)
from reportgen.report.figures.view import FigureView
from reportgen.spec.model import StudySpec
from tests.report.figures.sample_data import (
    EPOCHS,
    make_architecture,
    make_card,
    make_curves,
)

NAMES = (
    *("bilstm", "order-shuffled", "shape-only"),
    *("colour-only", "frozen", "frozen-first-epochs"),
    *("tokens-factored", "tokens-split", "dropout"),
    *("weight-decay", "early-stopping", "misaligned-dev"),
    *("gru", "transformer", "bag-of-tokens"),
)
VERDICTS = ("supported", "refuted", "equivalent", "inconclusive", "inadmissible")
KINDS = ("improves", "worse", "equivalent", "noninferior", "differs")


def _changes(arm: str) -> dict[str, Any]:
    steps = {
        "order-shuffled": {"use": "shuffle_tokens"},
        "tokens-split": {"use": "tokenize", "params": {"scheme": "split"}},
        "shape-only": {"use": "hide_channel", "params": {"channel": "colour"}},
        "colour-only": {"use": "hide_channel", "params": {"channel": "shape"}},
    }
    if arm in steps:
        return {"data": {"transforms": [steps[arm]]}}
    return {"model": {"params": {"note": arm}}}


def make_study(arms: tuple[str, ...]) -> StudySpec:
    """A spec with these variants and two shifts."""
    spec = {
        "study": "sample",
        "question": "Does it generalise?",
        "data": {
            "use": "spr",
            "shifts": {
                "composition": {"use": "reweight_symbols"},
                "ordering": {"use": "sort_blocks"},
            },
        },
        "model": {"use": "lstm"},
        "training": {
            "epochs": EPOCHS,
            "batch_size": 64,
            "optimizer": {"use": "torch.optim:Adam"},
            "select": {"metric": "dev.hwa", "rule": "best"},
        },
        "metrics": ["hwa", "loss"],
        "seeds": 10,
        "variants": {arm: {"why": "To see.", "change": _changes(arm)} for arm in arms},
        "claims": {},
        "analysis": {},
        "controls": "default",
        "report": {
            "title": "A sample",
            "authors": [{"name": "A. Author"}],
            "abstract": "None.",
            "sections": [{"use": "results"}],
        },
    }
    return StudySpec.model_validate_json(json.dumps(spec))


def _interval(mean: float, half: float) -> Interval:
    return Interval(level=0.95, lower=mean - half, upper=mean + half)


def _score(arm: str, metric: str, values: list[float | None], up: bool) -> ArmScore:
    good = [value for value in values if value is not None]
    mean = float(np.mean(good)) if good else None
    sd = float(np.std(good, ddof=1)) if len(good) > 1 else None
    return ArmScore(
        arm=arm,
        metric=metric,
        unit="fraction" if up else "nats",
        higher_is_better=up,
        mean=mean,
        sd=sd,
        ci95=None if mean is None or sd is None else _interval(mean, 0.8 * sd),
        seeds=tuple(range(len(values))),
        values=tuple(values),
    )


def make_claim(number: int, arm: str, seeds: int, rng: np.random.Generator) -> Any:
    """A claim whose verdict and kind go round with `number`."""
    verdict = VERDICTS[number % 5]
    effects = rng.normal(rng.normal(0, 0.06), 0.03, seeds)
    effect = None if verdict == "inadmissible" or not seeds else float(effects.mean())
    half = 0.03
    return ClaimResult.model_validate(
        {
            "id": f"{arm}-claim-{number}",
            "says": f"{arm} improves test.hwa over baseline",
            "kind": KINDS[number % 5],
            "variant": arm,
            "reference": "baseline",
            "metric": "test.hwa@best",
            "unit": "fraction",
            "orientation": 1,
            "margin": 0.0 if KINDS[number % 5] == "differs" else 0.02,
            "smallest_effect": None,
            "scope": "population",
            "verdict": verdict,
            "finding": "unresolved",
            "tags": (),
            "post_hoc": number % 7 == 6,
            "effect": effect,
            "ci95": None if effect is None else _interval(effect, half),
            "ci90": None if effect is None else _interval(effect, half * 0.8),
            "ci_family": None if effect is None else _interval(effect, half * 1.5),
            "p": None,
            "p_adjusted": None,
            "seeds": () if effect is None else tuple(range(seeds)),
            "pair_effects": () if effect is None else tuple(map(float, effects)),
            "standard_error_seeds": None,
            "standard_error_crossed": None,
            "failures": tuple(
                ArmFailures(
                    arm=one, failed=0, planned=seeds, interval=_interval(0.1, 0.1)
                )
                for one in (arm, "baseline")
            ),
            "without_failures": None,
            "ruled_out": None,
            "ruled_out_sentence": "",
            "settle": None,
            "sentence": "A sentence.",
            "plain": "A plain sentence.",
            "why_expected": "Because.",
            "cite": (),
        }
    )


def _fact(fact_id: str, value: float | int) -> Fact:
    return Fact(
        id=fact_id, value=value, unit="count", derivation=Derivation(formula="-")
    )


def make_sample(
    *,
    arms: int = 4,
    seeds: int = 5,
    claims: int = 5,
    failed: tuple[tuple[str, int], ...] = (),
    joint: bool = False,
) -> FigureView:
    """A study with the baseline and `arms - 1` variants."""
    rng = np.random.default_rng(7)
    names = tuple(
        NAMES[i] if i < len(NAMES) else f"variant-number-{i}" for i in range(arms - 1)
    )
    everyone = ["baseline", *names]
    lost = set(failed)
    scores: list[ArmScore] = []
    for arm in everyone:
        centre, spread = rng.uniform(0.55, 0.9), rng.uniform(0.01, 0.06)
        test = rng.normal(centre, spread, seeds).clip(0, 1)
        drop = rng.normal(0.02 + 2 * spread, 0.02, seeds)
        sets = {
            "test": test,
            "dev": test + 0.01,
            "composition": test - drop,
            "ordering": test - drop / 2,
        }
        for where, column in sets.items():
            values = [
                None if (arm, seed) in lost else float(value)
                for seed, value in enumerate(column)
            ]
            scores.append(_score(arm, f"{where}.hwa@best", values, True))
    runs = tuple(
        RunRow(
            arm=arm,
            seed=seed,
            run="0" * 64,
            status="failed" if (arm, seed) in lost else "completed",
            epoch=None if (arm, seed) in lost else 7,
            epochs=EPOCHS,
            metrics={},
            failure=None,
            weights=None,
        )
        for arm in everyone
        for seed in range(seeds)
    )
    attrition = tuple(
        ArmAttrition(
            arm=arm,
            planned=seeds,
            reported=seeds - sum(1 for one, _ in lost if one == arm),
            failed=sum(1 for one, _ in lost if one == arm),
            excluded=0,
            superseded=0,
        )
        for arm in everyone
    )
    picked = names or ("baseline",)
    findings = Findings(
        study="sample",
        metrics={
            "hwa": {"title": "harmonic weighted accuracy", "unit": "fraction"},
            "loss": {"title": "cross-entropy loss", "unit": "nats"},
        },
        selected="best",
        claims=tuple(
            make_claim(i, picked[i % len(picked)], seeds, rng) for i in range(claims)
        ),
        family=FamilySummary(
            registered=claims, tested=claims, dropped=(), post_hoc=(), correction="Holm"
        ),
        scores=tuple(scores),
        detectors=(),
        controls=(),
        attrition=attrition,
        runs=runs,
        capture=(),
        architectures={
            arm: make_architecture(both=arm == "bilstm") for arm in everyone
        },
        data=tuple(make_card(arm, joint=joint) for arm in everyone),
        environments=(),
        ledger=LedgerSummary(
            entries=0, starts=0, ends=0, retries=0, differs=0, head=""
        ),
        spec_digest="",
        claims_digest="",
        seed_robustness=RankCorrelation(
            metric="hwa",
            shifts=("composition", "ordering"),
            arms=tuple(
                ArmDispersion(
                    arm=arm,
                    seeds=seeds,
                    sd=0.01 * (place + 1),
                    binomial_floor=0.01,
                    mean=0.8,
                    drop=0.1,
                )
                for place, arm in enumerate(everyone)
            ),
            verdict="too few variants",
            sentence="Too few arms.",
        ),
    )
    facts = [_fact("data/test/majority", 0.5), _fact("data/test/oracle", 1.0)]
    return FigureView(
        study=make_study(names),
        facts={fact.id: fact for fact in facts},
        findings=findings,
        curves=make_curves(everyone, seeds, lost),
    )
