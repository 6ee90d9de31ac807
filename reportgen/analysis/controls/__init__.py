"""Controls of the instrument: answers known beforehand, asked with every study.

To add a control, write one file that defines a `Control` and add one line here.

What is slow to load is named where it is used (`scipy.stats`, which then loads itself):
the arms that controls want are asked for by every command.
"""

CONTROLS: dict[str, str] = {
    "oracle": "reportgen.analysis.controls.oracle:ORACLE",
    "ceiling": "reportgen.analysis.controls.ceiling:CEILING",
    "majority": "reportgen.analysis.controls.majority:MAJORITY",
    "own-rows": "reportgen.analysis.controls.own_rows:OWN_ROWS",
    "shuffled-labels": "reportgen.analysis.controls.shuffled_labels:SHUFFLED_LABELS",
    "memorisation": "reportgen.analysis.controls.memorisation:MEMORISATION",
    "blank-inputs": "reportgen.analysis.controls.blank_inputs:BLANK_INPUTS",
    "evaluation-mode": "reportgen.analysis.controls.evaluation_mode:EVALUATION_MODE",
    "repeated-seed": "reportgen.analysis.controls.repeated_seed:REPEATED_SEED",
    "bag-of-tokens": "reportgen.analysis.controls.bag_of_tokens:BAG_OF_TOKENS",
}
