"""Children: what they answer, how they die, how many there are."""

import io
import os
import signal
import time
from multiprocessing import forkserver
from pathlib import Path

import pytest
from rich.console import Console

from reportgen.errors import InputError
from reportgen.execution.child import (
    KILLED,
    UNSEEN,
    Death,
    call_in_child,
    start_child,
)
from reportgen.execution.machine import count_oom_kills, physical_cores
from reportgen.execution.progress import (
    Bar,
    Lines,
    State,
    choose_display,
    word_duration,
)

pytestmark = pytest.mark.slow


def test_a_child_answers_and_has_one_thread() -> None:
    assert call_in_child(os.getenv, "OMP_NUM_THREADS") == "1"
    assert call_in_child(os.getpid) != os.getpid()
    assert "OMP_NUM_THREADS" not in os.environ


def test_a_large_answer_comes_through() -> None:
    assert len(call_in_child(bytes, 1_000_000)) == 1_000_000


def test_problems_raised_in_a_child_are_problems_here(tmp_path: Path) -> None:
    from reportgen.spec.load import load_study

    with pytest.raises(InputError, match=r"none\.yaml"):
        call_in_child(load_study, tmp_path / "none.yaml")


def test_an_error_of_ours_is_no_answer() -> None:
    with pytest.raises(RuntimeError, match="died by exit code 1"):
        call_in_child(int, "nonsense")


def test_a_killed_child_says_by_what() -> None:
    child = start_child(time.sleep, 60)
    os.kill(child.process.pid or 0, signal.SIGKILL)
    assert child.outcome() == Death(KILLED, crashed=False)


def kill_server() -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)


def test_a_child_that_dies_with_its_server_is_no_error_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A server of its own, without torch: another one would take seconds to start."""
    own = forkserver.ForkServer()
    monkeypatch.setattr(
        forkserver, "connect_to_new_process", own.connect_to_new_process
    )
    assert start_child(kill_server).outcome() == Death(UNSEEN, crashed=False)


VERSION_1 = {
    "proc/self/cgroup": "4:memory:/job/7\n3:cpuacct,cpu:/job/7\n0::/",
    "proc/self/mountinfo": (
        "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
        "36 31 0:33 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
        "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw"
    ),
}
VERSION_2 = {
    "proc/self/cgroup": "0::/job/7",
    "proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 none rw",
}
# A container of version 1 whose mount begins at its own group.
CONTAINER = {
    name: text.replace(" / /sys", " /job/7 /sys") for name, text in VERSION_1.items()
}
CPU = "sys/fs/cgroup/cpu/job"


def describe_machine(root: Path, files: dict[str, str]) -> Path:
    """The kernel's files of a machine with four logical and two physical cores."""
    for number, siblings in {0: "0,2", 1: "1,3", 2: "0,2", 3: "1,3"}.items():
        topology = f"sys/devices/system/cpu/cpu{number}/topology"
        files = {**files, f"{topology}/thread_siblings_list": siblings}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text + "\n")
    return root


@pytest.mark.parametrize(
    ("files", "allowed", "cores"),
    [
        ({}, {0, 1, 2, 3}, 2),
        ({}, {0, 2}, 1),
        ({}, {7}, 1),
        (VERSION_2 | {"sys/fs/cgroup/job/7/cpu.max": "max 100000"}, {0, 1, 2, 3}, 2),
        (VERSION_2 | {"sys/fs/cgroup/job/7/cpu.max": "100000 100000"}, {0, 1}, 1),
        (VERSION_2 | {"sys/fs/cgroup/job/7/cpu.max": "20000 100000"}, {0, 1}, 1),
        (VERSION_2 | {"sys/fs/cgroup/job/cpu.max": "100000 100000"}, {0, 1}, 1),
        (
            VERSION_1
            | {f"{CPU}/7/cpu.cfs_quota_us": "-1", f"{CPU}/7/cpu.cfs_period_us": "1"},
            {0, 1},
            2,
        ),
        (
            VERSION_1
            | {f"{CPU}/7/cpu.cfs_quota_us": "5", f"{CPU}/7/cpu.cfs_period_us": "5"},
            {0, 1},
            1,
        ),
    ],
)
def test_cores_are_physical_allowed_and_granted(
    tmp_path: Path, files: dict[str, str], allowed: set[int], cores: int
) -> None:
    root = describe_machine(tmp_path, files)
    assert physical_cores(root, frozenset(allowed)) == cores


def test_this_machine_has_cores() -> None:
    assert 1 <= physical_cores() <= (os.cpu_count() or 1)


MEMORY = "oom_kill_disable 0\nunder_oom 0\noom_kill 5"
EVENTS = "max 3\noom 2\noom_kill 7\noom_group_kill 1"


@pytest.mark.parametrize(
    ("files", "kills"),
    [
        ({}, 3),
        (VERSION_1, 3),
        (VERSION_1 | {"sys/fs/cgroup/memory/job/7/memory.oom_control": MEMORY}, 5),
        (CONTAINER | {"sys/fs/cgroup/memory/memory.oom_control": MEMORY}, 5),
        (VERSION_2 | {"sys/fs/cgroup/job/7/memory.events": EVENTS}, 7),
    ],
)
def test_memory_kills_are_counted_by_group_and_else_by_machine(
    tmp_path: Path, files: dict[str, str], kills: int
) -> None:
    files = files | {"proc/vmstat": "pgfault 12\noom_kill 3"}
    assert count_oom_kills(describe_machine(tmp_path, files)) == kills
    assert count_oom_kills(tmp_path / "none") == 0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (3725, "1 h 2 min")],
)
def test_durations_in_words(seconds: float, words: str) -> None:
    assert word_duration(seconds) == words


def test_lines_are_few_and_the_last_one_is_there() -> None:
    file = io.StringIO()
    with Lines(Console(file=file, width=200), study="many") as display:
        for done in range(101):
            display.show(State(total=110, cached=10, done=done, newest="loss 0.5"))
    lines = file.getvalue().splitlines()
    assert 15 <= len(lines) <= 25
    assert lines[0] == "many: 10/110 runs (0 done, 0 failed, 10 cached); loss 0.5"
    assert lines[-1] == "many: 110/110 runs (100 done, 0 failed, 10 cached); loss 0.5"


def test_a_terminal_gets_a_bar_and_a_pipe_gets_lines() -> None:
    file = io.StringIO()
    terminal = Console(file=file, force_terminal=True, width=120)
    assert isinstance(choose_display(Console(file=file), study="s"), Lines)
    with choose_display(terminal, study="tiny") as display:
        assert isinstance(display, Bar)
        display.show(State(4, 1, done=1, remaining_seconds=75, newest="loss [0.5]"))
        display.say("told [as it is]")
        assert display.task.completed == 2
    assert "2/4" in file.getvalue()
    assert "1 min 15 s left" in file.getvalue()
    assert "told [as it is]" in file.getvalue()
    assert "loss [0.5]" in file.getvalue()
