"""Changes of the schema, one file per version; kept as files, because alembic reads them so."""
