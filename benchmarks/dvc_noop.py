"""`dvc repro` with nothing to do, against the same dvc.yaml with nothing behind it.

Usage: python -m benchmarks.dvc_noop     (bring the project up to date first)
The other project has the same stages, parameters and paths, but its commands only
touch files and every file it depends on is one line long.
"""

from pathlib import Path

from ruamel.yaml import YAML

from benchmarks.measure import REPOSITORY, measure, print_table, project_copy, spread

TIMES = 7
BAR = 1.2


def main() -> None:
    """Time both in turn and print the ratio."""
    yaml = YAML()
    pipeline = yaml.load((REPOSITORY / "dvc.yaml").read_text("utf-8"))
    with project_copy("specs") as trivial:
        for stage in pipeline["stages"].values():
            outs = [*stage["outs"], *stage.get("metrics", []), *stage.get("plots", [])]
            paths = [next(iter(out)) if isinstance(out, dict) else out for out in outs]
            folder = str(Path(paths[0]).parent)
            stage["cmd"] = f"mkdir -p {folder} && touch {' '.join(paths)}"
            for dep in stage["deps"]:
                write_dependency(trivial, str(dep))
        with (trivial / "dvc.yaml").open("w") as out:
            yaml.dump(pipeline, out)
        for command in (["git", "init", "-q"], ["dvc", "init", "-q"]):
            measure(command, cwd=trivial)
        (trivial / ".dvc" / "config").write_text(
            (REPOSITORY / ".dvc" / "config").read_text("utf-8")
        )
        measure(["dvc", "repro"], cwd=trivial)
        compare(trivial)


def write_dependency(root: Path, dep: str) -> None:
    """Write one short file in the place of a dependency, or in it if it is a folder."""
    if "${" in dep:
        return  # a spec, or what an earlier stage writes
    real = REPOSITORY / dep
    path = root / dep / "one.txt" if real.is_dir() else root / dep
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("one line\n")


def compare(trivial: Path) -> None:
    """Time a `dvc repro` that does nothing in both projects, interleaved."""
    seconds: dict[Path, list[float]] = {REPOSITORY: [], trivial: []}
    for _ in range(TIMES):
        for root, found in seconds.items():
            used = measure(["dvc", "repro"], cwd=root)
            if "up to date" not in used.output:
                raise SystemExit(f"{root} was not up to date:\n{used.output}")
            found.append(used.cpu_seconds)
    ratios = [
        ours / theirs
        for ours, theirs in zip(seconds[REPOSITORY], seconds[trivial], strict=True)
    ]
    rows = [
        ["this project", spread(seconds[REPOSITORY]), ""],
        ["trivial commands", spread(seconds[trivial]), ""],
        ["ratio", spread(ratios), f"≤ {BAR}"],
    ]
    print_table(["dvc repro, nothing to do", "CPU s, median (range)", "bar"], rows)


if __name__ == "__main__":
    main()
