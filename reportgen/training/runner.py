"""One run from config to record: what the executor and the planner call."""

from collections.abc import Callable

from reportgen.records import (
    FORMAT,
    Array,
    Environment,
    Failure,
    RunRecord,
    digest_array,
    digest_json,
    digest_result,
)
from reportgen.spec.model import RunConfig
from reportgen.training import code, provenance
from reportgen.training.backend import reproducible_backend
from reportgen.training.capture import capture_run
from reportgen.training.failure import describe_failure
from reportgen.training.journal import Journal
from reportgen.training.loop import train
from reportgen.training.outside import raised_by
from reportgen.training.prepare import prepare
from reportgen.training.promises import evaluate_promises
from reportgen.training.seeding import restored_generators
from reportgen.training.setup import set_up
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
    found = environment()  # before any code of a user, which may set flags
    run = digest_json(
        {
            "format": FORMAT,
            "config": config.model_dump(mode="json"),
            "data": data_digest(config),
            "code": code_digest(config),
        }
    )
    return run, digest_json([run, found.digest])


def check_run(config: RunConfig) -> None:
    """Build everything a run needs and step through none of it.

    What a user's own model raises is left to the run, which puts it on record.

    Raises:
        SettingError: a setting is refused, or what a transform promises cannot be
            evaluated; the path is the spec's.
        ReportgenError: a live object cannot be captured.
    """
    environment()
    prepared = prepare(config.data)
    evaluate_promises(prepared)

    def rehearse() -> None:
        _, fitting = set_up(config, prepared)
        capture_run(config, prepared, fitting)

    with reproducible_backend(), restored_generators():
        raised_by(rehearse)


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
    environment()
    journal = Journal()

    def note(line: str) -> None:
        journal.lines.append(line)
        log(line)

    with reproducible_backend(), restored_generators():
        prepared = prepare(config.data)
        error = raised_by(lambda: train(config, prepared, journal, note))
        if error:
            rescue(journal)
    failure = describe_failure(error, journal) if error else None
    return write_record(config, journal, failure)


def rescue(journal: Journal) -> None:
    """Leave a run that broke off with what was seen of it, and its best checkpoint.

    The checkpoint is there where it can be scored; the watch looks on as ever.
    """
    wanted = None if "best" in journal.checkpoints else journal.rescue
    if wanted is not None and raised_by(wanted):
        journal.drop_results()
    journal.keep_best()
    journal.keep_watched()


def write_record(
    config: RunConfig, journal: Journal, failure: Failure | None
) -> tuple[RunRecord, dict[str, Array]]:
    """Put on record what a run's journal holds, and its arrays by digest.

    A failed run keeps its curves, its capture and the best checkpoint it had.
    """
    run, key = identify(config)
    digests = {name: digest_array(array) for name, array in journal.arrays.items()}
    record = RunRecord(
        run=run,
        key=key,
        config=config,
        status="failed" if failure else "completed",
        failure=failure,
        capture=journal.capture,
        architecture=journal.architecture,
        data=summarise(prepare(config.data)),
        code=code_digest(config),
        environment=environment(),
        curves={name: tuple(values) for name, values in journal.curves.items()},
        checkpoints=journal.checkpoints,
        arrays=digests,
        checks=journal.checks,
        gradients=journal.gradients.summary(),
        result="",
    )
    record = record.model_copy(update={"result": digest_result(record)})
    return record, {digests[name]: array for name, array in journal.arrays.items()}
