"""Faults seen while a run goes on: one batch's after the other in, a few words out."""


class Tally:
    """Faults by what is wrong: where each was first, and how often it was."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}
        self._times: dict[str, int] = {}

    def __bool__(self) -> bool:
        """Whether there was any fault."""
        return bool(self._places)

    def add(self, fault: str, place: str) -> None:
        """Take in one batch with a fault: what is wrong, and where in the run."""
        self._places.setdefault(fault, place)
        self._times[fault] = self._times.get(fault, 0) + 1

    def told(self) -> list[str]:
        """Each fault once, in the order of their first batches."""
        return [
            f"{fault} {place}{self._further(fault)}"
            for fault, place in self._places.items()
        ]

    def _further(self, fault: str) -> str:
        more = self._times[fault] - 1
        return f", and in {counted(more, 'more batch', 'more batches')}" if more else ""


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun, e.g. 1 tensor or 0 tensors."""
    return f"{number} {one if number == 1 else many}"
