"""What an abstract must not leave out: findings in, warnings out."""

from markupsafe import escape

from reportgen.analysis.findings.study import Findings


def abstract_warning(findings: Findings) -> str:
    """A paragraph each where controls failed or failed runs do not count."""
    return _of_controls(findings) + _of_failures(findings)


def _of_controls(findings: Findings) -> str:
    failed = [one.title for one in findings.controls if one.passed is False]
    if not failed or not findings.claims:
        return ""
    noun = "A control" if len(failed) == 1 else f"{len(failed)} controls"
    return (
        f'<p class="alarm"><strong>{noun} failed</strong> '
        f"({escape('; '.join(failed))}), so no claim of this study has a verdict.</p>"
    )


def _of_failures(findings: Findings) -> str:
    failed = sum(arm.failed + arm.excluded for arm in findings.attrition)
    if findings.family.failures != "exclude" or not failed or not findings.claims:
        return ""
    runs = "1 run" if failed == 1 else f"{failed} runs"
    return (
        f'<p class="alarm"><strong>Warning:</strong> {runs} of this study failed, and '
        "pairs with a failed run were left out of every verdict, as was declared "
        "before. What is said holds for runs that do not fail.</p>"
    )
