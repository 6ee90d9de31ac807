"""What this machine offers: its kernel's files in, cores and memory kills out.

A container or a job scheduler grants a process less than the machine has, by putting it
into a control group; both versions of those are read. Paths are below `root`, the
machine's own when left out.
"""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path("/")


def count_oom_kills(root: Path = ROOT) -> int:
    """How many processes the kernel has killed for memory; 0 where it does not say.

    Of this process's own control group, or of the whole machine where the kernel does
    not count by group: in a container the machine's count holds kills of others.
    """
    group = control_group("memory", root)
    files = [group / "memory.events", group / "memory.oom_control"] if group else []
    for file in [*files, root / "proc/vmstat"]:
        if (kills := _read_oom_kills(file)) is not None:
            return kills
    return 0


def _read_oom_kills(file: Path) -> int | None:
    """The count that a file of the kernel holds; None where there is none."""
    try:
        lines = [line.split() for line in file.read_text().splitlines()]
    except OSError:
        return None
    counts = [int(words[1]) for words in lines if words[:1] == ["oom_kill"]]
    return counts[0] if counts else None


def control_group(controller: str, root: Path = ROOT) -> Path | None:
    """The folder of the control group that governs something of this process.

    Args:
        controller: what is governed, e.g. `memory` or `cpu`.
        root: of the machine.

    Returns:
        None where no group governs it, or where its folder is not mounted.
    """
    found = _mounted_group(controller, root)
    return found[0] / found[1] if found else None


def _mounted_group(controller: str, root: Path) -> tuple[Path, Path] | None:
    """Where the groups of a controller are mounted, and this process's one below."""
    try:
        groups = (root / "proc/self/cgroup").read_text().splitlines()
        mounts = (root / "proc/self/mountinfo").read_text().splitlines()
    except OSError:
        return None
    paths: dict[str, str] = {}  # by controller; version 2 has one for all, named ""
    for line in groups:
        _, controllers, path = line.split(":", 2)
        paths.update(dict.fromkeys(controllers.split(","), path))
    version = "cgroup" if controller in paths else "cgroup2"
    own = paths.get(controller, paths.get(""))
    for line in mounts if own else ():
        head, _, tail = line.partition(" - ")
        # A container's mount shows the group that it was given as the topmost one.
        top, place = head.split()[3:5]
        kind, _, options = tail.split(" ", 2)
        governs = version == "cgroup2" or controller in options.split(",")
        if own and kind == version and governs:
            below = own.removeprefix(top).lstrip("/")
            return root / place.lstrip("/"), Path(below)
    return None


def physical_cores(root: Path = ROOT, allowed: frozenset[int] | None = None) -> int:
    """Cores that this process may use, two hardware threads of one core counted once.

    Args:
        root: of the machine.
        allowed: logical processors; those this process may run on when None.
    """
    if allowed is None:
        allowed = _allowed_processors()
    cores = set()
    for number in allowed:
        topology = root / f"sys/devices/system/cpu/cpu{number}/topology"
        try:
            siblings = (topology / "thread_siblings_list").read_text().strip()
        except FileNotFoundError:
            siblings = str(number)
        cores.add(siblings)
    granted = min(_quotas(root), default=float(len(cores)))
    return max(1, min(len(cores), round(granted)))


def _allowed_processors() -> frozenset[int]:
    if hasattr(os, "sched_getaffinity"):
        return frozenset(os.sched_getaffinity(0))
    return frozenset(range(os.cpu_count() or 1))


def _quotas(root: Path) -> Iterator[float]:
    """Processors granted by this process's group and by each of those around it."""
    found = _mounted_group("cpu", root)
    if found is None:
        return
    mount, own = found
    for group in (own, *own.parents):
        limit, period = _read_quota(mount / group)
        if limit not in ("max", "-1"):
            yield float(limit) / float(period)


def _read_quota(group: Path) -> tuple[str, str]:
    """What one group grants of each period, in either version's words."""
    try:
        limit, period = (group / "cpu.max").read_text().split()
    except FileNotFoundError:
        try:
            limit = (group / "cpu.cfs_quota_us").read_text().strip()
            period = (group / "cpu.cfs_period_us").read_text().strip()
        except FileNotFoundError:
            return "max", "1"
    return limit, period
