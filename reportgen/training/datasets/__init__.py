"""Where data comes from: settings in, a `Dataset` out; no torch here.

To add a dataset, write one file with a function that returns a `Dataset` and add one
line here. Its signature is the schema of `data.params`.
"""

DATASETS: dict[str, str] = {
    "spr": "reportgen.training.datasets.spr:spr",
}
