"""The smallest study there is, for tests that need any, and its settings changed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reportgen.ledger.entries import ENTRY, entry_line, first_link, seal
from reportgen.spec.model import StudySpec

SETTINGS: dict[str, Any] = {
    "study": "tiny",
    "question": "Does it run?",
    "data": {
        "use": "spr",
        "params": {
            "rows": {"train": 32, "dev": 16, "test": 16},
            "length": 6,
            "seed": 3,
            "rule": ["first(▲) < first(●)"],
        },
    },
    "model": {
        "use": "lstm",
        "params": {"embedding_dim": 4, "hidden_dim": 4, "layers": 1},
    },
    "training": {
        "epochs": 2,
        "batch_size": 16,
        "optimizer": {"use": "torch.optim:Adam", "params": {"lr": 0.01}},
        "select": {"metric": "dev.loss", "rule": "best"},
    },
    "metrics": ["accuracy", "loss"],
    "seeds": 2,
    "variants": {
        "wide": {
            "why": "More room, of which units are dropped by chance.",
            "change": {"model": {"params": {"hidden_dim": 6, "dropout": 0.5}}},
        }
    },
    "claims": {
        "wider-is-better": {
            "says": "wide improves test.accuracy over baseline",
            "margin": 0.1,
            "why_expected": {"text": "More room."},
        }
    },
    "analysis": {},
    "controls": [],
    "report": {
        "title": "Tiny",
        "authors": [{"name": "A. Author"}],
        "abstract": "It runs.",
        "sections": [{"use": "introduction"}],
    },
}
Make = Callable[..., StudySpec]


def make_tiny(**changes: Any) -> StudySpec:
    """The tiny study with other top-level settings, e.g. `make_tiny(seeds=3)`."""
    return StudySpec.model_validate_json(json.dumps({**SETTINGS, **changes}))


def as_written_earlier(ledger: Path) -> None:
    """Make of the tiny study's ledger what an earlier version would have written."""
    lines, prev = [], first_link("tiny")
    for line in ledger.read_text().splitlines():
        entry = json.loads(line) | {"prev": prev}
        for later in ("scores", "description", "settings", "seeds", "failures"):
            entry.pop(later, None)
        sealed = seal(ENTRY.validate_json(json.dumps(entry)))
        lines.append(entry_line(sealed))
        prev = sealed.hash
    ledger.write_text("".join(lines))
