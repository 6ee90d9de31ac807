"""Evidence: facts in, what a reader sees who asks where a number comes from out."""

from collections.abc import Collection, Mapping

from reportgen.analysis.findings.facts import Fact
from reportgen.report.document import Evidence

_SHOWN = 6  # inputs named one by one; the rest are counted


def explain_facts(
    facts: Mapping[str, Fact], shown: Collection[str]
) -> tuple[Evidence, ...]:
    """Explain every fact that was shown, sorted by id."""
    return tuple(_explain(facts[fact_id]) for fact_id in sorted(shown))


def _explain(fact: Fact) -> Evidence:
    interval = ""
    if fact.interval is not None:
        lower, upper = fact.interval
        level = f"{fact.level:.0%} " if fact.level is not None else ""
        interval = f"{level}interval {lower:.6g} to {upper:.6g}"
    value = fact.value if isinstance(fact.value, str) else f"{fact.value:.12g}"
    unit = "" if fact.unit in ("text", "setting") else f" {fact.unit}"
    return Evidence(
        id=fact.id,
        value=f"{value}{unit}",
        interval=interval,
        n="" if fact.n is None else str(fact.n),
        formula=fact.derivation.formula,
        inputs=_inputs(fact.derivation.inputs),
    )


def _inputs(inputs: tuple[str, ...]) -> str:
    named = [_short(one) for one in inputs[:_SHOWN]]
    more = len(inputs) - len(named)
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


def _short(name: str) -> str:
    kind, colon, rest = name.partition(":")
    return f"{kind}{colon}{rest[:12]}" if kind == "run" else name
