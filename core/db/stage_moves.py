"""Steps of questions through the stages."""

from sqlalchemy import Connection, insert, select

from core.db.tables import stage_moves
from core.domain.ids import PersonId, QuestionId
from core.domain.stage import Stage, StageMove


class StageMovesRepository:
    """Keeps steps with their reasons."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, move: StageMove) -> None:
        """Store a step."""
        self._connection.execute(
            insert(stage_moves).values(
                question=move.question,
                start=move.start.value,
                end=move.end.value,
                person=move.person,
                moved_at=move.moved_at,
                reason=move.reason,
            )
        )

    def of_question(self, question: QuestionId) -> list[StageMove]:
        """Return the steps of a question, oldest first."""
        rows = self._connection.execute(
            select(stage_moves)
            .where(stage_moves.c.question == question)
            .order_by(stage_moves.c.sequence)
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
