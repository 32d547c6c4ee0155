"""Judges, their gradings and those of physicians."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    """Add the four tables."""
    op.create_table(
        "judges",
        _text("id"),
        _text("spec"),
        _text("spec_hash"),
        _text("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_judges"),
        sa.UniqueConstraint("spec_hash", name="uq_judges_spec_hash"),
    )
    op.create_table(
        "judge_decisions",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        *(_text(name) for name in ("judge", "person", "verdict", "figures", "decided_at")),
        sa.ForeignKeyConstraint(["judge"], ["judges.id"], name="fk_judge_decisions_judge"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_judge_decisions_person"),
        sa.PrimaryKeyConstraint("sequence", name="pk_judge_decisions"),
    )
    op.create_index("ix_judge_decisions_judge", "judge_decisions", ["judge"])
    op.create_table(
        "grading_samples",
        _text("id"),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        *(_text(name) for name in ("answers", "created_by", "created_at")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name="fk_grading_samples_created_by"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_grading_samples"),
    )
    _create_gradings()


def _create_gradings() -> None:
    op.create_table(
        "gradings",
        _text("id"),
        _text("answer"),
        sa.Column("judge", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        *(_text(name) for name in ("turn", "state", "rubric", "graded_at", "met")),
        *(_text(name) for name in ("raw_text", "comment", "request_hash", "details")),
        sa.ForeignKeyConstraint(["answer"], ["answers.id"], name="fk_gradings_answer"),
        sa.ForeignKeyConstraint(["judge"], ["judges.id"], name="fk_gradings_judge"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_gradings_person"),
        sa.PrimaryKeyConstraint("id", name="pk_gradings"),
    )
    op.create_index("ix_gradings_answer", "gradings", ["answer"])
    op.create_index("ix_gradings_judge", "gradings", ["judge"])
