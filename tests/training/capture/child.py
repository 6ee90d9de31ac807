"""A run in a process of its own: code from standard input, its record to the output."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from reportgen.records import RunRecord
from reportgen.training.provenance import SWITCHES
from tests.training.capture.mutants import SETTINGS

ROOT = Path(__file__).parents[3]


def run_in_child(code: str, **variables: str) -> RunRecord:
    """Train the base run with that code in a process that starts with `variables`."""
    usual = {key: one for key, one in os.environ.items() if not SWITCHES.match(key)}
    done = subprocess.run(  # noqa: S603  ourselves
        [sys.executable, "-m", __spec__.name],
        input=code,
        env={**usual, "PYTHONHASHSEED": "0", **variables},
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return RunRecord.model_validate_json(done.stdout)


if __name__ == "__main__":
    from reportgen.spec.model import RunConfig
    from reportgen.training.runner import train_run

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "mutant_code.py").write_text(sys.stdin.read(), encoding="utf-8")
        sys.path.insert(0, folder)
        config = RunConfig.model_validate_json(json.dumps(SETTINGS))
        sys.stdout.write(train_run(config)[0].model_dump_json())
