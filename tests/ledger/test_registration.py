"""What was known when: late claims, pilots, and looks at results."""

from collections.abc import Callable
from typing import Any

from reportgen.ledger.read import read_ledger
from reportgen.ledger.registration import Registration
from reportgen.project import Project
from reportgen.records import BundledRun
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import plan_study
from tests.studies import as_written_earlier, make_tiny

Make = Callable[..., StudySpec]
Write = Callable[..., list[BundledRun]]
Ended = Callable[..., BundledRun]
CLAIM = "wider-is-better"


def register(
    place: Project, study: StudySpec, runs: list[BundledRun] | None = None
) -> Registration:
    cells = plan_study(study, {}).cells
    return Registration(study, cells, runs or [], read_ledger(place, "tiny"))


def late(place: Project, study: StudySpec) -> frozenset[str]:
    return register(place, study).late_claims()


def test_claims_are_registered_by_what_they_say(
    place: Project, make_study: Make, write: Write
) -> None:
    study = make_study()
    write(study)

    def renamed(**changes: object) -> frozenset[str]:
        said = study.claims[CLAIM].model_dump(mode="json") | changes
        return late(place, make_study(claims={"renamed": said}))

    assert renamed() == frozenset()
    assert renamed(why_expected={"text": "Another reason."}) == frozenset()
    assert renamed(margin=0.01) == {"renamed"}
    assert renamed(says="wide improves test.accuracy over elsewhere") == {"renamed"}
    assert renamed(says="a improves test.accuracy over b") == frozenset(), "no run yet"
    assert late(place, make_study(analysis={"method": "welch"})) == {CLAIM}


def test_a_claim_registered_between_its_arms_is_late(
    place: Project, make_study: Make, write: Write
) -> None:
    write(make_study(variants={}, claims={}))
    write(make_study())
    assert late(place, make_study()) == {CLAIM}
    kinds = [entry.kind for entry in read_ledger(place, "tiny").entries]
    assert kinds == [
        "register",
        *["start", "end"] * 2,
        "register",
        *["start", "end"] * 2,
    ]


def under_other_code(ended: Ended, study: StudySpec) -> list[BundledRun]:
    return [ended(cell, code="edited") for cell in plan_study(study, {}).cells]


def test_an_edit_of_the_code_makes_nothing_unseen(
    place: Project, make_study: Make, write: Write, ended: Ended
) -> None:
    write(make_study(claims={}))
    runs = write(make_study(), under_other_code(ended, make_study()))
    assert register(place, make_study(), runs).late_claims() == {CLAIM}


def test_neither_does_another_evaluation_or_another_name(
    place: Project, make_study: Make, write: Write
) -> None:
    write(make_study(claims={}))
    training = make_study().training.model_dump(mode="json")
    training["select"] = {"metric": "dev.accuracy", "rule": "last"}
    shifts = {"mixed": {"use": "shuffle_tokens"}}
    data = make_study().data.model_dump(mode="json") | {"shifts": shifts}
    wide = make_study().model_dump(mode="json")["variants"]["wide"]
    claim = make_study().model_dump(mode="json")["claims"][CLAIM]
    claim["says"] = "broad improves test.accuracy over baseline"
    studies = [
        make_study(training=training),
        make_study(data=data),
        make_study(metrics=["accuracy"]),
        make_study(variants={"broad": wide}, claims={CLAIM: claim}),
    ]
    for study in studies:
        write(study)
        assert late(place, study) == {CLAIM}


def test_runs_found_in_a_store_were_there_before(
    place: Project, make_study: Make, write: Write, ended: Ended
) -> None:
    """As after a ledger was deleted, or a study was begun anew under another name."""
    cells = plan_study(make_study(), {}).cells
    write(make_study(), [ended(cell) for cell in cells], "store")
    assert late(place, make_study()) == {CLAIM}


def test_runs_of_other_settings_or_seeds_are_pilots(
    place: Project, make_study: Make, write: Write
) -> None:
    write(make_study(claims={}))
    model = {"use": "lstm", "params": {"hidden_dim": 5}}
    for study in (make_study(model=model), make_study(seeds=[7, 8])):
        write(study)
        found = register(place, study)
        assert found.late_claims() == frozenset()
        assert found.pilots() == {CLAIM: 4}
        place.ledger("tiny").unlink()
        write(make_study(claims={}))
    assert register(place, make_study()).pilots() == {}, "these claims are late"


