"""The steps of writing drafts."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, or_, select

from core.db.tables.questions import edit_steps
from core.domain.edit_log import EditStep
from core.domain.ids import QuestionId


class EditsRepository:
    """Keeps the steps of each question's draft."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_question(self, question: QuestionId) -> list[EditStep]:
        """Return the steps of a draft, oldest first."""
        rows = self._connection.execute(
            select(edit_steps)
            .where(edit_steps.c.question == question)
            .order_by(edit_steps.c.number)
        )
        return [
            EditStep(row.number, row.field, row.before, row.after, bool(row.is_undone))
            for row in rows
        ]

    def replace_from(
        self, question: QuestionId, first: int, steps: Sequence[EditStep], *, oldest: int
    ) -> None:
        """Put `steps` in place of all from number `first` on; drop those before `oldest`."""
        self._connection.execute(
            delete(edit_steps).where(
                edit_steps.c.question == question,
                or_(edit_steps.c.number >= first, edit_steps.c.number < oldest),
            )
        )
        rows = [
            {
                "question": question,
                "number": one.number,
                "field": one.field,
                "before": one.before,
                "after": one.after,
                "is_undone": one.is_undone,
            }
            for one in steps
        ]
        if rows:
            self._connection.execute(insert(edit_steps), rows)
