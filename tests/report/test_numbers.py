import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analysis.findings.facts import Derivation, Fact, Unit
from reportgen.report.numbers import (
    MINUS,
    THIN,
    decimals_for,
    write_count,
    write_decimal,
    write_fact,
    write_interval,
    write_p,
    write_plain,
)


def read(text: str) -> float:
    return float(text.replace(MINUS, "-").replace(THIN, "").replace("+", ""))


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_decimals_read_back_to_half_a_unit_of_the_last(value: float, n: int) -> None:
    written = write_decimal(value, n)
    assert abs(read(written) - value) <= 0.5 * 10**-n + 1e-9
    assert "-" not in written


@given(st.floats(0.001, 1e6), st.integers(0, 4))
def test_a_sign_changes_nothing_else(value: float, n: int) -> None:
    plus, minus = write_decimal(value, n, signed=True), write_decimal(-value, n)
    assert plus.lstrip("+") == minus.lstrip(MINUS)


@pytest.mark.parametrize("value", [0.0, -0.0, -0.0001])
def test_what_rounds_to_zero_has_no_sign(value: float) -> None:
    assert write_decimal(value, 3, signed=True) == "0.000"


@given(st.floats(1e-9, 1e3))
def test_more_certain_never_means_fewer_decimals(error: float) -> None:
    for unit in ("fraction", "nats"):
        fewer = decimals_for(error, unit=unit)
        assert decimals_for(error / 2, unit=unit) >= fewer


@pytest.mark.parametrize(
    ("error", "unit", "decimals"),
    [
        (0.011, "fraction", 3),  # begins with 1: two digits of it
        (0.035, "fraction", 2),
        (0.0004, "fraction", 3),  # finer than a row in a thousand is not claimed
        (0.4, "fraction", 2),
        (0.2, "nats", 2),
        (7.0, "nats", 0),
        (None, "fraction", 3),
        (0.0, "nats", 3),
    ],
)
def test_digits_follow_the_uncertainty(
    error: float | None, unit: str, decimals: int
) -> None:
    assert decimals_for(error, unit=unit) == decimals


@given(st.floats(0, 1))
def test_a_p_value_is_never_zero_nor_one(p: float) -> None:
    written = write_p(p)
    assert read(written.lstrip("<>" + THIN)) > 0
    if written[0] not in "<>":
        digits = re.sub(r"^0\.0*", "", written)
        assert len(digits) == 2
        assert abs(float(written) - p) <= 0.05 * p + 1e-12


@pytest.mark.parametrize(
    ("p", "written"),
    [
        (0.0123, "0.012"),
        (0.00999, "0.010"),
        (0.3, "0.30"),
        (0.00001, f"<{THIN}0.0001"),
        (1.0, f">{THIN}0.99"),
    ],
)
def test_p_values(p: float, written: str) -> None:
    assert write_p(p) == written


@given(st.integers(-(10**12), 10**12))
def test_counts_keep_their_value(count: int) -> None:
    assert read(write_count(count)) == count


def test_counts_are_grouped_from_five_digits() -> None:
    assert write_count(2000) == "2000"
    assert write_count(20000) == f"20{THIN}000"


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.001, "0.001"), (1e-8, "10⁻⁸"), (2.5e-7, f"2.5{THIN}×{THIN}10⁻⁷"), (64, "64")],
)
def test_settings_are_written_as_someone_would_type_them(
    value: float, written: str
) -> None:
    assert write_plain(value) == written


def test_intervals_do_not_break() -> None:
    assert write_interval(-0.1, 0.25, 2) == f"{MINUS}0.10\u00a0to\u00a00.25"


def fact(value: float | int | str, unit: Unit, error: float | None = None) -> Fact:
    return Fact(
        id="a",
        value=value,
        unit=unit,
        standard_error=error,
        derivation=Derivation(formula="given"),
    )


@pytest.mark.parametrize(
    ("given_fact", "written"),
    [
        (fact(0.81234, "fraction", 0.02), "0.812"),
        (fact(0.81234, "fraction", 0.04), "0.81"),
        (fact(12, "runs"), "12"),
        (fact(0.04, "probability"), "0.040"),
        (fact("best", "setting"), "best"),
        (fact(1e-3, "setting"), "0.001"),
    ],
)
def test_a_fact_is_written_by_its_unit(given_fact: Fact, written: str) -> None:
    assert write_fact(given_fact) == written
