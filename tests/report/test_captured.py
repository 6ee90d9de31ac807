"""Who set a captured value, said with its line in the spec."""

from pathlib import Path
from typing import Any

import pytest

from reportgen.report.captured import set_by, spec_places
from tests.report.test_closure import entry

SPEC = """\
study: small
data:
  transforms:
    - use: tokenize
      params: {scheme: joint}
model:
  use: lstm
variants:
  wide:
    why: To see.
    change:
      model:
        params:
          hidden_dim: 96
seeds: 3
"""
ARMS = ("baseline", "wide", "control-memorisation")


@pytest.mark.parametrize(
    ("source", "origin", "absent", "said"),
    [
        ("spec", "data.transforms[0].params.scheme", (), "spec line 5"),
        ("spec", "model.use", (), "spec line 7"),
        ("spec", "seeds", (), "spec line 15"),
        ("spec", "model.params.hidden_dim", ("baseline",), "spec line 14"),
        ("spec", "model.use", ("baseline",), "spec line 7"),  # the variant's too
        ("spec", "data.transforms[1].params.rows", ("baseline", "wide"), "control"),
        ("spec", "model.params.layers", (), "spec"),  # a line that is there no more
        ("default", "torch.optim:Adam", (), "default"),
        ("derived", "set by LSTM", (), "derived"),
    ],
)
def test_source_names_the_line_of_the_spec(
    tmp_path: Path, source: str, origin: str, absent: Any, said: str
) -> None:
    spec = tmp_path / "small.yaml"
    assert spec_places(spec) is None
    spec.write_text(SPEC, encoding="utf-8")
    places = spec_places(spec)
    one = entry("model.x", 1, source=source, origin=origin, absent=absent)
    assert set_by(one, ARMS, places) == said
    assert set_by(one, ARMS, None) == said.partition(" line")[0]
