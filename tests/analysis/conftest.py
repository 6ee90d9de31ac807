"""One simulated study for all tests that only read it."""

import pytest

from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.facts import Fact
from reportgen.analysis.findings.study import Findings
from tests.analysis.factory import Bundle, make_bundle, make_findings, make_results


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return make_bundle()


@pytest.fixture(scope="session")
def results(bundle: Bundle) -> Results:
    return make_results(bundle)


@pytest.fixture(scope="session")
def found(bundle: Bundle) -> tuple[Findings, dict[str, Fact]]:
    return make_findings(bundle)
