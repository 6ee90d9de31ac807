"""What each command does: parsed arguments in, printed lines and an exit code out.

Whatever a command needs is imported when it runs, after the study was found sound, so
that help, `check` and messages come without PyTorch, numpy or matplotlib.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from reportgen.cli.previews import table_lines
from reportgen.errors import InputError, Problem
from reportgen.project import Project

NOT_CHECKED = (
    "whether data and models can be made from these settings (`reportgen plan` does)",
    "whether a model trains, and which numbers its texts show (only results tell)",
)
SCHEMA = "study.schema.json"
Arguments = argparse.Namespace


def check(arguments: Arguments, project: Project) -> int:
    """Validate studies: every problem of every study at once."""
    from reportgen.cli.studies import problems_of
    from reportgen.spec.check_files import check_registration

    chosen = arguments.study or ["all"]
    studies = project.studies() if "all" in chosen else tuple(chosen)
    problems = check_registration(project) if "all" in chosen else []
    if not studies:
        fix = "go to a project's folder, or write specs/NAME.yaml"
        problems.append(Problem("there is no study", str(project.root), fix))
    for study in studies:
        problems += problems_of(project, study)
    if arguments.json:
        _print_json(
            studies=studies,
            problems=[_problem_json(problem) for problem in problems],
            not_checked=NOT_CHECKED,
        )
        return 2 if problems else 0
    if problems:
        raise InputError(problems)
    print(f"no problem found in: {', '.join(studies)}")
    for line in NOT_CHECKED:
        print(f"not checked: {line}")
    return 0


def _problem_json(problem: Problem) -> dict[str, object]:
    where = problem.where
    place = {"where": where} if isinstance(where, str) else asdict(where)
    return {"what": problem.what, **place, "fix": problem.fix}


def plan(arguments: Arguments, project: Project) -> int:
    """Print what a study would train, and what its claims could show."""
    from reportgen.cli.previews import claim_lines
    from reportgen.cli.studies import checked_study, placed, undecidable_claims

    loaded = checked_study(project, arguments.study)

    from reportgen.analysis.design.pilot import read_declared, read_pilot
    from reportgen.analysis.design.preview import preview_claims
    from reportgen.execution.study import preview

    pilot = read_pilot(project, loaded.spec)
    claims = preview_claims(loaded.spec, pilot, read_declared(project, loaded.spec))
    undecidable = undecidable_claims(loaded, claims)
    found = placed(loaded, lambda: preview(project, loaded.spec), besides=undecidable)
    if found.stored:  # what was trained before makes claims post hoc
        declared = read_declared(project, loaded.spec, found.stored)
        claims = preview_claims(loaded.spec, pilot, declared)
    if arguments.json:
        _print_json(runs=asdict(found), claims=[asdict(claim) for claim in claims])
        return 0
    rows = [(one.arm, str(one.new), str(one.cached)) for one in found.arms]
    _print_table([("arm", "new", "cached"), *rows])
    new = sum(one.new for one in found.arms)
    cached = sum(one.cached for one in found.arms)
    minutes = f"about {found.minutes:.1f} min on {found.workers} cores ({found.basis})"
    print(f"\n{new} runs to train, {minutes}; {cached} cached\n")
    for line in claim_lines(claims):
        print(line)
    return 0


def run(arguments: Arguments, project: Project) -> int:
    """Train every run that is missing."""
    from reportgen.cli.studies import checked_study, placed, undecidable_claims

    loaded = checked_study(project, arguments.study)

    from reportgen.analysis.design.pilot import read_declared
    from reportgen.analysis.design.preview import preview_claims
    from reportgen.execution.study import run_study

    declared = read_declared(project, loaded.spec)
    claims = preview_claims(loaded.spec, declared=declared)
    undecidable = undecidable_claims(loaded, claims)
    if undecidable:
        raise InputError(undecidable)

    summary = placed(
        loaded,
        lambda: run_study(
            project,
            loaded.spec,
            jobs=arguments.jobs,
            timeout_seconds=arguments.timeout,
        ),
    )
    for line in summary.lines():
        print(line)
    return 0


def analyse(arguments: Arguments, project: Project) -> int:
    """Turn runs into facts, verdicts and findings."""
    from reportgen.cli.studies import checked_study

    loaded = checked_study(project, arguments.study)

    from reportgen.analysis.audit.grade import compare_findings
    from reportgen.analysis.output.write import earlier_findings
    from reportgen.analysis.study import analyse_study

    before = earlier_findings(project, arguments.study)
    findings = analyse_study(project, loaded.spec)
    for claim in findings.claims:
        late = " (post hoc)" if claim.post_hoc else ""
        print(f"{claim.id}: {claim.verdict}{late}")
    if before is not None:
        for line in compare_findings(before, findings).lines():
            print(line)
    print(f"written to {project.show(project.results(arguments.study))}/")
    return 0


def render(arguments: Arguments, project: Project) -> int:
    """Set the page and the paper."""
    from reportgen.cli.studies import checked_study

    study = checked_study(project, arguments.study).spec

    from reportgen.report.study import render_study

    for path in render_study(project, study):
        print(project.show(path))
    return 0


def build(arguments: Arguments, project: Project) -> int:
    """Bring one study up to date through DVC."""
    import subprocess

    from reportgen.cli.studies import problems_of

    problems = problems_of(project, arguments.study)  # texts too, before any run
    if problems:
        raise InputError(problems)
    command = [sys.executable, "-m", "dvc", "repro", f"render@{arguments.study}"]
    ended = subprocess.run(command, cwd=project.root, check=False)  # noqa: S603 - no shell
    if ended.returncode == 0:
        for name in ("index.html", "paper.pdf"):
            print(project.show(project.report(arguments.study) / name))
    return 1 if ended.returncode else 0


def explain(arguments: Arguments, project: Project) -> int:
    """Print how a fact came about, from its digits to the bytes."""
    from reportgen.cli.studies import require_study

    require_study(project, arguments.study)

    from reportgen.analysis.explain import explain_fact

    print(explain_fact(project, arguments.study, arguments.fact))
    return 0


def schema(arguments: Arguments, project: Project) -> int:
    """Write the JSON Schema of specs, for editors."""
    from reportgen.cli.studies import catalogues_of
    from reportgen.spec.schema import study_schema

    path = project.root / "specs" / SCHEMA
    text = json.dumps(
        study_schema(catalogues_of(project)), indent=2, ensure_ascii=False
    )
    current = path.is_file() and path.read_text(encoding="utf-8") == text + "\n"
    shown = project.show(path)
    if arguments.check:
        print(f"{shown} is {'current' if current else 'out of date: reportgen schema'}")
        return 0 if current else 1
    path.write_text(text + "\n", encoding="utf-8")
    print(shown)
    return 0


def ledger(arguments: Arguments, project: Project) -> int:
    """Verify the account of every run and print it."""
    from reportgen.cli.studies import require_study
    from reportgen.ledger import wording
    from reportgen.ledger.account import histories
    from reportgen.ledger.committed import describe_history
    from reportgen.ledger.read import read_ledger, recorded_runs, refuse_unknown_runs

    require_study(project, arguments.study)
    found = read_ledger(project, arguments.study)
    refuse_unknown_runs(
        project,
        arguments.study,
        recorded=recorded_runs(project, arguments.study),
        known={one.run for one in histories(found)},
    )
    history = describe_history(project, arguments.study)
    if arguments.json:
        _print_json(
            whole=True,
            head=found.head,
            history=history,
            arms=wording.count_ends(found),
            entries=[entry.model_dump(mode="json") for entry in found.entries],
        )
        return 0
    _print_table([wording.ENTRY_HEAD, *wording.entry_rows(found)])
    print()
    _print_table([wording.ARM_HEAD, *wording.arm_rows(found)])
    print(f"\n{len(found.entries)} entries; the chain is whole; {history}")
    print(wording.LIMIT)
    return 0


def _print_json(**values: object) -> None:
    print(json.dumps(values, indent=2, ensure_ascii=False))


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    for line in table_lines(rows):
        print(line)
