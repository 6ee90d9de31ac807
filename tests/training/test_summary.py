from collections.abc import Callable

import numpy as np

from reportgen.spec.model import RunConfig
from reportgen.training.data import Channel, Split
from reportgen.training.prepare import Prepared, prepare
from reportgen.training.summary import summarise

Configure = Callable[..., RunConfig]
CHANNELS = (Channel("shape", ("▲", "■")), Channel("word", ("ab", "c")))


def split(codes: list[list[int]], labels: list[int], oracle: list[int]) -> Split:
    """Rows of two tokens, each code standing for shape and word alike."""
    inputs = np.array(codes)[:, :, None].repeat(2, axis=2)
    return Split(inputs, np.array(labels), CHANNELS, np.array(oracle))


def with_sets(prepared: Prepared, **sets: Split) -> Prepared:
    return Prepared(
        {**prepared.sets, **sets},
        prepared.info,
        "",
        prepared.dataset,
        prepared.transforms,
        prepared.shifts,
    )


def test_summary_counts_rows_twins_and_conflicts(configure: Configure) -> None:
    train = split([[0, 0], [0, 1], [0, 1], [1, 1]], [0, 1, 0, 1], [0, 1, 1, 1])
    test = split([[0, 0], [0, 0], [1, 1], [1, 0]], [0, 1, 1, 0], [0, 0, 1, 0])
    found = summarise(with_sets(prepare(configure().data), train=train, test=test))
    assert found["test"].rows == 4
    assert found["test"].labels == (2, 2)
    assert found["test"].duplicates == 3
    assert found["test"].conflicts == 1
    assert found["test"].oracle_accuracy == 0.75
    assert found["train"].duplicates == 2
    assert found["train"].conflicts == 2
    assert found["train"].channels[0].counts == (4, 4)


def test_examples_are_spelt_one_text_a_channel(configure: Configure) -> None:
    shown = split([[0, 1], [1, 0]], [1, 0], [1, 0])
    found = summarise(with_sets(prepare(configure().data), test=shown))["test"]
    assert found.examples == (("▲■", "ab c"), ("■▲", "c ab"))
    assert found.example_labels == (1, 0)


def test_digest_is_of_the_rows_as_fed(configure: Configure) -> None:
    plain = summarise(prepare(configure().data))
    hide = [{"use": "hide_channel", "params": {"channel": "shape"}}]
    hidden = summarise(prepare(configure({"data": {"transforms": hide}}).data))
    assert plain["test"].digest != hidden["test"].digest
    assert hidden["test"].channels[0].counts == (240,)
