"""Steps of questions through the stages."""

from sqlalchemy import Connection, insert, select

from core.db.columns import utc_text
from core.db.lookups import AnyRow
from core.db.tables.moves import stage_bases, stage_moves
from core.domain.ids import PersonId, QuestionId
from core.domain.merge import Step, in_order, last_step, step_id
from core.domain.plain import Plain
from core.domain.stage import Stage, StageMove


class StageMovesRepository:
    """Keeps steps with their reasons."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, move: StageMove) -> None:
        """Store a step, chained to the one that counts now."""
        facts: Plain = {
            "question": move.question,
            "start": move.start.value,
            "end": move.end.value,
            "person": move.person,
            "moved_at": utc_text(move.moved_at),
            "reason": move.reason,
            "previous": self._previous(move.question),
        }
        values = facts | {"id": step_id(facts), "moved_at": move.moved_at}
        self._connection.execute(insert(stage_moves).values(values))

    def of_question(self, question: QuestionId) -> list[StageMove]:
        """Return the steps of a question in their order, whatever the clocks said."""
        rows = {row.id: row for row in self._rows(question)}
        found = [rows[step.id] for step in in_order(map(_step, rows.values()))]
        return [
            StageMove(
                question=QuestionId(row.question),
                start=Stage(row.start),
                end=Stage(row.end),
                person=PersonId(row.person),
                moved_at=row.moved_at,
                reason=row.reason,
            )
            for row in found
        ]

    def _previous(self, question: QuestionId) -> str:
        last = last_step(map(_step, self._rows(question)))
        if last is not None:
            return last.id
        base = select(stage_bases.c.move).where(stage_bases.c.question == question)
        return str(self._connection.execute(base).scalar_one_or_none() or "")

    def _rows(self, question: QuestionId) -> list[AnyRow]:
        statement = select(stage_moves).where(stage_moves.c.question == question)
        return list(self._connection.execute(statement))


def _step(row: AnyRow) -> Step:
    return Step(row.id, row.previous, Stage(row.end), utc_text(row.moved_at), row.reason)
