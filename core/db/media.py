"""Records of images and their clearances."""

from collections.abc import Collection
from dataclasses import asdict

from sqlalchemy import Connection, insert, select

from core.db.lookups import AnyRow, chunks, only_row
from core.db.tables.media import clearances, media
from core.domain.ids import MediaId, PersonId
from core.domain.media import Blackout, Clearance, MediaInfo


class MediaRepository:
    """Keeps what is known about stored images."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, info: MediaInfo) -> None:
        """Store a record; adding the same id again changes nothing."""
        known = select(media.c.id).where(media.c.id == info.id)
        if self._connection.execute(known).first() is None:
            self._connection.execute(insert(media).values(**asdict(info)))

    def get(self, media_id: MediaId) -> MediaInfo:
        """Return one record; raise `NotFoundError` when unknown."""
        missing = f"The image {media_id[:12]}… is not known in this workspace."
        return _info(
            only_row(self._connection, select(media).where(media.c.id == media_id), missing)
        )

    def all(self) -> list[MediaInfo]:
        """Return all records."""
        statement = select(media).order_by(media.c.id)
        return [_info(row) for row in self._connection.execute(statement)]

    def add_clearance(self, clearance: Clearance) -> None:
        """Store a clearance."""
        self._connection.execute(
            insert(clearances).values(
                original=clearance.original,
                cleared=clearance.cleared,
                cleared_by=clearance.cleared_by,
                cleared_at=clearance.cleared_at,
                blackouts=[asdict(one) for one in clearance.blackouts],
                findings=list(clearance.findings),
            )
        )

    def clearance_of(self, cleared: MediaId) -> Clearance | None:
        """Return the newest clearance that produced this image, or None: not cleared."""
        row = self._connection.execute(
            select(clearances)
            .where(clearances.c.cleared == cleared)
            .order_by(clearances.c.sequence.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else _clearance(row)

    def cleared_among(self, media: Collection[MediaId]) -> set[MediaId]:
        """Return those of these images that a clearance has produced."""
        found: set[MediaId] = set()
        for some in chunks(sorted(media)):
            statement = select(clearances.c.cleared).where(clearances.c.cleared.in_(some))
            found |= {MediaId(one) for one in self._connection.execute(statement).scalars()}
        return found

    def clearances(self) -> list[Clearance]:
        """Return all clearances, oldest first."""
        statement = select(clearances).order_by(clearances.c.sequence)
        return [_clearance(row) for row in self._connection.execute(statement)]


def _info(row: AnyRow) -> MediaInfo:
    return MediaInfo(**row._asdict())


def _clearance(row: AnyRow) -> Clearance:
    return Clearance(
        original=MediaId(row.original),
        cleared=MediaId(row.cleared),
        cleared_by=PersonId(row.cleared_by),
        cleared_at=row.cleared_at,
        blackouts=tuple(Blackout(**one) for one in row.blackouts),
        findings=tuple(row.findings),
    )
