"""All tables together, for whoever makes, migrates, checks or copies a whole database."""

from core.db.tables import (  # noqa: F401 - each adds its tables to the one metadata
    answers,
    audit,
    judging,
    media,
    moves,
    people,
    questions,
    verifications,
)
from core.db.tables.base import METADATA

__all__ = ["METADATA"]
