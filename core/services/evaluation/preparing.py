"""Checks a request for a run and looks at what would be sent; nothing is sent here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from core.domain.ids import RevisionId
from core.domain.run import RunSpec
from core.domain.setup import Reasoning
from core.domain.stage import Stage
from core.domain.taxonomy import LANGUAGE, value_on
from core.errors import (
    BlindingError,
    ConflictError,
    CoreError,
    DamagedImageError,
    LargeImageError,
    LeakError,
    MissingImageError,
    ValidationError,
)
from core.llm.client import Api
from core.llm.conditions.wording import load_wording
from core.llm.endpoint import normalize_base_url
from core.llm.variants import Ask
from core.services.evaluation.records import Blocked, BlockReason, Preparation, RunRequest
from core.services.evaluation.requests import RequestMaker

if TYPE_CHECKING:
    from core.domain.body import BlindQuestion
    from core.llm.client import LlmRequest
    from core.services.blind_ports import BlindTransaction


_REASONS: Final = (
    (LeakError, BlockReason.OTHER),
    (BlindingError, BlockReason.NOT_CLEARED),
    (MissingImageError, BlockReason.MISSING),
    (DamagedImageError, BlockReason.DAMAGED),
    (LargeImageError, BlockReason.TOO_LARGE),
)


class Look:
    """What a look at the questions found: which can be sent, and the hash over all of it."""

    def __init__(
        self,
        maker: RequestMaker,
        tally: Callable[[BlindQuestion, LlmRequest], None] | None = None,
        guard: Callable[[BlindQuestion, LlmRequest], None] | None = None,
    ) -> None:
        """`guard` raises `CoreError` for a request that must not go."""
        self._maker = maker
        self._guard = guard
        self._tally = tally
        self._digest = hashlib.sha256()
        self.revisions: list[RevisionId] = []
        self.not_applicable: list[RevisionId] = []
        self.asks: list[Ask] = []
        self.has_pictures = False
        self.blocked: list[Blocked] = []

    @property
    def hash(self) -> str:
        """The SHA-256 over every request, in order."""
        return self._digest.hexdigest()

    def completed(self, spec: RunSpec) -> RunSpec:
        """Return the specification with all that was looked at."""
        total = len(self.asks) + len(self.not_applicable)
        return replace(
            spec,
            revisions=tuple(self.revisions),
            requests_hash=self.hash,
            ask_count=0 if total == len(self.revisions) else total,
        )

    def at(self, blind: BlindQuestion) -> None:
        """Draw the pictures of one question, keep their hash and drop them."""
        variants = self._maker.variants(blind)
        if not variants:
            self.not_applicable.append(blind.revision)
            self._add(blind, ["not applicable"])
            return
        try:
            requests = [self._maker.build(blind, one).request for one in variants]
            if self._guard is not None:
                self._guard(blind, requests[0])
        except CoreError as error:
            self.blocked.append(Blocked(blind.number, str(error), _reason(error)))
            return
        hashes = []
        self.has_pictures |= any(one.pictures for one in requests)
        for one in requests:
            hashes.append(one.hash)
            if self._tally is not None:
                self._tally(blind, one)
        self.asks += [Ask(blind.revision, one.name) for one in variants]
        self._add(blind, hashes)

    def _add(self, blind: BlindQuestion, hashes: Sequence[str]) -> None:
        self.revisions.append(blind.revision)
        for one in hashes:
            self._digest.update(f"{blind.revision}:{one}\n".encode())


def _reason(error: CoreError) -> BlockReason:
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return BlockReason.OTHER


def current_revisions(
    tx: BlindTransaction, stages: Collection[Stage], *, language: str = ""
) -> tuple[RevisionId, ...]:
    """Return the current revisions of questions at these stages, by number.

    With a language: those that are labeled with it.
    """
    return tuple(
        one.current_revision
        for one in tx.questions.at_stages(stages)
        if one.current_revision is not None and language in ("", value_on(one.labels, LANGUAGE))
    )


def checked(request: RunRequest) -> RunRequest:
    """Return the request without stray blanks; raise `ValidationError` naming a wrong field."""
    if not request.llm.strip():
        raise ValidationError("Name the language model to ask.", field="llm")
    if request.temperature is not None and not 0 <= request.temperature <= 2:
        raise ValidationError("The temperature lies between 0 and 2.", field="temperature")
    if request.max_tokens < 1:
        raise ValidationError("A reply needs at least one token.", field="max_tokens")
    if problem := _setup_problem(request):
        raise problem
    load_wording(request.setup.language)
    return replace(request, llm=request.llm.strip(), base_url=normalize_base_url(request.base_url))


def _setup_problem(request: RunRequest) -> ValidationError | None:
    setup = request.setup
    is_chain = setup.reasoning is Reasoning.CHAIN
    if is_chain and request.is_structured:
        return ValidationError(
            "A structured reply leaves no room for reasoning.",
            field="reasoning",
            hint="Choose chain of thought or structured replies, not both.",
        )
    if is_chain and setup.repeats > 1 and request.temperature == 0 and not request.effort:
        return ValidationError(
            "Self-consistency needs replies that differ: the temperature is 0.",
            field="temperature",
            hint="Take 0.7, or ask each question once.",
        )
    return setup.problem()


def request_of(spec: RunSpec) -> RunRequest:
    """Return the request that led to a specification."""
    return RunRequest(
        spec.llm,
        spec.base_url,
        spec.condition,
        spec.revisions,
        spec.temperature,
        spec.max_tokens,
        spec.seed,
        spec.prompt_name,
        Api(spec.api),
        spec.effort,
        spec.is_structured,
        spec.takes_pictures,
        spec.setup,
    )


def is_alike(one: RunSpec, other: RunSpec) -> bool:
    """Tell whether two runs ask the same model in the same way, whatever the questions."""
    asks = [(s.llm, s.base_url, s.prompt_hash, s.effort, s.max_tokens) for s in (one, other)]
    return asks[0] == asks[1]


def changed(spec: RunSpec, now: Preparation) -> ConflictError:
    """Return why a run cannot go on as what it was."""
    hint = "Start a new run; the answers of this one stay."
    if now.blocked:
        first = now.blocked[0]
        sentence = f"This run cannot go on: question {first.number}. {first.sentence}"
    elif spec.program_version != now.spec.program_version:
        sentence = f"This run was made with version {spec.program_version} of the program."
    else:
        sentence = "The prompt or an image has changed since this run was started."
    return ConflictError(sentence, hint=hint)
