"""A run: one endpoint, one prompt, one condition, one frozen set of revisions; knows no key."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from core.domain.ids import RevisionId, RunId
from core.domain.plain import Plain, sha256_of
from core.domain.setup import AS_AUTHORED, Setup


class Condition(StrEnum):
    """Which parts of a body the llm gets."""

    BOTH = "both"
    TEXT = "text"
    IMAGE = "image"
    BLANK = "blank"
    """Text and, in place of each image, a gray one of its size: a control."""
    SWAPPED = "swapped"
    """Text and the images of another question: a control."""

    @property
    def display_name(self) -> str:
        """The name as shown beside a result."""
        return _CONDITION_NAMES[self]


_CONDITION_NAMES: Final = {
    Condition.BOTH: "image and text",
    Condition.TEXT: "text only",
    Condition.IMAGE: "image only",
    Condition.BLANK: "blank image",
    Condition.SWAPPED: "swapped image",
}


IMPORTED: Final = "imported:"
"""Before the name of the engine, where a run that was asked here has its base URL."""


class RunStatus(StrEnum):
    """Where a run stands."""

    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    """Cancelled, stopped or with failed calls: can be resumed."""
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class RunSpec:
    """Complete and never edited: the same specification resumes, another one is a new run.

    `requests_hash` covers every rendered prompt and every image sent, in order. `ask_count` is
    the number of calls when a question is asked more than once, else 0. `api`, `effort`,
    `is_structured` and `takes_pictures` say how an endpoint is asked.
    """

    llm: str
    base_url: str
    condition: Condition
    prompt_name: str
    prompt_hash: str
    revisions: tuple[RevisionId, ...]
    requests_hash: str
    temperature: float | None = 0.0
    max_tokens: int = 512
    seed: int = 0
    program_version: str = ""
    ask_count: int = 0
    api: str = "chat"
    effort: str = ""
    is_structured: bool = False
    takes_pictures: bool = True
    setup: Setup = AS_AUTHORED

    def to_plain(self) -> Plain:
        """Return the JSON object of this specification.

        What came with later versions is left out at its default, so that a hash stays.
        """
        plain = asdict(self) | {
            "condition": self.condition.value,
            "revisions": list(self.revisions),
            "setup": self.setup.to_plain(),
        }
        return {
            name: value
            for name, value in plain.items()
            if name not in _LATER or value != _LATER[name]
        }

    @classmethod
    def from_plain(cls, data: Plain) -> "RunSpec":
        """Read a specification from its JSON object."""
        return cls(
            **data
            | {
                "condition": Condition(data["condition"]),
                "revisions": tuple(RevisionId(one) for one in data["revisions"]),
                "setup": Setup.from_plain(data["setup"]) if "setup" in data else AS_AUTHORED,
            }
        )

    @property
    def is_imported(self) -> bool:
        """Whether another engine asked; `prompt_name` then says which file it came from."""
        return self.base_url.startswith(IMPORTED)

    @property
    def names(self) -> tuple[str, ...]:
        """Condition and setup in words, as a result names them."""
        return (self.condition.display_name, *self.setup.names)

    @property
    def total(self) -> int:
        """All calls of the run, and the questions to which its condition does not apply."""
        return self.ask_count or len(self.revisions)

    @property
    def hash(self) -> str:
        """The identity of this specification."""
        return sha256_of(self.to_plain())


_LATER: Final[Plain] = {
    "ask_count": 0,
    "api": "chat",
    "effort": "",
    "is_structured": False,
    "takes_pictures": True,
    "setup": AS_AUTHORED.to_plain(),
}
"""Fields that a first version did not have, with what it did."""


@dataclass(frozen=True, slots=True)
class Run:
    """A specification and how far it is."""

    id: RunId
    spec: RunSpec
    status: RunStatus
    created_at: datetime
    finished_at: datetime | None = None
