"""Every planned run ends in one state, and what does not close is told."""

from collections.abc import Callable
from hashlib import sha256

import pytest

from reportgen.execution.ledger import LedgerBook
from reportgen.ledger.account import Account, account_runs, histories
from reportgen.ledger.entries import (
    ENTRY,
    CellRun,
    entry_hash,
    entry_line,
)
from reportgen.ledger.read import read_ledger
from reportgen.project import Project
from reportgen.records import BundledRun, CaptureRow, Environment
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import Cell, plan_study
from tests.studies import as_written_earlier

Make = Callable[..., StudySpec]
Write = Callable[..., list[BundledRun]]
Ended = Callable[..., BundledRun]


def account(place: Project, study: StudySpec, runs: list[BundledRun]) -> Account:
    cells = plan_study(study, {}).cells
    return account_runs(
        cells,
        runs,
        read_ledger(place, "tiny"),
        study="tiny",
        failures=study.analysis.failures,
    )


def words(found: Account) -> str:
    return "\n".join(problem.what for problem in found.problems)


def counts(found: Account) -> dict[str, tuple[int, ...]]:
    return {
        arm: (one.planned, one.reported, one.failed, one.excluded, one.superseded)
        for arm, one in found.arms.items()
    }


def test_reported_and_failed_runs_close(
    place: Project, make_study: Make, write: Write, ended: Ended
) -> None:
    cells = plan_study(make_study(), {}).cells
    runs = write(make_study(), [ended(cell, failed=cell.seed == 1) for cell in cells])
    found = account(place, make_study(), runs)
    assert found.problems == ()
    assert counts(found) == {"baseline": (2, 1, 1, 0, 0), "wide": (2, 1, 1, 0, 0)}


def test_a_variant_that_left_stays_in_the_account(
    place: Project, make_study: Make, write: Write
) -> None:
    runs = write(make_study())
    kept = [one for one in runs if one.variant == "baseline"]
    found = account(place, make_study(variants={}, claims={}), kept)
    assert found.problems == ()
    assert counts(found) == {"baseline": (2, 2, 0, 0, 0), "wide": (2, 0, 0, 0, 2)}
    assert {run.variant for run in found.superseded} == {"wide"}


def test_a_revised_arm_supersedes_its_runs(
    place: Project, make_study: Make, write: Write
) -> None:
    write(make_study())
    revised = make_study(model={"use": "lstm", "params": {"hidden_dim": 5}})
    runs = write(revised)
    found = account(place, revised, runs)
    assert found.problems == ()
    assert counts(found)["baseline"] == (4, 2, 0, 0, 2)


def test_a_missing_record_does_not_close(
    place: Project, make_study: Make, write: Write
) -> None:
    runs = write(make_study())
    found = account(place, make_study(), runs[1:])
    assert words(found) == "the planned run of baseline under seed 0 has no record"


def test_a_record_of_other_settings_does_not_close(
    place: Project, make_study: Make, write: Write
) -> None:
    runs = write(make_study())
    found = account(place, make_study(metrics=["loss"]), runs)
    assert words(found).count("was made from other settings than the spec's") == 4


def test_a_record_nobody_planned_does_not_close(
    place: Project, make_study: Make, write: Write
) -> None:
    runs = write(make_study())
    found = account(place, make_study(seeds=1), runs)
    assert "there is a record of wide under seed 1, and no such plan" in words(found)


def test_a_deleted_ledger_is_loud(
    place: Project, make_study: Make, write: Write
) -> None:
    runs = write(make_study())
    place.ledger("tiny").unlink()
    found = account(place, make_study(), runs)
    assert words(found).count("the ledger knows no start of") == 4


def test_ends_cut_off_the_ledger_are_missed(
    place: Project, make_study: Make, write: Write
) -> None:
    runs = write(make_study())
    lines = place.ledger("tiny").read_text().splitlines(keepends=True)
    place.ledger("tiny").write_text("".join(lines[:-1]))
    assert "started and never ended" in words(account(place, make_study(), runs))
    place.ledger("tiny").write_text("".join(lines[:-2]))
    assert "the ledger knows no start of" in words(account(place, make_study(), runs))


def test_an_exchanged_record_is_seen(
    place: Project, make_study: Make, write: Write, ended: Ended
) -> None:
    runs = write(make_study())
    cell = plan_study(make_study(), {}).cells[0]
    better = [ended(cell, weights="of a nicer run"), *runs[1:]]
    found = account(place, make_study(), better)
    assert "has a record whose result the ledger does not hold" in words(found)


def test_a_record_copied_under_another_seed_is_seen(
    place: Project, make_study: Make, write: Write, ended: Ended
) -> None:
    cells = plan_study(make_study(), {}).cells
    runs = write(make_study(), [ended(cell, weights=cell.variant) for cell in cells])
    found = account(place, make_study(), runs)
    assert words(found).count("has the very weights of") == 2
    assert words(found).count("a record was copied") == 2


@pytest.mark.parametrize("rule", ["best", "last"])
def test_answers_copied_under_another_seed_are_seen(
    place: Project, make_study: Make, write: Write, ended: Ended, rule: str
) -> None:
    """With weights that were edited to differ."""
    cells = plan_study(make_study(), {}).cells

    def answers(cell: Cell) -> dict[str, str]:
        return {
            f"logits/{name}@{rule}": f"{name} {cell.variant}"
            for name in ("dev", "test")
        }

    runs = write(make_study(), [ended(cell, arrays=answers(cell)) for cell in cells])
    assert words(account(place, make_study(), runs)).count("has the very answers") == 2

    def one_differs(cell: Cell) -> dict[str, str]:
        return answers(cell) | {f"logits/dev@{rule}": f"{cell.variant} {cell.seed}"}

    place.ledger("tiny").unlink()
    runs = write(make_study(), [ended(one, arrays=one_differs(one)) for one in cells])
    assert account(place, make_study(), runs).problems == ()


