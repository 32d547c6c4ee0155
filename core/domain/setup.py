"""How questions are put to an llm beside the parts it gets; each part combines with every other."""

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Final

from core.domain.ids import RevisionId
from core.domain.plain import Plain
from core.errors import ValidationError

MAX_REPEATS: Final = 64
MAX_SHOTS: Final = 16


class OptionOrder(StrEnum):
    """In which order options are shown."""

    AUTHORED = "authored"
    SHUFFLED = "shuffled"
    """Once, by the seed of the run."""
    ROTATED = "rotated"
    """Once for each option, so that each stands in every place."""


class Reasoning(StrEnum):
    """Whether the llm is asked to reason in its reply."""

    DIRECT = "direct"
    CHAIN = "chain"
    """Chain of thought: the steps first, then the answer."""


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything about a run's way of asking that `Condition` and the prompt do not say.

    `repeats` above 1: the answer given most often counts. `examples` are the revisions from
    which up to `shots` solved examples of the same format come; none of them is asked.
    `context_percent` is how much of the context is given, from its beginning; 0 withholds it.
    `language` is that of instructions, and limits the run to questions labeled with it.
    """

    order: OptionOrder = OptionOrder.AUTHORED
    repeats: int = 1
    reasoning: Reasoning = Reasoning.DIRECT
    shots: int = 0
    examples: tuple[RevisionId, ...] = ()
    context_percent: int = 100
    language: str = ""

    def problem(self) -> ValidationError | None:
        """Return what makes this setup impossible, naming the field."""
        if not 1 <= self.repeats <= MAX_REPEATS:
            return ValidationError(
                f"A question can be asked 1 to {MAX_REPEATS} times.", field="repeats"
            )
        if not 0 <= self.shots <= MAX_SHOTS:
            return ValidationError(f"Give 0 to {MAX_SHOTS} examples.", field="shots")
        if self.shots and not self.examples:
            return ValidationError(
                "No set of examples is chosen.",
                field="examples",
                hint="Choose questions that are not asked; their answers are shown.",
            )
        if not 0 <= self.context_percent <= 100:
            return ValidationError("Between 0 and 100 % of the context.", field="context_percent")
        return None

    @property
    def names(self) -> tuple[str, ...]:
        """What differs from asking each question once as authored, in words."""
        found = (
            _ORDER_NAMES[self.order],
            f"{self.shots} example{'s' if self.shots > 1 else ''}" if self.shots else "",
            self._reasoning_name(),
            self._context_name(),
            f"in {self.language}" if self.language else "",
        )
        return tuple(name for name in found if name)

    def _reasoning_name(self) -> str:
        many = self.repeats > 1
        if self.reasoning is Reasoning.CHAIN:
            return f"self-consistency of {self.repeats}" if many else "chain of thought"
        return f"majority of {self.repeats}" if many else ""

    def _context_name(self) -> str:
        if self.context_percent == 100:
            return ""
        if self.context_percent == 0:
            return "context withheld"
        return f"first {self.context_percent} % of the context"

    def to_plain(self) -> Plain:
        """Return the JSON object of this setup."""
        return asdict(self) | {
            "order": self.order.value,
            "reasoning": self.reasoning.value,
            "examples": list(self.examples),
        }

    @classmethod
    def from_plain(cls, data: Plain) -> "Setup":
        """Read a setup from its JSON object."""
        return replace(
            cls(**data),
            order=OptionOrder(data["order"]),
            reasoning=Reasoning(data["reasoning"]),
            examples=tuple(RevisionId(one) for one in data["examples"]),
        )


_ORDER_NAMES: Final = {
    OptionOrder.AUTHORED: "",
    OptionOrder.SHUFFLED: "options shuffled",
    OptionOrder.ROTATED: "all rotations",
}
AS_AUTHORED: Final = Setup()
"""Each question once, as it was written."""
