"""The tables of verifications and of decisions where verifiers disagree."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from core.db.tables.base import (
    METADATA,
    id_column,
    moment_column,
    plain_column,
    reference_column,
    sequence_column,
    text_column,
)

verifications = Table(
    "verifications",
    METADATA,
    id_column(),
    reference_column("question", "questions"),
    reference_column("revision", "revisions"),
    reference_column("verifier", "people"),
    reference_column("answer", "answers"),
    plain_column("gates"),
    text_column("verdict"),
    text_column("comment"),
    moment_column("verified_at"),
    Index(None, "revision"),
    Index(None, "verifier"),
)

adjudications = Table(
    "adjudications",
    METADATA,
    sequence_column(),
    reference_column("question", "questions"),
    reference_column("revision", "revisions"),
    reference_column("adjudicator", "people"),
    Column("answer", Text, ForeignKey("answers.id")),
    text_column("verdict"),
    text_column("reason"),
    moment_column("decided_at"),
)
