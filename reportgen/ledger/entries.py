"""What a ledger says: one frozen entry per line, each holding the hash of the last.

For one run of one cell the entries read `start`, any number of `retry`, `end`; a run
that was executed again with another result adds `differs`. `register` lists the claims
as they stood, and comes before the first start under them.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, TypeAdapter

from reportgen.records import FailureKind, canonical_json, digest_json
from reportgen.spec.model import Frozen, StudySpec

# Clocks of two machines that write to one ledger may disagree by this much.
CLOCK_TOLERANCE_SECONDS = 300


class CellRun(NamedTuple):
    """One run in one cell of a study: what a ledger keeps account of."""

    variant: str
    seed: int
    run: str


class Link(Frozen):
    """What every entry has: its number, the hash before it, and when it was written."""

    n: int  # counted from 1
    prev: str  # hash of the entry before; of the study's name for the first
    time: str  # UTC, e.g. 2026-03-01T12:00:00Z
    hash: str = ""  # of everything else in the entry


class Register(Link):
    """The claims as they stood when the runs that follow had not started."""

    kind: Literal["register"] = "register"
    claims: dict[str, str]  # claim -> digest of what decides its verdict


class RunLink(Link):
    """An entry about one run."""

    run: str
    variant: str
    seed: int
    environment: str  # digest of the environment class

    @property
    def cell_run(self) -> CellRun:
        """The run and the cell it fills."""
        return CellRun(self.variant, self.seed, self.run)


class Start(RunLink):
    """A run is about to be trained, or its record was found in the store."""

    kind: Literal["start"] = "start"
    claims: str  # digest of all claims together
    spec: str  # digest of the study without its report
    origin: Literal["trained", "store"]


class Retry(RunLink):
    """A run that had started is tried once more."""

    kind: Literal["retry"] = "retry"
    reason: str


class Outcome(RunLink):
    """How an execution of a run came out."""

    status: Literal["completed", "failed"]
    failure: FailureKind | None = None
    result: str
    wall_seconds: float | None = None  # None where nobody measured them


class End(Outcome):
    """The run came to its end."""

    kind: Literal["end"] = "end"


class Differs(Outcome):
    """The run was executed once more and gave another result than its end says."""

    kind: Literal["differs"] = "differs"


Entry = Annotated[Register | Start | Retry | End | Differs, Field(discriminator="kind")]
ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)


def first_link(study: str) -> str:
    """The `prev` of a study's first entry: a ledger fits no other study."""
    return digest_json({"ledger": study})


def entry_hash(entry: Entry) -> str:
    """SHA-256 of the entry's canonical JSON without its own hash."""
    return digest_json(entry.model_dump(mode="json", exclude={"hash"}))


def seal(entry: Entry) -> Entry:
    """The entry with its hash filled in."""
    return entry.model_copy(update={"hash": entry_hash(entry)})


def entry_line(entry: Entry) -> str:
    """The entry as its line in the file, newline included."""
    return canonical_json(entry.model_dump(mode="json")) + "\n"


def utc_text(moment: datetime) -> str:
    """A moment in the ledger's spelling, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_moment(text: str) -> datetime:
    """Read the ledger's spelling of a moment back.

    Raises:
        ValueError: it is spelt otherwise.
    """
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def claim_digests(study: StudySpec) -> dict[str, str]:
    """Each claim's digest: what is said, by how much and by which rule it is judged.

    Why it was expected is left out, and so is a rule that is the default one.
    """
    rule = study.analysis.model_dump(mode="json", exclude_defaults=True)
    return {
        name: digest_json(
            claim.model_dump(mode="json", exclude={"why_expected"})
            | ({"analysis": rule} if rule else {})
        )
        for name, claim in study.claims.items()
    }


def claims_digest(study: StudySpec) -> str:
    """One digest over all claims of the study."""
    return digest_json(claim_digests(study))


def spec_digest(study: StudySpec) -> str:
    """Digest of the whole study but for the words it is told in."""
    return digest_json(study.model_dump(mode="json", exclude={"report"}))
