"""Turns questions into requests, and replies into answers; nothing here talks to an endpoint."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Final, Protocol

from core.domain.answer import Answer, AnswerState, Occasion, Respondent, RespondentKind
from core.domain.body import GRADED_FORMATS, Marked
from core.domain.ids import AnswerId, OptionId, RevisionId, RunId
from core.domain.plain import sha256_of
from core.domain.run import Condition, Run, RunSpec
from core.domain.setup import AS_AUTHORED, Setup
from core.errors import LargeImageError
from core.llm.answer_schema import answer_schema
from core.llm.budget import Price
from core.llm.client import Api, LlmRequest
from core.llm.conditions.examples import Shots, shots_for
from core.llm.conditions.parts import applies, pictures_sent, shows_pictures
from core.llm.conditions.repeats import place_of, seed_of
from core.llm.conditions.swapped_image import Images, with_donor
from core.llm.engine import Built, Result
from core.llm.parsing import Reading, read_answer
from core.llm.prompts import Template, render
from core.llm.reading_regions import read_and_placed
from core.llm.variants import Ask, Variant, variants_of
from core.services.evaluation.records import COST, PICTURES, UNKNOWN_COST, VARIANT, Sent

if TYPE_CHECKING:
    from core.domain.body import BlindQuestion, Body
    from core.llm.client import LlmReply

_OF_ALL_ANSWERS: Final = frozenset({"revisions", "requests_hash", "ask_count"})
MOST_PICTURE_BYTES: Final = 20 << 20
"""The smallest limit that the large endpoints have for one picture."""
REFUSAL_RULE: Final = "refusal field"
FILTER_RULE: Final = "content filter"
"""Rules by which the endpoint itself says that there is no answer."""
_CUT_OFF = "length"
_FILTERED = "content_filter"


class Pictures(Protocol):
    """Where the pictures of a body come from."""

    def pictures(self, body: Body) -> list[bytes]:
        """Return cleared, windowed PNGs; raise `CoreError` unless every image is fit to go."""

    def conversions(self, body: Body) -> list[str]:
        """Return in words how the pictures of each image are made."""

    def at_once(self, bodies: Iterable[Body]) -> Pictures:
        """Return a source for one step of work, which looks up all clearances first."""


class Examples(Protocol):
    """Where solved examples come from."""

    def shots(self, setup: Setup, asked: Collection[RevisionId]) -> Shots:
        """Return the examples that a setup names; raise `CoreError` when one is asked itself."""

    def refuse_leak(self, revision: RevisionId, prompt: str, *, has_examples: bool) -> None:
        """Raise `LeakError` when a prompt tells what only the key of its question says."""


class NoExamples:
    """The source of examples where there is none."""

    def shots(self, setup: Setup, asked: Collection[RevisionId]) -> Shots:
        """Return no example."""
        return {}

    def refuse_leak(self, revision: RevisionId, prompt: str, *, has_examples: bool) -> None:
        """Find nothing: what is shipped tells no key."""


@dataclass(frozen=True, slots=True)
class Material:
    """What requests of a run are made of beside the question itself."""

    shots: Shots = field(default_factory=dict)
    donors: Mapping[RevisionId, Images] = field(default_factory=dict)


NOTHING: Final = Material()


@dataclass(frozen=True, slots=True)
class RequestMaker:
    """Makes the requests of one run."""

    llm: str
    condition: Condition
    temperature: float | None
    max_tokens: int
    seed: int
    template: Template
    pictures: Pictures
    api: Api = Api.CHAT
    effort: str = ""
    is_structured: bool = False
    takes_pictures: bool = True
    setup: Setup = AS_AUTHORED
    material: Material = NOTHING

    @classmethod
    def for_spec(
        cls,
        spec: RunSpec,
        template: Template,
        pictures: Pictures,
        material: Material = NOTHING,
    ) -> RequestMaker:
        """Return the maker of a stored specification."""
        return cls(
            spec.llm,
            spec.condition,
            spec.temperature,
            spec.max_tokens,
            spec.seed,
            template,
            pictures,
            Api(spec.api),
            spec.effort,
            spec.is_structured,
            spec.takes_pictures,
            spec.setup,
            material,
        )

    def variants(self, blind: BlindQuestion) -> tuple[Variant, ...]:
        """Return the ways in which a question is asked, the same every time.

        There is none when the condition makes no sense: image only needs an image, and a model
        that takes no pictures cannot be shown one.
        """
        if not applies(self.condition, self._put(blind).body):
            return ()
        if not self.takes_pictures and shows_pictures(self.condition) and blind.body.images:
            return ()
        return variants_of(blind.body, self.setup, revision=blind.revision, seed=self.seed)

    def variant(self, blind: BlindQuestion, name: str) -> Variant:
        """Return one of the variants by its name."""
        return next(one for one in self.variants(blind) if one.name == name)

    def at_once(self, blinds: Iterable[BlindQuestion]) -> RequestMaker:
        """Return the maker for one step of work on these questions."""
        if not shows_pictures(self.condition):
            return self
        return replace(self, pictures=self.pictures.at_once(self._put(one).body for one in blinds))

    def build(self, blind: BlindQuestion, variant: Variant) -> Built[Sent]:
        """Return one request for a question; raise `CoreError` when an image must not go."""
        put, order = self._put(blind), variant.order
        shots = shots_for(blind, self.material.shots, self.setup.shots, seed=self.seed)
        prompt = render(
            put, self.condition, self.template, order=order, setup=self.setup, shots=shots
        )
        bodies = (*(shot.blind.body for shot in shots), put.body)
        pictures = tuple(chain.from_iterable(self._pictures(body) for body in bodies))
        for number, picture in enumerate(pictures, start=1):
            _require_sendable(picture, number)
        request = LlmRequest(
            llm=self.llm,
            system=prompt.system,
            text=prompt.text,
            pictures=pictures,
            temperature=self.temperature,
            max_tokens=self.max_tokens,
            seed=seed_of(self.seed, place_of(variant.name)) or None,
            api=self.api,
            effort=self.effort,
            schema=answer_schema(blind.body, order) if self.is_structured else None,
        )
        return Built(request, Sent(blind, order, variant.name, self._told(put.body)))

    def _put(self, blind: BlindQuestion) -> BlindQuestion:
        """Return the question as it is put: under the swapped condition with other images."""
        if self.condition is not Condition.SWAPPED:
            return blind
        return with_donor(blind, self.material.donors)

    def _told(self, body: Body) -> str:
        """Return how the question's pictures were made; nothing where blank ones were sent."""
        if not shows_pictures(self.condition) or self.condition is Condition.BLANK:
            return ""
        return " · ".join(self.pictures.conversions(body))

    def _pictures(self, body: Body) -> tuple[bytes, ...]:
        return pictures_sent(self.condition, body, self.pictures.pictures)


