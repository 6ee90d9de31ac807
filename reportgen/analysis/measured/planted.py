"""What controls are known to see: mistakes planted on purpose, and what gave them away.

A small study was trained with each of these mistakes in it and all default controls;
the tests train it again and compare.
"""

SEEN_BY: dict[str, tuple[str, ...]] = {
    "training labels one row late": ("majority", "memorisation"),
    "test labels one row late": ("majority",),
    "test labels one row late, in the data": ("majority",),
    "the same batch each time": ("memorisation", "blank-inputs"),
    "test rows among the training rows": ("shuffled-labels",),
    "test rows among the training rows, in the data": ("shuffled-labels",),
    "evaluation in training mode": ("evaluation-mode",),
    "wrong class weights": ("blank-inputs",),
}
