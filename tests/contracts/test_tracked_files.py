"""What may not be in the repository: registries' hosts, this machine's paths."""

import re
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
REGISTRY_HOST = re.compile(
    r"(?:pypi|pythonhosted|npmjs|conda|anaconda|debian)\.(?:org|com|net)", re.IGNORECASE
)
MACHINE_PATH = re.compile(r"(?<![\w.~}/-])/(?:root|work|Users|opt)/\w")
TEXT = {
    ".py", ".toml", ".yaml", ".yml", ".md", ".txt", ".json", ".jsonl", ".csv", ".sh",
    ".html", ".css", ".bib", ".cfg", ".lock", "",
}  # fmt: skip
LONGEST = 300  # lines of code a file may have


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"],  # noqa: S607 - git from the path, as everywhere
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [REPOSITORY / name for name in listed.stdout.splitlines()]
    return [path for path in paths if path.is_file()]


def places(pattern: re.Pattern[str]) -> list[str]:
    """`file:line: text` of every match in a tracked text file but this one."""
    return [
        f"{path.relative_to(REPOSITORY)}:{number}: {line.strip()[:120]}"
        for path in tracked()
        if path.suffix in TEXT and path != Path(__file__)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_registry_is_named() -> None:
    assert places(REGISTRY_HOST) == []


def test_no_path_of_a_machine() -> None:
    assert places(MACHINE_PATH) == []


def test_code_files_stay_short() -> None:
    long = {
        str(path.relative_to(REPOSITORY)): lines
        for path in tracked()
        if path.suffix == ".py" and REPOSITORY / "tests" not in path.parents
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_files_stay_small() -> None:
    big = [path.name for path in tracked() if path.stat().st_size > 3_000_000]
    assert big == []
