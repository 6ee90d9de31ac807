"""Analyse a study: its runs in, findings and facts out, written to `results/STUDY/`."""

from collections.abc import Sequence

from pydantic import JsonValue

from reportgen.analysis.audit import runs
from reportgen.analysis.audit.captures import merge_captures
from reportgen.analysis.audit.controls import control_account
from reportgen.analysis.audit.data import audit_data, audit_facts
from reportgen.analysis.audit.ledger import tell_history
from reportgen.analysis.audit.manipulations import check_manipulations, refusals
from reportgen.analysis.claims.verdicts import Opened, judge_opened, open_claims
from reportgen.analysis.complements.choices import other_choices
from reportgen.analysis.complements.exploration import explore
from reportgen.analysis.complements.failed_pairs import failed_pairs
from reportgen.analysis.complements.failure_rates import failure_rates
from reportgen.analysis.complements.robustness import seed_robustness
from reportgen.analysis.complements.summaries import summarise_arms
from reportgen.analysis.control import judge_controls
from reportgen.analysis.detector import run_detectors
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.scores import arm_scores
from reportgen.analysis.findings.facts import Fact
from reportgen.analysis.findings.study import ClaimResult, FamilySummary, Findings
from reportgen.analysis.load import load_results
from reportgen.analysis.measured.planted import read_planted
from reportgen.analysis.output import count_facts, facts, setting_facts, tables
from reportgen.analysis.output.control_facts import control_facts
from reportgen.analysis.output.manipulation_facts import manipulation_facts
from reportgen.analysis.output.write import (
    FACTS,
    FINDINGS,
    facts_text,
    findings_text,
    write_files,
)
from reportgen.ledger.entries import claims_digest, spec_digest
from reportgen.ledger.registration import Registration
from reportgen.metrics.metric import Metric
from reportgen.project import Project
from reportgen.records import ModuleRow
from reportgen.spec.model import BASELINE, StudySpec

Judged = tuple[tuple[ClaimResult, ...], FamilySummary]


def analyse_study(project: Project, study: StudySpec) -> Findings:
    """Analyse the runs of a study and write its results.

    Raises:
        InputError: runs are missing or unreadable, or the ledger was tampered with.
        GateError: the runs do not add up, so nothing may be told about them.
    """
    results = load_results(project, study)
    findings = find(results)
    facts = derive_facts(results, findings)
    write_files(
        project.results(study.study),
        {
            FACTS: facts_text(facts),
            FINDINGS: findings_text(findings),
            "metrics.json": tables.metrics_json(findings.scores),
            "curves.csv": tables.curves_csv(results),
            "runs.csv": tables.runs_csv(findings.runs),
        },
    )
    return findings


def find(results: Results) -> Findings:
    """Everything a report tells.

    Raises:
        GateError: the runs do not add up.
    """
    closed = runs.close_account(results)
    manipulations = check_manipulations(results)
    refused = refusals(manipulations)
    controls = judge_controls(results, refused)
    known = Registration(results.study, results.cells, results.bundled, results.ledger)
    late, looks = known.late_claims(), known.looks()
    withdrawn = known.withdrawn_claims()
    attrition = runs.attrition(closed)

    def judge(asked: Results) -> tuple[Opened, Judged]:
        opened = open_claims(asked, late, looks, withdrawn, refused)
        return opened, judge_opened(opened, controls)

    opened, (claims, family) = judge(results)
    # A claim without a verdict is not asked again in other words: none would hold.
    barred = {claim.id for claim in claims if claim.verdict == "inadmissible"}
    judged = [(case, level) for case, level in opened.levels if case.name not in barred]
    detectors = run_detectors(results)
    return Findings(
        study=results.study.study,
        metrics={name: describe(metric) for name, metric in results.metrics.items()},
        selected=results.selected(BASELINE),
        claims=claims,
        family=family,
        scores=arm_scores(results),
        detectors=detectors,
        controls=controls,
        control_account=control_account(controls),
        seen_by=read_planted().always_seen_by,
        attrition=attrition,
        runs=runs.run_rows(results),
        capture=merge_captures(results),
        architectures=_architectures(results),
        data=runs.data_cards(results),
        environments=runs.environments(results),
        ledger=runs.summarise_ledger(results.ledger),
        history=tell_history(results, known, closed),
        seed_robustness=seed_robustness(results),
        failure_rates=failure_rates(attrition),
        failed_pairs=failed_pairs(results, judged, claims),
        choices=other_choices(results, judged),
        summaries=summarise_arms(results),
        exploration=explore(results, claims),
        manipulations=manipulations,
        audit=audit_data(results, detectors, claims, lambda asked: judge(asked)[1][0]),
        spec_digest=spec_digest(results.study),
        claims_digest=claims_digest(results.study),
    )


def derive_facts(results: Results, findings: Findings) -> Sequence[Fact]:
    """Every number a report may print."""
    return [
        *facts.run_facts(results),
        *facts.score_facts(findings.scores),
        *facts.claim_facts(findings.claims),
        *count_facts.count_facts(results, findings.attrition, findings.claims),
        *count_facts.failure_facts(results, findings.attrition),
        *count_facts.detector_facts(findings.detectors),
        *manipulation_facts(results.study, findings.manipulations),
        *control_facts(findings.controls),
        *audit_facts(findings.audit),
        *count_facts.robustness_facts(findings.seed_robustness),
        *setting_facts.setting_facts(results),
        *setting_facts.data_facts(results),
        *setting_facts.curve_facts(results),
    ]


def describe(metric: Metric) -> dict[str, JsonValue]:
    """What a report says about a metric itself."""
    return {
        "title": metric.title,
        "unit": metric.unit,
        "higher_is_better": metric.higher_is_better,
        "lower": metric.lower,
        "upper": metric.upper,
        "formula": metric.formula,
        "meaning": metric.meaning,
    }


def _architectures(results: Results) -> dict[str, tuple[ModuleRow, ...]]:
    found = {}
    for arm in results.arms:
        built = next((one for _, one in results.records(arm) if one.architecture), None)
        if built is not None:
            found[arm] = built.architecture
    return found
