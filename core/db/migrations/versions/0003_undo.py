"""Unsent input, steps of writing, decisions that can be taken back, the re-verification flag."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the tables and the flag, and derive the flag from what is known."""
    op.create_table(
        "journal",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("written_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person", "place", "record", name="pk_journal"),
    )
    op.create_table(
        "edit_steps",
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("is_undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name="fk_edit_steps_question"),
        sa.PrimaryKeyConstraint("question", "number", name="pk_edit_steps"),
    )
    op.create_table(
        "decisions",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("moves", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_decisions_person"),
        sa.PrimaryKeyConstraint("sequence", name="pk_decisions"),
        sa.UniqueConstraint("id", name="uq_decisions_id"),
    )
    op.create_index("ix_decisions_person_state", "decisions", ["person", "state"])
    _flag_changed()


def _flag_changed() -> None:
    op.add_column("library_lines", sa.Column("needs_reverification", sa.Boolean(), nullable=True))
    op.execute(
        "UPDATE library_lines SET needs_reverification ="
        " (verification_count < 2 AND EXISTS (SELECT 1 FROM verifications v, questions q"
        " WHERE q.id = library_lines.question AND v.question = q.id"
        " AND v.revision <> COALESCE(q.current_revision, '')))"
        " OR (has_open_draft AND EXISTS (SELECT 1 FROM verifications v"
        " WHERE v.question = library_lines.question))"
    )
    with op.batch_alter_table("library_lines", recreate="always") as batch:
        batch.alter_column("needs_reverification", existing_type=sa.Boolean(), nullable=False)
