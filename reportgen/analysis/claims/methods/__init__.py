"""The ways to compare two arms that a spec may choose, by name.

To add a method, write one file that defines `make(analysis) -> Method` and add one line
here and one name to `method` in `reportgen.spec.model.AnalysisSpec`.
"""

METHODS: dict[str, str] = {
    "paired": "reportgen.analysis.claims.methods.paired:make",
    "welch": "reportgen.analysis.claims.methods.welch:make",
    "pooled": "reportgen.analysis.claims.methods.pooled:make",
    "signflip": "reportgen.analysis.claims.methods.signflip:make",
    "rope": "reportgen.analysis.claims.methods.rope:make",
    "poi": "reportgen.analysis.claims.methods.poi:make",
}
