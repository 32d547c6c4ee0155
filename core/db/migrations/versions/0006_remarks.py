"""Readers flag questions and comment on them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_NAMED = (
    ("question", "questions"),
    ("revision", "revisions"),
    ("sitting", "sittings"),
    ("reader", "people"),
)


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "remarks",
        sa.Column("id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name, _ in _NAMED),
        sa.Column("noted_at", sa.Text(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=f"fk_remarks_{name}")
            for name, table in _NAMED
        ),
        sa.PrimaryKeyConstraint("id", name="pk_remarks"),
    )
    op.create_index("ix_remarks_question", "remarks", ["question"])
    op.create_index("ix_remarks_sitting", "remarks", ["sitting"])
