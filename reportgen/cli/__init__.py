"""The command line: arguments in, printed lines and an exit code out.

The only place that prints, and that makes a study's own modules importable.
"""

import atexit
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from reportgen.cli.parser import build_parser
from reportgen.errors import Problem, ReportgenError, word_problem
from reportgen.project import disk_problem, find_project

# Looking for pydantic plug-ins of other packages costs a fifth of `check`.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
# Python looks for unreachable cycles once more as it ends: an eighth of `check`, for
# memory that the system takes back at once.
atexit.register(gc.freeze)

INTERRUPTED = 130
# Garbage collection takes a tenth of `check` and a seventh of `render`, which without
# it needs a fifteenth more memory.
SPARED = {"check", "render"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    arguments = build_parser().parse_args(argv)
    project = find_project(Path.cwd())
    sys.path.insert(0, str(project.root))
    try:
        with _uncollected(spared=arguments.command.__name__ in SPARED):
            code: int = arguments.command(arguments, project)
        sys.stdout.flush()
    except ReportgenError as error:
        print_problems(error.problems)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted; every run that had finished is kept", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # `reportgen ledger STUDY | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        problem = disk_problem(error, str(error.filename or project.root))
        if problem is None:
            raise
        print_problems([problem])
        return ReportgenError.exit_code
    return code


@contextmanager
def _uncollected(*, spared: bool) -> Iterator[None]:
    """Look for no unreachable cycles while a command runs that leaves few behind."""
    was_on = gc.isenabled()
    if spared:
        gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def print_problems(problems: Sequence[Problem]) -> None:
    """Print problems where errors go, and how many there are."""
    for problem in problems:
        print(word_problem(problem), file=sys.stderr)
    count = len(problems)
    print(f"{count} problem{'s' if count != 1 else ''}", file=sys.stderr)
