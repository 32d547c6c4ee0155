"""Questions: identities and stages."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, text

from core.db.labels import labels_from_plain, labels_to_plain
from core.db.library import Library
from core.db.lookups import AnyRow, only_row, update_row
from core.db.tables.questions import questions
from core.domain.ids import PersonId, QuestionId, RevisionId
from core.domain.question import Question, QuestionSummary
from core.domain.stage import Stage
from core.errors import ConflictError

_MISSING = "This question does not exist in this workspace."


class QuestionsRepository:
    """Keeps questions."""

    def __init__(self, connection: Connection, library: Library) -> None:
        self._connection = connection
        self._library = library

    def add(self, question: Question) -> None:
        """Store a new question; raise `ConflictError` when its imported row is here already."""
        if self.by_origin(question.origin) is not None:
            raise ConflictError("The imported row is a question of this workspace already.")
        self._connection.execute(
            insert(questions).values(
                id=question.id,
                number=question.number,
                author=question.author,
                created_at=question.created_at,
                origin=question.origin,
                **_changing(question),
            )
        )
        self._library.touch(question.id)

    def update(self, question: Question) -> None:
        """Store stage, current revision and labels of a known question."""
        update_row(self._connection, questions, question.id, _changing(question), _MISSING)
        self._library.touch(question.id)

    def get(self, question: QuestionId) -> Question:
        """Return one question; raise `NotFoundError` when it does not exist."""
        statement = select(questions).where(questions.c.id == question)
        return _question(only_row(self._connection, statement, _MISSING))

    def by_number(self, number: int) -> Question | None:
        """Return the question with this number, or None."""
        return self._find(questions.c.number == number)

    def by_origin(self, origin: str) -> Question | None:
        """Return the question imported from this row, or None."""
        # Only with the condition of the partial index, literally, does SQLite use that index.
        has_origin = text("origin <> ''")
        return self._find(and_(questions.c.origin == origin, has_origin)) if origin else None

    def next_number(self) -> int:
        """Return the number of the next new question."""
        highest = self._connection.execute(select(func.max(questions.c.number))).scalar()
        return (highest or 0) + 1

    def summaries(
        self, *, stage: Stage | None = None, search: str = "", ids: Sequence[QuestionId] = ()
    ) -> list[QuestionSummary]:
        """Return library lines by number; `search` looks in stem, context, options, labels.

        Without a stage and without ids, deleted questions are left out.
        """
        return self._library.summaries(stage=stage, search=search, ids=ids)

    def at_stages(self, stages: Collection[Stage]) -> Iterator[Question]:
        """Yield the questions at these stages, by number."""
        statement = (
            select(questions)
            .where(questions.c.stage.in_([one.value for one in stages]))
            .order_by(questions.c.number)
        )
        for row in self._connection.execute(statement):
            yield _question(row)

    def count_by_stage(self) -> dict[Stage, int]:
        """Return how many questions stand at each stage (every stage is a key)."""
        statement = select(questions.c.stage, func.count().label("how_many")).group_by(
            questions.c.stage
        )
        counted = {row.stage: row.how_many for row in self._connection.execute(statement)}
        return {stage: counted.get(stage.value, 0) for stage in Stage}

    def _find(self, where: ColumnElement[bool]) -> Question | None:
        # Two questions may come from one imported row: two people imported it, then merged.
        statement = select(questions).where(where).order_by(questions.c.id).limit(1)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _question(row)


def _changing(question: Question) -> dict[str, Any]:  # values of any column type
    return {
        "stage": question.stage.value,
        "current_revision": question.current_revision,
        "labels": labels_to_plain(question.labels),
    }


def _question(row: AnyRow) -> Question:
    return Question(
        id=QuestionId(row.id),
        number=row.number,
        stage=Stage(row.stage),
        author=PersonId(row.author),
        created_at=row.created_at,
        current_revision=RevisionId(row.current_revision) if row.current_revision else None,
        labels=labels_from_plain(row.labels),
        origin=row.origin,
    )
