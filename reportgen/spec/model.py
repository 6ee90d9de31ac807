"""The study as its author wrote it: a parsed YAML mapping in, frozen values out.

Field descriptions carry units and meaning; they become the JSON Schema that editors
read and the hyperparameter glossary that the paper prints.
"""

from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    PositiveInt,
    StringConstraints,
)

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=48)]
MetricPath = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z][a-z0-9_-]*\.[a-z][a-z0-9_]*(@(best|last))?$", max_length=80
    ),
]
BASELINE = "baseline"


class Frozen(BaseModel):
    """A strict, immutable value that refuses keys it does not know."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        defer_build=True,  # most models are only ever parts of another
    )


class Component(Frozen):
    """Something callable, by catalogue name or `module:attribute`, and its settings."""

    use: str = Field(description="a catalogue name, or module:attribute of a callable")
    params: dict[str, JsonValue] = Field(
        default_factory=dict,
        description="keyword arguments; the callable's signature is their schema",
    )


class TransformStep(Component):
    """A transform and the splits it is applied to."""

    splits: tuple[str, ...] | None = Field(
        default=None, description="splits it touches; every split when left out"
    )


class DataSpec(Component):
    """The dataset, what is done to it, and the shifted copies of its test split."""

    transforms: tuple[TransformStep, ...] = Field(
        default=(), description="applied in order to every split, shifts included"
    )
    shifts: dict[Name, Component] = Field(
        default_factory=dict,
        description="extra evaluation sets: each a transform of the raw test split",
    )


class FreezeSpec(Frozen):
    """Parameters held still, and for how long."""

    parameters: str = Field(description="glob over parameter names, e.g. embedding.*")
    epochs: PositiveInt | Literal["all"] = Field(
        description="first k epochs without updates, or all"
    )


class SelectSpec(Frozen):
    """Which checkpoint is reported; the choice is part of every metric's name."""

    metric: MetricPath = Field(
        default="dev.loss", description="score after each epoch that tells the best one"
    )
    rule: Literal["best", "last"] = Field(
        description="best: the earliest epoch with the best value; last: the final one"
    )
    patience: PositiveInt | None = Field(
        default=None,
        description="stop after so many epochs without a better value; never if absent",
    )


class TrainingSpec(Frozen):
    """How a model is fitted."""

    epochs: PositiveInt = Field(description="passes over the training rows")
    batch_size: PositiveInt = Field(description="rows per optimiser step")
    optimizer: Component = Field(description="a torch.optim class, without its params")
    scheduler: Component | None = Field(
        default=None, description="a torch.optim.lr_scheduler class, stepped each epoch"
    )
    loss: Component = Field(
        default=Component(use="torch.nn:CrossEntropyLoss"),
        description="a callable from (logits, labels) to a scalar",
    )
    gradient_clip: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="largest L2 norm of the whole gradient; none if null"
    )
    freeze: tuple[FreezeSpec, ...] = Field(
        default=(), description="parameters held still, and for which epochs"
    )
    precision: Literal["float32", "bfloat16"] = Field(
        default="float32",
        description="number format of forward passes; bfloat16 means autocast",
    )
    select: SelectSpec = Field(description="which checkpoint is reported")


class Variant(Frozen):
    """The baseline with one deliberate change."""

    why: str = Field(min_length=1, description="what the change is meant to show")
    change: dict[str, JsonValue] = Field(
        description="nested overrides of data, model or training"
    )


class Expectation(Frozen):
    """Why anyone expected a claim to hold."""

    text: str = Field(min_length=1, description="the reason, in a sentence")
    cite: str | tuple[str, ...] | None = Field(
        default=None, description="bibliography key or keys"
    )


class ClaimSpec(Frozen):
    """A statement registered before the runs it concerns."""

    says: str = Field(
        description="'A improves M over B', 'A worsens M against B', 'A does not "
        "worsen M against B', 'A matches M of B', 'A changes M against B'; 'A is more "
        "robust than B from M to N' (less, no less, as, either more or less); 'A beats "
        "C on M' (falls short of, reaches, stays at, differs from; C is a number, "
        "chance or ceiling); 'A varies less over seeds than B on M' (more, no more, as "
        "much … as, either more or less); 'A fails less often than B' (more, no more, "
        "as often as, either more or less)"
    )
    margin: Annotated[float, Field(ge=0)] = Field(
        description="smallest effect worth having: in the metric's own unit, as a "
        "ratio such as 1.5 for spread over seeds, as a share of runs for failures"
    )
    smallest_effect: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="mandatory where margin is 0: the effect to resolve"
    )
    scope: Literal["population", "test_set"] = Field(
        default="population", description="what the verdict speaks about"
    )
    why_expected: Expectation = Field(description="the reason to expect it")


