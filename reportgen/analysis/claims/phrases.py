"""How claims about each quantity read in everyday words: templates, one set each.

`{a}` is the variant, `{b}` what it is held against, `{what}` the metric and where it is
measured (for a shift only where, the metric being `{title}`), `{by}` the margin
(nothing where there is none), `{m}` the margin as a size. Sentences are of one arm
being better or worse, so they hold for metrics of either direction.
"""

from dataclasses import dataclass

from reportgen.spec.claims import About, Kind


@dataclass(frozen=True)
class Phrases:
    """The sentences of one quantity, without their full stops.

    Attributes:
        better: that the variant is better.
        worse: that it is worse.
        no_worse: that it is not worse, or by little.
        alike: that what there is between the two is too small to matter.
        unlike: that they differ, in whatever direction.
        small_gain: that the variant is better by little at most.
        small_loss: that it is worse by little at most.
        apart: that they do not match, as the beginning of a sentence.
        gain: an effect in favour of the variant, as a noun.
        loss: one against it.
        either: one of any direction.
        topic: what a claim is about.
        by: how a margin is told after a comparison.
        size: how an amount reads, as in "ruled out by … or more".
        units: what is counted, in the plural.
    """

    better: str
    worse: str
    no_worse: str
    alike: str
    unlike: str
    small_gain: str
    small_loss: str
    apart: str
    gain: str
    loss: str
    either: str
    topic: str = "{what}"
    by: str = " by more than {m}"
    size: str = "{m}"
    units: str = "seed pairs"

    @property
    def supported(self) -> dict[Kind, str]:
        """What holds where a claim is supported."""
        return {
            "improves": self.better + "{by}",
            "worse": self.worse + "{by}",
            "noninferior": self.no_worse,
            "equivalent": self.alike,
            "differs": self.unlike,
        }

    @property
    def refuted(self) -> dict[Kind, str]:
        """What holds where it is refuted; `{clause}` says which is better."""
        return {
            "improves": self.small_gain,
            "worse": self.small_loss,
            "noninferior": self.worse + "{by}",
            "equivalent": self.apart + ": {clause}{by}",
            "differs": self.alike,
        }


