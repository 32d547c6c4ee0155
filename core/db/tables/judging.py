"""The tables of judges and gradings."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from core.db.tables.base import (
    METADATA,
    big_column,
    id_column,
    moment_column,
    plain_column,
    reference_column,
    sequence_column,
    text_column,
)

judges = Table(
    "judges",
    METADATA,
    id_column(),
    plain_column("spec"),
    text_column("spec_hash"),
    moment_column("created_at"),
    # Not unique: two people may have set up the same.
    Index(None, "spec_hash"),
)

judge_decisions = Table(
    "judge_decisions",
    METADATA,
    sequence_column(),
    reference_column("judge", "judges"),
    reference_column("person", "people"),
    text_column("verdict"),
    plain_column("figures"),
    moment_column("decided_at"),
    Index(None, "judge"),
)

grading_samples = Table(
    "grading_samples",
    METADATA,
    id_column(),
    big_column("seed"),
    plain_column("answers"),
    reference_column("created_by", "people"),
    moment_column("created_at"),
)

# Either a judge or a person graded; rubrics hold parts of keys.
gradings = Table(
    "gradings",
    METADATA,
    id_column(),
    reference_column("answer", "answers"),
    Column("judge", Text, ForeignKey("judges.id")),
    Column("person", Text, ForeignKey("people.id")),
    text_column("turn"),
    text_column("state"),
    plain_column("rubric"),
    moment_column("graded_at"),
    plain_column("met"),
    text_column("raw_text"),
    text_column("comment"),
    text_column("request_hash"),
    plain_column("details"),
    Index(None, "answer"),
    Index(None, "judge"),
)