class AnalysisSpec(Frozen):
    """How claims are judged; {} is the default protocol."""

    method: Literal["paired", "welch", "pooled", "signflip", "rope", "poi"] = Field(
        default="paired",
        description="how two arms are compared; paired by seed is the default",
    )
    better_with_probability: Annotated[float, Field(gt=0.5, lt=1)] = Field(
        default=0.75,
        description="for method poi, which needs it written: the probability of "
        "improvement worth having",
    )
    correction: Literal["holm", "bonferroni", "bh"] = Field(
        default="holm",
        description="how the claims of the study share their error rate",
    )
    failures: Literal["fallback", "last_finite_checkpoint", "exclude"] = Field(
        default="fallback",
        description="the score of a failed run: that of guessing the majority class, "
        "that of its last finite checkpoint, or none at all",
    )
    looks: tuple[PositiveInt, ...] = Field(
        default=(),
        description="numbers of seeds at which the claims are looked at, rising; the "
        "error rate is shared among them",
    )


class Author(Frozen):
    """One author of the report."""

    name: str = Field(min_length=1, description="as printed")
    affiliation: str | None = Field(default=None, description="where they work")
    email: str | None = Field(default=None, description="where to write to")


class SectionSpec(Frozen):
    """One section of the report: a template and the author's prose for it."""

    use: Name = Field(description="a section template")
    title: str | None = Field(default=None, description="replaces the usual heading")
    prose: str = Field(default="", description="Markdown with Jinja bindings")


class EarlierNumber(Frozen):
    """A single number from elsewhere that an arm is said to have scored."""

    arm: Name = Field(description="baseline or a variant: whose setting it was")
    score: str = Field(description="SET.METRIC, e.g. test.accuracy")
    value: float = Field(description="the number, in the metric's own unit")
    source: str = Field(min_length=1, description="where it stands, in a few words")


class ReportSpec(Frozen):
    """How the study is told."""

    title: str = Field(min_length=1, description="the report's title")
    authors: tuple[Author, ...] = Field(min_length=1, description="in printed order")
    abstract: str = Field(min_length=1, description="Markdown with Jinja bindings")
    sections: tuple[SectionSpec, ...] = Field(
        min_length=1, description="in order; what every report needs is added"
    )
    bibliography: str | None = Field(
        default=None, description="a .bib file beside the spec"
    )
    template: Name = Field(default="paper", description="page layout")
    # Context, no claim: what is registered and how it is judged does not know of it.
    earlier: tuple[EarlierNumber, ...] = Field(
        default=(),
        description="single numbers from elsewhere, each held against what one more "
        "run of its arm would score",
    )


class StudySpec(Frozen):
    """A whole study. Every top-level key is required, empty where there is nothing."""

    study: Name = Field(description="the study's name; equals the file's")
    question: str = Field(min_length=1, description="what the study asks")
    data: DataSpec = Field(description="what is learnt from")
    model: Component = Field(description="what is fitted")
    training: TrainingSpec = Field(description="how it is fitted")
    metrics: tuple[str, ...] = Field(
        min_length=1, description="computed on every evaluation set"
    )
    seeds: PositiveInt | tuple[int, ...] = Field(
        description="how many (0, 1, …), or which; the same in every arm"
    )
    variants: dict[Name, Variant] = Field(
        description="arms beside the baseline, each with one change; {} for none"
    )
    claims: dict[Name, ClaimSpec] = Field(
        description="what is registered before the runs; {} for none"
    )
    analysis: AnalysisSpec = Field(description="how claims are judged; {} for default")
    controls: Literal["default"] | tuple[Name, ...] = Field(
        description="default, or the names of the controls to run; [] for none"
    )
    report: ReportSpec = Field(description="how the study is told")

    @property
    def seed_list(self) -> tuple[int, ...]:
        """The seeds in the order written."""
        if isinstance(self.seeds, int):
            return tuple(range(self.seeds))
        return self.seeds


class RunConfig(Frozen):
    """Everything one run is told: a variant's settings, resolved, and a seed."""

    data: DataSpec
    model: Component
    training: TrainingSpec
    metrics: tuple[str, ...]
    seed: int
    # Which execution of the same settings this is: it enters the run's identity and
    # nothing else, so that a control can have a run executed once more.
    repeat: Annotated[int, Field(ge=0)] = 0
