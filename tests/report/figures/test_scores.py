import csv
import io
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from reportgen.analysis.findings.study import DataCard
from reportgen.report.figures import (
    attrition,
    data_composition,
    learning_curves,
    seed_robustness,
    seeds,
    shifts,
)
from reportgen.report.figures.shares import compositions
from reportgen.report.figures.view import Curves, FigureImage, FigureView
from tests.report.figures.sample import make_sample
from tests.report.figures.sample_data import make_card


def rows(image: FigureImage | None) -> list[dict[str, str]]:
    assert image is not None
    return list(csv.DictReader(io.StringIO(image.data_csv)))


def with_curves(view: FigureView, dev: Mapping[int, list[float]]) -> FigureView:
    names = ("train.loss", "dev.loss")
    runs = {
        ("baseline", seed): dict(
            zip(names, (np.full(len(one), 0.5), np.array(one)), strict=True)
        )
        for seed, one in dev.items()
    }
    return replace(view, curves=Curves(names, runs))


def test_lowest_mean_dev_loss_is_marked() -> None:
    dev = {0: [0.9, 0.5, 0.7], 1: [0.9, 0.8, 0.4]}
    assert learning_curves.best_epoch({k: np.array(v) for k, v in dev.items()}) == 3
    image = learning_curves.draw(with_curves(make_sample(), dev))
    assert image is not None
    assert "lowest at epoch 3, 0.550, and ends at 0.550" in image.alt
    assert len(rows(image)) == 2 * 2 * 3
    assert "(b)" not in image.caption  # the dev score was not recorded


def test_no_curves_no_figure() -> None:
    view = make_sample()
    assert learning_curves.draw(replace(view, curves=Curves((), {}))) is None


def test_every_planned_run_ends_somewhere() -> None:
    failed = (("baseline", 1), ("bilstm", 0), ("bilstm", 2))
    image = attrition.draw(make_sample(arms=4, seeds=5, failed=failed))
    assert image is not None
    assert "20 planned runs in 4 arms: 17 reported, 3 failed" in image.alt
    assert "Failed: bilstm 2, baseline 1." in image.alt
    for row in rows(image):
        ends = ("reported", "failed", "excluded", "superseded")
        assert int(row["planned"]) == sum(int(row[end]) for end in ends)


def test_failed_runs_stay_in_the_seed_figure() -> None:
    view = make_sample(arms=3, seeds=4, failed=(("bilstm", 2),))
    image = seeds.draw(view)
    told = rows(image)
    assert len(told) == 12
    lost = [row for row in told if row["status"] == "failed"]
    assert [(row["arm"], row["seed"], row["value"]) for row in lost] == [
        ("bilstm", "2", "")
    ]
    assert image is not None
    assert "1 failed run" in image.alt
    assert "cross" in image.caption
    whole = seeds.draw(make_sample(arms=3, seeds=4))
    assert whole is not None
    assert "cross" not in whole.caption


def test_levels_are_drawn_for_scores_that_count_rows() -> None:
    view = make_sample()
    image = seeds.draw(view)
    assert image is not None
    assert "majority class" in image.caption
    without = seeds.draw(replace(view, facts={}))
    assert without is not None
    assert "majority class" not in without.caption


def test_shift_figure_holds_test_and_shift_once() -> None:
    view = make_sample(arms=3, seeds=4)
    told = rows(shifts.draw(view))
    sets = {row["evaluation_set"] for row in told}
    assert sets == {"test", "composition", "ordering"}
    assert len(told) == 3 * 3 * 4


def test_change_under_shift_is_paired_by_seed() -> None:
    view = make_sample(arms=5, seeds=4, failed=(("bilstm", 1),))
    told = rows(seed_robustness.draw(view))
    row = next(
        one for one in told if (one["arm"], one["shift"]) == ("bilstm", "ordering")
    )
    test, moved = (
        view.score("bilstm", f"{name}.hwa@best") for name in ("test", "ordering")
    )
    assert test is not None
    assert moved is not None
    drops = [
        after - before
        for before, after in zip(test.values, moved.values, strict=True)
        if before is not None and after is not None
    ]
    assert row["pairs"] == "3"
    assert float(row["mean_change"]) == pytest.approx(np.mean(drops), abs=1e-11)
    # Spread is that over dev rows, as the finding has it.
    place = view.study_arms.index("bilstm")
    assert float(row["sd_over_seeds"]) == pytest.approx(0.01 * (place + 1))


def test_shifts_without_an_answer_are_not_drawn() -> None:
    view = make_sample(arms=5, seeds=4)
    found = view.findings.seed_robustness
    assert found is not None
    one = found.model_copy(update={"shifts": ("ordering",)})
    findings = view.findings.model_copy(update={"seed_robustness": one})
    told = rows(seed_robustness.draw(replace(view, findings=findings)))
    assert {row["shift"] for row in told} == {"ordering"}
    nothing = view.findings.model_copy(update={"seed_robustness": None})
    assert seed_robustness.draw(replace(view, findings=nothing)) is None


def changed(card: DataCard, arm: str, split: str) -> DataCard:
    """The same card of another arm, with all symbols of a split made the first one."""
    channels = tuple(
        one.model_copy(
            update={"counts": (sum(one.counts), *([0] * (len(one.counts) - 1)))}
        )
        for one in card.splits[split].channels
    )
    new = card.splits[split].model_copy(update={"channels": channels})
    return DataCard(arms=(arm,), splits={**card.splits, split: new})


def test_a_misaligned_split_is_drawn_beside_the_baselines() -> None:
    base = make_card("baseline")
    cards = (base, changed(base, "misaligned-dev", "dev"))
    assert list(compositions(cards)) == [
        *("train", "dev", "test", "composition", "dev of misaligned-dev"),
    ]
    assert list(compositions((base, make_card("frozen")))) == list(base.splits)
    assert compositions(()) == {}


def test_composition_does_not_depend_on_how_tokens_are_written() -> None:
    one, other = (
        compositions((make_card("baseline", joint=joint),)) for joint in (False, True)
    )
    assert one == other
    shares = one["train"]["shape"].values()
    assert sum(share.share for share in shares) == pytest.approx(1)


def test_composition_figure_holds_every_share() -> None:
    view = make_sample(arms=2)
    told = rows(data_composition.draw(view))
    assert {row["channel"] for row in told} == {"shape", "colour", "label"}
    for split in ("train", "dev", "test", "composition"):
        own = [row for row in told if row["split"] == split]
        assert sum(float(row["share"]) for row in own) == pytest.approx(3)
