"""A whole analysis: files written, twice the same, and gates that hold."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reportgen.analysis.audit.grade import compare_findings
from reportgen.analysis.explain import explain_fact
from reportgen.analysis.findings.facts import Fact
from reportgen.analysis.findings.study import Findings
from reportgen.analysis.output.write import earlier_findings, read_facts, read_findings
from reportgen.analysis.study import analyse_study, find
from reportgen.errors import GateError, InputError
from reportgen.project import Project
from reportgen.records import (
    BundledRun,
    Environment,
    RunRecord,
    canonical_json,
    digest_result,
)
from tests.analysis.factory import Bundle, make_results, make_study, write_bundle

FILES = ("curves.csv", "facts.json", "findings.json", "metrics.json", "runs.csv")


@pytest.fixture(scope="module")
def analysed(
    tmp_path_factory: pytest.TempPathFactory, bundle: Bundle
) -> tuple[Project, Findings]:
    project = write_bundle(tmp_path_factory.mktemp("project"), bundle)
    return project, analyse_study(project, bundle.study)


def test_the_files_can_be_read_back(analysed: tuple[Project, Findings]) -> None:
    project, findings = analysed
    folder = project.results("synthetic")
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    back = read_findings(project, "synthetic")
    assert [claim.verdict for claim in back.claims] == [
        claim.verdict for claim in findings.claims
    ]
    for fact_id, fact in read_facts(project, "synthetic").items():
        assert fact.id == fact_id


def test_analysing_again_writes_the_same_bytes(
    tmp_path: Path, bundle: Bundle, analysed: tuple[Project, Findings]
) -> None:
    again = write_bundle(tmp_path, bundle)
    analyse_study(again, bundle.study)
    for name in FILES:
        first = (analysed[0].results("synthetic") / name).read_bytes()
        assert (again.results("synthetic") / name).read_bytes() == first


def test_numbers_in_files_have_twelve_digits(
    analysed: tuple[Project, Findings],
) -> None:
    text = (analysed[0].results("synthetic") / "metrics.json").read_text()
    means = json.loads(text)["baseline"]["test.hwa@best"]
    assert means["n"] == 5
    assert float(f"{means['mean']:.12g}") == means["mean"]


def test_tables_hold_every_run_and_epoch(analysed: tuple[Project, Findings]) -> None:
    folder = analysed[0].results("synthetic")
    with (folder / "runs.csv").open() as file:
        runs = list(csv.DictReader(file))
    assert len(runs) == 20
    failed = [row for row in runs if row["status"] == "failed"]
    assert [(row["arm"], row["seed"], row["failure"]) for row in failed] == [
        ("dropout", "3", "non-finite")
    ]
    assert failed[0]["test.hwa"] == ""
    with (folder / "curves.csv").open() as file:
        curves = list(csv.DictReader(file))
    assert len(curves) == 19 * 12 + 2
    assert curves[0]["arm"] == "baseline"


def test_facts_agree_with_findings(found: tuple[Findings, dict[str, Fact]]) -> None:
    findings, facts = found
    score = next(
        one
        for one in findings.scores
        if (one.arm, one.metric) == ("bilstm", "test.hwa@best")
    )
    fact = facts["score/bilstm/test.hwa@best/mean"]
    assert fact.value == score.mean
    assert score.ci95 is not None
    assert fact.interval == (score.ci95.lower, score.ci95.upper)
    assert facts["count/runs/failed"].value == 1
    assert facts["count/runs/planned"].value == 20
    assert facts["failures/dropout"].value == 1
    assert facts["failures/dropout/rate"].value == pytest.approx(0.2)
    assert facts["data/test/majority"].value == 0.5
    assert facts["model/baseline/parameters"].value == 128 + 1344 + 18
    assert facts["setting/dropout/model.params.dropout"].value == 0.3
    assert facts["curve/baseline/dev.loss/best_epoch"].unit == "epochs"
    verdicts = ("supported", "refuted", "equivalent", "inconclusive", "inadmissible")
    total = sum(int(facts[f"count/claims/{one}"].value) for one in verdicts)
    assert total == facts["count/claims/registered"].value == 4


def test_every_derivation_leads_somewhere(
    found: tuple[Findings, dict[str, Fact]], bundle: Bundle
) -> None:
    keys = {one.record.key[:16] for one in bundle.runs}
    for fact in found[1].values():
        for given in fact.derivation.inputs:
            kind, _, rest = given.partition(":")
            assert kind in ("run", "fact", "spec", "ledger")
            if kind == "fact":
                assert rest in found[1], f"{fact.id} rests on {rest}"
            if kind == "run":
                assert rest in keys


def test_captures_are_merged_into_values_and_exceptions(
    found: tuple[Findings, dict[str, Fact]],
) -> None:
    entry = next(one for one in found[0].capture if one.path == "model.lstm.dropout")
    assert entry.value == 0.0
    assert entry.exceptions == {"dropout": 0.3}
    assert entry.absent == ()


def test_a_run_nobody_accounts_for_closes_the_gate(
    tmp_path: Path, bundle: Bundle
) -> None:
    project = write_bundle(tmp_path, bundle)
    path = project.records("synthetic")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[1:]))
    with pytest.raises(GateError, match="has no record"):
        analyse_study(project, bundle.study)
    assert not project.results("synthetic").exists()


def test_an_edited_result_closes_the_gate(tmp_path: Path, bundle: Bundle) -> None:
    project = write_bundle(tmp_path, bundle)
    path = project.records("synthetic")
    first, *others = path.read_text().splitlines(keepends=True)
    one = BundledRun.model_validate_json(first)
    update = {"curves": {"dev.loss": (0.1,)}}
    record = one.record.model_copy(update=update)

    def analyse(record: RunRecord) -> None:
        edited = one.model_copy(update={"record": record}).model_dump(mode="json")
        path.write_text(canonical_json(edited) + "\n" + "".join(others))
        analyse_study(project, bundle.study)

    with pytest.raises(InputError, match="its result does not fit its digest"):
        analyse(record)
    result = digest_result(record)
    with pytest.raises(GateError, match="result the ledger does not hold"):
        analyse(record.model_copy(update={"result": result}))
    environment = Environment(digest=one.record.environment.digest, details={})
    with pytest.raises(InputError, match="its environment does not fit its digest"):
        analyse(one.record.model_copy(update={"environment": environment}))
    with pytest.raises(InputError, match="its key does not fit"):
        analyse(one.record.model_copy(update={"key": "0" * 64}))


def test_an_edited_answer_is_seen(tmp_path: Path, bundle: Bundle) -> None:
    project = write_bundle(tmp_path, bundle)
    arrays = dict(bundle.arrays)
    record = next(one.record for one in bundle.runs if one.variant == "bilstm")
    digest = record.arrays["logits/test@best"]
    arrays[digest] = arrays[digest] * 2
    with project.predictions("synthetic").open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=f"array {digest[:12]} was changed"):
        analyse_study(project, bundle.study)


def test_files_that_are_missing_or_damaged_are_named(
    tmp_path: Path, bundle: Bundle
) -> None:
    project = Project(tmp_path)
    with pytest.raises(InputError, match="not been run yet"):
        analyse_study(project, bundle.study)
    write_bundle(tmp_path, bundle)
    with project.records("synthetic").open("a") as file:
        file.write("{}\n")
    with pytest.raises(InputError, match=r"records.jsonl:21: this is no record"):
        analyse_study(project, bundle.study)
    project.predictions("synthetic").write_bytes(b"PK\x03\x04 cut short")
    write = project.records("synthetic")
    write.write_text("".join(write.read_text().splitlines(keepends=True)[:-1]))
    with pytest.raises(InputError, match="cannot be read"):
        analyse_study(project, bundle.study)


def test_results_that_do_not_exist_are_named(tmp_path: Path) -> None:
    project = Project(tmp_path)
    assert earlier_findings(project, "synthetic") is None
    with pytest.raises(InputError, match="there are no results"):
        read_facts(project, "synthetic")


def test_explaining_a_score_ends_at_bytes(analysed: tuple[Project, Findings]) -> None:
    text = explain_fact(analysed[0], "synthetic", "score/bilstm/test.hwa@best/sd")
    assert text.startswith("score/bilstm/test.hwa@best/sd = ")
    assert "score/bilstm/test.hwa@best/mean = " in text
    assert text.count("weights sha256") == 5
    assert "logits/test@best: " in text
    assert "labels/test: " in text


def test_explaining_a_count_ends_at_the_ledger(
    analysed: tuple[Project, Findings],
) -> None:
    text = explain_fact(analysed[0], "synthetic", "count/runs/planned")
    assert "ledger.jsonl:41: end, chained as " in text


def test_an_unknown_fact_is_answered_with_the_nearest(
    analysed: tuple[Project, Findings],
) -> None:
    with pytest.raises(InputError, match="did you mean 'count/seeds'"):
        explain_fact(analysed[0], "synthetic", "count/seed")


def test_the_same_results_compare_as_identical(
    found: tuple[Findings, dict[str, Fact]],
) -> None:
    comparison = compare_findings(found[0], found[0])
    assert comparison.identical
    assert comparison.lines() == ()


def test_what_came_back_is_graded_claim_by_claim(
    found: tuple[Findings, dict[str, Fact]],
) -> None:
    before = found[0]
    first, second, *rest = before.claims
    assert first.effect is not None
    moved = first.model_copy(update={"effect": first.effect + 0.001})
    turned = second.model_copy(update={"verdict": "refuted"})
    row = before.runs[0].model_copy(update={"weights": "f" * 64})
    now = before.model_copy(
        update={
            "claims": (moved, turned, *rest[:-1]),
            "runs": (row, *before.runs[1:]),
            "environments": (),
        }
    )
    comparison = compare_findings(before, now)
    assert not comparison.same_class
    assert [one.grade for one in comparison.claims] == [
        "verdict preserved",
        "changed",
        "identical",
        "gone",
    ]
    assert comparison.lines()[0].endswith("another class:")


def test_a_removed_variant_stays_in_the_account(bundle: Bundle) -> None:
    whole = make_results(bundle)
    variants = {
        name: {"why": one.why, "change": one.change}
        for name, one in bundle.study.variants.items()
        if name != "frozen"
    }
    claim = {
        "says": "bilstm improves test.hwa over baseline",
        "margin": 0.03,  # no claim of the register has it
        "why_expected": {"text": "Because."},
    }
    study = make_study(variants=variants, claims={"a": claim})
    kept = tuple(one for one in bundle.runs if one.variant != "frozen")
    smaller = make_results(replace(bundle, study=study, runs=kept))
    findings = find(replace(smaller, ledger=whole.ledger))
    former = next(one for one in findings.attrition if one.arm == "frozen")
    assert (former.planned, former.superseded) == (5, 5)
    assert findings.claims[0].post_hoc
