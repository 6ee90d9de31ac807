"""How often the rule for verdicts errs: coverage and false claims, by simulation.

Usage: python -m benchmarks.operating_characteristics [--write]

Prints four tables; `--write` keeps them where reports read them for their appendix.
"""

import argparse
import json
from collections.abc import Iterator

from benchmarks.measure import print_table
from benchmarks.verdict_errors import (
    FAMILIES,
    FAMILY_REPEATS,
    FEWEST,
    METHOD_REPEATS,
    NOISE_REPEATS,
    NOISES,
    ROW_REPEATS,
    ROWS,
    SEEDS,
    SETTINGS,
    measure_family,
    measure_method,
    measure_noise,
    measure_rows,
)
from reportgen.analysis.claims.methods import METHODS
from reportgen.analysis.measured.characteristics import FILE, Characteristics


def measure_all(seed: int = 0) -> Characteristics:
    """Every table."""
    return Characteristics(
        noise=tuple(
            measure_noise(name, n, seed=seed, repeats=NOISE_REPEATS)
            for name in NOISES
            for n in SEEDS
        ),
        rows=tuple(
            measure_rows(setting, n, seed=seed, repeats=ROW_REPEATS[n])
            for n in SEEDS
            for setting in SETTINGS
        ),
        methods=tuple(
            measure_method(name, n, seed=seed, repeats=METHOD_REPEATS[n])
            for name in METHODS
            for n in SEEDS
            if n >= FEWEST.get(name, 0)
        ),
        families=tuple(
            measure_family(variants, n, seed=seed, repeats=FAMILY_REPEATS)
            for variants, n in FAMILIES
        ),
    )


def lines(found: Characteristics) -> Iterator[tuple[str, list[list[str]]]]:
    """Each table with its heading; its first line is its head."""
    head = ["noise", "n", "Student", "false gain", "of two arms", "percentile"]
    rows = [
        [one.noise, str(one.n)]
        + [
            share(value)
            for value in (
                *(one.student, one.student_low),
                *(one.two_arms_low, one.percentile),
            )
        ]
        for one in found.noise
    ]
    yield (
        "Nominal 95 % intervals of a mean of n differences: coverage, and how often "
        "the lower\nlimit lies above the truth (nominal .025)",
        [head, *rows],
    )
    head = ["n", "luck, taste, rest", "seeds", "crossed", "wider"]
    rows = [
        [str(one.n), f"{one.luck:g}, {one.taste:g}, {one.rest:g}"]
        + [share(value) for value in (one.seeds, one.crossed, one.wider)]
        for one in found.rows
    ]
    yield f"Coverage of the difference on all rows from {ROWS} of them", [head, *rows]
    head = ["method", "n", "false gain", "refused"]
    rows = [
        [one.method, str(one.n), share(one.false_gain), share(one.refused)]
        for one in found.methods
    ]
    yield "Gains called supported of two equal arms, and studies refused", [head, *rows]
    head = ["variants", "n", "uncorrected", "Holm"]
    rows = [
        [str(one.variants), str(one.n), share(one.uncorrected), share(one.holm)]
        for one in found.families
    ]
    yield "Any false verdict among variants of one baseline", [head, *rows]


def share(value: float) -> str:
    """A share with three decimals."""
    return f"{value:.3f}"


def main() -> None:
    """Measure, print, and keep when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep for reports")
    arguments = parser.parse_args()
    found = measure_all()
    for heading, (columns, *rows) in lines(found):
        print(f"\n{heading}\n")
        print_table(columns, rows)
    if arguments.write:
        text = json.dumps(found.model_dump(mode="json"), indent=1, ensure_ascii=False)
        FILE.write_text(text + "\n", encoding="utf-8")
        print(f"\nwritten to {FILE}")


if __name__ == "__main__":
    main()
