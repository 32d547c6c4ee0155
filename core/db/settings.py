"""Small values of the workspace."""

from sqlalchemy import Connection, insert, select, update

from core.db.tables.people import settings


class SettingsRepository:
    """Keeps small values by name."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, name: str, default: str = "") -> str:
        """Return a value."""
        statement = select(settings.c.value).where(settings.c.name == name)
        value = self._connection.execute(statement).scalar_one_or_none()
        return default if value is None else str(value)

    def set(self, name: str, value: str) -> None:
        """Store a value."""
        changed = self._connection.execute(
            update(settings).where(settings.c.name == name).values(value=value)
        )
        if changed.rowcount == 0:
            self._connection.execute(insert(settings).values(name=name, value=value))
