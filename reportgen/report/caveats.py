"""What an abstract must not leave out: findings in, warnings out."""

from reportgen.analysis.findings.study import Findings


def abstract_warning(findings: Findings) -> str:
    """A paragraph where the study left failed runs out; empty otherwise."""
    failed = sum(arm.failed + arm.excluded for arm in findings.attrition)
    if findings.family.failures != "exclude" or not failed or not findings.claims:
        return ""
    runs = "1 run" if failed == 1 else f"{failed} runs"
    return (
        f'<p class="alarm"><strong>Warning:</strong> {runs} of this study failed, and '
        "pairs with a failed run were left out of every verdict, as was declared "
        "before. What is said holds for runs that do not fail.</p>"
    )
