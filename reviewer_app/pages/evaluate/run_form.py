"""What a person enters to ask a language model."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Final

from core.domain.run import Condition, RunSpec
from core.services.evaluation_records import Calling, RunRequest

if TYPE_CHECKING:
    from core.domain.plain import Plain

PROMPT: Final = "default-1"
_SECRETS: Final = ("api_key", "keeps_key")


@dataclass(frozen=True, slots=True)
class RunForm:
    """What is entered; `api_key` stays in this session unless it goes to the keyring."""

    base_url: str = ""
    llm: str = ""
    api_key: str = field(default="", repr=False)
    keeps_key: bool = False
    condition: Condition = Condition.BOTH
    temperature: float | None = 0.0
    max_tokens: int = 512
    concurrency: int = 8

    @property
    def is_complete(self) -> bool:
        """Whether an endpoint is named."""
        return bool(self.base_url.strip() and self.llm.strip())

    @property
    def address(self) -> str:
        """The base URL as keys are filed under it."""
        return self.base_url.strip().rstrip("/")

    def request(self) -> RunRequest:
        """Return the run that is asked for."""
        return RunRequest(
            self.llm,
            self.base_url,
            self.condition,
            temperature=self.temperature,
            max_tokens=self.max_tokens,
            prompt=PROMPT,
        )

    def calling(self) -> Calling:
        """Return how to reach the endpoint."""
        return Calling(self.concurrency, self.api_key.strip() or None)

    def without_key(self) -> RunForm:
        """Return the form as it may be kept."""
        return replace(self, api_key="", keeps_key=False)

    def to_plain(self) -> Plain:
        """Return the form for the journal; a key is never in it."""
        held = asdict(self) | {"condition": self.condition.value}
        return {name: value for name, value in held.items() if name not in _SECRETS}


def form_from_plain(data: Plain) -> RunForm:
    """Read a kept form; raise `ValueError` or `TypeError` when it is none."""
    known = {name: data[name] for name in RunForm().to_plain() if name in data}
    return RunForm(**known | {"condition": Condition(known.get("condition", Condition.BOTH))})


def form_of(spec: RunSpec) -> RunForm:
    """Return the form that led to a specification."""
    return RunForm(
        spec.base_url,
        spec.llm,
        condition=spec.condition,
        temperature=spec.temperature,
        max_tokens=spec.max_tokens,
    )
