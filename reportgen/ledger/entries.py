"""What a ledger says: one frozen entry per line, each holding the hash of the last.

For one run of one cell the entries read `start`, any number of `retry`, `end`; a run
that was executed again with another result adds `differs`, and one whose record leaves
the study before its end held scores adds `kept`. `register` lists what was declared as
it stood, and comes before the first start under it.

What later versions added is optional: entries written before lack it, and their hashes
hold without it.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, TypeAdapter

from reportgen.records import FailureKind, RunRecord, canonical_json, digest_json
from reportgen.spec.model import Frozen, RunConfig, StudySpec

# Clocks of two machines that write to one ledger may disagree by this much.
CLOCK_TOLERANCE_SECONDS = 300


FailureRule = Literal["fallback", "last_finite_checkpoint", "exclude"]
Scores = dict[str, float | None]  # "test.hwa@best" -> value; None when not finite
# Parts of a record that its result does not cover.
DESCRIPTION = ("capture", "architecture", "data", "code", "checks", "failure")


def _is_absent(value: object) -> bool:
    return value is None


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
    """What was declared when the runs that follow had not started."""

    kind: Literal["register"] = "register"
    claims: dict[str, str]  # claim -> digest of what decides its verdict
    seeds: tuple[int, ...] | None = Field(default=None, exclude_if=_is_absent)
    failures: FailureRule | None = Field(default=None, exclude_if=_is_absent)


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
    # Digest of what decides the weights, the seed apart: see `settings_digest`.
    settings: str | None = Field(default=None, exclude_if=_is_absent)


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
    # On test, at the selected checkpoint: what is left when the record is gone.
    scores: Scores | None = Field(default=None, exclude_if=_is_absent)
    # Digest of what the record says beyond its result: see `description_digest`.
    description: str | None = Field(default=None, exclude_if=_is_absent)


class End(Outcome):
    """The run came to its end."""

    kind: Literal["end"] = "end"


class Differs(Outcome):
    """The run was executed once more and gave another result than its end says."""

    kind: Literal["differs"] = "differs"


class Kept(RunLink):
    """The scores of a run whose record leaves the study; its end does not hold them."""

    kind: Literal["kept"] = "kept"
    result: str
    scores: Scores


Entry = Annotated[
    Register | Start | Retry | End | Differs | Kept, Field(discriminator="kind")
]
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


def settings_digest(config: RunConfig) -> str:
    """Digest of the settings that decide a run's weights, the seed apart.

    What is evaluated, and which checkpoint is reported, is left out: to change it and
    run again shows the same weights again. So are settings that have their default,
    since a later version may know more of them.
    """
    content = config.model_dump(
        mode="json", include={"data", "model", "training"}, exclude_defaults=True
    )
    content["data"].pop("shifts", None)
    content["training"].pop("select", None)
    return digest_json(content)


def description_digest(record: RunRecord) -> str:
    """Digest of what a record says beyond its result: capture, data, code, checks.

    Defaults are left out, since a later version may know more of them.
    """
    return digest_json(
        record.model_dump(mode="json", include=set(DESCRIPTION), exclude_defaults=True)
    )


def scores_on_test(record: RunRecord) -> Scores:
    """What a run scores on test at the checkpoint its study reports."""
    rule = record.selected
    checkpoint = record.checkpoints.get(rule)
    if checkpoint is None or record.status == "failed":
        return {}
    return {
        f"{name}@{rule}": value
        for name, value in checkpoint.metrics.items()
        if name.startswith("test.")
    }
