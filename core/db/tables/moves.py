"""The tables of steps through the stages and of decisions about them."""

from sqlalchemy import Column, Float, Index, Table, UniqueConstraint

from core.db.tables.base import (
    METADATA,
    moment_column,
    plain_column,
    reference_column,
    sequence_column,
    text_column,
)

stage_moves = Table(
    "stage_moves",
    METADATA,
    sequence_column(),
    reference_column("question", "questions"),
    text_column("start"),
    text_column("end"),
    reference_column("person", "people"),
    moment_column("moved_at"),
    text_column("reason"),
    # Content-derived, so that copies of one workspace agree; `previous` is the step before it.
    text_column("id"),
    text_column("previous"),
    Index(None, "question"),
)

# The last step that a package knew of, for questions whose steps stayed with the sender.
stage_bases = Table(
    "stage_bases",
    METADATA,
    reference_column("question", "questions", is_key=True),
    text_column("move"),
)

# What moved several questions at once, so that it is taken back at once.
decisions = Table(
    "decisions",
    METADATA,
    sequence_column(),
    text_column("id"),
    reference_column("person", "people"),
    text_column("kind"),
    moment_column("made_at"),
    plain_column("moves"),
    text_column("reason"),
    text_column("state"),
    UniqueConstraint("id"),
    Index(None, "person", "state"),
)

blinding_approvals = Table(
    "blinding_approvals",
    METADATA,
    sequence_column(),
    reference_column("question", "questions"),
    reference_column("revision", "revisions"),
    reference_column("approved_by", "people"),
    moment_column("approved_at"),
    Column("similarity", Float),
    plain_column("notes"),
    text_column("override_reason"),
    Index(None, "question"),
)
