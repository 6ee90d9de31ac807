from reportgen.records import ModuleRow
from reportgen.report.figures.architecture import chosen_arm
from reportgen.report.figures.module_levels import (
    MOST,
    module_levels,
    short_arguments,
)
from tests.report.figures.sample import make_sample
from tests.report.figures.sample_data import make_architecture


def row(path: str, kind: str = "Linear", parameters: int = 1) -> ModuleRow:
    return ModuleRow(
        path=path,
        type=kind,
        arguments="",
        parameters=parameters,
        input_shape=(4,),
        output_shape=(4,),
    )


def test_tables_of_one_embedding_share_a_level() -> None:
    levels = module_levels(make_architecture(both=True))
    assert [[box.type for box in level.boxes] for level in levels] == [
        ["Embedding", "Embedding"],
        ["LSTM"],
        ["Dropout"],
        ["Linear"],
    ]
    assert levels[0].title == "ModuleList"
    assert levels[0].input_shape == (20, 2)


def test_recurrent_boxes_know_layers_and_directions() -> None:
    for both in (True, False):
        box = module_levels(make_architecture(both=both))[1].boxes[0]
        assert box.layers == 2
        assert box.both_directions is both


def test_deep_models_are_summed_up() -> None:
    rows = [row("", "Deep", 0)]
    for block in range(4):
        rows.append(row(f"blocks.{block}", "Block", 0))
        rows += [row(f"blocks.{block}.{part}", parameters=10) for part in range(5)]
    levels = module_levels(rows)
    assert len(levels) <= MOST
    assert [level.boxes[0].parameters for level in levels] == [50, 50, 50, 50]


def test_no_parameter_is_lost() -> None:
    rows = make_architecture(both=True)
    boxes = [box for level in module_levels(rows) for box in level.boxes]
    assert sum(box.parameters for box in boxes) == sum(one.parameters for one in rows)


def test_usual_arguments_are_left_out() -> None:
    assert short_arguments("32, 64, batch_first=True, bias=True") == "32, 64"
    assert short_arguments("bias=True, p=0.5, inplace=False") == "p=0.5"


def test_the_arm_that_reads_both_ways_is_drawn() -> None:
    assert chosen_arm(make_sample(arms=3)) == "bilstm"
    assert chosen_arm(make_sample(arms=1)) == "baseline"
