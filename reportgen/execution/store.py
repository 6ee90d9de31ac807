"""The content-addressed store: finished runs in, the same runs out by their key.

One folder per key holds `record.json` with its `record.sha256`, and `arrays.npz`, named
by digest. Beside them lie `timing.json` and `log.txt`, which are never hashed. A folder
appears whole, by a rename.
"""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from reportgen.analysis.load import newer_record
from reportgen.errors import InputError, Problem
from reportgen.execution.disk import (
    read_arrays,
    sync_folder,
    worded_disk_errors,
    write_arrays,
    write_synced,
    write_whole,
)
from reportgen.project import Project, newer_format
from reportgen.records import (
    FORMAT,
    INFRASTRUCTURE,
    Array,
    RunRecord,
    canonical_json,
    digest_array,
    digest_result,
)

# A run that the machine had no time, memory or data for is tried anew next time.
NOT_KEPT = INFRASTRUCTURE | {"out-of-memory", "data-error"}


class Timing(BaseModel):
    """What a run cost; never hashed, since no two machines agree on it."""

    wall_seconds: float
    cpu_seconds: float
    peak_mib: float


@dataclass(frozen=True)
class Store:
    """A folder of finished runs; `shown` is how messages name it."""

    root: Path
    shown: str

    def log(self, key: str) -> Path:
        """Where a run that is under way writes its log."""
        return self.root / "partial" / f"{key}.log"

    def has(self, key: str) -> bool:
        """Whether a finished run lies under this key, read or not."""
        return (self.root / key / "record.json").exists()

    def arrays(self, key: str) -> Path:
        """The file with the arrays of the run under this key, by digest."""
        return self.root / key / "arrays.npz"

    def keep(
        self,
        record: RunRecord,
        arrays: Mapping[str, Array],
        *,
        timing: Timing | None = None,
        address: str | None = None,
    ) -> None:
        """Keep a finished run; it appears whole or not at all.

        Args:
            record: how the run ended; not by a fault of the machine.
            arrays: by digest, those that the record lists and perhaps others.
            timing: what it cost, where that is known.
            address: where to keep it, when not under the record's own key.

        Raises:
            InputError: the disk refuses, or the key holds another result already.
        """
        key = address or record.key
        temporary = self.root / "partial" / f"{key}.{os.getpid()}"
        with worded_disk_errors(f"{self.shown}/{key}"):
            shutil.rmtree(temporary, ignore_errors=True)
            temporary.mkdir(parents=True)
            try:
                self._fill(temporary, record, arrays)
                if timing:
                    text = timing.model_dump_json() + "\n"
                    (temporary / "timing.json").write_text(text)
                if self.log(key).exists():
                    shutil.copy(self.log(key), temporary / "log.txt")
                self._settle(temporary, key, record)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
            self.log(key).unlink(missing_ok=True)

    def _fill(
        self, folder: Path, record: RunRecord, arrays: Mapping[str, Array]
    ) -> None:
        content = canonical_json(record.model_dump(mode="json")).encode() + b"\n"
        digest = hashlib.sha256(content).hexdigest().encode() + b"\n"
        write_synced(folder / "record.json", lambda file: file.write(content))
        write_synced(folder / "record.sha256", lambda file: file.write(digest))
        own = {digest: arrays[digest] for digest in record.arrays.values()}
        write_synced(folder / "arrays.npz", lambda file: write_arrays(file, own))
        sync_folder(folder)

    def _settle(self, temporary: Path, key: str, record: RunRecord) -> None:
        """Rename the filled folder to its key, unless another process was faster."""
        try:
            temporary.rename(self.root / key)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            if self.read(key)[0].result != record.result:
                raise InputError(
                    Problem(
                        "one key, two results: this run does not repeat bit for bit",
                        f"{self.shown}/{key}",
                        "find what the run draws from an unseeded generator, a clock "
                        "or a race; the result that was here is kept",
                    )
                ) from error
        sync_folder(self.root)

    def read(self, key: str) -> tuple[RunRecord, dict[str, Array]]:
        """Read a run, and its arrays by digest, and check every digest in it.

        Raises:
            InputError: a file is missing, damaged, edited or of a newer format.
        """
        folder = self.root / key
        where = f"{self.shown}/{key}"
        fix = self._remove(key)
        try:
            content = (folder / "record.json").read_bytes()
            record = parse_record(content)
            digest = (folder / "record.sha256").read_text().strip()
            arrays = read_arrays(self.arrays(key))
        except FileNotFoundError as error:
            name = Path(error.filename).name
            raise InputError(Problem(f"{name} is missing", where, fix)) from error
        except ValueError as error:
            newer = newer_record(content, where)
            raise InputError(newer or Problem(str(error), where, fix)) from error
        damage = find_damage(record, arrays)
        if damage is None and hashlib.sha256(content).hexdigest() != digest:
            damage = "the record was edited: it does not fit record.sha256"
        if damage:
            raise InputError(Problem(damage, where, fix))
        return record, arrays

    def read_run(self, key: str, run: str) -> RunRecord:
        """Read the record under a key, which must be that of a certain run.

        Raises:
            InputError: it is damaged, or another run's that was copied here.
        """
        record, _ = self.read(key)
        if record.run != run:
            what = f"this is the record of another run ({record.run[:12]}), copied"
            raise InputError(Problem(what, f"{self.shown}/{key}", self._remove(key)))
        return record

    def _remove(self, key: str) -> str:
        return (
            f"move it away with 'mv {self.shown}/{key} {self.shown}/partial/' and run "
            "again: the run comes back from the study's bundle or is trained anew"
        )

    def timing(self, key: str) -> Timing | None:
        """What the run under this key cost, where that is known."""
        try:
            return Timing.model_validate_json(
                (self.root / key / "timing.json").read_text()
            )
        except (FileNotFoundError, ValidationError):
            return None

    def log_tail(self, key: str, *, lines: int) -> list[str]:
        """The last lines of an unfinished run's log; none where there is no log."""
        try:
            text = self.log(key).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return []
        return text.splitlines()[-lines:]


