"""What a child process does: a task in, its record and log in the store out.

Only children import training, and with it torch; the parent names these functions.
"""

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from reportgen.analysis.control import pointless_controls
from reportgen.errors import InputError, Problem, ReportgenError, SettingError
from reportgen.execution.executor import Task
from reportgen.execution.store import Store, Timing
from reportgen.records import Environment, Failure
from reportgen.spec.model import BASELINE, StudySpec
from reportgen.spec.plan import CONTROL_PREFIX, Cell
from reportgen.spec.settings import CANNOT_ASK


def identify_cells(
    cells: Sequence[Cell], study: StudySpec
) -> tuple[list[tuple[str, str]], Environment]:
    """The run and key of each cell on this machine, and the machine's class.

    One cell of each arm is set up as its run will be, without a step: what a component
    refuses is then told of all arms at once, and not an hour later of one. So is what
    changes nothing.

    Raises:
        InputError: data, model or training of some arms cannot be made, a setting is
            idle, or the study names a control that its data have nothing for.
    """
    from reportgen.execution.rehearsal import rehearse
    from reportgen.training.runner import environment, identify

    found: list[tuple[str, str]] = []
    problems: list[Problem] = []
    sound: dict[str, bool] = {}  # by arm
    for cell in cells:
        try:
            if cell.variant not in sound:
                sound[cell.variant] = False
                by_author = not cell.variant.startswith(CONTROL_PREFIX)
                rehearse(cell.config, by_author=by_author)
                sound[cell.variant] = True
            if sound[cell.variant]:
                found.append(identify(cell.config))
        except SettingError as error:
            problems.append(word_setting(cell.variant, error))
        except ReportgenError as error:
            problems.extend(
                replace(one, where=f"{cell.variant}: {one.where}")
                for one in error.problems
            )
        except SystemExit as leaving:  # from a dataset or a transform
            problems.append(word_exit(cell.variant, leaving))
    problems.extend(_pointless(study) if sound.get(BASELINE) else ())
    if problems:
        raise InputError(problems)
    return found, environment()


def _pointless(study: StudySpec) -> Iterator[Problem]:
    """Controls that a study names though its data have nothing for them."""
    from reportgen.training.prepare import prepare
    from reportgen.training.summary import summarise

    if study.controls == "default":
        return
    for name, why in pointless_controls(study, summarise(prepare(study.data))).items():
        what = f"'{name}' cannot be asked of this study: {why}"
        yield Problem(what, f"controls[{study.controls.index(name)}]", CANNOT_ASK)


def word_setting(variant: str, error: SettingError) -> Problem:
    """Word a refused setting; where it was written, only `check` knows."""
    return Problem(error.what, f"{variant}: {error.path}", error.fix)


def word_exit(variant: str, leaving: SystemExit) -> Problem:
    """Word that what makes the data of an arm called sys.exit."""
    what = f"what makes these data calls sys.exit({leaving.code})"
    return Problem(what, f"{variant}: data", "let it raise an exception instead")


def train_task(task: Task) -> Failure | None:
    """Train one run and keep its record.

    Returns:
        Why there is no record: data that could be made when the run was planned could
        not be made now. None where the record is kept.

    Raises:
        InputError: the disk refuses the record, a component refuses a setting, or the
            code changed since the run was planned.
    """
    from reportgen.training.failure import without_places
    from reportgen.training.runner import train_run

    store = Store(task.store, str(task.store))
    began, began_cpu = time.monotonic(), time.process_time()
    try:
        record, arrays = train_run(task.config, log=log_to(store.log(task.address)))
    except SettingError as error:
        if error.path.startswith("data"):
            return Failure(kind="data-error", message=without_places(error.what))
        raise InputError(word_setting(task.variant, error)) from error
    if (record.run, record.key) != (task.run, task.key):
        raise InputError(
            Problem(
                "code or data of this run changed after it was planned",
                task.label,
                "run the study again, and let its code alone while it runs",
            )
        )
    timing = Timing(
        wall_seconds=time.monotonic() - began,
        cpu_seconds=time.process_time() - began_cpu,
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )
    store.keep(record, arrays, timing=timing, address=task.address)
    return None


def log_to(path: Path) -> Callable[[str], None]:
    """A log that appends lines to a fresh file.

    A line that the disk refuses is let go: the record that follows says what is wrong
    with the disk, and a log is no reason for a run to fail.
    """

    def log(line: str) -> None:
        try:
            with path.open("a", encoding="utf-8") as file:
                file.write(line.rstrip() + "\n")
        except OSError:
            return

    path.unlink(missing_ok=True)
    return log
