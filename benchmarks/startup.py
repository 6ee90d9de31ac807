"""How long the quick commands take, in CPU seconds.

Usage: python -m benchmarks.startup
Bytecode is cached, as it is for everyone who runs a command a second time.
"""

from benchmarks.measure import PYTHON, measure, print_table, spread

COMMANDS = {
    "python -c pass": ([PYTHON, "-c", "pass"], None),
    "reportgen --help": (["reportgen", "--help"], 0.4),
    "reportgen check smoke": (["reportgen", "check", "smoke"], 0.4),
    "reportgen check": (["reportgen", "check"], 0.4),
}
TIMES = 9
CACHED = {"PYTHONDONTWRITEBYTECODE": ""}


def main() -> None:
    """Run every command in turn, `TIMES` times, and print medians."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(1 + TIMES):
        for name, (command, _) in COMMANDS.items():
            seconds[name].append(measure(command, env=CACHED).cpu_seconds)
    seconds = {name: found[1:] for name, found in seconds.items()}
    rows = [
        [name, spread(seconds[name]), "" if bar is None else f"≤ {bar}"]
        for name, (_, bar) in COMMANDS.items()
    ]
    print_table(["command", f"CPU s, median of {TIMES} (range)", "bar"], rows)


if __name__ == "__main__":
    main()
