"""The tables of people, what they entered last, and settings."""

from sqlalchemy import Column, Table, Text

from core.db.tables.base import (
    METADATA,
    id_column,
    moment_column,
    number_column,
    plain_column,
    text_column,
)

people = Table(
    "people",
    METADATA,
    id_column(),
    text_column("name"),
    plain_column("roles"),
    text_column("specialty"),
    number_column("years_in_practice", is_nullable=True),
    plain_column("specialty_confidence"),
    # When name and roles, and when the rest, were last said; the newest counts in a merge.
    moment_column("changed_at"),
    moment_column("profile_at"),
)

settings = Table(
    "settings",
    METADATA,
    Column("name", Text, primary_key=True, nullable=False),
    text_column("value"),
)

# What a person entered and has not submitted yet.
journal = Table(
    "journal",
    METADATA,
    Column("person", Text, primary_key=True, nullable=False),
    Column("place", Text, primary_key=True, nullable=False),
    Column("record", Text, primary_key=True, nullable=False),
    plain_column("content"),
    moment_column("written_at"),
)
