"""What SQLite reports becomes a sentence; nothing stored reaches it."""

import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from core.db.database import Database
from core.db.schema import create_schema
from core.errors import ConflictError, CoreError, StorageError, ValidationError
from tests.factories import make_person, make_question, ticking_clock

PATIENT = "Jane Roe 1950-01-01"


@contextmanager
def full_disk() -> Iterator[None]:
    """Let SQLite believe that the file may not grow."""

    def limit(connection: sqlite3.Connection, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


def test_a_full_disk_is_told_and_nothing_stored_before_is_lost(database_path: Path) -> None:
    with full_disk():
        database = Database(database_path, ticking_clock())
        person = make_person()
        with database.write() as tx:
            tx.people.add(person)
        with pytest.raises(StorageError, match="disk is full") as caught, database.write() as tx:
            tx.people.add(make_person("x" * 1_000_000))
        with database.read() as tx:
            assert tx.people.all() == [person]
        assert database.damage() == []
        database.close()
    assert "Free some space" in caught.value.hint


def test_a_file_that_may_not_grow_is_told(database_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SMALL_FILES, str(database_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )

    assert "cannot be" in done.stdout
    assert "StorageError" in done.stdout


SMALL_FILES = """
import resource, signal, sys
from pathlib import Path
from core.db.database import Database
from core.errors import StorageError
from tests.factories import make_person, ticking_clock
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    with Database(Path(sys.argv[1]), ticking_clock()).write() as tx:
        tx.people.add(make_person("x" * 1_000_000))
except StorageError as error:
    print(type(error).__name__, error.sentence)
"""


def test_a_file_locked_by_another_program_is_told(database_path: Path) -> None:
    database = Database(database_path, ticking_clock(), busy_timeout_s=0.05)
    with closing(sqlite3.connect(database_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="written by somebody else"), database.write():
            pass
        other.execute("ROLLBACK")

    with database.write() as tx:
        tx.people.add(make_person())
    database.close()


def test_a_damaged_page_is_told(database_path: Path) -> None:
    database = Database(database_path, ticking_clock())
    with database.write() as tx:
        for number in range(200):
            tx.people.add(make_person(f"Demo Reader {number}"))
    database.close()
    with database_path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (os.path.getsize(database_path) - 4096))

    with pytest.raises(StorageError, match="damaged") as caught, database.read() as tx:
        tx.people.all()
    database.close()

    assert "--repair" in caught.value.hint


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    path.write_bytes(b"This is a letter, not a database. " * 400)
    database = Database(path, ticking_clock())

    with pytest.raises(StorageError, match="damaged"), database.read():
        pass
    database.close()


def test_a_missing_file_is_told_and_not_made(tmp_path: Path) -> None:
    database = Database(tmp_path / "workspace.db", ticking_clock())

    with pytest.raises(StorageError, match="cannot be opened"), database.read():
        pass
    database.close()

    assert list(tmp_path.iterdir()) == []


def test_reading_only_refuses_to_write(database_path: Path) -> None:
    database = Database(database_path, ticking_clock(), is_read_only=True)

    with pytest.raises(StorageError, match="reading only"), database.write():
        pass
    with database.read() as tx:
        assert tx.people.all() == []
    database.close()


def test_a_record_that_is_no_json_is_told(database: Database, database_path: Path) -> None:
    with database.write() as tx:
        tx.people.add(make_person())
    with closing(sqlite3.connect(database_path)) as plain, plain:
        plain.execute("UPDATE people SET roles = '['")

    with pytest.raises(StorageError, match="cannot be read"), database.read() as tx:
        tx.people.all()


def test_a_broken_character_is_told(database: Database) -> None:
    with pytest.raises(ValidationError, match="broken character"), database.write() as tx:
        tx.people.add(make_person("half of an emoji \ud83d"))


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def test_nothing_that_was_to_be_stored_is_in_an_error_or_a_log(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    author = replace(make_person(), name=PATIENT)
    question = make_question(author, origin=PATIENT)
    caplog.set_level(logging.DEBUG)

    def store_twice() -> None:
        with database.write() as tx:
            tx.people.add(author)
            tx.questions.add(question)
            tx.questions.add(question)

    with pytest.raises(ConflictError) as caught:
        store_twice()

    assert isinstance(caught.value, CoreError)
    assert not any(PATIENT in str(error) for error in chain(caught.value))
    assert PATIENT not in caplog.text


def test_a_schema_is_never_made_over_an_existing_one(database_path: Path) -> None:
    with pytest.raises(StorageError):
        create_schema(database_path)
