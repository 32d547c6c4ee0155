"""The tables of answers, their scores, and the plans, sittings and runs they came from."""

from sqlalchemy import Boolean, Column, Float, Index, Table, Text

from core.db.tables.base import (
    METADATA,
    big_column,
    id_column,
    moment_column,
    number_column,
    plain_column,
    reference_column,
    seconds_column,
    text_column,
)

answers = Table(
    "answers",
    METADATA,
    id_column(),
    reference_column("question", "questions"),
    reference_column("revision", "revisions"),
    text_column("respondent_kind"),
    text_column("respondent_id"),
    text_column("respondent_name"),
    text_column("occasion"),
    text_column("occasion_id"),
    text_column("state"),
    moment_column("answered_at"),
    plain_column("response", is_nullable=True),
    number_column("confidence", is_nullable=True),
    seconds_column("elapsed_s", is_nullable=True),
    seconds_column("idle_s"),
    plain_column("option_order"),
    text_column("raw_text"),
    text_column("reading_rule"),
    plain_column("details"),
    Index(None, "occasion", "occasion_id"),
    Index(None, "revision", "occasion"),
)

scores = Table(
    "scores",
    METADATA,
    reference_column("answer", "answers", is_key=True),
    Column("scorer", Text, primary_key=True, nullable=False),
    Column("version", Text, primary_key=True, nullable=False),
    text_column("state"),
    Column("value", Float),
    plain_column("details"),
)

plans = Table(
    "plans",
    METADATA,
    id_column(),
    text_column("name"),
    big_column("seed"),
    plain_column("revisions"),
    plain_column("readers"),
    plain_column("rules"),
    moment_column("created_at"),
)

sittings = Table(
    "sittings",
    METADATA,
    id_column(),
    reference_column("plan", "plans"),
    reference_column("reader", "people"),
    plain_column("order"),
    moment_column("started_at"),
    number_column("position"),
    seconds_column("spent_s"),
    seconds_column("idle_s"),
    moment_column("finished_at", is_nullable=True),
)

# Flags and comments of readers; added to, never changed.
remarks = Table(
    "remarks",
    METADATA,
    id_column(),
    reference_column("question", "questions"),
    reference_column("revision", "revisions"),
    reference_column("sitting", "sittings"),
    reference_column("reader", "people"),
    moment_column("noted_at"),
    Column("is_flagged", Boolean),
    text_column("comment", is_nullable=True),
    Index(None, "question"),
    Index(None, "sitting"),
)

runs = Table(
    "runs",
    METADATA,
    id_column(),
    plain_column("spec"),
    text_column("spec_hash"),
    text_column("status"),
    moment_column("created_at"),
    moment_column("finished_at", is_nullable=True),
    # Not unique: two people may have asked the same.
    Index(None, "spec_hash"),
)
