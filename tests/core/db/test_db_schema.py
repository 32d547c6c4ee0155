"""The version of a file: recognised without alembic, migrated after a copy, refused if newer."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from core.db.database import Database
from core.db.schema import (
    MIGRATIONS,
    SCHEMA_VERSION,
    bring_up_to_date,
    create_schema,
    migrate,
    require_current,
    schema_version,
)
from core.errors import StorageError
from tests.factories import NOW, make_person, ticking_clock


def execute(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute(sql)


def definitions(path: Path) -> dict[str, list[str]]:
    """Return tables and indexes; the order of constraints and quotes say nothing."""
    with closing(sqlite3.connect(path)) as plain:
        rows = plain.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {
        name: sorted(line.strip(" ,\t").replace('"', "") for line in sql.splitlines())
        for name, sql in rows
        if name != "alembic_version"
    }


def make_oldest(path: Path) -> None:
    """Make a file in which alembic has run nothing yet."""
    execute(path, "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    execute(path, "CREATE TABLE diary (entry TEXT)")
    execute(path, "INSERT INTO diary VALUES ('kept')")


def test_a_new_file_equals_a_migrated_one(tmp_path: Path) -> None:
    create_schema(tmp_path / "new.db")
    migrate(tmp_path / "migrated.db")

    new, migrated = definitions(tmp_path / "new.db"), definitions(tmp_path / "migrated.db")

    assert len(new) > 30
    assert new == migrated


def test_the_known_version_is_that_of_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_heads() == [SCHEMA_VERSION]


def test_a_new_and_a_migrated_file_have_the_current_version(tmp_path: Path) -> None:
    create_schema(tmp_path / "new.db")
    migrate(tmp_path / "migrated.db")

    assert schema_version(tmp_path / "new.db") == SCHEMA_VERSION
    assert schema_version(tmp_path / "migrated.db") == SCHEMA_VERSION


def test_a_current_file_is_left_alone(database_path: Path, tmp_path: Path) -> None:
    assert bring_up_to_date(database_path, tmp_path / "backups", NOW) is None
    assert not (tmp_path / "backups").exists()


def test_an_older_file_is_copied_then_migrated(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    make_oldest(path)

    copy = bring_up_to_date(path, tmp_path / "backups", NOW)

    assert copy is not None
    assert copy.name == "workspace-20260105T090000Z-before-migration.db"
    assert schema_version(copy) == ""
    assert schema_version(path) == SCHEMA_VERSION
    database = Database(path, ticking_clock())
    with database.write() as tx:
        tx.people.add(make_person())
    database.close()
    with closing(sqlite3.connect(copy)) as plain:
        assert plain.execute("SELECT entry FROM diary").fetchall() == [("kept",)]


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    make_oldest(path)
    execute(path, "CREATE TABLE sittings (in_the_way TEXT)")
    before = definitions(path)

    with pytest.raises(StorageError):
        bring_up_to_date(path, tmp_path / "backups", NOW)

    assert definitions(path) == before
    assert schema_version(path) == ""
    assert len(list((tmp_path / "backups").glob("*.db"))) == 1


def test_a_file_of_a_newer_program_is_refused_and_left_untouched(
    database_path: Path, tmp_path: Path
) -> None:
    execute(database_path, "UPDATE alembic_version SET version_num = '0999'")
    before = database_path.read_bytes()

    with pytest.raises(StorageError, match="newer program") as caught:
        bring_up_to_date(database_path, tmp_path / "backups", NOW)
    with pytest.raises(StorageError, match="newer program"):
        require_current(database_path)

    assert "newest version" in caught.value.hint
    assert not (tmp_path / "backups").exists()

    assert database_path.read_bytes() == before


def test_an_older_file_cannot_be_opened_for_reading_only(tmp_path: Path) -> None:
    make_oldest(tmp_path / "workspace.db")

    with pytest.raises(StorageError, match="older program"):
        require_current(tmp_path / "workspace.db")


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    execute(tmp_path / "workspace.db", "CREATE TABLE cookies (name TEXT)")

    with pytest.raises(StorageError, match="not that of a workspace"):
        schema_version(tmp_path / "workspace.db")


def test_the_version_is_checked_without_alembic(database_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from core.db.schema import require_current; "
        "require_current(Path(sys.argv[1])); print('alembic' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(database_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )

    assert done.stdout.strip() == "False"
