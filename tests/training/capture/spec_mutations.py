"""Alterations of the spec of the base run."""

from typing import Any

from tests.training.capture.mutants import LETTERS, SETTINGS
from tests.training.capture.mutations import spec


def data(**given: Any) -> dict[str, Any]:
    return {"data": {"params": given}}


def steps(*given: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"transforms": [*given]}}


def optimizer(**given: Any) -> dict[str, Any]:
    return {"training": {"optimizer": {"params": given}}}


def scheduler(**given: Any) -> dict[str, Any]:
    return {"training": {"scheduler": {"params": given}}}


TOKENIZE, KEEP = SETTINGS["data"]["transforms"]
EVERY_SET = ["train", "dev", "test", "heavy"]
FIRST, SECOND = "data.transforms[0].", "data.transforms[1]."
HEAVY = "data.shifts.heavy."

SPEC = [
    spec("data.rows data.fed.rows.dev", data(rows={"dev": 22})),
    spec("data.fed.rows.test data.fed.rows.heavy", data(rows={"test": 22})),
    spec("data.length data.fed.length", data(length=6)),
    spec("data.rule", data(rule=["count(●) >= 2"])),
    spec("data.seed data.fed.sha256", data(seed=4)),
    spec("data.weights", data(weights={"■": 2.0})),
    spec("data.label_noise", data(label_noise=0.2)),
    spec("data.use data.fed.classes model.readout.out_features", {"data": LETTERS}),
    spec(
        f"{HEAVY}weights",
        {"data": {"shifts": {"heavy": {"params": {"weights": {"■": 3.0}}}}}},
    ),
    spec(
        f"{HEAVY}use {HEAVY}changes {HEAVY}keeps",
        {"data": {"shifts": {"heavy": {"use": "sort_blocks", "params": {"size": 2}}}}},
    ),
    spec(
        f"{FIRST}scheme data.fed.channels data.fed.vocabularies",
        steps({**TOKENIZE, "params": {"scheme": "factored"}}, KEEP),
    ),
    spec(
        f"{FIRST}splits",
        steps({**TOKENIZE, "splits": EVERY_SET}, KEEP),
        still="it names the very sets that null stands for",
    ),
    spec(
        " ".join(
            f"{step}{part}"
            for step in (FIRST, SECOND)
            for part in ("use", "changes", "keeps")
        ),
        steps({"use": "shuffle_tokens"}, {"use": "shuffle_labels"}),
    ),
    spec(
        f"{SECOND}rows data.fed.rows.train batching.steps_per_epoch",
        steps(TOKENIZE, {**KEEP, "params": {"rows": 18}}),
    ),
    spec(
        f"{SECOND}splits",
        steps(TOKENIZE, {**KEEP, "params": {"rows": 18}, "splits": ["train", "dev"]}),
    ),
    spec(
        f"{SECOND}or_all",
        steps(TOKENIZE, {**KEEP, "params": {"rows": 30, "or_all": True}}),
        still="no split has fewer rows than are kept",
    ),
    spec("repeat", {"repeat": 1}, still="a repetition must come to the same"),
    spec("model.use", {"model": {"use": "mutant_code:Other"}}),
    spec(
        "model.width model.table.embedding_dim model.rnn.input_size "
        "parameters.total parameters.trainable",
        {"model": {"params": {"width": 5}}},
    ),
    spec("model.drop model.drop.p", {"model": {"params": {"drop": 0.4}}}),
    spec("training.epochs", {"training": {"epochs": 3}}),
    spec("training.batch_size batching.last_batch", {"training": {"batch_size": 7}}),
    spec("training.gradient_clip", {"training": {"gradient_clip": 0.1}}),
    spec(
        "training.freeze",
        {"training": {"freeze": [{"parameters": "rnn.*", "epochs": 1}]}},
    ),
    spec(  # not every processor has a bfloat16 LSTM
        "training.precision precision.autocast precision.dtype precision.weight_cache",
        {
            "model": {"use": "bag_of_tokens"},
            "training": {"precision": "bfloat16", "freeze": []},
        },
    ),
    spec("training.select.metric", {"training": {"select": {"metric": "train.loss"}}}),
    spec(
        "training.select.rule",
        {"training": {"select": {"rule": "last"}}},
        still="both checkpoints are always kept, and it says which is reported",
    ),
    spec(
        "training.select.patience",
        {"training": {"epochs": 6, "select": {"patience": 1}}},
    ),
    spec("metrics", {"metrics": ["loss"]}),
    spec(
        "seed streams.initialisation streams.order streams.dropout streams.evaluation "
        "streams.first",
        {"seed": 1},
    ),
    spec(
        "optimizer.group0.lr optimizer.group0.initial_lr scheduler.state.base_lrs "
        "scheduler.state.last_lr",
        optimizer(lr=0.05),
    ),
    spec("optimizer.group0.betas", optimizer(betas=[0.5, 0.9])),
    spec("optimizer.group0.eps", optimizer(eps=0.1)),
    spec("optimizer.group0.weight_decay", optimizer(weight_decay=0.5)),
    spec("optimizer.group0.amsgrad", optimizer(amsgrad=True)),
    spec("optimizer.group0.maximize", optimizer(maximize=True)),
    spec(
        "optimizer.group0.foreach",
        optimizer(foreach=True),
        still="the same sums, of all parameters in one call",
    ),
    spec("optimizer.group0.capturable", optimizer(capturable=True)),
    spec("optimizer.group0.differentiable", optimizer(differentiable=True)),
    spec("optimizer.group0.fused", optimizer(fused=True)),
    spec(
        "optimizer.group0.decoupled_weight_decay",
        optimizer(decoupled_weight_decay=True),
    ),
    spec(
        "optimizer.use optimizer.state",
        {
            "training": {
                "optimizer": {"use": "torch.optim:Adagrad", "params": {"lr": 0.1}}
            }
        },
    ),
    spec(
        "optimizer.group0.parameters optimizer.group0.names",
        {
            "training": {
                "optimizer": {"use": "mutant_code:Half", "params": {"lr": 0.02}}
            }
        },
    ),
    spec("scheduler.step_size", scheduler(step_size=3)),
    spec("scheduler.gamma", scheduler(gamma=0.1)),
    spec(
        "scheduler.use",
        {
            "training": {
                "scheduler": {
                    "use": "torch.optim.lr_scheduler:ExponentialLR",
                    "params": {"gamma": 0.1},
                }
            }
        },
    ),
    spec("loss.factor", {"training": {"loss": {"params": {"factor": 2.0}}}}),
    spec("loss.use", {"training": {"loss": {"use": "torch.nn:MultiMarginLoss"}}}),
]
