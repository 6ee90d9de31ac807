"""Whose captures a report tells: findings in, names of arms out."""

from collections.abc import Iterable

from reportgen.analysis.findings.study import Findings


def run_arms(findings: Findings) -> tuple[str, ...]:
    """Arms that ran, in order."""
    return tuple(dict.fromkeys(run.arm for run in findings.runs))


def captured_arms(findings: Findings) -> tuple[str, ...]:
    """Arms of which something was captured: a run of theirs got that far."""
    return tuple(
        arm
        for arm in run_arms(findings)
        if any(arm not in entry.absent for entry in findings.capture)
    )


def single_runs(names: Iterable[str]) -> tuple[str, ...]:
    """Of names of arms and single runs, those of runs: `bilstm (seed 3)`."""
    return tuple(name for name in names if name.endswith(")"))