def test_a_claim_that_leaves_after_runs_started_under_it_is_withdrawn(
    place: Project, make_study: Make, write: Write
) -> None:
    write(make_study())
    said = make_study().model_dump(mode="json")["claims"][CLAIM]

    def withdrawn(**changes: Any) -> tuple[str, ...]:
        return register(place, make_study(**changes)).withdrawn_claims()

    assert withdrawn() == ()
    assert withdrawn(claims={"renamed": said}) == ()
    assert withdrawn(claims={}) == (CLAIM,)
    assert withdrawn(claims={CLAIM: {**said, "margin": 0.01}}) == (CLAIM,)
    model = {"use": "lstm", "params": {"hidden_dim": 5}}
    for pilot in ({"seeds": [7, 8]}, {"model": model}):
        assert withdrawn(claims={}, **pilot) == ()
    write(make_study(claims={}))
    assert withdrawn(claims={}) == (CLAIM,), "whatever was declared since"


def looks(place: Project, **changes: Any) -> tuple[int, ...]:
    return register(place, make_tiny(**changes)).looks()


def test_seeds_added_after_others_ended_are_another_look(
    place: Project, make_study: Make, write: Write
) -> None:
    assert looks(place) == (2,)
    write(make_study())
    assert looks(place) == (2,)
    for seeds in (5, 10):
        write(make_study(seeds=seeds))
    assert looks(place, seeds=10) == (2, 5, 10)


def test_a_variant_added_later_is_no_look(
    place: Project, make_study: Make, write: Write
) -> None:
    write(make_study(variants={}, claims={}))
    write(make_study())
    assert looks(place) == (2,)


def test_an_interrupted_plan_is_no_look(
    place: Project, make_study: Make, write: Write, ended: Ended
) -> None:
    study = make_study(seeds=4)
    cells = plan_study(study, {}).cells
    runs = [ended(cell) for cell in cells]
    write(study, [one for one in runs if one.seed < 2])
    # What was planned is known, so that an arm may join before it goes on.
    write(make_study(seeds=4, claims={}), runs)
    assert looks(place, seeds=4) == (4,)


def test_a_look_counts_the_seeds_of_a_claims_own_arms(
    place: Project, make_study: Make, write: Write, ended: Ended
) -> None:
    """Interrupted when another arm was further on, and planned with more seeds then."""
    settings = make_study().model_dump(mode="json")
    deep = {"why": "More layers.", "change": {"model": {"params": {"layers": 2}}}}
    more = {
        "variants": {**settings["variants"], "deep": deep},
        "claims": {
            **settings["claims"],
            "deeper-is-better": {
                **settings["claims"][CLAIM],
                "says": "deep reaches 0.9 on test.accuracy",
            },
        },
    }
    cells = plan_study(make_study(seeds=5, **more), {}).cells
    runs = [ended(cell) for cell in cells]
    begun = [one for one in runs if one.variant == "deep" or one.seed < 3]
    write(make_study(seeds=5, **more), begun)
    write(make_study(seeds=8, **more))
    assert looks(place, seeds=8, **more) == (3, 5, 8)
    assert looks(place, seeds=8, **more | {"claims": settings["claims"]}) == (3, 8)
    assert looks(place, seeds=8, **more | {"claims": {}}) == (5, 8)


def test_seeds_that_leave_after_they_ended_count_on(
    place: Project, make_study: Make, write: Write
) -> None:
    write(make_study(seeds=4))
    assert looks(place, seeds=2) == (4,)
    write(make_study(seeds=[7, 8]))
    assert looks(place, seeds=[7, 8]) == (4, 6)


def test_seeds_that_ended_before_any_claim_were_a_pilot(
    place: Project, make_study: Make, write: Write
) -> None:
    write(make_study(seeds=4, claims={}))
    write(make_study(seeds=[7, 8]))
    assert looks(place, seeds=[7, 8]) == (2,)


def test_looks_are_known_from_ledgers_that_hold_no_plan(
    place: Project, make_study: Make, write: Write
) -> None:
    write(make_study())
    write(make_study(seeds=5))
    as_written_earlier(place.ledger("tiny"))
    assert looks(place, seeds=5) == (2, 5)
