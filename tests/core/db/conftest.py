"""A real SQLite database for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.db.database import Database
from core.db.schema import create_schema
from tests.factories import ticking_clock


@pytest.fixture
def database_path(tmp_path: Path) -> Path:
    path = tmp_path / "workspace.db"
    create_schema(path)
    return path


@pytest.fixture
def database(database_path: Path) -> Iterator[Database]:
    opened = Database(database_path, ticking_clock())
    yield opened
    opened.close()
