"""Code from outside, run: what a user's component raises comes back as a value."""

from collections.abc import Callable

from reportgen.errors import ReportgenError, SettingError


def raised_by(work: Callable[[], object]) -> Exception | None:
    """What a user's dataset, model, loss or optimiser raised.

    The one place that catches everything, because a user's code may raise anything.
    Mistakes in the spec pass through.
    """
    try:
        work()
    except (SettingError, ReportgenError):
        raise
    except Exception as error:  # noqa: BLE001
        return error
    return None