def open_store(project: Project) -> Store:
    """Open the project's store, and make it where there is none.

    Raises:
        InputError: it cannot be written, or a newer format wrote it.
    """
    root = project.store
    store = Store(root, project.show(root))
    marker = root / "format.json"
    with worded_disk_errors(store.shown):
        (root / "partial").mkdir(parents=True, exist_ok=True)
        if not marker.exists():
            content = canonical_json({"format": FORMAT}).encode() + b"\n"
            write_whole(marker, lambda file: file.write(content))
    check_format(store)
    return store


def check_format(store: Store) -> None:
    """Check that this version reads what a store holds, where there is one.

    Raises:
        InputError: a newer format wrote it, or it says none.
    """
    marker = store.root / "format.json"
    if not marker.exists():
        return
    try:
        found = int(json.loads(marker.read_bytes())["format"])
    except (ValueError, KeyError, TypeError) as error:
        what = "this says no format: it was edited or damaged"
        fix = f'write {{"format":{FORMAT}}} into it, or delete the store'
        raise InputError(Problem(what, f"{store.shown}/format.json", fix)) from error
    if found > FORMAT:
        raise InputError(newer_format(found, FORMAT, store.shown))


def parse_record(line: bytes) -> RunRecord:
    """Read a record.

    Raises:
        ValueError: it is no JSON, or no record that this version knows.
    """
    try:
        json.loads(line)
    except ValueError as error:
        raise ValueError("the record is no JSON: it was cut off or damaged") from error
    try:
        return RunRecord.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"not a record of a run: {path}: {first['msg']}") from error


def find_damage(record: RunRecord, arrays: Mapping[str, Array]) -> str | None:
    """Say what in a record does not fit its own digest or its arrays, by digest."""
    if record.result != digest_result(record):
        return "the record was edited: its result does not fit its digest"
    for name, digest in record.arrays.items():
        if digest not in arrays:
            return f"the array {name} is missing"
        if digest_array(arrays[digest]) != digest:
            return f"the array {name} was changed: its bytes do not fit their digest"
    return None
