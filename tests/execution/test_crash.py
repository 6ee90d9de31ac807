"""What a study survives: killed parents and children, two at once, a full disk."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from reportgen.errors import InputError
from reportgen.execution.child import call_in_child
from reportgen.execution.lock import hold_study
from reportgen.execution.study import preview
from reportgen.execution.summary import RunSummary
from reportgen.ledger.entries import Outcome, Retry
from reportgen.ledger.read import read_ledger
from reportgen.project import STORE_VARIABLE, Project
from reportgen.spec.model import StudySpec

pytestmark = pytest.mark.slow

Make = Callable[..., StudySpec]
Train = Callable[..., RunSummary]
Launch = Callable[..., subprocess.Popen[str]]
T = TypeVar("T")
PATIENCE_SECONDS = 120.0


def slow(make_study: Make, *, epochs: int = 50) -> StudySpec:
    """The tiny study with runs that take a second or two."""
    training = make_study().training.model_dump(mode="json")
    return make_study(training={**training, "epochs": epochs})


def wait_until(met: Callable[[], T | None], what: str) -> T:
    limit = time.monotonic() + PATIENCE_SECONDS
    while not (found := met()):
        assert time.monotonic() < limit, f"waited in vain until {what}"
        time.sleep(0.02)
    return found


def under_way(project: Project) -> list[Path]:
    """Logs of runs that have trained at least one epoch and have no record yet."""
    logs = (project.store / "partial").glob("*.log")
    return [log for log in logs if log.exists() and log.stat().st_size > 0]


def memory_of(tree: list[psutil.Process]) -> int:
    """Bytes of a tree of processes, what they share counted once."""
    total = 0
    for process in tree:
        with suppress(psutil.NoSuchProcess):
            total += process.memory_full_info().pss
    return total


def bundle(project: Project) -> tuple[bytes, bytes]:
    return (
        project.records("tiny").read_bytes(),
        project.predictions("tiny").read_bytes(),
    )


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, make_study: Make, train: Train
) -> tuple[bytes, bytes]:
    """The bundle of the slow study when nothing happens to it."""
    project = Project(tmp_path_factory.mktemp("undisturbed"))
    train(project, slow(make_study))
    return bundle(project)


def test_a_killed_parent_leaves_nothing_running_and_loses_nothing(
    place: Project,
    make_study: Make,
    launch: Launch,
    train: Train,
    undisturbed: tuple[bytes, bytes],
) -> None:
    process = launch(place, slow(make_study), jobs=2)
    wait_until(
        lambda: any(place.store.glob("*/record.json")) and bool(under_way(place)),
        "one run is kept and another under way",
    )
    parent = psutil.Process(process.pid)
    tree = parent.children(recursive=True)
    assert len(tree) >= 2
    assert memory_of([parent, *tree]) < 2**30
    process.send_signal(signal.SIGKILL)
    process.wait()
    _, alive = psutil.wait_procs(tree, timeout=PATIENCE_SECONDS)
    assert not alive
    kept = len(list(place.store.glob("*/record.json")))
    assert 1 <= kept < 4
    assert not place.records("tiny").exists()
    lines = place.ledger("tiny").read_text().splitlines(keepends=True)
    started = sum('"kind":"start"' in line for line in lines if line.endswith("\n"))

    summary = train(place, slow(make_study))
    assert (summary.cached, summary.new) == (kept, 4 - kept)
    assert bundle(place) == undisturbed
    ledger = read_ledger(place, "tiny")
    ends = [one for one in ledger.entries if isinstance(one, Outcome)]
    retries = [one for one in ledger.entries if isinstance(one, Retry)]
    assert len(ends) == 4
    # The one under way may have written its record before it died.
    assert len(retries) == started - kept <= 2
    assert all("interrupted" in one.reason for one in retries)


def test_a_killed_child_costs_its_run_one_retry(
    place: Project,
    make_study: Make,
    train: Train,
    undisturbed: tuple[bytes, bytes],
) -> None:
    with killing_children(place, times=1) as killed:
        summary = train(place, slow(make_study), jobs=1)
    assert len(killed) == 1
    assert summary.failures == ()
    assert bundle(place) == undisturbed
    assert b'"check":"fed_as_prepared"' in undisturbed[0]  # and watched alike
    entries = read_ledger(place, "tiny").entries
    retries = [one for one in entries if isinstance(one, Retry)]
    assert [one.reason for one in retries] == ["its process ended by signal SIGKILL"]


def test_a_child_killed_twice_is_a_failed_run_that_is_not_kept(
    place: Project,
    make_study: Make,
    train: Train,
    undisturbed: tuple[bytes, bytes],
) -> None:
    with killing_children(place, times=2) as killed:
        summary = train(place, slow(make_study), jobs=1)
    assert len(killed) == 2
    ((label, failure),) = summary.failures
    assert (label, failure.kind) == ("baseline seed 0", "killed")
    assert "epoch" in failure.excerpt
    assert b'"kind":"killed"' in place.records("tiny").read_bytes()
    assert len(list(place.store.glob("*/record.json"))) == 3
    assert sum(arm.new for arm in preview(place, slow(make_study)).arms) == 1

    again = train(place, slow(make_study))
    assert (again.new, again.failures) == (1, ())
    assert bundle(place) == undisturbed
    entries = read_ledger(place, "tiny").entries
    assert [one.kind for one in entries[-2:]] == ["retry", "end"]


@contextmanager
def killing_children(project: Project, *, times: int) -> Iterator[list[int]]:
    """Kill the first run's child after an epoch, every time it is tried anew.

    For one job at a time. A new attempt is told from the one before by its log, which
    was written later: both times are the disk's.
    """
    killed: list[int] = []
    earlier = {one.pid for one in psutil.Process().children(recursive=True)}
    logged: dict[str, int] = {}  # log of the run that was killed: when last written

    def victim() -> tuple[psutil.Process, str, int] | None:
        logs: list[tuple[str, int]] = []
        for log in under_way(project):
            with suppress(FileNotFoundError):
                written = log.stat().st_mtime_ns
                if not logged or written > logged.get(log.name, written):
                    logs.append((log.name, written))
        children = [
            child
            for child in psutil.Process().children(recursive=True)
            if child.pid not in (*killed, *earlier) and is_grandchild(child)
        ]
        return (children[0], *logs[0]) if len(logs) == len(children) == 1 else None

    def hunt() -> None:
        while len(killed) < times:
            child, name, written = wait_until(victim, "a run is under way")
            child.kill()
            killed.append(child.pid)
            logged[name] = written

    hunter = threading.Thread(target=hunt)
    hunter.start()
    yield killed
    hunter.join()


def is_grandchild(process: psutil.Process) -> bool:
    """Whether the fork server forked it, so that it trains."""
    try:
        return bool(psutil.Process(process.ppid()).ppid() == os.getpid())
    except psutil.NoSuchProcess:
        return False


def test_an_overdue_run_is_a_failed_run(
    place: Project, make_study: Make, train: Train
) -> None:
    study = slow(make_study, epochs=100_000)
    study = make_study(
        training=study.training.model_dump(mode="json"), variants={}, claims={}, seeds=1
    )
    summary = train(place, study, timeout_seconds=1.0)
    ((_, failure),) = summary.failures
    assert failure.kind == "timeout"
    assert failure.message == "it took longer than 1 s"
    entries = read_ledger(place, "tiny").entries
    assert [one.kind for one in entries] == ["register", "start", "retry", "end"]
    assert not list(place.store.glob("*/record.json"))


def test_a_second_run_of_one_study_fails_at_once(
    place: Project, make_study: Make, launch: Launch, train: Train
) -> None:
    with hold_study(place, "tiny"):
        began = time.monotonic()
        with pytest.raises(InputError, match="being run already") as caught:
            train(place, make_study())
        assert time.monotonic() - began < 1
        assert f"process {os.getpid()} on " in str(caught.value)
        second = launch(place, make_study())
        said, _ = second.communicate(timeout=PATIENCE_SECONDS)
        assert second.returncode == 2
        assert f"process {os.getpid()} on " in said
    assert train(place, make_study()).new == 4


def test_no_room_for_a_record_loses_nothing(
    place: Project, make_study: Make, train: Train
) -> None:
    """Children whose files may not grow meet what a full disk would answer."""
    call_in_child(os.getpid)  # so that there is a fork server, which children inherit
    server = next(
        one
        for one in psutil.Process().children()
        if "forkserver" in " ".join(one.cmdline())
    )
    before = server.rlimit(psutil.RLIMIT_FSIZE)
    server.rlimit(psutil.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(InputError, match="there is no room left to write this"):
            train(place, make_study())
    finally:
        server.rlimit(psutil.RLIMIT_FSIZE, before)
    assert not list(place.store.glob("*/record.json"))
    assert not list((place.store / "partial").glob("*.[0-9]*"))
    assert train(place, make_study()).failures == ()


def command(*words: str) -> int:
    return subprocess.run(words, check=False, stderr=subprocess.DEVNULL).returncode  # noqa: S603


def test_a_full_disk_keeps_what_was_finished(
    place: Project,
    make_study: Make,
    train: Train,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    finished_once: Project,
) -> None:
    """A real file system with room for one record or two, and then with more."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    small = ["-t", "tmpfs", "-o", "size=112k", "tmpfs", str(disk)]
    if os.getuid() or not (mount and unmount) or command(mount, *small):
        pytest.skip("mounting needs root")
    try:
        monkeypatch.setenv(STORE_VARIABLE, str(disk / "store"))
        with pytest.raises(InputError, match="No space left on device"):
            train(place, make_study(), jobs=1)
        kept = len(list((disk / "store").glob("*/record.json")))
        assert 1 <= kept < 4
        assert command(mount, "-o", "remount,size=8m", str(disk)) == 0
        assert train(place, make_study()).cached == kept
        assert bundle(place) == bundle(finished_once)
    finally:
        command(unmount, str(disk))
