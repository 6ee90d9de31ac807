"""Writing the ledger: what happens to runs in, chained and flushed entries out."""

import fcntl
import os
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any, Literal

from reportgen.errors import InputError, Problem
from reportgen.execution.disk import worded_disk_errors
from reportgen.execution.store import NOT_KEPT
from reportgen.ledger.account import History, follow, histories
from reportgen.ledger.entries import (
    ENTRY,
    CellRun,
    Differs,
    End,
    Kept,
    Link,
    Register,
    Retry,
    Start,
    claim_digests,
    claims_digest,
    description_digest,
    entry_line,
    scores_on_test,
    seal,
    settings_digest,
    spec_digest,
    utc_moment,
    utc_text,
)
from reportgen.ledger.read import TOLERANCE, drop_torn_line, read_ledger
from reportgen.project import Project
from reportgen.records import BundledRun, RunRecord
from reportgen.spec.model import RunConfig, StudySpec

Conclusion = Literal["first", "equal", "different"]


class LedgerBook:
    """One study's ledger, open for appending by the process that holds the study.

    A run that the ledger already holds as ended is executed *again*: an equal result
    adds nothing, another one adds `differs`. So a clean clone stays clean.
    """

    def __init__(self, project: Project, study: StudySpec, *, environment: str) -> None:
        """Open the ledger, dropping a last line that a crash left unfinished.

        Args:
            project: where the ledger lies.
            study: the study as it is now; its digests go into start entries.
            environment: digest of this machine's environment class.

        Raises:
            InputError: the chain is broken.
        """
        self._path = project.ledger(study.study)
        self._shown = project.show(self._path)
        self._study, self._environment = study, environment
        self.repaired = drop_torn_line(self._path)
        ledger = read_ledger(project, study.study)
        self._n, self._head = len(ledger.entries), ledger.head
        self._last_time = ledger.last_time
        self._size = self._path.stat().st_size if self._path.exists() else 0
        self.histories: dict[CellRun, History] = histories(ledger)
        registers = [one for one in ledger.entries if isinstance(one, Register)]
        self._registered = _declared(registers[-1]) if registers else None

    def begin(
        self, cell: CellRun, config: RunConfig, *, origin: Literal["trained", "store"]
    ) -> None:
        """Enter that a run is about to be trained, or was found in the store.

        A run that started before and never ended is entered as a retry; one that had
        ended is executed again, of which nothing is entered yet.
        """
        history = self.histories.get(cell)
        if history is None:
            self._register()
            self._append(
                Start,
                **self._about(cell),
                claims=claims_digest(self._study),
                spec=spec_digest(self._study),
                origin=origin,
                settings=settings_digest(config),
            )
        elif origin == "trained":
            self.retry(cell, "the program that trained it was interrupted")

    def retry(self, cell: CellRun, reason: str) -> None:
        """Enter that an open run is tried once more; executing again enters nothing."""
        if self.histories[cell].open:
            self._append(Retry, **self._about(cell), reason=reason)

    def conclude(
        self, cell: CellRun, record: RunRecord, *, wall_seconds: float | None
    ) -> Conclusion:
        """Enter how a run ended, if the ledger does not hold that already.

        Returns:
            Whether this is the run's first end, an equal one or a different one.
        """
        old = self.histories[cell]
        described = description_digest(record)
        outcome = {
            **self._about(cell),
            "status": record.status,
            "failure": record.failure.kind if record.failure else None,
            "result": record.result,
            "wall_seconds": None if wall_seconds is None else round(wall_seconds, 2),
            "scores": scores_on_test(record),
            "description": described,
        }
        if old.open or old.end is None:
            self._append(End, **outcome)
            return "first"
        # Faults of the machine have one result, whatever they were.
        fault = old.end.failure in NOT_KEPT and old.end.description != described
        if old.end.result == record.result and not fault:
            return "equal"
        if old.end.failure in NOT_KEPT:
            reason = f"it had ended by a fault of the machine: {old.end.failure}"
            self._append(Retry, **self._about(cell), reason=reason)
            self._append(End, **outcome)
            return "first"
        if all(record.result != one.result for one in old.differs):
            self._append(Differs, **outcome)
        return "different"

    def keep_scores(
        self, bundled: Iterable[BundledRun], staying: Collection[CellRun]
    ) -> None:
        """Enter what runs scored whose records leave the study, where no end says it.

        Args:
            bundled: the records as they still are.
            staying: the runs that the study plans.
        """
        for one in bundled:
            cell = CellRun(one.variant, one.seed, one.record.run)
            history = self.histories.get(cell)
            if cell in staying or history is None or history.scores is not None:
                continue
            if history.end is not None and history.end.result == one.record.result:
                self._append(
                    Kept,
                    **self._about(cell),
                    result=one.record.result,
                    scores=scores_on_test(one.record),
                )

    def _register(self) -> None:
        """Enter what is declared, unless the last such entry says the same."""
        declared = {
            "claims": claim_digests(self._study),
            "seeds": self._study.seed_list,
            "failures": self._study.analysis.failures,
        }
        if declared != self._registered:
            self._append(Register, **declared)
            self._registered = declared

    def _link(self) -> dict[str, Any]:
        """The chain's part of the next entry.

        Raises:
            InputError: the clock is behind the last entry.
        """
        now = datetime.now(UTC)
        if self._last_time and now < self._last_time - TOLERANCE:
            what = f"the last entry is of {utc_text(self._last_time)}, and now it is "
            fix = "set this machine's clock right, and run again"
            raise InputError(Problem(what + utc_text(now), self._shown, fix))
        return {"n": self._n + 1, "prev": self._head, "time": utc_text(now)}

    def _about(self, cell: CellRun) -> dict[str, Any]:
        return {**cell._asdict(), "environment": self._environment}

    def _append(self, kind: type[Link], **fields: Any) -> None:
        """Chain and seal an entry, write it, and wait until the disk has it."""
        sealed = seal(ENTRY.validate_python(kind(**self._link(), **fields)))
        line = entry_line(sealed).encode()
        with worded_disk_errors(self._shown):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                if file.tell() != self._size:
                    what = "the ledger was changed while this study was running"
                    fix = "restore it with git, then run again: finished runs are kept"
                    raise InputError(Problem(what, self._shown, fix))
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        self._size += len(line)
        self._n, self._head = sealed.n, sealed.hash
        self._last_time = utc_moment(sealed.time)
        if not isinstance(sealed, Register):
            cell = sealed.cell_run
            self.histories[cell] = follow(self.histories.get(cell, History()), sealed)


def _declared(entry: Register) -> dict[str, Any]:
    """What an entry declares, to be compared with what a study does."""
    return {"claims": entry.claims, "seeds": entry.seeds, "failures": entry.failures}
