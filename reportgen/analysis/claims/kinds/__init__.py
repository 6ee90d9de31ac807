"""What a claim may be about, by name.

To add a quantity, write one file that defines a `Quantity`, add one line here, and its
name and sentence patterns in `reportgen.spec.claims`.
"""

KINDS: dict[str, str] = {
    "score": "reportgen.analysis.claims.kinds.score:SCORE",
    "shift": "reportgen.analysis.claims.kinds.shift:SHIFT",
    "level": "reportgen.analysis.claims.kinds.level:LEVEL",
    "spread": "reportgen.analysis.claims.kinds.spread:SPREAD",
    "failures": "reportgen.analysis.claims.kinds.failures:FAILURES",
}
