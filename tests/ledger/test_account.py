"""Every planned run ends in one state, and what does not close is told."""

from collections.abc import Callable

import pytest

from reportgen.execution.ledger import LedgerBook
from reportgen.ledger.account import Account, account_runs, registered_late
from reportgen.ledger.entries import CellRun
from reportgen.ledger.read import read_ledger
from reportgen.project import Project
from reportgen.records import BundledRun
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import Cell, plan_study

Make = Callable[..., StudySpec]
Write = Callable[..., list[BundledRun]]
Ended = Callable[..., BundledRun]


def account(place: Project, study: StudySpec, runs: list[BundledRun]) -> Account:
    cells = plan_study(study, {}).cells
    return account_runs(cells, runs, read_ledger(place, "paper"), study="paper")


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
    place.ledger("paper").unlink()
    found = account(place, make_study(), runs)
    assert words(found).count("the ledger knows no start of") == 4


def test_ends_cut_off_the_ledger_are_missed(
    place: Project, make_study: Make, write: Write
) -> None:
    runs = write(make_study())
    lines = place.ledger("paper").read_text().splitlines(keepends=True)
    place.ledger("paper").write_text("".join(lines[:-1]))
    assert "started and never ended" in words(account(place, make_study(), runs))
    place.ledger("paper").write_text("".join(lines[:-2]))
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
    assert words(found).count("a record was copied") == 2


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
        book.begin(cell, origin="trained")
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
    LedgerBook(place, study, environment="b" * 64).begin(cell, origin="trained")
    assert "started and never ended" in words(account(place, study, [one]))
    book = LedgerBook(place, study, environment="b" * 64)
    book.begin(cell, origin="trained")
    book.conclude(cell, one.record, wall_seconds=2.0)
    assert entered(place, study) == ["register", "start", "retry", "end"]
    assert counts(account(place, study, [one])) == {"baseline": (1, 1, 0, 0, 0)}


def test_claims_are_registered_by_what_they_say(
    place: Project, make_study: Make, write: Write
) -> None:
    study = make_study()
    runs = {one.record.run for one in write(study)}

    def late(**changes: object) -> frozenset[str]:
        said = study.claims["wider-is-better"].model_dump(mode="json") | changes
        return registered_late(
            make_study(claims={"renamed": said}), read_ledger(place, "paper"), runs
        )

    assert late() == frozenset()
    assert late(why_expected={"text": "Another reason."}) == frozenset()
    assert late(margin=0.01) == {"renamed"}
    assert late(says="wide improves test.accuracy over elsewhere") == {"renamed"}
    assert late(says="a improves test.accuracy over b") == frozenset(), "no run yet"


def test_a_claim_registered_between_its_arms_is_late(
    place: Project, make_study: Make, write: Write
) -> None:
    before = make_study(variants={}, claims={})
    runs = write(before) + write(make_study())
    ledger = read_ledger(place, "paper")
    ids = {one.record.run for one in runs}
    assert registered_late(make_study(), ledger, ids) == {"wider-is-better"}
    kinds = [entry.kind for entry in ledger.entries]
    assert kinds == [
        "register",
        *["start", "end"] * 2,
        "register",
        *["start", "end"] * 2,
    ]
