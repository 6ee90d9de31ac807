"""What was known when: a study and its ledger in, late claims and looks at data out.

A run concerns an arm where it has the arm's settings, whatever code it was trained by:
an edit of the code, or another name for the arm, does not make what was seen unseen.
Entries of earlier versions do not hold the settings; they count by arm and seed. A run
of other settings or seeds is a pilot: its results are no part of what a claim is judged
by, so they make no claim late, and a report tells that they were there.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from reportgen.ledger.entries import (
    CellRun,
    End,
    FailureRule,
    Register,
    Start,
    claim_digests,
    settings_digest,
)
from reportgen.ledger.read import Ledger
from reportgen.records import BundledRun
from reportgen.spec.claims import parse_claim
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import CONTROL_PREFIX, Cell

NEVER = 10**9  # the number of an entry that was never made


@dataclass(frozen=True)
class Registration:
    """A study against its ledger: what was declared before which run.

    Attributes:
        study: as it is now.
        cells: the runs it plans.
        bundled: the records of these runs.
        ledger: verified.
        stored: arms of which a run is in the store that the ledger does not know yet;
            it will be entered as found there.
    """

    study: StudySpec
    cells: Sequence[Cell]
    bundled: Sequence[BundledRun]
    ledger: Ledger
    stored: Collection[str] = ()

    @cached_property
    def settings(self) -> dict[str, str]:
        """The digest of each arm's settings; controls are no arms of the study."""
        first = {cell.variant: cell.config for cell in reversed(self.cells)}
        return {
            arm: settings_digest(config)
            for arm, config in first.items()
            if not arm.startswith(CONTROL_PREFIX)
        }

    @cached_property
    def _having(self) -> dict[str, set[str]]:
        """The arms that have each digest of settings."""
        found: dict[str, set[str]] = {}
        for arm, digest in self.settings.items():
            found.setdefault(digest, set()).add(arm)
        return found

    @cached_property
    def _recorded(self) -> dict[str, set[str]]:
        """The arms that each run of the bundle fills."""
        found: dict[str, set[str]] = {}
        for one in self.bundled:
            found.setdefault(one.record.run, set()).add(one.variant)
        return found

    @cached_property
    def _registered(self) -> dict[str, int]:
        """The entry that registered each claim of the study first."""
        first: dict[str, int] = {}
        for entry in self.ledger.entries:
            if isinstance(entry, Register):
                for digest in entry.claims.values():
                    first.setdefault(digest, entry.n)
        digests = claim_digests(self.study)
        return {name: first.get(one, NEVER) for name, one in digests.items()}

    def arms_of(self, start: Start) -> set[str]:
        """The study's arms whose settings a run had, under whatever seed."""
        if start.settings is not None:
            return self._having.get(start.settings, set())
        named = {start.variant} | self._recorded.get(start.run, set())
        return named & self.settings.keys()

    def late_claims(self) -> frozenset[str]:
        """Claims that were added or changed after a run they concern had started.

        A run found in the store had been trained before anything here was declared.
        """
        seeds = set(self.study.seed_list)
        began = dict.fromkeys(self.stored, 0)
        for start in self._starts():
            if start.seed in seeds:
                at = 0 if start.origin == "store" else start.n
                for arm in self.arms_of(start):
                    began[arm] = min(at, began.get(arm, at))
        return frozenset(
            name
            for name, registered in self._registered.items()
            if any(began.get(arm, NEVER) < registered for arm in self._arms(name))
        )

    def withdrawn_claims(self) -> tuple[str, ...]:
        """Claims under which runs of the study started, and that it makes no more.

        A claim that was changed is withdrawn as it stood, whatever became of its name.
        Where no run of the study started under a claim, its runs are a pilot too.
        """
        kept, seeds = set(claim_digests(self.study).values()), set(self.study.seed_list)
        declared: Mapping[str, str] = {}
        found: dict[str, str] = {}  # by digest
        for entry in self.ledger.entries:
            if isinstance(entry, Register):
                declared = entry.claims
            elif (
                isinstance(entry, Start) and entry.seed in seeds and self.arms_of(entry)
            ):
                found |= {digest: name for name, digest in declared.items()}
        return tuple(name for digest, name in found.items() if digest not in kept)

    def pilots(self) -> dict[str, int]:
        """Earlier runs of a claim's arms, under other settings or seeds, by claim.

        They had started before the claim was registered, and it is not judged by them.
        """
        late, seeds = self.late_claims(), set(self.study.seed_list)
        counts = {}
        for name, registered in self._registered.items():
            arms = set(self._arms(name))
            seen = {
                start.cell_run
                for start in self._starts()
                if start.n < registered
                and (start.variant in arms or arms & self.arms_of(start))
                and not (start.seed in seeds and arms & self.arms_of(start))
            }
            if seen and name not in late:
                counts[name] = len(seen)
        return counts

    def looks(self) -> tuple[int, ...]:
        """Numbers of seeds at which a claim could be looked at, rising; now included.

        Of each claim, or of all arms where a study claims nothing. Results of a seed
        are there once a run of the claim's arms under it has ended. They are looked at
        when a seed is planned that was not planned before: that many seeds were known
        by then. Seeds that left the study after they ended count on, unless no claim
        of the study was registered yet: then they were a pilot.
        """
        asked = {frozenset(self._arms(claim)) for claim in self.study.claims}
        found = map(self._looks_at, asked or {frozenset(self.settings)})
        return tuple(sorted(set().union(*found) - {0}))

    def _looks_at(self, asked: frozenset[str]) -> set[int]:
        """Numbers of seeds at which some arms could be looked at."""
        concerned: set[CellRun] = set()
        ended: set[int] = set()  # seeds
        planned: set[int] = set()
        known_at: dict[str, int] = {}  # seeds that had ended when a spec first ran
        looks: set[int] = set()
        for entry in self.ledger.entries:
            if isinstance(entry, Register) and entry.seeds is not None:
                if not planned.issuperset(entry.seeds):
                    looks.add(len(ended))
                planned.update(entry.seeds)
            elif isinstance(entry, Start) and asked & self.arms_of(entry):
                concerned.add(entry.cell_run)
                known = known_at.setdefault(entry.spec, len(ended))
                if entry.seed not in planned:  # an earlier version noted no plan
                    looks.add(known)
                planned.add(entry.seed)
            elif isinstance(entry, End) and entry.cell_run in concerned:
                pilot = entry.seed not in self.study.seed_list
                if not pilot or self._was_claimed(entry.n):
                    ended.add(entry.seed)
        looks.add(len(ended.union(self.study.seed_list)))
        return looks

    def _was_claimed(self, n: int) -> bool:
        """Whether any claim of the study was registered before an entry."""
        return any(registered < n for registered in self._registered.values())

    def _arms(self, claim: str) -> tuple[str, ...]:
        return parse_claim(self.study.claims[claim].says).arms

    def _starts(self) -> Iterator[Start]:
        return (one for one in self.ledger.entries if isinstance(one, Start))


def rule_declared(ledger: Ledger) -> Mapping[int, FailureRule]:
    """The rule about failed runs that stood when each start was entered, by its number.

    Entries of earlier versions hold none: there was only one.
    """
    rule: FailureRule = "fallback"
    found: dict[int, FailureRule] = {}
    for entry in ledger.entries:
        if isinstance(entry, Register):
            rule = entry.failures or "fallback"
        elif isinstance(entry, Start):
            found[entry.n] = rule
    return found
