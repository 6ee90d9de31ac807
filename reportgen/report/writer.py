"""How evidence is written into text: facts and findings in, marked HTML out.

Prose, tables and section templates all write through one `Writer`, which remembers what
was shown, cited and referred to.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from markupsafe import Markup, escape

from reportgen.analysis.claims.phrases import PHRASES
from reportgen.analysis.findings.controls import ControlResult
from reportgen.analysis.findings.facts import Fact
from reportgen.analysis.findings.study import ClaimResult, Findings, Verdict
from reportgen.errors import SettingError
from reportgen.report.cells import code
from reportgen.report.cite import Bibliography
from reportgen.report.names import Names
from reportgen.report.numbers import (
    MINUS,
    THIN,
    uncertainty_of,
    write_fact,
    write_p,
)
from reportgen.report.refused import MARK, MEANING, is_refused, refused_names
from reportgen.report.statements import (
    decimals_of,
    effect_text,
    interval_text,
    margin_number,
    margin_words,
    statement,
)
from reportgen.spec.model import BASELINE
from reportgen.spec.positions import Positions

# Told apart by shape too, so that nothing hangs on colour alone.
SIGNS: dict[Verdict, str] = {
    "supported": "✓",
    "refuted": "✗",
    "equivalent": "≈",
    "inconclusive": "?",
    "exploratory": "…",
    "inadmissible": "–",
}


@dataclass
class Shown:
    """What a report has shown so far."""

    facts: set[str] = field(default_factory=set)
    cited: set[str] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Writer:
    """Writes facts, verdicts, citations and references as HTML."""

    names: Names
    findings: Findings
    bibliography: Bibliography
    places: Positions | None = None  # of the spec's words; None where it is no file
    shown: Shown = field(default_factory=Shown)
    texts: dict[str, str] = field(default_factory=dict)  # bound, by place in the spec

    @property
    def facts(self) -> Mapping[str, Fact]:
        """Every fact of the study."""
        return self.names.facts or {}

    @property
    def checks(self) -> dict[str, Callable[..., object]]:
        """What refuses the arguments of each binding function."""
        return self.names.checks

    @cached_property
    def refused(self) -> frozenset[str]:
        """Arms that are not what they say, and `ARM/SHIFT` where a shift is not."""
        return refused_names(self.findings)

    def arm(self, name: str, shift: str = "") -> Markup:
        """Write an arm's name, marked where the arm is not what it says."""
        return code(name) + self.sign(name, shift)

    def sign(self, name: str, shift: str = "") -> Markup:
        """The mark of what comes of an arm that is not what it says; else nothing."""
        if not is_refused(self.refused, name, shift):
            return Markup()
        told = Markup('<span class="differs" title="{}">{}</span>')
        return told.format(f"{name} is not what it says", MARK)

    @property
    def signs_explained(self) -> str:
        """A note's last sentence on that mark; "" where every arm is what it says."""
        return f" {MEANING}" if self.refused else ""

    def fact(self, fact_id: str) -> Markup:
        """Write a fact's value, marked where its arm is not what it says."""
        self.names.check_fact(fact_id)
        fact = self.facts[fact_id]
        about = fact.subject
        sign = self.sign(about.arm or "", about.evaluation_set or "")
        scored = fact_id.startswith(("score/", "curve/"))
        return self.mark(fact_id, write_fact(fact)) + (sign if scored else "")

    def mark(self, fact_id: str, text: str) -> Markup:
        """Mark digits as showing a fact; without such a fact they stay bare."""
        if fact_id not in self.facts:
            return escape(text)
        self.shown.facts.add(fact_id)
        return Markup('<span class="fact" data-fact="{}">{}</span>').format(
            fact_id, text
        )

    def score(self, arm: str, metric: str, statistic: str = "mean") -> Markup:
        """Write an arm's score over its seeds."""
        return self.fact(self.names.score_id(arm, metric, statistic))

    def count(self, name: str) -> Markup:
        """Write a count, e.g. `runs/planned`."""
        return self.fact(f"count/{name}")

    def setting(self, path: str, arm: str = BASELINE) -> Markup:
        """Write a setting of an arm."""
        return self.fact(self.names.setting_id(path, arm))

    def claim(self, claim: str) -> ClaimResult:
        """Find the result of a claim."""
        self.names.check_claim(claim)
        for result in self.findings.claims:
            if result.id == claim:
                return result
        fix = "run `reportgen analyse` again"
        raise SettingError("", f"the results know no claim {claim!r}", fix)

    def verdict(self, claim: str) -> Markup:
        """Write a verdict as one word, and whether its claim came late."""
        result = self.claim(claim)
        word = Markup('<span class="verdict {0}">{0}</span>').format(result.verdict)
        return word + (" (post hoc)" if result.post_hoc else "")

    def observation(self, control: ControlResult) -> tuple[Markup, Markup]:
        """Write what a control observed and what is to be known about it."""
        marks = {
            one.name: self.mark(f"control/{control.id}/{one.name}", one.text)
            for one in control.measures
        }
        words = control.wording or (control.observed, control.note)
        observed, note = (escape(true_minus(text)) for text in words)
        if not control.wording:
            return observed, note
        return observed.format(**marks), note.format(**marks)

    def claim_name(self, claim: str) -> Markup:
        """Write a claim's name, and whether it came late."""
        late = self.claim(claim).post_hoc
        tag = Markup(' <span class="tag">post hoc</span>') if late else ""
        return code(claim) + tag

    def margin(self, result: ClaimResult) -> Markup:
        """Write by how much a claim says it, "" where it names no amount."""
        words = margin_words(result)
        if not words:
            return Markup("")
        marked = self.mark(f"claim/{result.id}/margin", margin_number(result))
        return Markup(" {}&nbsp;{}").format(words, marked)

    def statement(self, result: ClaimResult) -> Markup:
        """Write what a claim says, in words."""
        return statement(result, self.findings.metrics)

    def sentence(self, claim: str) -> Markup:
        """Write a verdict with everything it rests on."""
        result = self.claim(claim)
        about = self.statement(result)
        if result.effect is None or result.ci95 is None:
            return Markup("{}: {}").format(about, self.verdict(claim))
        p = Markup(", {}").format(self.p(claim)) if result.p is not None else ""
        counted = f"{len(result.seeds)} {PHRASES[result.about].units}"
        return Markup("{}: {}; effect {}, {}{}").format(
            about, self.verdict(claim), self.difference(claim), counted, p
        )

    def difference(self, claim: str) -> Markup:
        """Write the effect with its 95 % interval; positive is better."""
        result = self.claim(claim)
        if result.effect is None or result.ci95 is None:
            fix = "write it without the number, or test verdict('…') first"
            raise SettingError("", f"claim {claim!r} has no effect to show", fix)
        fact_id = f"claim/{claim}/effect"
        decimals = self.effect_decimals(result)
        text = effect_text(result, result.effect, decimals)
        interval = interval_text(result, result.ci95, decimals)
        return self.mark(fact_id, f"{text} (95{THIN}%\u00a0CI {interval})")

    def effect(self, result: ClaimResult) -> Markup:
        """Write a claim's effect and, in brackets, its 95 % interval."""
        if result.effect is None or result.ci95 is None:
            return Markup()
        decimals = self.effect_decimals(result)
        text = effect_text(result, result.effect, decimals)
        interval = interval_text(result, result.ci95, decimals)
        return self.mark(f"claim/{result.id}/effect", f"{text} ({interval})")

    def effect_decimals(self, result: ClaimResult) -> int:
        """Decimals of a claim's effect, wherever it is shown."""
        fact = self.facts.get(f"claim/{result.id}/effect")
        return decimals_of(result, uncertainty_of(fact) if fact else None)

    def p(self, claim: str) -> Markup:
        """Write the Holm-adjusted p-value as `p = 0.012`."""
        result = self.claim(claim)
        value = result.p_adjusted if result.p_adjusted is not None else result.p
        if value is None:
            fix = "write it without the number, or test verdict('…') first"
            raise SettingError("", f"claim {claim!r} has no p-value", fix)
        text = write_p(value)
        text = text if text[0] in "<>" else f"= {text}"
        return Markup("<i>p</i>\u00a0") + self.mark(f"claim/{claim}/p_adjusted", text)

    def cite(self, *keys: str, narrative: bool = False) -> Markup:
        """Cite works of the bibliography."""
        self.names.check_cite(*keys)
        self.shown.cited.update(keys)
        # References were cleaned when they were set.
        return Markup(self.bibliography.cite(keys, narrative=narrative))  # noqa: S704

    def ref(self, anchor: str) -> Markup:
        """Refer to a figure, table or section; its number is filled in later."""
        self.names.check_ref(anchor)
        self.shown.anchors.add(anchor)
        return Markup('<a class="ref" data-ref="{0}" href="#{0}"></a>').format(anchor)

    def lit(self, text: str) -> Markup:
        """Write a number that is no result, as the author vouches."""
        return escape(str(text))


def true_minus(text: str) -> str:
    """Turn the hyphen before a number into a minus sign."""
    return re.sub(r"(?<![\w)])-(?=\.?\d)", MINUS, text)
