"""What all tables share: their one metadata, and columns of the kinds that they have."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    Text,
)

from core.db.columns import PlainText, UtcText

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def text_column(name: str, *, is_nullable: bool = False) -> Column[str]:
    """Return a column of text."""
    return Column(name, Text, nullable=is_nullable)


def number_column(name: str, *, is_nullable: bool = False) -> Column[int]:
    """Return a column of whole numbers."""
    return Column(name, Integer, nullable=is_nullable)


def big_column(name: str) -> Column[int]:
    """Return a column of whole numbers of 64 bits."""
    return Column(name, BigInteger, nullable=False)


def seconds_column(name: str, *, is_nullable: bool = False) -> Column[float]:
    """Return a column of seconds."""
    return Column(name, Float, nullable=is_nullable)


# Any: UtcText gives datetimes
def moment_column(name: str, *, is_nullable: bool = False) -> Column[Any]:
    """Return a column of UTC moments."""
    return Column(name, UtcText, nullable=is_nullable)


def plain_column(name: str, *, is_nullable: bool = False) -> Column[Any]:  # any JSON value
    """Return a column of any JSON value."""
    return Column(name, PlainText, nullable=is_nullable)


def id_column() -> Column[str]:
    """Return the column that identifies a record."""
    return Column("id", Text, primary_key=True, nullable=False)


def sequence_column() -> Column[int]:
    """Return a column that counts the rows as they come."""
    return Column("sequence", Integer, primary_key=True, autoincrement=True)


def reference_column(name: str, target: str, *, is_key: bool = False) -> Column[str]:
    """Return a column that names a record of another table."""
    return Column(name, Text, ForeignKey(f"{target}.id"), primary_key=is_key, nullable=False)
