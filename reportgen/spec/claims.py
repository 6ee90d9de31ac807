"""What a claim says, taken apart: one English sentence in, its five parts out."""

import re
from dataclasses import dataclass
from typing import Literal

from reportgen.errors import SettingError

Kind = Literal["improves", "worse", "noninferior", "equivalent", "differs"]

# One spelling per kind; the order matters only for the message.
SENTENCES: dict[Kind, tuple[str, str]] = {
    "improves": ("improves", "over"),
    "worse": ("worsens", "against"),
    "noninferior": ("does not worsen", "against"),
    "equivalent": ("matches", "of"),
    "differs": ("changes", "against"),
}


@dataclass(frozen=True)
class ClaimParts:
    """`variant` against `reference` on `metric`, e.g. `test.hwa` or `test.hwa@last`."""

    kind: Kind
    variant: str
    metric: str
    reference: str

    @property
    def evaluation_set(self) -> str:
        """The part before the dot: dev, test or a shift."""
        return self.metric.partition(".")[0]

    @property
    def measure(self) -> str:
        """The part between dot and @: the metric's catalogue name."""
        return self.metric.partition(".")[2].partition("@")[0]

    @property
    def rule(self) -> str | None:
        """`best` or `last` when written; None means the study's own selection."""
        return self.metric.partition("@")[2] or None


def parse_claim(says: str) -> ClaimParts:
    """Take a claim's sentence apart.

    Raises:
        SettingError: it follows none of the five sentence patterns.
    """
    for kind, (verb, preposition) in SENTENCES.items():
        pattern = rf"(\S+) {verb} (\S+) {preposition} (\S+)"
        match = re.fullmatch(pattern, " ".join(says.split()))
        if match:
            variant, metric, reference = match.groups()
            return ClaimParts(kind, variant, metric, reference)
    patterns = "; ".join(
        f"A {verb} METRIC {preposition} B" for verb, preposition in SENTENCES.values()
    )
    raise SettingError("says", f"cannot read {says!r} as a claim", f"write {patterns}")
