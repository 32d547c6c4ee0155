"""What a person enters to ask a language model."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Final

from core.domain.run import Condition, RunSpec
from core.domain.setup import AS_AUTHORED, Setup
from core.services.evaluation.profiles import (
    AllowedData,
    Api,
    EndpointProfile,
    Price,
    RateLimit,
)
from core.services.evaluation.records import Calling, RunRequest

if TYPE_CHECKING:
    from core.domain.plain import Plain
    from core.services.prompts.examples import ExamplesService

PROMPT: Final = "default-1"
NOWHERE: Final = EndpointProfile("", "", "")
_UNKEPT: Final = ("api_key", "keeps_key", "endpoint")


@dataclass(frozen=True, slots=True)
class RunForm:
    """What is entered; `api_key` stays in this session unless it goes to the keyring.

    `endpoint` has no name where it is no stored one; `ceiling` is what the run may cost.
    """

    endpoint: EndpointProfile = NOWHERE
    api_key: str = field(default="", repr=False)
    keeps_key: bool = False
    condition: Condition = Condition.BOTH
    temperature: float | None = 0.0
    max_tokens: int = 512
    prompt: str = PROMPT
    setup: Setup = AS_AUTHORED
    examples: str = ""
    """Numbers of questions, or a label; they become the examples of `setup`."""
    ceiling: float | None = None

    @property
    def is_complete(self) -> bool:
        """Whether an endpoint is named."""
        return bool(self.endpoint.base_url.strip() and self.endpoint.llm.strip())

    @property
    def llm(self) -> str:
        """The model as the endpoint knows it."""
        return self.endpoint.llm.strip()

    @property
    def address(self) -> str:
        """The base URL as keys are filed under it."""
        return self.endpoint.base_url.strip().rstrip("/")

    def request(self, examples: ExamplesService) -> RunRequest:
        """Return the run that is asked for; raise `CoreError` for examples that are not there."""
        setup = self.setup
        if setup.shots and self.examples.strip():
            setup = replace(setup, examples=examples.named(self.examples))
        return replace(
            self.endpoint.request(self.condition),
            temperature=None if self.endpoint.effort else self.temperature,
            max_tokens=self.max_tokens,
            prompt=self.prompt,
            setup=setup,
        )

    def asks_like(self, other: RunForm) -> bool:
        """Tell whether two forms ask for the same run; how it is reached does not matter."""
        return self._identity() == other._identity()

    def _identity(self) -> RunForm:
        endpoint = replace(
            self.endpoint,
            name="",
            base_url=self.address,
            llm=self.llm,
            allowed=AllowedData.ANY,
            concurrency=1,
            price=Price(),
            rate=RateLimit(),
            is_streaming=False,
        )
        return replace(self.without_key(), endpoint=endpoint, ceiling=None)

    def calling(self) -> Calling:
        """Return how to reach the endpoint."""
        return Calling(
            self.endpoint.concurrency,
            self.api_key.strip() or None,
            price=self.endpoint.price,
            rate=self.endpoint.rate,
            is_streaming=self.endpoint.is_streaming,
            ceiling=self.ceiling,
        )

    def without_key(self) -> RunForm:
        """Return the form as it may be kept."""
        return replace(self, api_key="", keeps_key=False)

    def to_plain(self) -> Plain:
        """Return the form for the journal; a key is never in it."""
        held = asdict(self)
        kept = {name: value for name, value in held.items() if name not in _UNKEPT}
        return kept | {
            "condition": self.condition.value,
            "setup": self.setup.to_plain(),
            "endpoint": asdict(self.endpoint),
        }


def form_from_plain(data: Plain) -> RunForm:
    """Read a kept form; raise `KeyError`, `ValueError` or `TypeError` when it is none."""
    known = {name: data[name] for name in RunForm().to_plain()}
    parts = {
        "endpoint": endpoint_from_plain(data["endpoint"]),
        "condition": Condition(data["condition"]),
        "setup": Setup.from_plain(data["setup"]),
    }
    return RunForm(**known | parts)


def endpoint_from_plain(data: Plain) -> EndpointProfile:
    """Read a kept endpoint; raise as `form_from_plain` does."""
    parts = {
        "api": Api(data["api"]),
        "allowed": AllowedData(data["allowed"]),
        "price": Price(**data["price"]),
        "rate": RateLimit(**data["rate"]),
    }
    return EndpointProfile(**dict(data) | parts)


def form_of(spec: RunSpec) -> RunForm:
    """Return the form that led to a specification."""
    endpoint = EndpointProfile(
        "",
        spec.base_url,
        spec.llm,
        api=Api(spec.api),
        effort=spec.effort,
        is_structured=spec.is_structured,
        takes_pictures=spec.takes_pictures,
    )
    return RunForm(
        endpoint,
        condition=spec.condition,
        temperature=spec.temperature,
        max_tokens=spec.max_tokens,
        prompt=spec.prompt_name,
        setup=spec.setup,
    )
