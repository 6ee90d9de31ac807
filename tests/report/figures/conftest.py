"""What the tests of the figures share."""

from collections.abc import Callable

import pytest

from reportgen.report.figures.view import FigureView
from tests.report.figures.sample import make_sample


@pytest.fixture
def sample() -> Callable[..., FigureView]:
    """`sample(arms=4, seeds=5, claims=5, failed=(("baseline", 1),))`."""
    return make_sample
