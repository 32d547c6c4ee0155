"""Runs of language models."""

from sqlalchemy import Connection, insert, select

from core.db.lookups import AnyRow, only_row, update_row
from core.db.tables.answers import runs
from core.domain.ids import RunId
from core.domain.run import Run, RunSpec, RunStatus
from core.errors import ConflictError

_MISSING = "This run does not exist in this workspace."


class RunsRepository:
    """Keeps runs; a specification never changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, run: Run) -> None:
        """Store a new run; raise `ConflictError` when one with its specification is here."""
        if self.by_spec_hash(run.spec.hash) is not None:
            raise ConflictError("A run with this specification is in this workspace already.")
        self._connection.execute(
            insert(runs).values(
                id=run.id,
                spec=run.spec.to_plain(),
                spec_hash=run.spec.hash,
                status=run.status.value,
                created_at=run.created_at,
                finished_at=run.finished_at,
            )
        )

    def update(self, run: Run) -> None:
        """Store status and end of a run; its specification never changes."""
        values = {"status": run.status.value, "finished_at": run.finished_at}
        update_row(self._connection, runs, run.id, values, _MISSING)

    def get(self, run: RunId) -> Run:
        """Return one run; raise `NotFoundError` when unknown."""
        return _run(only_row(self._connection, select(runs).where(runs.c.id == run), _MISSING))

    def by_spec_hash(self, spec_hash: str) -> Run | None:
        """Return the oldest run with this specification, or None."""
        statement = (
            select(runs)
            .where(runs.c.spec_hash == spec_hash)
            .order_by(runs.c.created_at, runs.c.id)
            .limit(1)
        )
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _run(row)

    def all(self) -> list[Run]:
        """Return all runs, oldest first."""
        statement = select(runs).order_by(runs.c.created_at, runs.c.id)
        return [_run(row) for row in self._connection.execute(statement)]


def _run(row: AnyRow) -> Run:
    return Run(
        id=RunId(row.id),
        spec=RunSpec.from_plain(row.spec),
        status=RunStatus(row.status),
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
