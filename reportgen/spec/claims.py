"""What a claim says, taken apart: one English sentence in, its parts out.

A claim is about one quantity (a score, what a shift costs, the distance from a
yardstick, the spread over seeds, how often runs fail) and says one of five things of
it. All quantities are read so that more is better for the variant.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from reportgen.errors import SettingError

Kind = Literal["improves", "worse", "noninferior", "equivalent", "differs"]
About = Literal["score", "shift", "level", "spread", "failures"]

CHANCE, CEILING = "chance", "ceiling"

# One spelling per claim; the order matters only for messages.
PATTERNS: dict[tuple[About, Kind], str] = {
    ("score", "improves"): "{a} improves {m} over {b}",
    ("score", "worse"): "{a} worsens {m} against {b}",
    ("score", "noninferior"): "{a} does not worsen {m} against {b}",
    ("score", "equivalent"): "{a} matches {m} of {b}",
    ("score", "differs"): "{a} changes {m} against {b}",
    ("shift", "improves"): "{a} is more robust than {b} from {m} to {n}",
    ("shift", "worse"): "{a} is less robust than {b} from {m} to {n}",
    ("shift", "noninferior"): "{a} is no less robust than {b} from {m} to {n}",
    ("shift", "equivalent"): "{a} is as robust as {b} from {m} to {n}",
    ("shift", "differs"): "{a} is either more or less robust than {b} from {m} to {n}",
    ("level", "improves"): "{a} beats {b} on {m}",
    ("level", "worse"): "{a} falls short of {b} on {m}",
    ("level", "noninferior"): "{a} reaches {b} on {m}",
    ("level", "equivalent"): "{a} stays at {b} on {m}",
    ("level", "differs"): "{a} differs from {b} on {m}",
    ("spread", "improves"): "{a} varies less over seeds than {b} on {m}",
    ("spread", "worse"): "{a} varies more over seeds than {b} on {m}",
    ("spread", "noninferior"): "{a} varies no more over seeds than {b} on {m}",
    ("spread", "equivalent"): "{a} varies as much over seeds as {b} on {m}",
    ("spread", "differs"): "{a} varies either more or less over seeds than {b} on {m}",
    ("failures", "improves"): "{a} fails less often than {b}",
    ("failures", "worse"): "{a} fails more often than {b}",
    ("failures", "noninferior"): "{a} fails no more often than {b}",
    ("failures", "equivalent"): "{a} fails as often as {b}",
    ("failures", "differs"): "{a} fails either more or less often than {b}",
}
MOST_SHOWN = 5  # patterns in a message
# Words that tell one quantity from another.
TELLING = frozenset(
    (
        *("robust", "beats", "falls", "short", "reaches", "stays", "varies", "seeds"),
        *("fails", "often", "matches", "differs", "either"),
    )
)


@dataclass(frozen=True)
class ClaimParts:
    """`variant` against `reference` on `metric`, e.g. `test.hwa` or `test.hwa@last`.

    A claim about a level has a yardstick as its reference: a number, `chance` or
    `ceiling`. A claim about a shift names the shifted metric too, one about failures
    names no metric.
    """

    kind: Kind
    variant: str
    metric: str
    reference: str
    about: About = "score"
    shifted: str = ""

    @property
    def evaluation_set(self) -> str:
        """The part before the dot: dev, test, test-clean or a shift."""
        return self.metric.partition(".")[0]

    @property
    def shifted_set(self) -> str:
        """The evaluation set that a claim about a shift compares with."""
        return self.shifted.partition(".")[0]

    @property
    def measure(self) -> str:
        """The part between dot and @: the metric's catalogue name."""
        return self.metric.partition(".")[2].partition("@")[0]

    @property
    def rule(self) -> str | None:
        """`best` or `last` when written; None means the study's own selection."""
        return self.metric.partition("@")[2] or None

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms it concerns, the variant first."""
        if self.about == "level":
            return (self.variant,)
        return (self.variant, self.reference)

    @property
    def constant(self) -> float | None:
        """The number that a level is held against; None for any other yardstick."""
        return _number(self.reference) if self.about == "level" else None

    @property
    def says(self) -> str:
        """The sentence that means this claim."""
        return PATTERNS[self.about, self.kind].format(
            a=self.variant, b=self.reference, m=self.metric, n=self.shifted
        )


@cache
def parse_claim(says: str) -> ClaimParts:
    """Take a claim's sentence apart.

    Raises:
        SettingError: it follows no sentence pattern, or names no yardstick.
    """
    for (about, kind), pattern in PATTERNS.items():
        match = re.fullmatch(_expression(pattern), " ".join(says.split()))
        if match:
            found = match.groupdict()
            parts = ClaimParts(
                kind,
                found["a"],
                found.get("m", ""),
                found["b"],
                about,
                found.get("n", ""),
            )
            _check_yardstick(parts)
            return parts
    raise SettingError(
        "says", f"cannot read {says!r} as a claim", f"write {_nearest_patterns(says)}"
    )


def _expression(pattern: str) -> str:
    """The pattern as a regular expression; each part is one word."""
    return re.sub(r"\{(\w)\}", r"(?P<\1>\\S+)", pattern)


def _check_yardstick(parts: ClaimParts) -> None:
    known = (CHANCE, CEILING)
    if parts.about != "level" or parts.reference in known:
        return
    if parts.constant is None:
        what = f"{parts.reference!r} is nothing to hold a single arm against"
        fix = f"write a number such as 0.8, {CHANCE} or {CEILING}"
        raise SettingError("says", what, fix)


def _number(text: str) -> float | None:
    """A plain decimal number; None for anything else, nan and infinities included."""
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", text) else None


def _nearest_patterns(says: str) -> str:
    """The patterns that share telling words with a sentence, as a person types them."""
    words = TELLING.intersection(says.split())

    def shared(pattern: str) -> int:
        return len(words.intersection(pattern.split()))

    ranked = sorted(PATTERNS.items(), key=lambda one: -shared(one[1]))
    shown = [
        pattern.format(
            a="A",
            b="NUMBER|chance|ceiling" if about == "level" else "B",
            m="METRIC" if about != "shift" else "TEST.METRIC",
            n="SHIFT.METRIC",
        )
        for (about, _), pattern in ranked[:MOST_SHOWN]
    ]
    return "; ".join(shown)
