"""The table that `plan` prints, for methods that say more than a spread."""

from typing import Any

import pytest

from reportgen.analysis.design.pilot import Declared
from reportgen.analysis.design.preview import preview_claims
from reportgen.cli.previews import claim_lines
from tests.analysis.factory import SPEC, make_study

CLAIM = {**SPEC["claims"]["bilstm-helps"], "scope": "test_set"}


def lines(seeds: int, late: tuple[str, ...] = (), **analysis: Any) -> list[str]:
    study = make_study(seeds=seeds, claims={"gain": CLAIM}, analysis=analysis)
    return list(claim_lines(preview_claims(study, declared=Declared(frozenset(late)))))


def test_ranks_print_the_chance_they_resolve() -> None:
    found = lines(20, method="poi", better_with_probability=0.8)
    cells = found[1].split()
    assert cells[0] == "gain"
    assert (cells[4], cells[7]) == ("0.8", "0.75")  # asked for, and resolved
    assert found[1].endswith("14 seeds")


def test_a_method_that_may_refuse_says_how_often() -> None:
    found = lines(5, method="pooled")
    assert any("pooling is refused to" in line for line in found)
    assert not any("pooling" in line for line in lines(5))


@pytest.mark.parametrize("late", [(), ("gain",)])
def test_a_late_claim_is_told_as_one(late: tuple[str, ...]) -> None:
    found = lines(5, late)
    assert ("improves (post hoc)" in found[1]) == bool(late)


def test_the_least_p_is_that_of_the_method() -> None:
    assert lines(7, method="signflip")[1].split()[3] == "0.016"
    assert lines(6)[1].split()[3] == "0.031"