def entered(place: Project, study: StudySpec) -> list[str]:
    return [entry.kind for entry in read_ledger(place, study.study).entries]


@pytest.fixture
def first(make_study: Make) -> Cell:
    return plan_study(make_study(), {}).cells[0]


def test_an_equal_execution_adds_nothing_and_another_one_differs_once(
    place: Project, make_study: Make, ended: Ended, first: Cell
) -> None:
    one, other = ended(first), ended(first, weights="others")
    cell = CellRun("baseline", 0, one.record.run)
    said = []
    for record in (one, one, other, other, one):
        book = LedgerBook(place, make_study(), environment="b" * 64)
        book.begin(cell, one.record.config, origin="trained")
        book.retry(cell, "of which nothing is entered")
        said.append(book.conclude(cell, record.record, wall_seconds=None))
    assert said == ["first", "equal", "different", "different", "equal"]
    # The first execution was open when its retry came.
    assert entered(place, make_study()) == [
        "register",
        "start",
        "retry",
        "end",
        "differs",
    ]
    for runs in ([one], [other]):
        study = make_study(variants={}, claims={}, seeds=1)
        assert account(place, study, runs).problems == ()


def test_an_interrupted_run_starts_again_and_ends_once(
    place: Project, make_study: Make, ended: Ended, first: Cell
) -> None:
    one = ended(first)
    cell = CellRun("baseline", 0, one.record.run)
    study = make_study(variants={}, claims={}, seeds=1)
    LedgerBook(place, study, environment="b" * 64).begin(
        cell, one.record.config, origin="trained"
    )
    assert "started and never ended" in words(account(place, study, [one]))
    book = LedgerBook(place, study, environment="b" * 64)
    book.begin(cell, one.record.config, origin="trained")
    book.conclude(cell, one.record, wall_seconds=2.0)
    assert entered(place, study) == ["register", "start", "retry", "end"]
    assert counts(account(place, study, [one])) == {"baseline": (1, 1, 0, 0, 0)}


def test_failed_runs_are_excluded_where_that_was_declared_before_them(
    place: Project, make_study: Make, write: Write, ended: Ended
) -> None:
    declared = make_study(analysis={"failures": "exclude"})

    def failing(study: StudySpec) -> list[BundledRun]:
        cells = plan_study(study, {}).cells
        return [ended(cell, failed=cell.seed == 1) for cell in cells]

    write(make_study(variants={}, claims={}), failing(make_study(variants={})))
    runs = write(declared, failing(declared))
    found = account(place, declared, runs)
    assert found.problems == ()
    # The baseline had failed when the rule came; the variant had not started.
    assert counts(found) == {"baseline": (2, 1, 1, 0, 0), "wide": (2, 1, 0, 1, 0)}
    undeclared = account(place, make_study(), runs)
    assert counts(undeclared)["wide"] == (2, 1, 1, 0, 0)


def test_an_edited_capture_is_seen_beside_a_result_that_holds(
    place: Project, make_study: Make, write: Write
) -> None:
    runs = write(make_study())
    row = CaptureRow(
        path="optimizer.lr", value=0.1, source="spec", origin="-", meaning="-"
    )
    record = runs[0].record.model_copy(update={"capture": (row,)})
    edited = [runs[0].model_copy(update={"record": record}), *runs[1:]]
    found = account(place, make_study(), edited)
    assert "was edited: its capture, data, code, checks or failure" in words(found)
    assert found.problems[0].where == "runs/tiny/records.jsonl"
    elsewhere = record.model_copy(
        update={"environment": Environment(digest="c" * 64, details={})}
    )
    other = [runs[0].model_copy(update={"record": elsewhere}), *runs[1:]]
    assert account(place, make_study(), other).problems == (), "cannot be compared"


def test_entries_of_earlier_versions_keep_their_hashes() -> None:
    """Ledgers in the repository were written before some of the fields were there."""
    line = (
        '{"claims":{},"hash":"%s","kind":"register","n":1,"prev":"p",'
        '"time":"2026-03-01T12:00:00Z"}'
    )
    body = '{"claims":{},"kind":"register","n":1,"prev":"p",'
    body += '"time":"2026-03-01T12:00:00Z"}'
    entry = ENTRY.validate_json(line % sha256(body.encode()).hexdigest())
    assert entry.hash == entry_hash(entry)
    assert entry_line(entry) == line % entry.hash + "\n"


def test_scores_stay_when_a_record_leaves(
    place: Project, make_study: Make, write: Write
) -> None:
    runs = write(make_study())
    for history in histories(read_ledger(place, "tiny")).values():
        assert history.scores is not None
        assert history.scores["test.accuracy@best"] in (0.5, 0.625)
    as_written_earlier(place.ledger("tiny"))
    book = LedgerBook(place, make_study(), environment="b" * 64)
    cells = [CellRun(one.variant, one.seed, one.record.run) for one in runs]
    book.keep_scores(runs, set(cells[:2]))
    book.keep_scores(runs, set(cells[:2]))
    assert entered(place, make_study())[-2:] == ["kept", "kept"]
    assert entered(place, make_study()).count("kept") == 2
    noted = [history.scores for history in book.histories.values()]
    assert noted[:2] == [None, None]
    assert noted[2:] == [{"test.accuracy@best": 0.5}, {"test.accuracy@best": 0.625}]
