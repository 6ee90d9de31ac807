"""The commands, their arguments and their help."""

import argparse
import textwrap
from collections.abc import Callable

from reportgen import __version__
from reportgen.cli import commands
from reportgen.project import Project

Command = Callable[[argparse.Namespace, Project], int]

EXIT_CODES = """exit codes:
  0    all is well
  1    the study failed a gate: its runs do not add up, or a schema is out of date
  2    the input is wrong: a spec, a file, an argument
  130  interrupted; every run that had finished is kept"""

COMMANDS: dict[str, tuple[Command, str]] = {
    "check": (commands.check, "reportgen check smoke\n  reportgen check all --json"),
    "plan": (commands.plan, "reportgen plan smoke"),
    "run": (commands.run, "reportgen run smoke --jobs 2 --timeout 600"),
    "analyse": (commands.analyse, "reportgen analyse smoke"),
    "render": (commands.render, "reportgen render smoke"),
    "build": (commands.build, "reportgen build smoke"),
    "explain": (
        commands.explain,
        "reportgen explain smoke score/baseline/test.hwa@best/mean",
    ),
    "schema": (commands.schema, "reportgen schema\n  reportgen schema --check"),
    "ledger": (commands.ledger, "reportgen ledger smoke"),
}
ABOUT = {
    "check": "Every problem of every study at once, each with its line and a fix. "
    "Modules that a spec names are imported: a spec is code.",
    "plan": "Runs that are new or cached, the time they will take, and the smallest "
    "effect each claim could detect; nothing is trained.",
    "run": "Failed runs are results: they are recorded, and the exit code stays 0. "
    "Finished runs survive any interruption.",
    "build": "The same as `dvc repro render@STUDY`: trains, analyses and renders what "
    "is out of date.",
    "ledger": "Every entry, how the runs of each arm ended, and whether the commits "
    "that hold the ledger continue each other. A break in its chain is an error.",
    "schema": "Begin a spec with `# yaml-language-server: $schema=study.schema.json`, "
    "and editors complete and explain its keys.",
}


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command; their help is taken from here."""
    parser = argparse.ArgumentParser(
        prog="reportgen",
        description="One YAML spec in, a page and a paper out.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, (function, example) in COMMANDS.items():
        summary = (function.__doc__ or "").strip()
        about = f"{summary}\n\n{textwrap.fill(ABOUT.get(name, ''), 78)}".strip()
        command = subparsers.add_parser(
            name,
            help=summary.rstrip("."),
            description=about,
            epilog=f"example:\n  {example}\n\n{EXIT_CODES}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.set_defaults(command=function)
        _add_arguments(name, command)
    return parser


def _add_arguments(name: str, command: argparse.ArgumentParser) -> None:
    if name == "check":
        command.add_argument(
            "study", nargs="*", metavar="STUDY", help="names of studies; all if none"
        )
    elif name != "schema":
        command.add_argument("study", metavar="STUDY", help="a name in specs/")
    if name == "explain":
        command.add_argument(
            "fact", metavar="FACT", help="an id of results/*/facts.json"
        )
    if name == "run":
        command.add_argument(
            "--jobs", type=_positive, metavar="N", help="runs at a time; one per core"
        )
        command.add_argument(
            "--timeout", type=_positive, metavar="S", help="seconds for one run"
        )
    if name == "schema":
        command.add_argument(
            "--check", action="store_true", help="only say whether it is current"
        )
    if name in ("check", "plan", "ledger"):
        command.add_argument("--json", action="store_true", help="print JSON")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)
