"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "audit_events",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_events"),
    )
    op.create_table(
        "media",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("frame_count", sa.Integer(), nullable=False),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_media"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("specialty", sa.Text(), nullable=False),
        sa.Column("years_in_practice", sa.Integer(), nullable=True),
        sa.Column("specialty_confidence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("revisions", sa.Text(), nullable=False),
        sa.Column("readers", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("spec_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.UniqueConstraint("spec_hash", name="uq_runs_spec_hash"),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )
    op.create_table(
        "clearances",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("cleared", sa.Text(), nullable=False),
        sa.Column("cleared_by", sa.Text(), nullable=False),
        sa.Column("cleared_at", sa.Text(), nullable=False),
        sa.Column("blackouts", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["cleared"], ["media.id"], name="fk_clearances_cleared"),
        sa.ForeignKeyConstraint(["cleared_by"], ["people.id"], name="fk_clearances_cleared_by"),
        sa.PrimaryKeyConstraint("sequence", name="pk_clearances"),
    )
    op.create_index("ix_clearances_cleared", "clearances", ["cleared"])
    op.create_table(
        "questions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("current_revision", sa.Text(), nullable=True),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["author"], ["people.id"], name="fk_questions_author"),
        sa.ForeignKeyConstraint(
            ["current_revision"],
            ["revisions.id"],
            name="fk_questions_current_revision",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
        sa.UniqueConstraint("number", name="uq_questions_number"),
    )
    op.create_index(
        "ix_questions_origin",
        "questions",
        ["origin"],
        unique=True,
        sqlite_where=sa.text("origin <> ''"),
        postgresql_where=sa.text("origin <> ''"),
    )
    op.create_index("ix_questions_stage", "questions", ["stage"])
    op.create_table(
        "sittings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("spent_s", sa.Float(), nullable=False),
        sa.Column("idle_s", sa.Float(), nullable=False),
        sa.Column("finished_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["plan"], ["plans.id"], name="fk_sittings_plan"),
        sa.ForeignKeyConstraint(["reader"], ["people.id"], name="fk_sittings_reader"),
        sa.PrimaryKeyConstraint("id", name="pk_sittings"),
    )
    op.create_table(
        "draft_bodies",
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name="fk_draft_bodies_question"),
        sa.PrimaryKeyConstraint("question", name="pk_draft_bodies"),
    )
    op.create_table(
        "draft_keys",
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name="fk_draft_keys_question"),
        sa.PrimaryKeyConstraint("question", name="pk_draft_keys"),
    )
    op.create_table(
        "label_records",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("assigned_by", sa.Text(), nullable=False),
        sa.Column("assigned_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_by"], ["people.id"], name="fk_label_records_assigned_by"
        ),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name="fk_label_records_question"),
        sa.PrimaryKeyConstraint("sequence", name="pk_label_records"),
    )
    op.create_index("ix_label_records_question", "label_records", ["question"])
    op.create_table(
        "library_lines",
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("image_count", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("has_open_draft", sa.Boolean(), nullable=False),
        sa.Column("verification_count", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name="fk_library_lines_question"),
        sa.PrimaryKeyConstraint("question", name="pk_library_lines"),
    )
    op.create_index("ix_library_lines_number", "library_lines", ["number"])
    op.create_index("ix_library_lines_stage_number", "library_lines", ["stage", "number"])
    op.create_table(
        "revisions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["author"], ["people.id"], name="fk_revisions_author"),
        sa.ForeignKeyConstraint(["parent"], ["revisions.id"], name="fk_revisions_parent"),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name="fk_revisions_question"),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
        sa.UniqueConstraint("question", "number", name="uq_revisions_question_number"),
    )
    op.create_table(
        "sources",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name="fk_sources_question"),
        sa.PrimaryKeyConstraint("sequence", name="pk_sources"),
    )
    op.create_index("ix_sources_question", "sources", ["question"])
    op.create_table(
        "stage_moves",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("start", sa.Text(), nullable=False),
        sa.Column("end", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_stage_moves_person"),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name="fk_stage_moves_question"),
        sa.PrimaryKeyConstraint("sequence", name="pk_stage_moves"),
    )
    op.create_index("ix_stage_moves_question", "stage_moves", ["question"])
    op.create_table(
        "answers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("respondent_kind", sa.Text(), nullable=False),
        sa.Column("respondent_id", sa.Text(), nullable=False),
        sa.Column("respondent_name", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("occasion_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.Text(), nullable=False),
        sa.Column("response", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("elapsed_s", sa.Float(), nullable=True),
        sa.Column("idle_s", sa.Float(), nullable=False),
        sa.Column("option_order", sa.Text(), nullable=False),
        sa.Column("raw_text", sa.Text(), nullable=False),
        sa.Column("reading_rule", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name="fk_answers_question"),
        sa.ForeignKeyConstraint(["revision"], ["revisions.id"], name="fk_answers_revision"),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
    )
    op.create_index("ix_answers_occasion_occasion_id", "answers", ["occasion", "occasion_id"])
    op.create_index("ix_answers_revision_occasion", "answers", ["revision", "occasion"])
    op.create_table(
        "blinding_approvals",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.Text(), nullable=False),
        sa.Column("similarity", sa.Float(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["people.id"], name="fk_blinding_approvals_approved_by"
        ),
        sa.ForeignKeyConstraint(
            ["question"], ["questions.id"], name="fk_blinding_approvals_question"
        ),
        sa.ForeignKeyConstraint(
            ["revision"], ["revisions.id"], name="fk_blinding_approvals_revision"
        ),
        sa.PrimaryKeyConstraint("sequence", name="pk_blinding_approvals"),
    )
    op.create_index("ix_blinding_approvals_question", "blinding_approvals", ["question"])
    op.create_table(
        "bodies",
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name="fk_bodies_question"),
        sa.ForeignKeyConstraint(["revision"], ["revisions.id"], name="fk_bodies_revision"),
        sa.PrimaryKeyConstraint("revision", name="pk_bodies"),
    )
    op.create_table(
        "revision_keys",
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["revision"], ["revisions.id"], name="fk_revision_keys_revision"),
        sa.PrimaryKeyConstraint("revision", name="pk_revision_keys"),
    )
    op.create_table(
        "adjudications",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("adjudicator", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["adjudicator"], ["people.id"], name="fk_adjudications_adjudicator"
        ),
        sa.ForeignKeyConstraint(["answer"], ["answers.id"], name="fk_adjudications_answer"),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name="fk_adjudications_question"),
        sa.ForeignKeyConstraint(["revision"], ["revisions.id"], name="fk_adjudications_revision"),
        sa.PrimaryKeyConstraint("sequence", name="pk_adjudications"),
    )
    op.create_table(
        "scores",
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("scorer", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["answer"], ["answers.id"], name="fk_scores_answer"),
        sa.PrimaryKeyConstraint("answer", "scorer", "version", name="pk_scores"),
    )
    op.create_table(
        "verifications",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("gates", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("verified_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["answer"], ["answers.id"], name="fk_verifications_answer"),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name="fk_verifications_question"),
        sa.ForeignKeyConstraint(["revision"], ["revisions.id"], name="fk_verifications_revision"),
        sa.ForeignKeyConstraint(["verifier"], ["people.id"], name="fk_verifications_verifier"),
        sa.PrimaryKeyConstraint("id", name="pk_verifications"),
    )
    op.create_index("ix_verifications_revision", "verifications", ["revision"])
    op.create_index("ix_verifications_verifier", "verifications", ["verifier"])
