"""The figures a report may show, by name.

To add a figure, write one file that defines `draw(view) -> FigureImage | None` and add
one line here. A figure that does not apply to a study returns None.
"""

FIGURES: dict[str, str] = {
    "learning_curves": "reportgen.report.figures.learning_curves:draw",
    "architecture": "reportgen.report.figures.architecture:draw",
    "ablations": "reportgen.report.figures.ablations:draw",
    "claims": "reportgen.report.figures.claims:draw",
    "attrition": "reportgen.report.figures.attrition:draw",
    "seeds": "reportgen.report.figures.seeds:draw",
    "shifts": "reportgen.report.figures.shifts:draw",
    "data_composition": "reportgen.report.figures.data_composition:draw",
    "seed_robustness": "reportgen.report.figures.seed_robustness:draw",
    "arm_curves": "reportgen.report.figures.arm_curves:draw",
}
