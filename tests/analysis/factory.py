"""Synthetic studies: a spec and a seed in, what `runs/` and `results/` hold out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.analysis.control import control_arms
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.facts import Fact
from reportgen.analysis.findings.study import Findings
from reportgen.analysis.study import derive_facts, find
from reportgen.ledger.entries import (
    End,
    Entry,
    Register,
    Start,
    claim_digests,
    claims_digest,
    description_digest,
    entry_line,
    first_link,
    scores_on_test,
    seal,
    settings_digest,
    spec_digest,
)
from reportgen.ledger.read import Ledger
from reportgen.project import Project
from reportgen.records import (
    Array,
    BundledRun,
    RunRecord,
    canonical_json,
    digest_result,
)
from reportgen.spec.model import BASELINE, RunConfig, StudySpec
from reportgen.spec.plan import plan_study
from tests.analysis.simulate import METRICS, Behaviour, Simulator

SPEC: dict[str, Any] = {
    "study": "synthetic",
    "question": "Which choices decide whether the rule is learnt?",
    "data": {
        "use": "spr",
        "params": {"rows": {"train": 300, "dev": 200, "test": 400}, "seed": 11},
        "transforms": [],
        "shifts": {"ordering": {"use": "sort_blocks", "params": {"size": 4}}},
    },
    "model": {"use": "lstm", "params": {"hidden_dim": 8}},
    "training": {
        "epochs": 12,
        "batch_size": 32,
        "optimizer": {"use": "torch.optim:Adam", "params": {"lr": 0.001}},
        "select": {"metric": "dev.hwa", "rule": "best"},
    },
    "metrics": list(METRICS),
    "seeds": 5,
    "variants": {
        "bilstm": {
            "why": "Both directions see the whole context.",
            "change": {"model": {"params": {"bidirectional": True}}},
        },
        "dropout": {
            "why": "Noise should hold overfitting back.",
            "change": {"model": {"params": {"dropout": 0.3}}},
        },
        "frozen": {
            "why": "Random embeddings may be enough.",
            "change": {
                "training": {"freeze": [{"parameters": "embedding.*", "epochs": "all"}]}
            },
        },
    },
    "claims": {
        "bilstm-helps": {
            "says": "bilstm improves test.hwa over baseline",
            "margin": 0.02,
            "why_expected": {"text": "It reads both ways.", "cite": "graves2005"},
        },
        "dropout-helps": {
            "says": "dropout improves test.hwa over baseline",
            "margin": 0.02,
            "why_expected": {"text": "It regularises.", "cite": ["srivastava2014"]},
        },
        "frozen-same": {
            "says": "frozen matches test.accuracy of baseline",
            "margin": 0.03,
            "why_expected": {"text": "Random codes are distinct."},
        },
        "dropout-robust": {
            "says": "dropout worsens ordering.loss against baseline",
            "margin": 0.05,
            "why_expected": {"text": "It may blur order."},
        },
    },
    "analysis": {},
    "controls": [],
    "report": {
        "title": "Synthetic",
        "authors": [{"name": "Ada Example"}],
        "abstract": "Nothing was trained.",
        "sections": [{"use": "results"}],
        "bibliography": None,
        "template": "paper",
    },
}


BEHAVIOURS: Mapping[str, Behaviour] = {
    BASELINE: Behaviour(level=0.8),
    "bilstm": Behaviour(level=1.4),
    "dropout": Behaviour(level=0.82, failed_seeds=(3,)),
    "frozen": Behaviour(level=0.79, seed_sd=0.05),
}


@dataclass(frozen=True)
class Bundle:
    """What `runs/STUDY/` holds, before it is written."""

    study: StudySpec
    runs: tuple[BundledRun, ...]
    arrays: dict[str, Array] = field(default_factory=dict)  # by digest


def make_study(**changes: Any) -> StudySpec:
    """The synthetic study, with top-level keys replaced."""
    return StudySpec.model_validate_json(json.dumps({**SPEC, **changes}))


def make_bundle(
    study: StudySpec | None = None,
    behaviours: Mapping[str, Behaviour] = BEHAVIOURS,
    *,
    seed: int = 5,
) -> Bundle:
    """Simulate every run of the baseline and the variants."""
    study = study or make_study()
    simulator = Simulator(np.random.default_rng(seed))
    runs: list[BundledRun] = []
    for arm in (BASELINE, *study.variants):
        behaviour, tastes = behaviours.get(arm, Behaviour()), simulator.tastes()
        for number in study.seed_list:
            config = make_config(study, arm, number)
            record = simulator.record(config, behaviour, tastes)
            runs.append(BundledRun(variant=arm, seed=number, record=record))
    runs.sort(key=lambda one: one.record.key)
    return Bundle(study, tuple(runs), simulator.arrays)


def with_record(bundle: Bundle, arm: str, seed: int, **changes: object) -> Bundle:
    """The bundle with one record changed."""

    def changed(one: BundledRun) -> BundledRun:
        if (one.variant, one.seed) != (arm, seed):
            return one
        record: RunRecord = one.record.model_copy(update=changes)
        return one.model_copy(update={"record": record})

    return replace(bundle, runs=tuple(changed(one) for one in bundle.runs))


def make_ledger(bundle: Bundle) -> Ledger:
    """The ledger of a study whose runs were trained one after another."""
    study, head = bundle.study, first_link(bundle.study.study)
    entries: list[Entry] = []

    def append(entry: Entry) -> None:
        nonlocal head
        entries.append(seal(entry))
        head = entries[-1].hash

    def link() -> dict[str, Any]:
        time = f"2026-01-05T10:{len(entries) // 60:02}:{len(entries) % 60:02}Z"
        return {"n": len(entries) + 1, "prev": head, "time": time}

    declared: dict[str, Any] = {
        "seeds": study.seed_list,
        "failures": study.analysis.failures,
    }
    append(Register(**link(), claims=claim_digests(study), **declared))
    for one in bundle.runs:
        record = one.record
        about: dict[str, Any] = {
            "run": record.run,
            "variant": one.variant,
            "seed": one.seed,
            "environment": record.environment.digest,
        }
        begun: dict[str, Any] = {
            "claims": claims_digest(study),
            "spec": spec_digest(study),
            "origin": "trained",
            "settings": settings_digest(record.config),
        }
        append(Start(**link(), **about, **begun))
        end = End(
            **link(),
            **about,
            status=record.status,
            result=record.result,
            failure=record.failure.kind if record.failure else None,
            wall_seconds=1.0,
            scores=scores_on_test(record),
            description=description_digest(record),
        )
        append(end)
    return Ledger(tuple(entries), head)


def make_results(bundle: Bundle | None = None) -> Results:
    """The bundle's results, as they are after loading."""
    bundle = bundle or make_bundle()
    cells = plan_study(bundle.study, control_arms(bundle.study)).cells
    return Results(bundle.study, cells, bundle.runs, bundle.arrays, make_ledger(bundle))


