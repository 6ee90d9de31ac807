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
    "dup_near": "reportgen.analysis.detectors.dup_near:DUP_NEAR",
    "token_shift": "reportgen.analysis.detectors.token_shift:TOKEN_SHIFT",
    "dup_effect": "reportgen.analysis.detectors.dup_effect:DUP_EFFECT",
    "leakage_process": "reportgen.analysis.detectors.leakage_process:LEAKAGE_PROCESS",
    "feature_ks": "reportgen.analysis.detectors.feature_ks:FEATURE_KS",
    "c2st": "reportgen.analysis.detectors.c2st:C2ST",
    "mmd": "reportgen.analysis.detectors.mmd:MMD",
    "undertrained": "reportgen.analysis.detectors.undertrained:UNDERTRAINED",
    "diverged": "reportgen.analysis.detectors.diverged:DIVERGED",
    "seed_gap": "reportgen.analysis.detectors.seed_gap:SEED_GAP",
    "ablation_insensitive": "reportgen.analysis.detectors.ablation_insensitive"
    ":ABLATION_INSENSITIVE",
    "order_insensitive": "reportgen.analysis.detectors.order_insensitive"
    ":ORDER_INSENSITIVE",
    "outlier_seed": "reportgen.analysis.detectors.outlier_seed:OUTLIER_SEED",
    "unstable_vs_baseline": "reportgen.analysis.detectors.unstable_vs_baseline"
    ":UNSTABLE_VS_BASELINE",
    "metric_disagreement": "reportgen.analysis.detectors.metric_disagreement"
    ":METRIC_DISAGREEMENT",
    "miscalibrated": "reportgen.analysis.detectors.miscalibrated:MISCALIBRATED",
    "selection_on_test": "reportgen.analysis.detectors.selection_on_test"
    ":SELECTION_ON_TEST",
    "single_run_luck": "reportgen.analysis.detectors.single_run_luck:SINGLE_RUN_LUCK",
    "shift_drop": "reportgen.analysis.detectors.shift_drop:SHIFT_DROP",
    "label_shift": "reportgen.analysis.detectors.label_shift:LABEL_SHIFT",
}
