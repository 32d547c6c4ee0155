"""The tables of audit trails, and of records that wait for others."""

from sqlalchemy import Column, Integer, Table, Text

from core.db.tables.base import METADATA, moment_column, number_column, plain_column, text_column

audit_events = Table(
    "audit_events",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    moment_column("at"),
    text_column("person"),
    text_column("action"),
    text_column("subject"),
    text_column("content"),
    text_column("previous"),
    text_column("hash"),
)

# Chains of other workspaces, kept beside our own and verifiable.
foreign_audit = Table(
    "foreign_audit",
    METADATA,
    Column("workspace", Text, primary_key=True, nullable=False),
    Column("hash", Text, primary_key=True, nullable=False),
    number_column("sequence"),
    moment_column("at"),
    text_column("person"),
    text_column("action"),
    text_column("subject"),
    text_column("content"),
    text_column("previous"),
)

# Records of packages that name something which has not arrived yet.
waiting_records = Table(
    "waiting_records",
    METADATA,
    Column("kind", Text, primary_key=True, nullable=False),
    Column("id", Text, primary_key=True, nullable=False),
    plain_column("content"),
)