SCORE = Phrases(
    better="{a} beats {b} in {what}",
    worse="{a} is worse than {b} in {what}",
    no_worse="{a} is not worse than {b} in {what}{by}",
    alike="{a} and {b} differ in {what} by less than {m} either way",
    unlike="{a} and {b} differ in {what}",
    small_gain="whatever {a} gains over {b} in {what}, it is less than {m}",
    small_loss="whatever {a} loses against {b} in {what}, it is less than {m}",
    apart="{a} and {b} do not match",
    gain="An improvement of {a} over {b} in {what}",
    loss="A worsening of {a} against {b} in {what}",
    either="A difference between {a} and {b} in {what}",
)
SHIFT = Phrases(
    better="going {what} harms {a} less than {b} in {title}",
    worse="going {what} harms {a} more than {b} in {title}",
    no_worse="going {what} does not harm {a} more than {b} in {title}{by}",
    alike="going {what} harms {a} as much as {b} in {title}, to within {m}",
    unlike="going {what} harms {a} and {b} unequally in {title}",
    small_gain="if going {what} harms {a} less than {b} in {title} at all, it is by "
    "less than {m}",
    small_loss="if going {what} harms {a} more than {b} in {title} at all, it is by "
    "less than {m}",
    apart="{a} and {b} are not alike under this shift",
    gain="That going {what} harms {a} less than {b} in {title}",
    loss="That going {what} harms {a} more than {b} in {title}",
    either="That going {what} harms {a} and {b} unequally in {title}",
    topic="{title} {what}",
)
LEVEL = Phrases(
    better="{a} beats {b} in {what}",
    worse="{a} falls short of {b} in {what}",
    no_worse="{a} reaches {b} in {what}, short of it by {m} at most",
    alike="{a} stays at {b} in {what}, to within {m}",
    unlike="{a} does not stay at {b} in {what}",
    small_gain="if {a} beats {b} in {what} at all, it is by less than {m}",
    small_loss="if {a} falls short of {b} in {what} at all, it is by less than {m}",
    apart="{a} does not stay at {b}",
    gain="That {a} beats {b} in {what}",
    loss="That {a} falls short of {b} in {what}",
    either="That {a} lies away from {b} in {what}",
    units="runs",
)
SPREAD = Phrases(
    better="over seeds {a} varies less than {b} in {what}",
    worse="over seeds {a} varies more than {b} in {what}",
    no_worse="over seeds {a} does not vary more than {b} in {what}{by}",
    alike="over seeds {a} varies as much as {b} in {what}, to within a factor of {m}",
    unlike="over seeds {a} and {b} do not vary alike in {what}",
    small_gain="if over seeds {a} varies less than {b} in {what} at all, it is by a "
    "factor of less than {m}",
    small_loss="if over seeds {a} varies more than {b} in {what} at all, it is by a "
    "factor of less than {m}",
    apart="{a} and {b} do not vary alike",
    gain="That over seeds {a} varies less than {b} in {what}",
    loss="That over seeds {a} varies more than {b} in {what}",
    either="That over seeds {a} and {b} vary unequally in {what}",
    topic="the spread over seeds in {what}",
    by=" by a factor of more than {m}",
    size="a factor of {m}",
)
FAILURES = Phrases(
    better="runs of {a} fail less often than runs of {b}",
    worse="runs of {a} fail more often than runs of {b}",
    no_worse="runs of {a} do not fail more often than runs of {b}{by}",
    alike="runs of {a} fail as often as runs of {b}, to within {m} of all runs",
    unlike="runs of {a} and of {b} do not fail equally often",
    small_gain="if runs of {a} fail less often than runs of {b} at all, it is by less "
    "than {m} of all runs",
    small_loss="if runs of {a} fail more often than runs of {b} at all, it is by less "
    "than {m} of all runs",
    apart="{a} and {b} do not fail alike",
    gain="That runs of {a} fail less often than runs of {b}",
    loss="That runs of {a} fail more often than runs of {b}",
    either="That runs of {a} and {b} fail unequally often",
    topic="how often runs fail",
    by=" by more than {m} of all runs",
    size="{m} of all runs",
    units="runs of each arm",
)
PHRASES: dict[About, Phrases] = {
    "score": SCORE,
    "shift": SHIFT,
    "level": LEVEL,
    "spread": SPREAD,
    "failures": FAILURES,
}

# Findings that leave a claim open; `{clause}` is that the variant is better, or worse,
# `{asked}` what the claim says, `{alone}` the verdict it would have on its own.
OPEN = {
    "method_refused": "No verdict about {topic}, by the rule declared: {why}.",
    "undeclared_look": "The rule would give the claim about {topic} a verdict, but "
    "results were looked at with other numbers of seeds than declared, which makes "
    "chance findings likelier.",
    "unresolved": "Whether {asked} stays open: the {n} {units} allow a yes and a no.",
    "better_size_unresolved": "{clause}, but the {n} {units} cannot say whether by "
    "{size} or more.",
    "worse_size_unresolved": "{clause}, but the {n} {units} cannot say whether by "
    "{size} or more.",
    "worse": "{clause}, but the {n} {units} cannot say whether by {size} or more.",
    "too_few_seeds": "{n} {units} are too few for any verdict on {topic}.",
    "no_data": "There is no pair of runs to compare in {topic}.",
    "depends_on_failures": "The answer about {topic} depends on how failed runs are "
    "counted, so none is given.",
    "identical_predictions": "{a} and {b} answer every row of this set alike; {what} "
    "on other rows may still differ.",
    "degenerate": "Nothing varies over the seeds, so nothing can be said about {topic} "
    "beyond these runs.",
    "significant_before_correction": "Whether {asked} stays open. Were it the only "
    "claim of the study, the {n} {units} would make it {alone}; among so many claims, "
    "one such result may be chance.",
}
# Why a registered claim was not tested, by its finding.
UNTESTED = {
    "check_failed": "an arm is not what it says",
    "control_failed": "a control failed",
    "method_refused": "the method refuses its runs",
    "too_few_seeds": "too few seeds",
    "no_data": "no pair of runs",
    "degenerate": "nothing varies over its seeds",
    "identical_predictions": "its arms answer alike",
    "depends_on_failures": "failed runs decide it",
}
