"""Detectors: exploratory checks of runs and data.

To add a detector, write one file that defines a `Detector` and add one line here.
"""

DETECTORS: dict[str, str] = {
    "overfit_slope": "reportgen.analysis.detectors.overfit_slope:OVERFIT_SLOPE",
    "overfit_drop": "reportgen.analysis.detectors.overfit_drop:OVERFIT_DROP",
    "seed_noise": "reportgen.analysis.detectors.seed_noise:SEED_NOISE",
    "failed_seed": "reportgen.analysis.detectors.failed_seed:FAILED_SEED",
    "chance_level": "reportgen.analysis.detectors.chance_level:CHANCE_LEVEL",
    "dup_exact": "reportgen.analysis.detectors.dup_exact:DUP_EXACT",
    "token_shift": "reportgen.analysis.detectors.token_shift:TOKEN_SHIFT",
}
