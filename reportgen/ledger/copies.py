"""Copied runs: the records of a study in, seeds that ended in the same bits out."""

from collections.abc import Iterator, Mapping

from reportgen.errors import Problem
from reportgen.ledger.entries import CellRun
from reportgen.records import RunRecord, digest_json
from reportgen.spec.plan import CONTROL_PREFIX


def find_copies(records: Mapping[CellRun, RunRecord]) -> Iterator[Problem]:
    """Two seeds with the same weights or the same answers: one record was copied.

    Controls are left out: some of them train nothing that depends on a seed, and one
    repeats a run on purpose.
    """
    seen: dict[tuple[str, str], CellRun] = {}
    for run, record in records.items():
        if run.variant.startswith(CONTROL_PREFIX):
            continue
        for kind, digest in _marks(record):
            first = seen.setdefault((kind, digest), run)
            if first.seed != run.seed:
                yield Problem(
                    f"{run.variant} under seed {run.seed} has the very {kind} of "
                    f"{first.variant} under seed {first.seed}: a record was copied, or "
                    "the model ignores its seed",
                    f"run {run.run[:12]}",
                    "remove the copied record from the store and run the study again, "
                    "or let the seed decide something",
                )
                break


def _marks(record: RunRecord) -> Iterator[tuple[str, str]]:
    """What no two seeds share: weights, and the answers to all rows together."""
    for rule, checkpoint in record.checkpoints.items():
        yield "weights", checkpoint.weights
        answers = {
            name.partition("@")[0]: digest
            for name, digest in record.arrays.items()
            if name.startswith("logits/") and name.endswith(f"@{rule}")
        }
        if answers:
            yield "answers", digest_json(answers)
