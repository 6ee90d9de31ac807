"""What an abstract must not leave out: findings in, warnings out."""

from markupsafe import escape

from reportgen.analysis.findings.study import Findings
from reportgen.spec.plan import CONTROL_PREFIX


def abstract_warning(findings: Findings) -> str:
    """A paragraph each where controls or checks failed, or failed runs do not count."""
    return _of_controls(findings) + _of_checks(findings) + _of_failures(findings)


def _of_controls(findings: Findings) -> str:
    failed = [one.title for one in findings.controls if one.passed is False]
    if not failed or not findings.claims:
        return ""
    noun = "A control" if len(failed) == 1 else f"{len(failed)} controls"
    return (
        f'<p class="alarm"><strong>{noun} failed</strong> '
        f"({escape('; '.join(failed))}), so no claim of this study has a verdict.</p>"
    )


def _of_checks(findings: Findings) -> str:
    """Of controls that are no more what they say, the verdicts' alarm tells more."""
    failed = dict.fromkeys(
        one.bars for one in findings.manipulations if one.passed is False
    )
    named = [
        name.replace("/", " on ")
        for name in failed
        if name.partition("/")[0] not in failed or "/" not in name
    ]
    if not findings.claims or not named:
        return ""
    all_claims = any(name.startswith(CONTROL_PREFIX) for name in named)
    noun = "An arm is not what it says"
    whose = "about it"
    if len(named) > 1:
        noun, whose = f"{len(named)} arms are not what they say", "about them"
    return (
        f'<p class="alarm"><strong>{noun}</strong> '
        f"({escape('; '.join(named))}), so no claim "
        f"{'of this study' if all_claims else whose} has a verdict.</p>"
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