@dataclass(frozen=True, slots=True)
class AnswerMaker:
    """Makes the answers of one run; with a price they say what they cost."""

    run: RunId
    llm: str
    parameters: str
    """The hash of all parameters of the run, of its model and endpoint."""
    price: Price = Price()

    @classmethod
    def for_run(cls, run: Run, price: Price) -> AnswerMaker:
        """Return the maker of the answers of a run."""
        return cls(run.id, run.spec.llm, parameters_hash(run.spec), price)

    def not_applicable(self, blind: BlindQuestion, answer: AnswerId, at: datetime) -> Answer:
        """Return the answer of a question to which the condition does not apply."""
        return self._answer(blind, answer, at, AnswerState.NOT_APPLICABLE)

    def from_result(
        self,
        blind: BlindQuestion,
        result: Result[Ask, Sent],
        answer: AnswerId,
        at: datetime,
    ) -> Answer:
        """Return the answer that a finished call amounts to."""
        patient = result.patient
        details: dict[str, str | int | float] = {"request_sha256": result.request_hash}
        if result.key.variant:
            details[VARIANT] = result.key.variant
        if patient is not None:
            details["attempts"] = patient.attempts
        if result.unknown_cost:
            details[UNKNOWN_COST] = result.unknown_cost
        if patient is None or patient.reply is None or result.context is None:
            details["error"] = "" if result.error is None else str(result.error)
            return self._answer(blind, answer, at, AnswerState.FAILED, details=details)
        reply = patient.reply
        order = result.context.option_order
        reading = read_reply(blind.body, reply, order)
        details |= {
            "prompt_tokens": reply.prompt_tokens,
            "completion_tokens": reply.completion_tokens,
            "finish_reason": reply.finish_reason,
        }
        details |= self._call_details(blind, result.request_hash, reply)
        if result.context.pictures:
            details[PICTURES] = result.context.pictures
        if reading.span is not None:
            details |= {"span_start": reading.span[0], "span_end": reading.span[1]}
        return replace(
            self._answer(blind, answer, at, reading.state, details=details),
            response=reading.response,
            reading_rule=reading.rule,
            raw_text=reply.text or reply.refusal,
            option_order=order,
            elapsed_s=patient.elapsed_s or None,  # a batch tells no time
        )

    def _call_details(
        self, blind: BlindQuestion, request_hash: str, reply: LlmReply
    ) -> dict[str, str | int | float]:
        details: dict[str, str | int | float] = {
            "identity_sha256": answer_identity(self.parameters, blind, request_hash)
        }
        if reply.thinking:
            details["thinking"] = reply.thinking
        if reply.thinking_tokens:
            details["thinking_tokens"] = reply.thinking_tokens
        if reply.first_byte_s is not None:
            details["first_byte_s"] = reply.first_byte_s
        if self.price != Price():
            details[COST] = self.price.of(reply.prompt_tokens, reply.completion_tokens)
            details["price_date"] = self.price.date
        return details

    def _answer(
        self,
        blind: BlindQuestion,
        answer: AnswerId,
        at: datetime,
        state: AnswerState,
        *,
        details: dict[str, str | int | float] | None = None,
    ) -> Answer:
        return Answer(
            id=answer,
            question=blind.question,
            revision=blind.revision,
            respondent=Respondent(RespondentKind.LLM, self.llm, self.llm),
            occasion=Occasion.RUN,
            occasion_id=self.run,
            state=state,
            answered_at=at,
            details=details or {},
        )


