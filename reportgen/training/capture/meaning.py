"""What an argument means, and in which unit, in the field's words."""

import inspect
import re
from collections.abc import Callable
from typing import Any

# Argument name -> (unit, meaning). What is missing here is looked up in the
# docstring of whoever takes the argument.
MEANINGS: dict[str, tuple[str | None, str]] = {
    # layers
    "embedding_dim": ("units", "width of a token's vector"),
    "num_embeddings": ("symbols", "rows of the embedding table"),
    "hidden_dim": ("units", "width of a hidden layer"),
    "hidden_size": ("units", "width of the recurrent state"),
    "input_size": ("units", "width of the layer's input"),
    "num_layers": ("layers", "stacked layers"),
    "layers": ("layers", "stacked layers"),
    "in_features": ("units", "width of the layer's input"),
    "out_features": ("units", "width of the layer's output"),
    "bias": (None, "whether the layer adds a learned offset"),
    "batch_first": (None, "whether the first axis counts rows"),
    "dropout": ("probability", "chance that a unit is dropped in training"),
    "p": ("probability", "chance that a unit is dropped in training"),
    "bidirectional": (None, "whether rows are also read from their end"),
    "proj_size": ("units", "width the state is projected to; 0 for none"),
    "heads": ("heads", "attention heads of a layer"),
    "num_heads": ("heads", "attention heads of the layer"),
    "embed_dim": ("units", "width of a token's vector in attention"),
    "kdim": ("units", "width of attention keys"),
    "vdim": ("units", "width of attention values"),
    "head_dim": ("units", "width of one attention head"),
    "add_bias_kv": (None, "whether keys and values get a learned extra token"),
    "bias_k": (None, "learned extra key; none if null"),
    "bias_v": (None, "learned extra value; none if null"),
    "add_zero_attn": (None, "whether keys and values get an extra token of zeros"),
    "normalized_shape": ("units", "axes that are normalised together"),
    "elementwise_affine": (None, "whether normalisation has learned scale and offset"),
    "inplace": (None, "whether the layer overwrites its input"),
    "approximate": (None, "approximation used for the GELU function"),
    "padding_idx": (None, "code whose vector is never trained; none if null"),
    "max_norm": (None, "largest norm of an embedding vector; unlimited if null"),
    "norm_type": (None, "order of the norm that max_norm limits"),
    "scale_grad_by_freq": (None, "whether embedding gradients are divided by counts"),
    "sparse": (None, "whether embedding gradients are sparse"),
    "mode": (None, "kind of recurrent cell"),
    "dim": ("units", "width of a token's vector"),
    "device": (None, "where the parameters lie"),
    "dtype": (None, "number format of the parameters"),
    "training": (None, "whether the layer is in training mode"),
    "in_channels": ("channels", "channels that the layer reads"),
    "out_channels": ("channels", "channels that the layer writes"),
    "kernel_size": ("positions", "positions that one output sees"),
    "stride": ("positions", "positions from one output to the next"),
    "padding": (None, "positions added at each end of the input"),
    "output_padding": ("positions", "positions added at one end of the output"),
    "padding_mode": (None, "what stands in added positions"),
    "dilation": ("positions", "distance of two positions that one output sees"),
    "groups": ("groups", "parts of the channels that do not mix"),
    "transposed": (None, "whether the convolution goes from outputs to inputs"),
    "value": (None, "number that stands in added positions"),
    "size": (None, "size of the output, or of a neighbourhood"),
    "scale_factor": (None, "size of the output over that of the input"),
    "align_corners": (None, "whether corners of input and output coincide"),
    "recompute_scale_factor": (None, "whether the factor follows from whole sizes"),
    "min_val": (None, "smallest value let through"),
    "max_val": (None, "largest value let through"),
    "min_value": (None, "obsolete name of min_val"),
    "max_value": (None, "obsolete name of max_val"),
    "beta": (None, "exponent, or steepness, of the function"),
    "k": (None, "constant of the function"),
    "norm": (None, "order of the norm"),
    "name": (None, "what the layer calls itself"),
    "mask_check": (None, "whether masks are looked at for the fused layer"),
    "use_nested_tensor": (None, "whether padded rows are packed"),
    "activation_relu_or_gelu": (None, "1: ReLU, 2: GELU, 0: another; for fused layers"),
    "head_size": ("units", "width of the first softmax"),
    "shortlist_size": ("classes", "classes of the first softmax that are no cluster"),
    "n_clusters": ("clusters", "groups of the rarer classes"),
    # optimisers
    "lr": (None, "step size of the optimiser"),
    "initial_lr": (None, "step size before the scheduler acts"),
    "betas": (None, "decay rates of the running mean and square of the gradient"),
    "eps": (None, "small constant that keeps a division finite"),
    "weight_decay": (None, "pull of each step towards zero weights"),
    "amsgrad": (None, "whether the largest running square is kept"),
    "maximize": (None, "whether the objective is maximised"),
    "foreach": (None, "whether parameters are updated in groups; automatic if null"),
    "capturable": (None, "whether steps may be captured in a CUDA graph"),
    "differentiable": (None, "whether gradients flow through the step"),
    "fused": (None, "whether the step is one kernel; automatic if null"),
    "decoupled_weight_decay": (None, "whether decay bypasses the adaptive step size"),
    "momentum": (None, "share of the last step carried into the next"),
    "dampening": (None, "share of the gradient left out of momentum"),
    "nesterov": (None, "whether momentum looks one step ahead"),
    "alpha": (None, "decay rate of the running square of the gradient"),
    "centered": (None, "whether the gradient's running mean is subtracted"),
    "lr_decay": (None, "decay of the step size per step"),
    "initial_accumulator_value": (None, "start of the running square"),
    # schedulers
    "step_size": ("epochs", "epochs between two reductions of the step size"),
    "gamma": (None, "factor of a reduction of the step size"),
    "milestones": ("epochs", "epochs at which the step size is reduced"),
    "T_max": ("epochs", "half a period of the cosine"),
    "eta_min": (None, "smallest step size"),
    "min_lr": (None, "smallest step size"),
    "last_epoch": ("epochs", "epoch the scheduler has counted to"),
    "factor": (None, "factor of a change of the step size"),
    "patience": ("epochs", "epochs without a better value before acting"),
    "threshold": (None, "smallest change that counts as better"),
    "threshold_mode": (None, "whether that change is relative or absolute"),
    "cooldown": ("epochs", "epochs of waiting after a reduction"),
    "total_iters": ("epochs", "epochs until the schedule has run out"),
    "start_factor": (None, "factor of the step size at the start"),
    "end_factor": (None, "factor of the step size at the end"),
    "power": (None, "exponent of the decay"),
    "base_lrs": (None, "step size of each group before the scheduler acts"),
    "mode_worse": (None, "value that any other one is better than"),
    "best": (None, "best value so far"),
    "num_bad_epochs": ("epochs", "epochs since the best value"),
    "cooldown_counter": ("epochs", "epochs left to wait"),
    "default_min_lr": (None, "smallest step size of groups that name none"),
    "min_lrs": (None, "smallest step size of each group"),
    "max_lrs": (None, "largest step size of each group"),
    "base_momentums": (None, "smallest momentum of each group"),
    "max_momentums": (None, "largest momentum of each group"),
    "use_beta1": (None, "whether the first of betas is moved as momentum"),
    "step_ratio": ("fraction", "share of a cycle in which the step size grows"),
    "total_size": ("epochs", "length of a cycle"),
    "T_0": ("epochs", "epochs until the first restart"),
    "T_mult": (None, "length of a period over that of the one before"),
    "T_i": ("epochs", "epochs of this period"),
    "T_cur": ("epochs", "epochs since the last restart"),
    # losses
    "zero_infinity": (None, "whether infinite losses count as zero"),
    "weight": (None, "weight of each class in the loss; equal if null"),
    "ignore_index": (None, "label that does not enter the loss"),
    "reduction": (None, "how row losses become one number"),
    "reduce": (None, "obsolete form of reduction"),
    "size_average": (None, "obsolete form of reduction"),
    "label_smoothing": ("fraction", "share of the target spread over all classes"),
    # data
    "rows": ("rows", "number of rows"),
    "length": ("tokens", "tokens per row"),
    "seed": (None, "seed of the data, apart from the runs' seeds"),
}

