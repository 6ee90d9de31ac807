"""How claims about each quantity read in everyday words: templates, one set each.

`{a}` is the variant, `{b}` what it is held against, `{what}` the metric and where it is
measured (for a shift only where, the metric being `{title}`), `{by}` the margin
(nothing where there is none), `{m}` the margin as a size. Sentences are of one arm
being better or worse, so they hold for metrics of either direction.
"""

from dataclasses import dataclass

from reportgen.spec.claims import About


@dataclass(frozen=True)
class Phrases:
    """The sentences of one quantity.

    Attributes:
        supported: by what a claim says.
        refuted: the same.
        better: that the variant is better, as the end of a sentence.
        worse: that it is worse.
        alike: where a claim of an effect ends as equivalent.
        gain: an effect in favour of the variant, as a noun.
        loss: one against it.
        either: one of any direction.
        topic: what a claim is about.
        by: how a margin is told after a comparison.
        size: how an amount reads, as in "ruled out by … or more".
        units: what is counted, in the plural.
    """

    supported: dict[str, str]
    refuted: dict[str, str]
    better: str
    worse: str
    alike: str
    gain: str
    loss: str
    either: str
    topic: str = "{what}"
    by: str = " by more than {m}"
    size: str = "{m}"
    units: str = "seed pairs"


SCORE = Phrases(
    supported={
        "improves": "{a} beats {b} in {what}{by}.",
        "worse": "{a} is worse than {b} in {what}{by}.",
        "noninferior": "{a} is not worse than {b} in {what}{by}.",
        "equivalent": "{a} and {b} differ in {what} by less than {m} either way.",
        "differs": "{a} and {b} differ in {what}: {clause}.",
    },
    refuted={
        "improves": "Whatever {a} gains over {b} in {what}, it is less than {m}.",
        "worse": "Whatever {a} loses against {b} in {what}, it is less than {m}.",
        "noninferior": "{a} is worse than {b} in {what}{by}.",
        "equivalent": "{a} and {b} do not match: ",
        "differs": "{a} and {b} differ in {what} by less than {m} either way.",
    },
    better="{a} is better than {b} in {what}",
    worse="{a} is worse than {b} in {what}",
    alike="{a} and {b} differ in {what} by less than {m} either way",
    gain="An improvement of {a} over {b} in {what}",
    loss="A worsening of {a} against {b} in {what}",
    either="A difference between {a} and {b} in {what}",
)
SHIFT = Phrases(
    supported={
        "improves": "Going {what} harms {a} less than {b} in {title}{by}.",
        "worse": "Going {what} harms {a} more than {b} in {title}{by}.",
        "noninferior": "Going {what} does not harm {a} more than {b} in {title}{by}.",
        "equivalent": "Going {what} harms {a} as much as {b} in {title}, to within "
        "{m}.",
        "differs": "Going {what} harms {a} and {b} unequally in {title}.",
    },
    refuted={
        "improves": "If going {what} harms {a} less than {b} in {title} at all, it is "
        "by less than {m}.",
        "worse": "If going {what} harms {a} more than {b} in {title} at all, it is by "
        "less than {m}.",
        "noninferior": "Going {what} harms {a} more than {b} in {title}{by}.",
        "equivalent": "{a} and {b} are not alike under this shift: ",
        "differs": "Going {what} harms {a} as much as {b} in {title}, to within {m}.",
    },
    better="going {what} harms {a} less than {b} in {title}",
    worse="going {what} harms {a} more than {b} in {title}",
    alike="Going {what} harms {a} as much as {b} in {title}, to within {m}",
    gain="That going {what} harms {a} less than {b} in {title}",
    loss="That going {what} harms {a} more than {b} in {title}",
    either="That going {what} harms {a} and {b} unequally in {title}",
    topic="{title} {what}",
)
LEVEL = Phrases(
    supported={
        "improves": "{a} beats {b} in {what}{by}.",
        "worse": "{a} falls short of {b} in {what}{by}.",
        "noninferior": "{a} reaches {b} in {what}, short of it by {m} at most.",
        "equivalent": "{a} stays at {b} in {what}, to within {m}.",
        "differs": "{a} does not stay at {b} in {what}.",
    },
    refuted={
        "improves": "If {a} beats {b} in {what} at all, it is by less than {m}.",
        "worse": "If {a} falls short of {b} in {what} at all, it is by less than {m}.",
        "noninferior": "{a} does not reach {b} in {what}: it falls short of it{by}.",
        "equivalent": "{a} does not stay at {b}: ",
        "differs": "{a} stays at {b} in {what}, to within {m}.",
    },
    better="{a} beats {b} in {what}",
    worse="{a} falls short of {b} in {what}",
    alike="{a} stays at {b} in {what}, to within {m}",
    gain="That {a} beats {b} in {what}",
    loss="That {a} falls short of {b} in {what}",
    either="That {a} lies away from {b} in {what}",
    units="runs",
)
SPREAD = Phrases(
    supported={
        "improves": "Over seeds {a} varies less than {b} in {what}{by}.",
        "worse": "Over seeds {a} varies more than {b} in {what}{by}.",
        "noninferior": "Over seeds {a} does not vary more than {b} in {what}{by}.",
        "equivalent": "Over seeds {a} varies as much as {b} in {what}, to within a "
        "factor of {m}.",
        "differs": "Over seeds {a} and {b} do not vary alike in {what}.",
    },
    refuted={
        "improves": "If {a} varies less over seeds than {b} in {what} at all, it is by "
        "a factor of less than {m}.",
        "worse": "If {a} varies more over seeds than {b} in {what} at all, it is by a "
        "factor of less than {m}.",
        "noninferior": "Over seeds {a} varies more than {b} in {what}{by}.",
        "equivalent": "{a} and {b} do not vary alike: ",
        "differs": "Over seeds {a} varies as much as {b} in {what}, to within a factor "
        "of {m}.",
    },
    better="over seeds {a} varies less than {b} in {what}",
    worse="over seeds {a} varies more than {b} in {what}",
    alike="Over seeds {a} varies as much as {b} in {what}, to within a factor of {m}",
    gain="That {a} varies less over seeds than {b} in {what}",
    loss="That {a} varies more over seeds than {b} in {what}",
    either="That {a} and {b} vary unequally over seeds in {what}",
    topic="the spread over seeds in {what}",
    by=" by a factor of more than {m}",
    size="a factor of {m}",
)
FAILURES = Phrases(
    supported={
        "improves": "Runs of {a} fail less often than runs of {b}{by}.",
        "worse": "Runs of {a} fail more often than runs of {b}{by}.",
        "noninferior": "Runs of {a} do not fail more often than runs of {b}{by}.",
        "equivalent": "Runs of {a} fail as often as runs of {b}, to within {m} of all "
        "runs.",
        "differs": "Runs of {a} and of {b} do not fail equally often.",
    },
    refuted={
        "improves": "If runs of {a} fail less often than runs of {b} at all, it is by "
        "less than {m} of all runs.",
        "worse": "If runs of {a} fail more often than runs of {b} at all, it is by "
        "less than {m} of all runs.",
        "noninferior": "Runs of {a} fail more often than runs of {b}{by}.",
        "equivalent": "{a} and {b} do not fail alike: ",
        "differs": "Runs of {a} fail as often as runs of {b}, to within {m} of all "
        "runs.",
    },
    better="runs of {a} fail less often than runs of {b}",
    worse="runs of {a} fail more often than runs of {b}",
    alike="Runs of {a} fail as often as runs of {b}, to within {m} of all runs",
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
    "claim of the study, the {n} {units} would make it {alone}; among all of them, "
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
