"""Steps of questions through the stages."""

from sqlalchemy import Connection, insert, select

from core.db.columns import utc_text
from core.db.tables import stage_bases, stage_moves
from core.domain.ids import PersonId, QuestionId
from core.domain.merge import Step, last_step, step_id
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
        """Return the steps of a question, oldest first."""
        rows = self._connection.execute(
            select(stage_moves)
            .where(stage_moves.c.question == question)
            .order_by(stage_moves.c.moved_at, stage_moves.c.sequence)
        )
        return [
            StageMove(
                question=QuestionId(row.question),
                start=Stage(row.start),
                end=Stage(row.end),
                person=PersonId(row.person),
                moved_at=row.moved_at,
                reason=row.reason,
            )
            for row in rows
        ]

    def _previous(self, question: QuestionId) -> str:
        rows = self._connection.execute(
            select(stage_moves).where(stage_moves.c.question == question)
        )
        last = last_step(
            Step(row.id, row.previous, Stage(row.end), utc_text(row.moved_at), row.reason)
            for row in rows
        )
        if last is not None:
            return last.id
        base = select(stage_bases.c.move).where(stage_bases.c.question == question)
        return str(self._connection.execute(base).scalar_one_or_none() or "")
