"""Turns answers into gradings: what a judge is asked, and what its replies amount to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from core.domain.ids import GradingId
from core.domain.judging import SWAPPED, Grading, GradingState, Judge, JudgeSpec, Rubric
from core.judge.contract import RubricContract, UnreadableError
from core.llm.client import Api, LlmRequest
from core.llm.engine import Built, Result
from core.services.evaluation.records import UNKNOWN_COST
from core.services.evaluation.requests import Pictures
from core.services.judging.records import GradingCall

if TYPE_CHECKING:
    from core.llm.client import LlmReply
    from core.services.judging.collect import Gradable

_FILTERED = "content_filter"
_CUT_OFF = "length"


@dataclass(frozen=True, slots=True)
class JudgeCalls:
    """Makes the requests of one judge."""

    spec: JudgeSpec
    pictures: Pictures
    contract: RubricContract = RubricContract()

    def build(self, call: GradingCall, gradable: Gradable) -> Built[Rubric]:
        """Return the request for one turn; raise `CoreError` when an image must not go."""
        is_swapped = call.turn.endswith(SWAPPED)
        said = self.contract.instruction(gradable.material, is_swapped=is_swapped)
        body = gradable.revision.body
        pictures = self.pictures.pictures(body) if self.spec.sees_images and body.images else []
        request = LlmRequest(
            llm=self.spec.llm,
            system=said.system,
            text=said.text,
            pictures=tuple(pictures),
            temperature=self.spec.temperature,
            max_tokens=self.spec.max_tokens,
            # Repeats of one question with one seed would only repeat the reply.
            api=Api(self.spec.api),
            effort=self.spec.effort,
            seed=int(call.turn.removesuffix(SWAPPED)) if self.spec.repeats > 1 else None,
        )
        return Built(request, gradable.material.rubric, request_hash=request.hash)


@dataclass(frozen=True, slots=True)
class GradingMaker:
    """Makes the gradings of one judge."""

    judge: Judge
    new_id: Callable[[], str]
    contract: RubricContract = RubricContract()

    def from_result(self, result: Result[GradingCall, Rubric], at: datetime) -> Grading:
        """Return the grading that a finished call amounts to; never one that was not given."""
        patient, rubric = result.patient, result.context or Rubric(())
        details: dict[str, str | int | float] = {}
        if patient is not None:
            details = {"attempts": patient.attempts, "elapsed_s": patient.elapsed_s}
        if result.unknown_cost:
            details[UNKNOWN_COST] = result.unknown_cost
        if patient is None or patient.reply is None:
            comment = "" if result.error is None else str(result.error)
            return replace(self._failed(result, at), comment=comment, details=details)
        reply = patient.reply
        details |= {
            "prompt_tokens": reply.prompt_tokens,
            "completion_tokens": reply.completion_tokens,
            "finish_reason": reply.finish_reason,
        }
        state, met, comment = self._read(reply, rubric)
        return replace(
            self._failed(result, at),
            state=state,
            met=met,
            raw_text=reply.text or reply.refusal,
            comment=comment,
            details=details,
        )

    def _read(self, reply: LlmReply, rubric: Rubric) -> tuple[GradingState, tuple[bool, ...], str]:
        if reply.refusal.strip() or reply.finish_reason == _FILTERED:
            return GradingState.REFUSED, (), "The judge refused."
        if reply.finish_reason == _CUT_OFF:
            return GradingState.UNREADABLE, (), "The reply was cut off."
        try:
            return GradingState.GRADED, self.contract.read(reply.text, rubric), ""
        except UnreadableError as error:
            return GradingState.UNREADABLE, (), str(error)

    def _failed(self, result: Result[GradingCall, Rubric], at: datetime) -> Grading:
        """Return what is the same for every end, with the state of a call without a reply."""
        return Grading(
            id=GradingId(self.new_id()),
            answer=result.key.answer,
            judge=self.judge.id,
            person=None,
            turn=result.key.turn,
            state=GradingState.FAILED,
            rubric=result.context or Rubric(()),
            graded_at=at,
            request_hash=result.request_hash,
        )
