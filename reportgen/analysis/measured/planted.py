"""What controls are known to see, as measured: a file in, who sees what out.

Small studies were trained with a mistake planted in them, and without one, all default
controls and detectors beside; the tests train some of them again and compare.
`python -m benchmarks.planted_bugs --write` measures it anew.
"""

from collections import Counter
from functools import lru_cache
from pathlib import Path

from reportgen.spec.model import Frozen

FILE = Path(__file__).with_name("planted.json")


class Sighting(Frozen):
    """One mistake in one study: what failed, and what was flagged there alone."""

    study: str
    mistake: str
    controls: tuple[str, ...]
    detectors: tuple[str, ...]


class CleanStudies(Frozen):
    """Studies without a mistake, each with a seed of its own."""

    study: str
    studies: int
    alarms: dict[str, int]  # control -> studies in which it failed
    unchecked: dict[str, int]  # control -> studies in which it could not tell


class Learners(Frozen):
    """How the majority control judges simulated studies of equal arms.

    `learnt` is how far their arms got from the most frequent class to what label noise
    leaves attainable; the rest are shares of the studies.
    """

    learnt: float
    noise: float
    rows: int
    arms: int
    seeds: int
    repeats: int
    passed: float
    failed: float


class Planted(Frozen):
    """Everything measured."""

    sightings: tuple[Sighting, ...]
    clean: tuple[CleanStudies, ...]
    learners: tuple[Learners, ...]

    @property
    def studies(self) -> tuple[str, ...]:
        """The studies that mistakes were planted in."""
        return tuple(dict.fromkeys(one.study for one in self.sightings))

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The mistakes that were planted."""
        return tuple(dict.fromkeys(one.mistake for one in self.sightings))

    @property
    def always_seen_by(self) -> dict[str, tuple[str, ...]]:
        """By mistake, the controls that saw it in every study."""
        times = len(self.studies)
        return {
            mistake: tuple(
                name for name, seen in self.seen_by(mistake).items() if seen == times
            )
            for mistake in self.mistakes
        }

    def seen_by(self, mistake: str, study: str = "") -> dict[str, int]:
        """The controls that saw a mistake, and in how many of the studies."""
        found = self._of(mistake, study)
        return dict(Counter(name for one in found for name in one.controls))

    def flagged_by(self, mistake: str) -> dict[str, int]:
        """The detectors that a mistake set off, and in how many of the studies."""
        found = self._of(mistake)
        return dict(Counter(name for one in found for name in one.detectors))

    def _of(self, mistake: str, study: str = "") -> list[Sighting]:
        return [
            one
            for one in self.sightings
            if one.mistake == mistake and study in ("", one.study)
        ]


@lru_cache(maxsize=1)
def read_planted() -> Planted:
    """What the last measurement found."""
    return Planted.model_validate_json(FILE.read_text(encoding="utf-8"))
