"""What the ledger knows weighs on verdicts: looks, and runs that are gone."""

from dataclasses import replace

import pytest

from reportgen.analysis.audit.ledger import open_drawer
from reportgen.analysis.claims.verdicts import judge_opened, open_claims
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.study import find
from reportgen.ledger.entries import Register, Start
from reportgen.ledger.read import Ledger
from reportgen.ledger.registration import Registration
from reportgen.spec.plan import plan_study
from tests.analysis.factory import Bundle, make_ledger, make_results, make_study


@pytest.fixture(scope="module")
def grown(bundle: Bundle) -> Results:
    """Five seeds, of which two were planned when the runs of three had ended."""
    known = make_ledger(bundle).entries
    head, *others = known
    assert isinstance(head, Register)
    seeds = (0, 1, 2)
    early = [one for one in others if getattr(one, "seed", 0) in seeds]
    late = [one for one in others if getattr(one, "seed", 0) not in seeds]
    first = head.model_copy(update={"seeds": seeds})
    entries = (first, *early, head, *late)
    numbered = tuple(
        entry.model_copy(update={"n": n}) for n, entry in enumerate(entries, start=1)
    )
    return replace(make_results(bundle), ledger=Ledger(numbered, ""))


def verdicts(results: Results) -> set[str]:
    return {claim.verdict for claim in find(results).claims}


def test_an_undeclared_look_leaves_no_verdict_but_exploratory(grown: Results) -> None:
    found = find(grown)
    assert found.history.looks == (3, 5)
    assert found.family.undeclared_looks == (3,)
    assert {claim.finding for claim in found.claims} >= {"undeclared_look"}
    assert verdicts(grown) <= {"exploratory", "inconclusive"}


def test_declared_looks_keep_their_verdicts(grown: Results, bundle: Bundle) -> None:
    study = make_study(analysis={"looks": [3, 5]})
    looks = Registration(study, grown.cells, grown.bundled, grown.ledger).looks()
    opened = open_claims(replace(grown, study=study), frozenset(), looks)
    claims, family = judge_opened(opened, ())
    assert family.undeclared_looks == ()
    assert "supported" in {claim.verdict for claim in claims}
    assert "supported" in verdicts(make_results(bundle)), "with one look it is too"


def test_why_a_run_is_in_the_drawer(bundle: Bundle) -> None:
    results = make_results(bundle)
    starts = [one for one in results.ledger.entries if isinstance(one, Start)]
    left = [one.cell_run for one in starts if one.seed in (3, 4)]
    fewer = replace(results, cells=tuple(c for c in results.cells if c.seed < 3))
    assert {row.reason for row in open_drawer(fewer, left)} == {"seed left the study"}
    (row, *_) = open_drawer(fewer, left)
    assert (row.arm, row.seeds) == (left[0].variant, (3, 4))
    again = open_drawer(results, left)
    assert {row.reason for row in again} == {"other code, data or evaluation"}
    other = make_study(model={"use": "gru", "params": {"hidden_dim": 8}})
    revised = replace(results, cells=plan_study(other, {}).cells)
    assert {row.reason for row in open_drawer(revised, left)} == {"other settings"}