def make_findings(bundle: Bundle | None = None) -> tuple[Findings, dict[str, Fact]]:
    """What analysis makes of a bundle: findings, and facts by id."""
    results = make_results(bundle)
    findings = find(results)
    facts = {fact.id: fact for fact in derive_facts(results, findings)}
    return findings, facts


def sealed(bundle: Bundle) -> Bundle:
    """The bundle with every record's result as its content has it."""

    def seal_record(one: BundledRun) -> BundledRun:
        update = {"result": digest_result(one.record)}
        record: RunRecord = one.record.model_copy(update=update)
        return one.model_copy(update={"record": record})

    return replace(bundle, runs=tuple(seal_record(one) for one in bundle.runs))


def write_bundle(root: Path, bundle: Bundle) -> Project:
    """A project folder with the bundle's runs in it."""
    project, study = Project(root), bundle.study.study
    bundle = sealed(bundle)
    project.records(study).parent.mkdir(parents=True)
    lines = [canonical_json(one.model_dump(mode="json")) for one in bundle.runs]
    project.records(study).write_text("".join(line + "\n" for line in lines))
    arrays: Mapping[str, Any] = bundle.arrays
    np.savez(project.predictions(study), **arrays)
    entries = make_ledger(bundle).entries
    project.ledger(study).write_text("".join(map(entry_line, entries)))
    return project


def make_config(study: StudySpec, arm: str, seed: int) -> RunConfig:
    """The resolved configuration of one cell."""
    cells = plan_study(study, {}).cells
    return next(
        cell.config for cell in cells if (cell.variant, cell.seed) == (arm, seed)
    )
