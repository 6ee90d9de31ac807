"""What is done to a split before a model sees it: a `Split` in, a `Split` out.

To add a transform, write one file with a frozen dataclass whose fields are its
settings and whose `__call__` does the work, and add one line here. `changes` and
`keeps` hold what it promises to move and to leave alone: values from
`reportgen.training.checks`, measured on the rows of every run.
"""

TRANSFORMS: dict[str, str] = {
    "hide_channel": "reportgen.training.transforms.hide_channel:HideChannel",
    "shuffle_tokens": "reportgen.training.transforms.shuffle_tokens:ShuffleTokens",
    "reweight_symbols": (
        "reportgen.training.transforms.reweight_symbols:ReweightSymbols"
    ),
    "sort_blocks": "reportgen.training.transforms.sort_blocks:SortBlocks",
    "tokenize": "reportgen.training.transforms.tokenize:Tokenize",
    "shuffle_labels": "reportgen.training.transforms.shuffle_labels:ShuffleLabels",
    "keep_rows": "reportgen.training.transforms.keep_rows:KeepRows",
    "repeat_rows": "reportgen.training.transforms.repeat_rows:RepeatRows",
    "blank_tokens": "reportgen.training.transforms.blank_tokens:BlankTokens",
}