def _require_sendable(picture: bytes, number: int) -> None:
    if len(picture) > MOST_PICTURE_BYTES:
        raise LargeImageError(
            f"Picture {number} is too large to send: {len(picture) / 2**20:.0f} MB, "
            f"at most {MOST_PICTURE_BYTES / 2**20:.0f} MB.",
            hint="Choose a part of the image, or fewer pixels.",
        )


def parameters_hash(spec: RunSpec) -> str:
    """Return the hash of what holds for every answer of a run."""
    return sha256_of(
        {name: value for name, value in spec.to_plain().items() if name not in _OF_ALL_ANSWERS}
    )


def answer_identity(parameters: str, blind: BlindQuestion, request_hash: str) -> str:
    """Return the hash of all that an answer depends on.

    That is the version of the question with its content, the rendered prompt with every picture
    as it was drawn (`request_hash`), the model, its endpoint and parameters, and this program.
    """
    return sha256_of([blind.revision, blind.body.to_plain(), request_hash, parameters])


def read_reply(body: Body, reply: LlmReply, order: tuple[OptionId, ...]) -> Reading:
    """Return what a reply answers; what was cut off in the middle of an answer is no answer."""
    if reply.refusal.strip():
        return Reading(AnswerState.REFUSED, rule=REFUSAL_RULE)
    if reply.finish_reason == _FILTERED:
        return Reading(AnswerState.REFUSED, rule=FILTER_RULE)
    reading = read_answer(body.asked, reply.text, option_order=order)
    touches_end = reading.span is not None and reading.span[1] >= len(reply.text.rstrip())
    is_cut = reply.finish_reason == _CUT_OFF and touches_end
    if is_cut and body.format not in GRADED_FORMATS:
        return Reading(AnswerState.NO_ANSWER, rule="cut off")
    if isinstance(reading.response, Marked):
        state, response, rule = read_and_placed(body, reading.state, reading.response)
        return replace(reading, state=state, response=response, rule=rule or reading.rule)
    return reading
