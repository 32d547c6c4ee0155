"""Scores derived from answers."""

from sqlalchemy import Connection, bindparam, delete, insert, select

from core.db.tables.answers import scores
from core.domain.ids import AnswerId
from core.domain.score import Score, ScoreState


class ScoresRepository:
    """Keeps one score per answer, scorer and version."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, *put: Score) -> None:
        """Store scores, replacing those of the same answer, scorer and version."""
        newest = {(one.answer, one.scorer, one.version): one for one in put}
        if not newest:
            return
        self._connection.execute(
            delete(scores).where(
                scores.c.answer == bindparam("an_answer"),
                scores.c.scorer == bindparam("a_scorer"),
                scores.c.version == bindparam("a_version"),
            ),
            [
                {"an_answer": answer, "a_scorer": scorer, "a_version": version}
                for answer, scorer, version in newest
            ],
        )
        self._connection.execute(
            insert(scores),
            [
                {
                    "answer": one.answer,
                    "scorer": one.scorer,
                    "version": one.version,
                    "state": one.state.value,
                    "value": one.value,
                    "details": one.details,
                }
                for one in newest.values()
            ],
        )

    def all(self) -> dict[AnswerId, list[Score]]:
        """Return all scores by answer."""
        found: dict[AnswerId, list[Score]] = {}
        statement = select(scores).order_by(scores.c.answer, scores.c.scorer, scores.c.version)
        for row in self._connection.execute(statement):
            score = Score(
                answer=AnswerId(row.answer),
                scorer=row.scorer,
                version=row.version,
                state=ScoreState(row.state),
                value=row.value,
                details=row.details,
            )
            found.setdefault(score.answer, []).append(score)
        return found
