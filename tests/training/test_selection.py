import math
from collections.abc import Callable

import pytest

from reportgen.errors import SettingError
from reportgen.metrics.metric import load_metric
from reportgen.spec.model import RunConfig
from reportgen.training.selection import Selection

Configure = Callable[..., RunConfig]
METRICS = (load_metric("accuracy"), load_metric("loss"))


def select(configure: Configure, metric: str, patience: int | None = None) -> Selection:
    choice = {"metric": metric, "rule": "best", "patience": patience}
    return Selection(configure({"training": {"select": choice}}), METRICS)


def epochs_kept(selection: Selection, name: str, values: list[float]) -> list[int]:
    return [
        epoch
        for epoch, value in enumerate(values, 1)
        if selection.update(epoch, {name: value})
    ]


def test_lower_loss_is_better_and_the_earliest_best_stays(configure: Configure) -> None:
    selection = select(configure, "dev.loss")
    assert epochs_kept(selection, "dev.loss", [0.9, 0.5, 0.5, 0.7, 0.4, 0.4]) == [
        1,
        2,
        5,
    ]
    assert selection.epoch == 5


def test_higher_accuracy_is_better(configure: Configure) -> None:
    selection = select(configure, "dev.accuracy")
    assert epochs_kept(selection, "dev.accuracy", [0.5, 0.4, 0.6, 0.6]) == [1, 3]


def test_values_that_are_no_number_are_never_best(configure: Configure) -> None:
    selection = select(configure, "dev.loss")
    assert epochs_kept(selection, "dev.loss", [math.nan, math.inf, 3.0, math.nan]) == [
        3
    ]


def test_patience_counts_epochs_since_the_best(configure: Configure) -> None:
    selection = select(configure, "dev.loss", patience=2)
    stopped = []
    for epoch, value in enumerate([0.9, 0.8, 0.85, 0.83, 0.7], 1):
        selection.update(epoch, {"dev.loss": value})
        stopped.append(selection.exhausted(epoch))
    assert stopped == [False, False, False, True, False]


def test_without_patience_nothing_stops(configure: Configure) -> None:
    selection = select(configure, "dev.loss")
    selection.update(1, {"dev.loss": 0.1})
    assert not selection.exhausted(99)


@pytest.mark.parametrize("metric", ["test.loss", "ordering.accuracy"])
def test_what_judges_must_not_choose(configure: Configure, metric: str) -> None:
    with pytest.raises(SettingError, match="must not choose the checkpoint") as caught:
        select(configure, metric)
    assert caught.value.path == "training.select.metric"
    assert caught.value.fix == f"select on dev.{metric.partition('.')[2]}"
