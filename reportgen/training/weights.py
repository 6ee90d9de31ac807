"""The weights of a model: copied, and hashed so that equal ones are seen as equal."""

import hashlib
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from torch import Tensor, nn

from reportgen.records import digest_array


def copy_weights(model: nn.Module) -> dict[str, Any]:
    """All parameters and persistent buffers, detached from the model."""
    return {
        name: value.detach().clone() if isinstance(value, Tensor) else deepcopy(value)
        for name, value in model.state_dict().items()
    }


def weights_digest(weights: Mapping[str, Any]) -> str:
    """SHA-256 over sorted names and each tensor's dtype, shape and bytes."""
    sha = hashlib.sha256()
    for name in sorted(weights):
        if isinstance(weights[name], Tensor):
            sha.update(f"{name}:{digest_array(weights[name].cpu().numpy())}\n".encode())
    return sha.hexdigest()
