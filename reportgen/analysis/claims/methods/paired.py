"""Student's t of differences within seeds: the default."""

from reportgen.analysis.claims.method import Method
from reportgen.spec.model import AnalysisSpec


def make(analysis: AnalysisSpec) -> Method:  # noqa: ARG001
    """The default: whatever a seed does to both arms cancels."""
    return Method(
        name="paired",
        title="Student’s t of paired differences",
        explained=(
            "Both arms are trained under the same seeds, and each seed gives one "
            "difference. A Student interval says which mean differences are compatible "
            "with the differences seen."
        ),
    )
