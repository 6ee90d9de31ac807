"""What the controls of a study come to, in sentences: their results in, text out."""

from collections.abc import Sequence

from reportgen.analysis.controls import CONTROLS
from reportgen.analysis.findings.study import ControlResult
from reportgen.analysis.measured.planted import read_planted

NONE_RUN = (
    "The study ran no control, so nothing shows that it could have seen a difference."
)


def control_account(controls: Sequence[ControlResult]) -> str:
    """How many passed, why others did not, and what nobody watched for."""
    if not controls:
        return NONE_RUN
    judged = [one for one in controls if not one.yardstick]
    passed = [one for one in judged if one.passed]
    told = [f"Of {len(judged)} controls {len(passed)} passed."]
    told += [
        f"Failed: {one.title} ({one.note or one.observed})."
        for one in judged
        if one.passed is False
    ]
    for applicable, words in ((True, "Not checked"), (False, "Not applicable")):
        open_ones = [
            f"{one.title} ({one.note})"
            for one in judged
            if one.passed is None and one.applicable is applicable
        ]
        if open_ones:
            told.append(f"{words}: {'; '.join(open_ones)}.")
    ids = {one.id for one in controls}
    left_out = [name for name in CONTROLS if name not in ids]
    if left_out:
        told.append(f"Left out by the study: {', '.join(left_out)}.")
    unseen = unwatched([one.id for one in passed])
    if unseen:
        mistakes = "; ".join(unseen)
        told.append(f"No control that passed is known to see: {mistakes}.")
    return " ".join(told)


def unwatched(passed: Sequence[str]) -> tuple[str, ...]:
    """Planted mistakes that none of these controls saw wherever they were planted."""
    return tuple(
        mistake
        for mistake, seen_by in read_planted().always_seen_by.items()
        if not {*seen_by} & {*passed}
    )
