"""The tables of questions: revisions, drafts and the library over them."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from core.db.tables.base import (
    METADATA,
    id_column,
    moment_column,
    number_column,
    plain_column,
    reference_column,
    sequence_column,
    text_column,
)

questions = Table(
    "questions",
    METADATA,
    id_column(),
    number_column("number"),
    text_column("stage"),
    reference_column("author", "people"),
    moment_column("created_at"),
    # Deferred: a question and its first revision name each other.
    Column(
        "current_revision",
        Text,
        ForeignKey(
            "revisions.id",
            name="fk_questions_current_revision",
            use_alter=True,
            deferrable=True,
            initially="DEFERRED",
        ),
    ),
    plain_column("labels"),
    text_column("origin"),
    UniqueConstraint("number"),
    Index(None, "stage"),
)
# Not unique: two people may import the same row and bring their work together later.
Index(
    "ix_questions_origin",
    questions.c.origin,
    sqlite_where=text("origin <> ''"),
)

# A read model: derived from the other tables at the end of each unit of work.
library_lines = Table(
    "library_lines",
    METADATA,
    reference_column("question", "questions", is_key=True),
    number_column("number"),
    text_column("stage"),
    text_column("format"),
    text_column("stem"),
    plain_column("labels"),
    text_column("author"),
    number_column("image_count"),
    number_column("revision_number"),
    Column("has_open_draft", Boolean, nullable=False),
    number_column("verification_count"),
    moment_column("updated_at"),
    text_column("words"),
    Column("needs_reverification", Boolean, nullable=False),
    Index(None, "number"),
    Index(None, "stage", "number"),
)

revisions = Table(
    "revisions",
    METADATA,
    id_column(),
    reference_column("question", "questions"),
    number_column("number"),
    reference_column("author", "people"),
    moment_column("created_at"),
    text_column("reason"),
    Column("parent", Text, ForeignKey("revisions.id")),
    Column("merged_parent", Text, ForeignKey("revisions.id")),
    UniqueConstraint("question", "number"),
)

bodies = Table(
    "bodies",
    METADATA,
    reference_column("revision", "revisions", is_key=True),
    reference_column("question", "questions"),
    plain_column("content"),
)

revision_keys = Table(
    "revision_keys",
    METADATA,
    reference_column("revision", "revisions", is_key=True),
    plain_column("content"),
)

draft_bodies = Table(
    "draft_bodies",
    METADATA,
    reference_column("question", "questions", is_key=True),
    plain_column("content"),
    plain_column("labels"),
)

draft_keys = Table(
    "draft_keys",
    METADATA,
    reference_column("question", "questions", is_key=True),
    plain_column("content"),
    plain_column("source"),
)

# The steps of writing a draft; parts of key and source are among them.
edit_steps = Table(
    "edit_steps",
    METADATA,
    reference_column("question", "questions", is_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False, nullable=False),
    text_column("field"),
    plain_column("before"),
    plain_column("after"),
    Column("is_undone", Boolean, nullable=False),
)

sources = Table(
    "sources",
    METADATA,
    sequence_column(),
    reference_column("question", "questions"),
    plain_column("content"),
    moment_column("set_at"),
    Index(None, "question"),
)

label_records = Table(
    "label_records",
    METADATA,
    sequence_column(),
    reference_column("question", "questions"),
    plain_column("labels"),
    reference_column("assigned_by", "people"),
    moment_column("assigned_at"),
    Index(None, "question"),
)
