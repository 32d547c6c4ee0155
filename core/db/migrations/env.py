"""Runs migrations on the connection that `core.db.schema` hands over."""

from alembic import context

from core.db.tables.all import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite changes a column by making the table anew
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
