from pathlib import Path

import numpy as np
import pytest

from reportgen.report.figures.view import parse_curves, read_curves, write_table
from tests.report.figures.sample import make_sample


def test_curves_are_read_by_run(tmp_path: Path) -> None:
    path = tmp_path / "curves.csv"
    path.write_text(
        "arm,seed,epoch,train.loss,dev.hwa\n"
        "baseline,0,1,0.7,0.5\nbaseline,0,2,0.6,\nbaseline,3,1,inf,0.25\n"
    )
    curves = read_curves(path)
    assert curves.names == ("train.loss", "dev.hwa")
    loss = curves.of("baseline", "train.loss")
    assert list(loss) == [0]  # the other run has no finite value
    assert loss[0].tolist() == [0.7, 0.6]
    score = curves.of("baseline", "dev.hwa")
    assert np.isnan(score[0][1])
    assert score[3].tolist() == [0.25]


def test_unknown_curve_and_arm_are_empty() -> None:
    curves = parse_curves(["arm,seed,epoch,dev.loss", "baseline,0,1,0.5"])
    assert curves.of("baseline", "dev.hwa") == {}
    assert curves.of("bilstm", "dev.loss") == {}


def test_table_writes_twelve_digits_and_empty_cells() -> None:
    table = write_table(("a", "b", "c"), [(1 / 3, None, "x,y")])
    assert table == 'a,b,c\n0.333333333333,,"x,y"\n'


def test_arms_come_in_the_order_of_the_spec() -> None:
    view = make_sample(arms=3)
    assert view.arms == ("baseline", "bilstm", "order-shuffled")
    assert view.headline == "test.hwa@best"


@pytest.mark.parametrize(
    ("fact", "value"), [("data/test/majority", 0.5), ("data/test/nothing", None)]
)
def test_fact_numbers(fact: str, value: float | None) -> None:
    assert make_sample().fact(fact) == value
