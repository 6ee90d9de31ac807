"""How claims will be judged, known before any run: a spec in, designs out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from reportgen.analysis.claims.looks import look_count
from reportgen.analysis.claims.method import Method, load_method
from reportgen.analysis.claims.quantity import Quantity, load_quantity
from reportgen.analysis.claims.rule import Margins, margins_of
from reportgen.analysis.statistics.family import CORRECTIONS, share
from reportgen.spec.claims import Kind, parse_claim
from reportgen.spec.model import ClaimSpec, StudySpec


@dataclass(frozen=True)
class Design:
    """How one claim will be judged."""

    kind: Kind
    quantity: Quantity
    method: Method
    margins: Margins
    resolution: float  # on the scale of effects

    @property
    def own_equivalence(self) -> bool:
        """Whether `equivalent` is a hypothesis of its own in the family."""
        if self.kind not in ("improves", "worse", "differs"):
            return False
        if self.method.own_margins:
            return self.kind == "differs"
        return self.margins.equivalence not in (0.0, self.margins.claimed)


def design_of(study: StudySpec, claim: ClaimSpec) -> Design:
    """How a claim of this study will be judged."""
    parts = parse_claim(claim.says)
    quantity, smallest = load_quantity(parts.about), claim.smallest_effect
    margins = margins_of(
        parts.kind,
        quantity.scaled(claim.margin),
        None if smallest is None else quantity.scaled(smallest),
    )
    return Design(
        parts.kind,
        quantity,
        quantity.method or load_method(study.analysis),
        margins,
        quantity.scaled(smallest or claim.margin),
    )


def family_of(
    name: str, designs: Mapping[str, Design], late: Collection[str]
) -> Mapping[str, Design]:
    """The claims that share a level with one.

    Claims registered in time share it among themselves; a late one is judged as if all
    had joined them, and weakens no other.
    """
    if name in late:
        return designs
    return {one: design for one, design in designs.items() if one not in late}


def hypotheses(designs: Mapping[str, Design]) -> int:
    """How many hypotheses a family has: equivalences of their own count too."""
    return len(designs) + sum(design.own_equivalence for design in designs.values())


def reachable(
    study: StudySpec, designs: Mapping[str, Design], *, withdrawn: int = 0
) -> Mapping[str, float]:
    """Each claim's adjusted p were every claim as clear as its seeds allow.

    Those withdrawn are clear of nothing, and count.
    """
    n = len(study.seed_list)
    p_values = [one.method.least_p(one.kind, n) for one in designs.values()]
    p_values += [
        one.method.least_p("differs", n)
        for one in designs.values()
        if one.own_equivalence
    ]
    p_values += [1.0] * withdrawn
    correction = CORRECTIONS[study.analysis.correction]
    shared = share(p_values, correction, looks=look_count(study))
    return dict(zip(designs, shared.adjusted, strict=False))
