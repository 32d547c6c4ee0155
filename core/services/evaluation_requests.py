"""Turns questions into requests, and replies into answers; nothing here talks to an endpoint."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from core.domain.answer import Answer, AnswerState, Occasion, Respondent, RespondentKind
from core.domain.body import AnswerFormat
from core.domain.ids import AnswerId, OptionId, RunId
from core.domain.run import Condition, RunSpec
from core.llm.client import LlmRequest
from core.llm.engine import Built, Result
from core.llm.parsing import Reading, read_answer
from core.llm.prompts import Template, render
from core.llm.variants import Ask, Variant, asked_once
from core.services.evaluation_records import VARIANT, Sent

if TYPE_CHECKING:
    from core.domain.body import BlindQuestion, Body
    from core.llm.client import LlmReply

_CUT_OFF = "length"
_FILTERED = "content_filter"


class Pictures(Protocol):
    """Where the pictures of a body come from."""

    def pictures(self, body: Body) -> list[bytes]:
        """Return cleared, windowed PNGs; raise `CoreError` unless every image is fit to go."""


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

    @classmethod
    def for_spec(cls, spec: RunSpec, template: Template, pictures: Pictures) -> RequestMaker:
        """Return the maker of a stored specification."""
        return cls(
            spec.llm,
            spec.condition,
            spec.temperature,
            spec.max_tokens,
            spec.seed,
            template,
            pictures,
        )

    def variants(self, blind: BlindQuestion) -> tuple[Variant, ...]:
        """Return the ways in which a question is asked, the same every time.

        There is none when the condition makes no sense: image only needs an image.
        """
        if self.condition is Condition.IMAGE and not blind.body.images:
            return ()
        return asked_once(blind.body)

    def variant(self, blind: BlindQuestion, name: str) -> Variant:
        """Return one of the variants by its name."""
        return next(one for one in self.variants(blind) if one.name == name)

    def build(self, blind: BlindQuestion, variant: Variant) -> Built[Sent]:
        """Return one request for a question; raise `CoreError` when an image must not go."""
        order = variant.order
        prompt = render(blind, self.condition, self.template, order=order)
        takes_pictures = self.condition is not Condition.TEXT and blind.body.images
        request = LlmRequest(
            llm=self.llm,
            system=prompt.system,
            text=prompt.text,
            pictures=tuple(self.pictures.pictures(blind.body)) if takes_pictures else (),
            temperature=self.temperature,
            max_tokens=self.max_tokens,
            seed=self.seed or None,
        )
        return Built(request, Sent(blind, order, variant.name))


@dataclass(frozen=True, slots=True)
class AnswerMaker:
    """Makes the answers of one run."""

    run: RunId
    llm: str

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
        if reading.span is not None:
            details |= {"span_start": reading.span[0], "span_end": reading.span[1]}
        return replace(
            self._answer(blind, answer, at, reading.state, details=details),
            response=reading.response,
            reading_rule=reading.rule,
            raw_text=reply.text or reply.refusal,
            option_order=order,
            elapsed_s=patient.elapsed_s,
        )

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


def read_reply(body: Body, reply: LlmReply, order: tuple[OptionId, ...]) -> Reading:
    """Return what a reply answers; what was cut off in the middle of an answer is no answer."""
    if reply.refusal.strip():
        return Reading(AnswerState.REFUSED, rule="refusal field")
    if reply.finish_reason == _FILTERED:
        return Reading(AnswerState.REFUSED, rule="content filter")
    reading = read_answer(body.asked, reply.text, option_order=order)
    touches_end = reading.span is not None and reading.span[1] >= len(reply.text.rstrip())
    is_cut = reply.finish_reason == _CUT_OFF and touches_end
    if is_cut and body.format is not AnswerFormat.REPORT:
        return Reading(AnswerState.NO_ANSWER, rule="cut off")
    return reading
