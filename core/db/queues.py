"""Which queues can hold work at all: one statement, before any service is loaded."""

from typing import Final

from sqlalchemy import Connection

from core.domain.queue import Queue
from core.domain.stage import Stage

_SIGNS: Final = {
    Queue.DRAFTS: f"questions WHERE stage = '{Stage.DRAFT}'",
    Queue.VERIFICATION: (
        f"questions WHERE stage IN ('{Stage.BLINDED}', '{Stage.IN_VERIFICATION}')"
    ),
    Queue.READING: "plans",
    Queue.GRADING: "grading_samples",
}


def queues_in_use(connection: Connection) -> frozenset[Queue]:
    """Return the queues that are not empty for everybody."""
    columns = ", ".join(f"EXISTS (SELECT 1 FROM {sign})" for sign in _SIGNS.values())
    row = connection.exec_driver_sql(f"SELECT {columns}").one()
    return frozenset(queue for queue, is_used in zip(_SIGNS, row, strict=True) if is_used)


def has_remarks(connection: Connection) -> bool:
    """Tell whether there is any remark."""
    found = connection.exec_driver_sql("SELECT EXISTS (SELECT 1 FROM remarks)")
    return bool(found.scalar_one())
