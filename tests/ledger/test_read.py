"""Every break in a ledger's chain is seen and worded."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from reportgen.errors import InputError
from reportgen.execution.ledger import LedgerBook
from reportgen.ledger.entries import ENTRY, CellRun, entry_line, seal, utc_text
from reportgen.ledger.read import drop_torn_line, read_ledger
from reportgen.project import Project
from reportgen.records import BundledRun, digest_json
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import plan_study

Make = Callable[..., StudySpec]
Write = Callable[..., list[BundledRun]]
Lines = list[str]


@pytest.fixture
def lines(place: Project, make_study: Make, write: Write) -> Lines:
    """The nine lines of a whole ledger: claims, and start and end of four runs."""
    write(make_study())
    return place.ledger("tiny").read_text().splitlines(keepends=True)


def read_changed(place: Project, lines: Lines) -> str:
    """What reading says of the ledger with these lines."""
    place.ledger("tiny").write_text("".join(lines))
    with pytest.raises(InputError) as caught:
        read_ledger(place, "tiny")
    return str(caught.value)


def test_a_whole_ledger_reads_back(place: Project, lines: Lines) -> None:
    ledger = read_ledger(place, "tiny")
    kinds = [entry.kind for entry in ledger.entries]
    assert kinds == ["register", *["start", "end"] * 4]
    assert ledger.head == json.loads(lines[-1])["hash"]


def test_no_ledger_is_an_empty_one(place: Project) -> None:
    assert read_ledger(place, "tiny").entries == ()


def test_a_deleted_line_is_missed(place: Project, lines: Lines) -> None:
    words = read_changed(place, [*lines[:3], *lines[4:]])
    assert "runs/tiny/ledger.jsonl:4: entry 4 should stand above this line" in words
    assert "git checkout -- runs/tiny/ledger.jsonl" in words


def test_deleted_first_lines_are_missed(place: Project, lines: Lines) -> None:
    assert "entries 1 to 3 should stand above" in read_changed(place, lines[3:])


def test_an_edited_line_is_seen_and_only_that_one(place: Project, lines: Lines) -> None:
    edited = lines[2].replace('"status":"completed"', '"status":"failed"')
    assert edited != lines[2]
    words = read_changed(place, [*lines[:2], edited, *lines[3:]])
    assert words.count("ledger.jsonl:") == 1
    assert "ledger.jsonl:3: this entry was edited" in words


def test_a_line_forged_with_its_hash_breaks_the_next(
    place: Project, lines: Lines
) -> None:
    forged = json.loads(lines[2]) | {"result": "0" * 64}
    entry = seal(ENTRY.validate_json(json.dumps(forged)))
    words = read_changed(place, [*lines[:2], entry_line(entry), *lines[3:]])
    assert "ledger.jsonl:4: the entry above is not the one" in words


def test_a_moved_line_is_seen(place: Project, lines: Lines) -> None:
    words = read_changed(place, [*lines[:2], lines[3], lines[2], *lines[4:]])
    assert "ledger.jsonl:4: entry 3 stands where entry 5 belongs" in words


def test_a_garbled_line_is_seen(place: Project, lines: Lines) -> None:
    words = read_changed(place, [*lines[:2], "nonsense\n", *lines[3:]])
    assert "ledger.jsonl:3: this line is no ledger entry" in words


def test_an_entry_of_a_newer_version_is_no_damage(place: Project, lines: Lines) -> None:
    newer = {"kind": "pause", "n": 3, "prev": json.loads(lines[1])["hash"]}
    newer |= {"hash": digest_json(newer)}
    words = read_changed(place, [*lines[:2], json.dumps(newer) + "\n", *lines[3:]])
    assert "ledger.jsonl:3: this entry was written by a newer version" in words
    assert "fix: update reportgen" in words
    assert "edited" not in words


def test_the_ledger_of_another_study_is_refused(place: Project, lines: Lines) -> None:
    other = place.ledger("other")
    other.parent.mkdir()
    other.write_text("".join(lines))
    with pytest.raises(InputError, match="belongs to another study"):
        read_ledger(place, "other")


def rewritten(lines: Lines, place: int, moment: datetime) -> Lines:
    """The chain as it would be, had one entry been written at another moment."""
    written, prev = [], json.loads(lines[0])["prev"]
    for number, line in enumerate(lines):
        data = json.loads(line) | {"prev": prev}
        if number == place:
            data["time"] = utc_text(moment)
        entry = seal(ENTRY.validate_json(json.dumps(data)))
        written.append(entry_line(entry))
        prev = entry.hash
    return written


def test_an_entry_from_the_future_is_refused(place: Project, lines: Lines) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    words = read_changed(place, rewritten(lines, len(lines) - 1, later))
    assert "ledger.jsonl:9: this entry lies in the future" in words


def test_a_clock_set_back_is_seen(place: Project, lines: Lines) -> None:
    earlier = datetime.now(UTC) - timedelta(hours=1)
    words = read_changed(place, rewritten(lines, 4, earlier))
    assert "ledger.jsonl:5: this entry is older than the one above" in words


def test_a_clock_set_back_while_runs_are_trained_is_seen(
    place: Project, make_study: Make, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(make_study())
    book = LedgerBook(place, make_study(seeds=3), environment="a" * 64)
    cell = plan_study(make_study(seeds=3), {}).cells[2]
    before = place.ledger("tiny").read_bytes()

    class Yesterday(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Yesterday":
            return super().now(tz) - timedelta(days=1)

    monkeypatch.setattr("reportgen.execution.ledger.datetime", Yesterday)
    with pytest.raises(InputError, match="set this machine's clock right"):
        book.begin(CellRun("baseline", 2, "run"), cell.config, origin="trained")
    assert place.ledger("tiny").read_bytes() == before


def test_a_torn_last_line_is_told_and_repaired(
    place: Project, lines: Lines, make_study: Make
) -> None:
    words = read_changed(place, [*lines[:8], lines[8][:40]])
    assert "ledger.jsonl:9: the last line was never finished" in words
    assert "reportgen run tiny" in words
    book = LedgerBook(place, make_study(), environment="a" * 64)
    assert "line 9 was never finished" in (book.repaired or "")
    assert place.ledger("tiny").read_text() == "".join(lines[:8])


def test_only_a_torn_line_is_repaired(
    place: Project, lines: Lines, make_study: Make
) -> None:
    path = place.ledger("tiny")
    assert drop_torn_line(path) is None
    damaged = [*lines[:8], "nonsense\n"]
    path.write_text("".join(damaged))
    with pytest.raises(InputError, match="no ledger entry"):
        LedgerBook(place, make_study(), environment="a" * 64)
    assert path.read_text() == "".join(damaged)
