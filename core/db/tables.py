"""The tables; bodies and keys lie apart, so that a blind query cannot reach a key."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from core.db.columns import PlainText, UtcText

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, *, is_nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=is_nullable)


def _number(name: str, *, is_nullable: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=is_nullable)


def _big(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _seconds(name: str, *, is_nullable: bool = False) -> Column[float]:
    return Column(name, Float, nullable=is_nullable)


def _moment(name: str, *, is_nullable: bool = False) -> Column[Any]:  # UtcText gives datetimes
    return Column(name, UtcText, nullable=is_nullable)


def _plain(name: str, *, is_nullable: bool = False) -> Column[Any]:  # any JSON value
    return Column(name, PlainText, nullable=is_nullable)


def _id() -> Column[str]:
    return Column("id", Text, primary_key=True, nullable=False)


def _sequence() -> Column[int]:
    return Column("sequence", Integer, primary_key=True, autoincrement=True)


def _of(name: str, target: str, *, is_key: bool = False) -> Column[str]:
    return Column(name, Text, ForeignKey(f"{target}.id"), primary_key=is_key, nullable=False)


people = Table(
    "people",
    METADATA,
    _id(),
    _text("name"),
    _plain("roles"),
    _text("specialty"),
    _number("years_in_practice", is_nullable=True),
    _plain("specialty_confidence"),
    # When name and roles, and when the rest, were last said; the newest counts in a merge.
    _moment("changed_at"),
    _moment("profile_at"),
)

questions = Table(
    "questions",
    METADATA,
    _id(),
    _number("number"),
    _text("stage"),
    _of("author", "people"),
    _moment("created_at"),
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
    _plain("labels"),
    _text("origin"),
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
    _of("question", "questions", is_key=True),
    _number("number"),
    _text("stage"),
    _text("format"),
    _text("stem"),
    _plain("labels"),
    _text("author"),
    _number("image_count"),
    _number("revision_number"),
    Column("has_open_draft", Boolean, nullable=False),
    _number("verification_count"),
    _moment("updated_at"),
    _text("words"),
    Column("needs_reverification", Boolean, nullable=False),
    Index(None, "number"),
    Index(None, "stage", "number"),
)

revisions = Table(
    "revisions",
    METADATA,
    _id(),
    _of("question", "questions"),
    _number("number"),
    _of("author", "people"),
    _moment("created_at"),
    _text("reason"),
    Column("parent", Text, ForeignKey("revisions.id")),
    Column("merged_parent", Text, ForeignKey("revisions.id")),
    UniqueConstraint("question", "number"),
)

bodies = Table(
    "bodies",
    METADATA,
    _of("revision", "revisions", is_key=True),
    _of("question", "questions"),
    _plain("content"),
)

revision_keys = Table(
    "revision_keys",
    METADATA,
    _of("revision", "revisions", is_key=True),
    _plain("content"),
)

draft_bodies = Table(
    "draft_bodies",
    METADATA,
    _of("question", "questions", is_key=True),
    _plain("content"),
    _plain("labels"),
)

draft_keys = Table(
    "draft_keys",
    METADATA,
    _of("question", "questions", is_key=True),
    _plain("content"),
    _plain("source"),
)

# The steps of writing a draft; parts of key and source are among them.
edit_steps = Table(
    "edit_steps",
    METADATA,
    _of("question", "questions", is_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False, nullable=False),
    _text("field"),
    _plain("before"),
    _plain("after"),
    Column("is_undone", Boolean, nullable=False),
)

sources = Table(
    "sources",
    METADATA,
    _sequence(),
    _of("question", "questions"),
    _plain("content"),
    _moment("set_at"),
    Index(None, "question"),
)

label_records = Table(
    "label_records",
    METADATA,
    _sequence(),
    _of("question", "questions"),
    _plain("labels"),
    _of("assigned_by", "people"),
    _moment("assigned_at"),
    Index(None, "question"),
)

stage_moves = Table(
    "stage_moves",
    METADATA,
    _sequence(),
    _of("question", "questions"),
    _text("start"),
    _text("end"),
    _of("person", "people"),
    _moment("moved_at"),
    _text("reason"),
    # Content-derived, so that copies of one workspace agree; `previous` is the step before it.
    _text("id"),
    _text("previous"),
    Index(None, "question"),
)

# The last step that a package knew of, for questions whose steps stayed with the sender.
stage_bases = Table(
    "stage_bases",
    METADATA,
    _of("question", "questions", is_key=True),
    _text("move"),
)

# What moved several questions at once, so that it is taken back at once.
decisions = Table(
    "decisions",
    METADATA,
    _sequence(),
    _text("id"),
    _of("person", "people"),
    _text("kind"),
    _moment("made_at"),
    _plain("moves"),
    _text("reason"),
    _text("state"),
    UniqueConstraint("id"),
    Index(None, "person", "state"),
)

blinding_approvals = Table(
    "blinding_approvals",
    METADATA,
    _sequence(),
    _of("question", "questions"),
    _of("revision", "revisions"),
    _of("approved_by", "people"),
    _moment("approved_at"),
    Column("similarity", Float),
    _plain("notes"),
    _text("override_reason"),
    Index(None, "question"),
)

answers = Table(
    "answers",
    METADATA,
    _id(),
    _of("question", "questions"),
    _of("revision", "revisions"),
    _text("respondent_kind"),
    _text("respondent_id"),
    _text("respondent_name"),
    _text("occasion"),
    _text("occasion_id"),
    _text("state"),
    _moment("answered_at"),
    _plain("response", is_nullable=True),
    _number("confidence", is_nullable=True),
    _seconds("elapsed_s", is_nullable=True),
    _seconds("idle_s"),
    _plain("option_order"),
    _text("raw_text"),
    _text("reading_rule"),
    _plain("details"),
    Index(None, "occasion", "occasion_id"),
    Index(None, "revision", "occasion"),
)

scores = Table(
    "scores",
    METADATA,
    _of("answer", "answers", is_key=True),
    Column("scorer", Text, primary_key=True, nullable=False),
    Column("version", Text, primary_key=True, nullable=False),
    _text("state"),
    Column("value", Float),
    _plain("details"),
)

judges = Table(
    "judges",
    METADATA,
    _id(),
    _plain("spec"),
    _text("spec_hash"),
    _moment("created_at"),
    UniqueConstraint("spec_hash"),
)

judge_decisions = Table(
    "judge_decisions",
    METADATA,
    _sequence(),
    _of("judge", "judges"),
    _of("person", "people"),
    _text("verdict"),
    _plain("figures"),
    _moment("decided_at"),
    Index(None, "judge"),
)

grading_samples = Table(
    "grading_samples",
    METADATA,
    _id(),
    _big("seed"),
    _plain("answers"),
    _of("created_by", "people"),
    _moment("created_at"),
)

# Either a judge or a person graded; rubrics hold parts of keys.
gradings = Table(
    "gradings",
    METADATA,
    _id(),
    _of("answer", "answers"),
    Column("judge", Text, ForeignKey("judges.id")),
    Column("person", Text, ForeignKey("people.id")),
    _text("turn"),
    _text("state"),
    _plain("rubric"),
    _moment("graded_at"),
    _plain("met"),
    _text("raw_text"),
    _text("comment"),
    _text("request_hash"),
    _plain("details"),
    Index(None, "answer"),
    Index(None, "judge"),
)

verifications = Table(
    "verifications",
    METADATA,
    _id(),
    _of("question", "questions"),
    _of("revision", "revisions"),
    _of("verifier", "people"),
    _of("answer", "answers"),
    _plain("gates"),
    _text("verdict"),
    _text("comment"),
    _moment("verified_at"),
    Index(None, "revision"),
    Index(None, "verifier"),
)

adjudications = Table(
    "adjudications",
    METADATA,
    _sequence(),
    _of("question", "questions"),
    _of("revision", "revisions"),
    _of("adjudicator", "people"),
    Column("answer", Text, ForeignKey("answers.id")),
    _text("verdict"),
    _text("reason"),
    _moment("decided_at"),
)

plans = Table(
    "plans",
    METADATA,
    _id(),
    _text("name"),
    _big("seed"),
    _plain("revisions"),
    _plain("readers"),
    _plain("rules"),
    _moment("created_at"),
)

sittings = Table(
    "sittings",
    METADATA,
    _id(),
    _of("plan", "plans"),
    _of("reader", "people"),
    _plain("order"),
    _moment("started_at"),
    _number("position"),
    _seconds("spent_s"),
    _seconds("idle_s"),
    _moment("finished_at", is_nullable=True),
)

runs = Table(
    "runs",
    METADATA,
    _id(),
    _plain("spec"),
    _text("spec_hash"),
    _text("status"),
    _moment("created_at"),
    _moment("finished_at", is_nullable=True),
    # Not unique: two people may have asked the same.
    Index(None, "spec_hash"),
)

media = Table(
    "media",
    METADATA,
    _id(),
    _text("file_name"),
    _text("media_type"),
    _big("size_bytes"),
    _number("width"),
    _number("height"),
    _number("frame_count"),
    _text("modality"),
)

clearances = Table(
    "clearances",
    METADATA,
    _sequence(),
    _text("original"),
    _of("cleared", "media"),
    _of("cleared_by", "people"),
    _moment("cleared_at"),
    _plain("blackouts"),
    _plain("findings"),
    Index(None, "cleared"),
)

audit_events = Table(
    "audit_events",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    _moment("at"),
    _text("person"),
    _text("action"),
    _text("subject"),
    _text("content"),
    _text("previous"),
    _text("hash"),
)

# Chains of other workspaces, kept beside our own and verifiable.
foreign_audit = Table(
    "foreign_audit",
    METADATA,
    Column("workspace", Text, primary_key=True, nullable=False),
    Column("hash", Text, primary_key=True, nullable=False),
    _number("sequence"),
    _moment("at"),
    _text("person"),
    _text("action"),
    _text("subject"),
    _text("content"),
    _text("previous"),
)

# Records of packages that name something which has not arrived yet.
waiting_records = Table(
    "waiting_records",
    METADATA,
    Column("kind", Text, primary_key=True, nullable=False),
    Column("id", Text, primary_key=True, nullable=False),
    _plain("content"),
)

settings = Table(
    "settings",
    METADATA,
    Column("name", Text, primary_key=True, nullable=False),
    _text("value"),
)

# What a person entered and has not submitted yet.
journal = Table(
    "journal",
    METADATA,
    Column("person", Text, primary_key=True, nullable=False),
    Column("place", Text, primary_key=True, nullable=False),
    Column("record", Text, primary_key=True, nullable=False),
    _plain("content"),
    _moment("written_at"),
)
