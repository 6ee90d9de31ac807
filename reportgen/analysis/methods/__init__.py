"""The ways to compare two arms that a spec may choose, by name.

To add a method, write one file that defines `make(analysis) -> Method` and add one line
here and one name to `method` in `reportgen.spec.model.AnalysisSpec`.
"""

METHODS: dict[str, str] = {
    "paired": "reportgen.analysis.methods.paired:make",
    "welch": "reportgen.analysis.methods.welch:make",
    "pooled": "reportgen.analysis.methods.pooled:make",
    "signflip": "reportgen.analysis.methods.signflip:make",
    "rope": "reportgen.analysis.methods.rope:make",
    "poi": "reportgen.analysis.methods.poi:make",
}
