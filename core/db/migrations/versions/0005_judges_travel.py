"""Two people may have set up the same judge; both come together in one workspace."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Let a specification be there twice, as with runs."""
    with op.batch_alter_table("judges", recreate="always") as batch:
        batch.drop_constraint("uq_judges_spec_hash", type_="unique")
        batch.create_index("ix_judges_spec_hash", ["spec_hash"])
