"""From records to page and paper: CPU seconds, sizes, and whether bytes come back.

Usage: python -m benchmarks.rendering [STUDY]     (its runs must have been trained)
"""

import hashlib
import sys
from pathlib import Path

from benchmarks.measure import measure, print_table, project_copy

BAR_SECONDS = 60
BAR_MB = 3


def main(study: str) -> None:
    """Analyse once and render twice in a folder of its own."""
    with project_copy("specs", "templates", "runs") as root:
        analyse = measure(["reportgen", "analyse", study], cwd=root).cpu_seconds
        render = measure(["reportgen", "render", study], cwd=root).cpu_seconds
        files = [
            root / "reports" / study / name for name in ("index.html", "paper.pdf")
        ]
        sizes = [path.stat().st_size / 1e6 for path in files]
        first = [digest(path) for path in files]
        for path in files:
            path.unlink()
        again = measure(["reportgen", "render", study], cwd=root).cpu_seconds
        same = [digest(path) for path in files] == first
    rows = [
        ["analyse", f"{analyse:.1f} CPU s", ""],
        ["render", f"{render:.1f} CPU s", ""],
        ["render again", f"{again:.1f} CPU s", ""],
        ["analyse + render", f"{analyse + render:.1f} CPU s", f"≤ {BAR_SECONDS} CPU s"],
        ["page", f"{sizes[0]:.2f} MB", f"≤ {BAR_MB} MB"],
        ["paper", f"{sizes[1]:.2f} MB", f"≤ {BAR_MB} MB"],
        ["two renders", "byte-identical" if same else "DIFFERENT", "byte-identical"],
    ]
    print_table([study, "measured", "bar"], rows)


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "spr-failure-modes")
