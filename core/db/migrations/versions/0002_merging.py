"""What merging needs: moments and identities of appended rows, a second parent, foreign chains."""

import hashlib
import json
from collections import defaultdict
from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add columns and tables, and fill the columns from what is known."""
    _add_columns()
    _date_people()
    _date_sources()
    _chain_moves()
    _make_tables_anew()
    op.drop_index("ix_questions_origin", "questions")
    op.create_index(
        "ix_questions_origin",
        "questions",
        ["origin"],
        sqlite_where=sa.text("origin <> ''"),
        postgresql_where=sa.text("origin <> ''"),
    )
    _create_tables()


def _add_columns() -> None:
    for table, name in (
        ("people", "changed_at"),
        ("people", "profile_at"),
        ("revisions", "merged_parent"),
        ("sources", "set_at"),
        ("stage_moves", "id"),
        ("stage_moves", "previous"),
    ):
        op.add_column(table, sa.Column(name, sa.Text(), nullable=True))


def _make_tables_anew() -> None:
    for table, names in (
        ("people", ("changed_at", "profile_at")),
        ("sources", ("set_at",)),
        ("stage_moves", ("id", "previous")),
    ):
        with op.batch_alter_table(table, recreate="always") as batch:
            for name in names:
                batch.alter_column(name, existing_type=sa.Text(), nullable=False)
    with op.batch_alter_table("revisions", recreate="always") as batch:
        batch.create_foreign_key(
            "fk_revisions_merged_parent", "revisions", ["merged_parent"], ["id"]
        )
    with op.batch_alter_table("runs", recreate="always") as batch:
        batch.drop_constraint("uq_runs_spec_hash", type_="unique")
        batch.create_index("ix_runs_spec_hash", ["spec_hash"])


def _date_people() -> None:
    # The first record in the audit trail that could have been theirs; the same in every copy.
    op.execute(
        "UPDATE people SET changed_at = COALESCE((SELECT MAX(at) FROM audit_events"
        " WHERE subject = people.id AND action IN ('person.added', 'person.changed')),"
        " '1970-01-01T00:00:00.000000+00:00')"
    )
    op.execute("UPDATE people SET profile_at = changed_at")


def _date_sources() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT s.sequence, s.question, q.created_at FROM sources s"
            " JOIN questions q ON q.id = s.question ORDER BY s.sequence"
        )
    ).all()
    seen: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        seen[row.question] += 1
        moment = datetime.fromisoformat(row.created_at) + timedelta(microseconds=seen[row.question])
        connection.execute(
            sa.text("UPDATE sources SET set_at = :at WHERE sequence = :sequence"),
            {"at": moment.isoformat(timespec="microseconds"), "sequence": row.sequence},
        )


def _chain_moves() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT * FROM stage_moves ORDER BY sequence")).all()
    last: dict[str, str] = {}
    for row in rows:
        previous = last.get(row.question, "")
        facts = [row.question, row.start, row.end, row.person, row.moved_at, row.reason, previous]
        text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
        last[row.question] = hashlib.sha256(text.encode()).hexdigest()
        connection.execute(
            sa.text("UPDATE stage_moves SET id = :id, previous = :p WHERE sequence = :sequence"),
            {"id": last[row.question], "p": previous, "sequence": row.sequence},
        )


def _create_tables() -> None:
    op.create_table(
        "stage_bases",
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name="fk_stage_bases_question"),
        sa.PrimaryKeyConstraint("question", name="pk_stage_bases"),
    )
    op.create_table(
        "foreign_audit",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "hash", name="pk_foreign_audit"),
    )
    op.create_table(
        "waiting_records",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name="pk_waiting_records"),
    )
