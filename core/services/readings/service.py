"""Reading stored replies once more: by the rules in use now, or by a person with a reason.

A reading never changes an answer: it is a new answer to the same call with the same reply, and
the last one counts; a person's word counts before that of any rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from core.changes import Changes, Kind, Outcome
from core.domain.answer import Answer, AnswerState, Occasion
from core.domain.body import Response, response_problem
from core.domain.ids import AnswerId, OptionId, RunId
from core.errors import ValidationError, WorkflowError
from core.llm.client import LlmReply
from core.llm.parsing import Reading
from core.services.evaluation.records import last_answers
from core.services.evaluation.requests import FILTER_RULE, REFUSAL_RULE, read_reply
from core.services.evaluation.running import keep
from core.services.readings.records import BY_RULES, READ_BY, READS, REASON, is_corrected
from core.tasks import CancelToken, Progress, ProgressCallback, ignore_progress

if TYPE_CHECKING:
    from core.clock import Clock
    from core.domain.body import BlindQuestion
    from core.services.blind_ports import BlindDatabase, BlindTransaction

PERSON_RULE: Final = "read by a person"
_OF_THE_ENDPOINT: Final = (REFUSAL_RULE, FILTER_RULE)
_READABLE: Final = (AnswerState.ANSWERED, AnswerState.REFUSED, AnswerState.NO_ANSWER)
_CHUNK: Final = 200
_ME: Final = "me"


@dataclass(frozen=True, slots=True)
class Reread:
    """What reading a run once more came to."""

    replies: int
    changed: int
    corrected: int
    """Replies that a person has read; no rule changes that."""


class ReadingsService:
    """Reads replies that are stored already; it calls nobody and sees no key."""

    def __init__(self, database: BlindDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def reread(
        self,
        run: RunId,
        *,
        cancel: CancelToken | None = None,
        progress: ProgressCallback = ignore_progress,
    ) -> Outcome[Reread]:
        """Read every reply of a run by the rules in use now; store what is read differently."""
        with self._database.read() as tx:
            spec = tx.runs.get(run).spec
            answers = list(last_answers(tx.answers.of(Occasion.RUN, run)).values())
        if spec.is_imported:
            raise WorkflowError(
                "This run was asked by another engine, which read the replies itself.",
                hint="Read it with that engine and import it once more.",
            )
        waiting = [one for one in answers if _can_be_read(one) and not is_corrected(one)]
        changed = 0
        for start in range(0, len(waiting), _CHUNK):
            if cancel is not None:
                cancel.raise_if_cancelled()
            changed += self._read(waiting[start : start + _CHUNK])
            progress(Progress(start, len(waiting), "Reading replies"))
        corrected = sum(is_corrected(one) for one in answers)
        found = Reread(len(waiting) + corrected, changed, corrected)
        changes = Changes.of(Kind.RUN, run) | Changes.of(Kind.ANSWER) if changed else Changes()
        return Outcome(found, changes)

    def correct(
        self,
        answer: AnswerId,
        response: Response | None,
        reason: str,
        *,
        state: AnswerState = AnswerState.NO_ANSWER,
    ) -> Outcome[Answer]:
        """Store what the person here reads in a reply; None with a state says there is nothing.

        Raises `ValidationError` naming the field, `WorkflowError` for what is no reply.
        """
        if not reason.strip():
            raise ValidationError("Say why the reading is wrong.", field="reason")
        with self._database.write() as tx:
            read = tx.answers.get(answer)
            if read.occasion is not Occasion.RUN or not _can_be_read(read):
                raise WorkflowError("Only the reply of a language model can be read again.")
            problem = _problem(tx, read, response, state)
            if problem is not None:
                raise problem
            person = tx.settings.get(_ME)
            made = self._made(
                read,
                Reading(state if response is None else AnswerState.ANSWERED, response, PERSON_RULE),
                {READ_BY: person, REASON: reason.strip()},
            )
            keep(tx, [made], person=person)
            tx.audit.append(
                person=person, action="reading.corrected", subject=made.id, content=answer
            )
        run = RunId(read.occasion_id)
        return Outcome(made, Changes.of(Kind.RUN, run) | Changes.of(Kind.ANSWER, made.id))

    def _read(self, answers: Sequence[Answer]) -> int:
        with self._database.read() as tx:
            blinds = tx.bodies.many([one.revision for one in answers])
        made = []
        for answer, blind in zip(answers, blinds, strict=True):
            reading = _reading(answer, blind)
            if (reading.state, reading.response) != (answer.state, answer.response):
                made.append(self._made(answer, reading, {READ_BY: BY_RULES}))
        if made:
            with self._database.write() as tx:
                keep(tx, made, person=tx.settings.get(_ME))
        return len(made)

    def _made(self, answer: Answer, reading: Reading, by: dict[str, str]) -> Answer:
        details = {
            name: value
            for name, value in answer.details.items()
            if name not in ("span_start", "span_end", READ_BY, REASON)
        }
        details |= {READS: answer.details.get(READS, answer.id)} | by
        if reading.span is not None:
            details |= {"span_start": reading.span[0], "span_end": reading.span[1]}
        return replace(
            answer,
            id=AnswerId(self._clock.new_id()),
            answered_at=self._clock.now(),
            state=reading.state,
            response=reading.response,
            reading_rule=reading.rule,
            details=details,
        )


def _can_be_read(answer: Answer) -> bool:
    return answer.state in _READABLE


def _reading(answer: Answer, blind: BlindQuestion) -> Reading:
    """Read the stored reply as it was read when it came."""
    if answer.reading_rule in _OF_THE_ENDPOINT:
        return Reading(answer.state, rule=answer.reading_rule)
    reply = LlmReply(answer.raw_text, str(answer.details.get("finish_reason", "")))
    order = tuple(OptionId(one) for one in answer.option_order)
    return read_reply(blind.body, reply, order)


def _problem(
    tx: BlindTransaction, answer: Answer, response: Response | None, state: AnswerState
) -> ValidationError | None:
    if response is None:
        is_none = state in (AnswerState.NO_ANSWER, AnswerState.REFUSED)
        sentence = "" if is_none else "Say what the reply answers, or that it answers nothing."
    else:
        sentence = response_problem(tx.bodies.get(answer.revision).body.asked, response)
    return ValidationError(sentence, field="response") if sentence else None
