"""What can be promised of a step on the data, and measured: an invariant a file.

A transform puts such values into its `changes` and `keeps`. To add one, write one file
with a frozen dataclass as `reportgen.training.invariant` describes it and add one line.
"""

CHECKS: dict[str, str] = {
    "blocks_sorted": "reportgen.training.checks.blocks_sorted:BlocksSorted",
    "channel_hidden": "reportgen.training.checks.channel_hidden:ChannelHidden",
    "channels_kept": "reportgen.training.checks.channels_kept:ChannelsKept",
    "classes_kept": "reportgen.training.checks.classes_kept:ClassesKept",
    "code_reversible": "reportgen.training.checks.code_reversible:CodeReversible",
    "composition_kept": "reportgen.training.checks.composition_kept:CompositionKept",
    "inputs_kept": "reportgen.training.checks.inputs_kept:InputsKept",
    "labels_by_rule": "reportgen.training.checks.labels_by_rule:LabelsByRule",
    "labels_kept": "reportgen.training.checks.labels_kept:LabelsKept",
    "labels_lost": "reportgen.training.checks.labels_lost:LabelsLost",
    "labels_unseen": "reportgen.training.checks.labels_unseen:LabelsUnseen",
    "nothing": "reportgen.training.checks.nothing:Nothing",
    "order_lost": "reportgen.training.checks.order_lost:OrderLost",
    "others_kept": "reportgen.training.checks.others_kept:OthersKept",
    "rows_alike": "reportgen.training.checks.rows_alike:RowsAlike",
    "rows_cut": "reportgen.training.checks.rows_cut:RowsCut",
    "rows_repeated": "reportgen.training.checks.rows_repeated:RowsRepeated",
    "shape_kept": "reportgen.training.checks.shape_kept:ShapeKept",
    "symbols_moved": "reportgen.training.checks.symbols_moved:SymbolsMoved",
    "tokens_kept": "reportgen.training.checks.tokens_kept:TokensKept",
}
