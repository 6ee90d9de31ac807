"""The tables a report may show, by name.

To add a table, write one file that defines `draw(study, write) -> Table | None` and add
one line here. A table with nothing to show is None.
"""

TABLES: dict[str, str] = {
    "verdicts": "reportgen.report.tables.verdicts:draw",
    "expectations": "reportgen.report.tables.expectations:draw",
    "variants": "reportgen.report.tables.variants:draw",
    "manipulations": "reportgen.report.tables.manipulations:draw",
    "promises": "reportgen.report.tables.promises:draw",
    "controls": "reportgen.report.tables.controls:draw",
    "sight": "reportgen.report.tables.sight:draw",
    "power": "reportgen.report.tables.power:draw",
    "scores": "reportgen.report.tables.scores:draw",
    "measures": "reportgen.report.tables.measures:draw",
    "seeds": "reportgen.report.tables.seeds:draw",
    "detectors": "reportgen.report.tables.detectors:draw",
    "checks": "reportgen.report.tables.checks:draw",
    "characteristics": "reportgen.report.tables.characteristics:draw",
    "unsettled": "reportgen.report.tables.unsettled:draw",
    "attrition": "reportgen.report.tables.attrition:draw",
    "rates": "reportgen.report.tables.rates:draw",
    "fallbacks": "reportgen.report.tables.fallbacks:draw",
    "failures": "reportgen.report.tables.failures:draw",
    "logs": "reportgen.report.tables.logs:draw",
    "drawer": "reportgen.report.tables.drawer:draw",
    "hyperparameters": "reportgen.report.tables.hyperparameters:draw",
    "contrasts": "reportgen.report.tables.contrasts:draw",
    "tensors": "reportgen.report.tables.tensors:draw",
    "choices": "reportgen.report.tables.choices:draw",
    "summaries": "reportgen.report.tables.summaries:draw",
    "exploration": "reportgen.report.tables.exploration:draw",
    "runs": "reportgen.report.tables.runs:draw",
    "data": "reportgen.report.tables.data:draw",
    "audit": "reportgen.report.tables.audit:draw",
    "clean": "reportgen.report.tables.clean:draw",
    "classes": "reportgen.report.tables.classes:draw",
    "environment": "reportgen.report.tables.environment:draw",
    "compute": "reportgen.report.tables.compute:draw",
    "metrics": "reportgen.report.tables.metrics:draw",
}
