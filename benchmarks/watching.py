"""What capture and checks add to a run: each arm trained with and without them.

Usage: python -m benchmarks.watching [STUDY] [ROUNDS] [ARM ...]

Without STUDY it is the flagship, 5 rounds, and arms from the quickest model to the
slowest. Rounds take turns within one process, so that a slow minute hurts both sides,
and CPU seconds are counted. Without them means: no capture, no promises measured, no
watch on rows, parameters and dropout, no gradient norms, no modes tried out.
"""

import sys
import time
from collections.abc import Sequence
from statistics import median
from typing import Any
from unittest.mock import patch

from benchmarks.measure import REPOSITORY, print_table, spread
from reportgen.spec.load import load_study
from reportgen.spec.model import RunConfig
from reportgen.spec.plan import plan_study
from reportgen.training.runner import train_run

STUDY = "spr-failure-modes"
ARMS = ("bag-of-tokens", "order-shuffled", "frozen-first-epochs", "dropout",
        "transformer")  # fmt: skip
ROUNDS = 5
BAR = "≤ 1.05"


class Blind:
    """Stands where a watch is, and sees nothing."""

    def __init__(self, *_: object) -> None:
        pass

    def __getattr__(self, _: str) -> Any:
        return lambda *_, **__: ()


def seconds(config: RunConfig) -> float:
    """CPU seconds of one run."""
    begun = time.process_time()
    record, _ = train_run(config)
    used = time.process_time() - begun
    if record.status != "completed":
        raise SystemExit(f"the run failed: {record.failure}")
    return used


def seconds_without(config: RunConfig) -> float:
    """The same without anything looking on."""
    nothing: dict[str, Any] = {
        "capture_run": lambda *_: ((), ()),
        "measure_promises": lambda *_: (),
        "measure_modes": lambda *_, **__: (),
        "gradient_norm": lambda _: 0.0,
        "Watch": Blind,
    }
    with patch.multiple("reportgen.training.loop", **nothing):
        return seconds(config)


def main(study: str, rounds: int, arms: Sequence[str]) -> None:
    """Time both in turn, arm by arm, and print by how much a run grows."""
    written = load_study(REPOSITORY / "specs" / f"{study}.yaml").spec
    plan = plan_study(written, {})
    rows, both = [], [[0.0, 0.0] for _ in range(rounds)]
    for arm in arms:
        config = next(one.config for one in plan.cells if one.variant == arm)
        ways = (seconds_without, seconds)
        for way in ways:
            way(config)  # what is read and prepared once in a process
        found = [[0.0, 0.0] for _ in range(rounds)]
        for turn, times in enumerate(found):
            for place in (0, 1) if turn % 2 else (1, 0):
                times[place] = ways[place](config)
                both[turn][place] += times[place]
        rows.append(line(arm, found))
    head = ("arm", "seconds without", "seconds with", "ratio", "bar")
    print_table(head, [*rows, line("all of them", both)])


def line(name: str, found: Sequence[Sequence[float]]) -> tuple[str, ...]:
    """An arm's medians, and median and range of its ratios by round."""
    without, complete = zip(*found, strict=True)
    ratios = [one / other for other, one in found]
    return (
        name,
        f"{median(without):.2f}",
        f"{median(complete):.2f}",
        spread(ratios, 3),
        BAR,
    )


if __name__ == "__main__":
    main(
        sys.argv[1] if len(sys.argv) > 1 else STUDY,
        int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS,
        sys.argv[3:] or ARMS,
    )