# Units of what our own data take; a stranger's argument of that name may count others.
OWN_UNITS = {
    "copies": "copies",
    "label_noise": "fraction",
    "size": "tokens",
    "times": "copies",
}


def meaning_of(owner: Callable[..., Any] | type, name: str) -> tuple[str | None, str]:
    """Unit and meaning of an argument of `owner`.

    An owner outside torch is asked first: its docstring knows better than a glossary.
    """
    module = getattr(owner, "__module__", "") or ""
    documented = _from_docstring(owner, name)
    unit = MEANINGS.get(name, (None, ""))[0]
    if module.startswith("reportgen."):
        unit = OWN_UNITS.get(name, unit)
    if documented and not module.startswith("torch"):
        return unit, documented
    if name in MEANINGS:
        return MEANINGS[name]
    who = getattr(owner, "__name__", owner)
    return None, documented or f"{name} of {who}; its docstring does not explain it"


def _from_docstring(owner: Callable[..., Any] | type, name: str) -> str:
    """What an Args section says about a name, up to the end of its sentence."""
    text = inspect.getdoc(owner) or ""
    found = re.search(
        rf"^ +{re.escape(name)}(?: \([^)\n]*\))?: (.+(?:\n {{6,}}.+)*)", text, re.M
    )
    if found is None:
        return ""
    words = " ".join(found[1].split())
    return re.split(r"(?<=[a-z)])[.;](?:\s|$)", words)[0].rstrip(".")
