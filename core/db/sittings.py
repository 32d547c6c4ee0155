"""Sittings of readers."""

from typing import Any

from sqlalchemy import Connection, insert, select

from core.db.lookups import AnyRow, only_row, update_row
from core.db.tables.answers import sittings
from core.domain.ids import PersonId, PlanId, RevisionId, SittingId
from core.domain.plan import Sitting

_MISSING = "This sitting does not exist in this workspace."


class SittingsRepository:
    """Keeps sittings and how far they are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, sitting: Sitting) -> None:
        """Store a new sitting."""
        self._connection.execute(
            insert(sittings).values(
                id=sitting.id,
                plan=sitting.plan,
                reader=sitting.reader,
                order=list(sitting.order),
                started_at=sitting.started_at,
                **_changing(sitting),
            )
        )

    def update(self, sitting: Sitting) -> None:
        """Store position, clocks and end of a sitting."""
        update_row(self._connection, sittings, sitting.id, _changing(sitting), _MISSING)

    def get(self, sitting: SittingId) -> Sitting:
        """Return one sitting; raise `NotFoundError` when unknown."""
        statement = select(sittings).where(sittings.c.id == sitting)
        return _sitting(only_row(self._connection, statement, _MISSING))

    def all(self) -> list[Sitting]:
        """Return all sittings, oldest first."""
        statement = select(sittings).order_by(sittings.c.started_at, sittings.c.id)
        return [_sitting(row) for row in self._connection.execute(statement)]


def _changing(sitting: Sitting) -> dict[str, Any]:  # values of any column type
    return {
        "position": sitting.position,
        "spent_s": sitting.spent_s,
        "idle_s": sitting.idle_s,
        "finished_at": sitting.finished_at,
    }


def _sitting(row: AnyRow) -> Sitting:
    return Sitting(
        id=SittingId(row.id),
        plan=PlanId(row.plan),
        reader=PersonId(row.reader),
        order=tuple(RevisionId(one) for one in row.order),
        started_at=row.started_at,
        position=row.position,
        spent_s=row.spent_s,
        idle_s=row.idle_s,
        finished_at=row.finished_at,
    )
