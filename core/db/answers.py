"""Answers of people and language models."""

from collections.abc import Collection, Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, insert, select

from core.db.lookups import AnyRow, only_row
from core.db.tables.answers import answers
from core.domain.answer import (
    Answer,
    AnswerEnd,
    AnswerState,
    Occasion,
    Respondent,
    RespondentKind,
)
from core.domain.body import response_from_plain, response_to_plain
from core.domain.ids import AnswerId, QuestionId, RevisionId

_INSERT: Final = insert(answers)


class AnswersRepository:
    """Keeps answers; they are added, never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, *added: Answer) -> None:
        """Store answers."""
        if added:
            self._connection.execute(_INSERT, [_values(one) for one in added])

    def get(self, answer: AnswerId) -> Answer:
        """Return one answer; raise `NotFoundError` when it does not exist."""
        statement = select(answers).where(answers.c.id == answer)
        return _answer(
            only_row(self._connection, statement, "This answer does not exist in this workspace.")
        )

    def of(self, occasion: Occasion, occasion_id: str) -> list[Answer]:
        """Return the answers of one sitting or run, oldest first."""
        return self._where(
            answers.c.occasion == occasion.value, answers.c.occasion_id == occasion_id
        )

    def ends(
        self, occasion: Occasion, occasion_id: str, details: Collection[str]
    ) -> Iterator[AnswerEnd]:
        """Yield how the answers of one sitting or run ended, oldest first.

        Only the named details come along, and no reply: a run may have very many.
        """
        statement = (
            select(answers.c.revision, answers.c.state, answers.c.details)
            .where(answers.c.occasion == occasion.value, answers.c.occasion_id == occasion_id)
            .order_by(answers.c.answered_at, answers.c.id)
        )
        for revision, state, kept in self._connection.execute(statement):
            named = {name: kept[name] for name in details if name in kept}
            yield AnswerEnd(RevisionId(revision), AnswerState(state), named)

    def for_revision(self, revision: RevisionId, occasion: Occasion) -> list[Answer]:
        """Return the answers to one revision on one kind of occasion, oldest first."""
        return self._where(answers.c.revision == revision, answers.c.occasion == occasion.value)

    def for_occasion(self, occasion: Occasion) -> list[Answer]:
        """Return all answers of one kind of occasion, oldest first."""
        return self._where(answers.c.occasion == occasion.value)

    def _where(self, *conditions: ColumnElement[bool]) -> list[Answer]:
        statement = select(answers).where(*conditions).order_by(answers.c.answered_at, answers.c.id)
        return [_answer(row) for row in self._connection.execute(statement)]


def _values(answer: Answer) -> dict[str, Any]:  # values of any column type
    return {
        "id": answer.id,
        "question": answer.question,
        "revision": answer.revision,
        "respondent_kind": answer.respondent.kind.value,
        "respondent_id": answer.respondent.id,
        "respondent_name": answer.respondent.name,
        "occasion": answer.occasion.value,
        "occasion_id": answer.occasion_id,
        "state": answer.state.value,
        "answered_at": answer.answered_at,
        "response": None if answer.response is None else response_to_plain(answer.response),
        "confidence": answer.confidence,
        "elapsed_s": answer.elapsed_s,
        "idle_s": answer.idle_s,
        "option_order": list(answer.option_order),
        "raw_text": answer.raw_text,
        "reading_rule": answer.reading_rule,
        "details": answer.details,
    }


def _answer(row: AnyRow) -> Answer:
    return Answer(
        id=AnswerId(row.id),
        question=QuestionId(row.question),
        revision=RevisionId(row.revision),
        respondent=Respondent(
            RespondentKind(row.respondent_kind), row.respondent_id, row.respondent_name
        ),
        occasion=Occasion(row.occasion),
        occasion_id=row.occasion_id,
        state=AnswerState(row.state),
        answered_at=row.answered_at,
        response=None if row.response is None else response_from_plain(row.response),
        confidence=row.confidence,
        elapsed_s=row.elapsed_s,
        idle_s=row.idle_s,
        option_order=tuple(row.option_order),
        raw_text=row.raw_text,
        reading_rule=row.reading_rule,
        details=row.details,
    )
