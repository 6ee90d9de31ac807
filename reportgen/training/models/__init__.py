"""What is fitted: settings and a `DataInfo` in, an `nn.Module` out.

To add a model, write one file with an `nn.Module` and add one line here. Its typed
constructor is the schema of `model.params`; the parameter annotated `DataInfo` is
filled in by training.
"""

MODELS: dict[str, str] = {
    "lstm": "reportgen.training.models.lstm:LSTM",
    "gru": "reportgen.training.models.gru:GRU",
    "bag_of_tokens": "reportgen.training.models.bag_of_tokens:BagOfTokens",
    "transformer": "reportgen.training.models.transformer:Transformer",
}
