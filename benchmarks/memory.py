"""The largest memory of a study's whole tree of processes.

Usage: python -m benchmarks.memory [STUDY]     (smoke when left out)
All runs are trained. RSS counts pages that processes share once for each of them, PSS
counts them once.
"""

import subprocess
import sys
import time
from collections.abc import Iterator

import psutil

from benchmarks.measure import environment, print_table, project_copy

EVERY_SECONDS = 0.1
BAR_GIB = 2.5


def main(study: str) -> None:
    """Train a study in a folder of its own and print the peaks."""
    with project_copy("specs", "templates") as root:
        process = psutil.Popen(
            ["reportgen", "run", study],
            cwd=root,
            env=environment({"REPORTGEN_STORE": str(root / "store")}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        rss, pss, processes = 0, 0, 0
        while process.poll() is None:
            used = list(tree_memory(process))
            rss = max(rss, sum(one for one, _ in used))
            pss = max(pss, sum(one for _, one in used))
            processes = max(processes, len(used))
            time.sleep(EVERY_SECONDS)
        if process.returncode:
            raise SystemExit(f"reportgen run {study}: exit code {process.returncode}")
    rows = [
        ["processes", str(processes), ""],
        ["RSS", f"{rss / 2**30:.2f} GiB", f"≤ {BAR_GIB} GiB"],
        ["PSS", f"{pss / 2**30:.2f} GiB", ""],
    ]
    print_table([f"peak of {study}", "largest sum at one time", "bar"], rows)


def tree_memory(process: psutil.Process) -> Iterator[tuple[int, int]]:
    """RSS and PSS in bytes of a process and all its descendants."""
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for one in family:
        try:
            used = one.memory_full_info()
        except psutil.Error:  # it ended meanwhile
            continue
        yield used.rss, used.pss


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "smoke")
