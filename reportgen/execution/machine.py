"""What this machine offers: its kernel's files in, cores and memory kills out."""

import os
from pathlib import Path


def count_oom_kills(statistics: Path = Path("/proc/vmstat")) -> int:
    """How many processes the kernel has killed for memory; 0 where it does not say."""
    try:
        lines = statistics.read_text().splitlines()
    except FileNotFoundError:
        return 0
    counts = [int(line.split()[1]) for line in lines if line.startswith("oom_kill ")]
    return sum(counts)


def physical_cores(
    system: Path = Path("/sys"), allowed: frozenset[int] | None = None
) -> int:
    """Cores that this process may use, two hardware threads of one core counted once.

    Args:
        system: where the kernel describes the machine.
        allowed: logical processors; those this process may run on when None.
    """
    if allowed is None:
        allowed = _allowed_processors()
    cores = set()
    for number in allowed:
        topology = system / f"devices/system/cpu/cpu{number}/topology"
        try:
            siblings = (topology / "thread_siblings_list").read_text().strip()
        except FileNotFoundError:
            siblings = str(number)
        cores.add(siblings)
    quota = _quota(system / "fs/cgroup")
    return max(1, min(len(cores), round(quota) if quota else len(cores)))


def _allowed_processors() -> frozenset[int]:
    if hasattr(os, "sched_getaffinity"):
        return frozenset(os.sched_getaffinity(0))
    return frozenset(range(os.cpu_count() or 1))


def _quota(cgroup: Path) -> float | None:
    """Processors a container may use, by either version of cgroups; None: all."""
    try:
        limit, period = (cgroup / "cpu.max").read_text().split()
    except FileNotFoundError:
        try:
            limit = (cgroup / "cpu/cpu.cfs_quota_us").read_text().strip()
            period = (cgroup / "cpu/cpu.cfs_period_us").read_text().strip()
        except FileNotFoundError:
            return None
    if limit in ("max", "-1"):
        return None
    return float(limit) / float(period)
