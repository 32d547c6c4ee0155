"""The tables of images and of their cleared copies."""

from sqlalchemy import Index, Table

from core.db.tables.base import (
    METADATA,
    big_column,
    id_column,
    moment_column,
    number_column,
    plain_column,
    reference_column,
    sequence_column,
    text_column,
)

media = Table(
    "media",
    METADATA,
    id_column(),
    text_column("file_name"),
    text_column("media_type"),
    big_column("size_bytes"),
    number_column("width"),
    number_column("height"),
    number_column("frame_count"),
    text_column("modality"),
)

clearances = Table(
    "clearances",
    METADATA,
    sequence_column(),
    text_column("original"),
    reference_column("cleared", "media"),
    reference_column("cleared_by", "people"),
    moment_column("cleared_at"),
    plain_column("blackouts"),
    plain_column("findings"),
    Index(None, "cleared"),
)
