"""One run from config to record: what the executor and the planner call."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from reportgen.errors import ReportgenError, SettingError
from reportgen.records import (
    FORMAT,
    Array,
    Environment,
    Failure,
    RunRecord,
    digest_array,
    digest_json,
)
from reportgen.spec.model import RunConfig
from reportgen.training import code, provenance
from reportgen.training.failure import describe_failure
from reportgen.training.journal import Journal
from reportgen.training.loop import train
from reportgen.training.prepare import prepare
from reportgen.training.seeding import restored_generators
from reportgen.training.summary import summarise

Log = Callable[[str], None]


def data_digest(config: RunConfig) -> str:
    """SHA-256 of every evaluation set as fed to the model.

    Raises:
        SettingError: the data cannot be made from these settings.
    """
    return prepare(config.data).digest


def code_digest(config: RunConfig) -> dict[str, str]:
    """Digest of every module this run depends on, comments ignored."""
    return code.code_digests(config)


def environment() -> Environment:
    """The environment class of this process."""
    return provenance.environment()


def identify(config: RunConfig) -> tuple[str, str]:
    """The run's identity anywhere, and its address in a store of this environment."""
    run = digest_json(
        {
            "format": FORMAT,
            "config": config.model_dump(mode="json"),
            "data": data_digest(config),
            "code": code_digest(config),
        }
    )
    return run, digest_json([run, environment().digest])


def train_run(
    config: RunConfig, *, log: Log = lambda _: None
) -> tuple[RunRecord, dict[str, Array]]:
    """Train one model; a run that fails is a record too.

    Args:
        config: what to train.
        log: receives one line per epoch.

    Returns:
        The record, and its arrays by digest.

    Raises:
        SettingError: the spec asks for something that cannot be.
        ReportgenError: a live object cannot be captured.
    """
    journal = Journal()
    failure = None

    def note(line: str) -> None:
        journal.lines.append(line)
        log(line)

    try:
        with reproducible_backend(), restored_generators():
            train(config, prepare(config.data), journal, note)
    except (SettingError, ReportgenError):
        raise
    # The one boundary to user code: a model may raise anything, and that is a result.
    except Exception as error:  # noqa: BLE001
        failure = describe_failure(error, journal)
    return write_record(config, journal, failure)


def write_record(
    config: RunConfig, journal: Journal, failure: Failure | None
) -> tuple[RunRecord, dict[str, Array]]:
    """Put on record what a run's journal holds, and its arrays by digest.

    A failed run keeps its curves and capture; it has no checkpoints and no arrays.
    """
    run, key = identify(config)
    ended = {} if failure else journal.checkpoints
    arrays = {} if failure else journal.arrays
    digests = {name: digest_array(array) for name, array in arrays.items()}
    outcome: dict[str, Any] = {
        "status": "failed" if failure else "completed",
        "checkpoints": ended,
        "curves": {name: tuple(values) for name, values in journal.curves.items()},
        "arrays": digests,
    }
    checkpoints = {rule: one.model_dump(mode="json") for rule, one in ended.items()}
    record = RunRecord(
        run=run,
        key=key,
        config=config,
        failure=failure,
        capture=journal.capture,
        architecture=journal.architecture,
        data=summarise(prepare(config.data)),
        code=code_digest(config),
        environment=environment(),
        result=digest_json({**outcome, "checkpoints": checkpoints}),
        **outcome,
    )
    return record, {digests[name]: array for name, array in arrays.items()}


@contextmanager
def reproducible_backend() -> Iterator[None]:
    """One thread and deterministic kernels, put back as found afterwards."""
    threads = torch.get_num_threads()
    strict = torch.are_deterministic_algorithms_enabled()
    fresh: Any = torch.utils.deterministic
    fills = fresh.fill_uninitialized_memory
    torch.set_num_threads(provenance.THREADS)
    torch.use_deterministic_algorithms(mode=True)
    # Filling fresh memory only makes mistakes repeatable, and costs a tenth.
    fresh.fill_uninitialized_memory = False
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(mode=strict)
        fresh.fill_uninitialized_memory = fills
