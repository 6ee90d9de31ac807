"""The base run's code with other models, under which a flag moves numbers."""

from tests.training.capture.mutations import edited

FURTHER = "# further parts"
VECTORS, END = "self.table(inputs[:, :, 0])", "logits * self.scale"
HOME = "import torch\n"
LARGE_SUM = edited(
    (FURTHER, "self.large = nn.Parameter(torch.randn(400_000))"),
    (END, "logits * self.large.sum()"),
)
NEXT_TO_ZERO = edited((END, "logits * 1e-40 * 1e38"))
WIDE = edited(
    (FURTHER, "self.wide = nn.Linear(4, 256)"),
    (END, "logits + self.wide(state).square().mean()"),
)
NO_NUMBER = edited((END, "logits * torch.sqrt(0 * logits)"))
CONVOLVED = edited(  # NNPACK stands in where oneDNN is off
    (FURTHER, "self.mix = nn.Conv2d(4, 4, 3, padding=1)"),
    (VECTORS, f"mixed(self.mix, {VECTORS})"),
    (
        HOME,
        f"""{HOME}
def mixed(mix, tokens):
    torch._C._set_mkldnn_enabled(False)
    out = mix(tokens.permute(0, 2, 1)[:, :, None])[:, :, 0].permute(0, 2, 1)
    torch._C._set_mkldnn_enabled(True)
    return out
""",
    ),
)
BLOCK = "nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0, batch_first=True)"
ATTENDING = edited(
    (FURTHER, f"self.attend = {BLOCK}"), (VECTORS, f"self.attend({VECTORS})")
)


def attention(arguments: str) -> str:
    """A model whose token vectors attend to each other."""
    call = f"torch.nn.functional.scaled_dot_product_attention(x, x, x{arguments})"
    attend = f"{HOME}\ndef attend(x):\n    x = x[:, None]\n    return {call}[:, 0]\n"
    return edited((HOME, attend), (VECTORS, f"attend({VECTORS})"))


PLAIN_ATTENTION, DROPPED_ATTENTION = attention(""), attention(", dropout_p=0.5")
MANY_WAYS = edited(  # a wide product, a long sum, and what follows a text's hash
    (
        "class Net(nn.Module):\n",
        'class Net(nn.Module):\n    no_settings = ("spots",)\n',
    ),
    (
        FURTHER,
        """self.wide = nn.Linear(4, 256)
        self.spots = [hash(word) % 97 for word in ("ab", "cd", "ef")]""",
    ),
    (
        END,
        "logits + self.wide(state).square().mean() + torch.rand(97)[self.spots].sum()",
    ),
)
