"""What the benchmarks share: a command in, its seconds and memory out; tables."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
PYTHON = sys.executable
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Usage:
    """What a command and everything it waited for used."""

    wall_seconds: float
    cpu_seconds: float
    peak_gib: float  # of the largest single process
    output: str


def measure(
    command: Sequence[str | Path],
    *,
    cwd: Path = REPOSITORY,
    env: Mapping[str, str] | None = None,
) -> Usage:
    """Run a command to its end.

    Raises:
        SystemExit: it failed; its output is shown.
    """
    begun = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env=environment(env or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - begun
        output.seek(0)
        text = output.read()
    if process.returncode:
        words = " ".join(map(str, command))
        raise SystemExit(f"{words}: exit code {process.returncode}\n{text}")
    return Usage(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20, text)


def environment(changes: Mapping[str, str]) -> dict[str, str]:
    """This environment with `changes` laid over, and our commands first on the path."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, **changes}


@contextmanager
def project_copy(*folders: str) -> Iterator[Path]:
    """A project in a temporary folder, with a store of its own and these folders."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for folder in folders:
            if (REPOSITORY / folder).is_dir():
                shutil.copytree(REPOSITORY / folder, root / folder)
        yield root


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a head as Markdown."""
    widths = [
        max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)
    ]
    for row in (head, ["-" * width for width in widths], *rows):
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        print("| " + " | ".join(cells) + " |")


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Median and range of some measurements."""
    median = statistics.median(values)
    return f"{median:.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"
