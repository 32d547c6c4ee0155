"""A real workspace of schema 0002 keeps every row through each later migration, and works on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from core.db.schema import MIGRATIONS, SCHEMA_VERSION, schema_version
from core.domain.backup import BackupReason
from core.domain.stage import Stage
from core.workspace import Workspace, open_workspace
from tests.factories import ticking_clock

STORED = Path(__file__).parent.parent.parent / "data" / "schema_0002.sql"
LATER = [
    name
    for name in sorted(one.stem[:4] for one in (MIGRATIONS / "versions").glob("0*.py"))
    if name > "0002"
]
_VERSION = "alembic_version"

Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed workspace as the program with schema 0002 left it."""
    folder = tmp_path / "old.asclepius"
    for name in ("media", "backups"):
        (folder / name).mkdir(parents=True)
    with closing(sqlite3.connect(folder / "workspace.db")) as plain:
        plain.executescript(STORED.read_text(encoding="utf-8"))
    assert schema_version(folder / "workspace.db") == "0002"
    return folder


@pytest.fixture
def migrated(path: Path) -> Iterator[Workspace]:
    with open_workspace(path, clock=ticking_clock()) as workspace:
        yield workspace


def rows_of(database: Path, columns: dict[str, list[str]]) -> Rows:
    """Return these columns of all rows of these tables."""
    with closing(sqlite3.connect(database)) as plain:
        return {
            table: sorted(
                plain.execute(f'SELECT {", ".join(names)} FROM "{table}"').fetchall(), key=repr
            )
            for table, names in columns.items()
        }


def columns_of(database: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(database)) as plain:
        tables = [
            row[0] for row in plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {
            table: [f'"{row[1]}"' for row in plain.execute(f'PRAGMA table_info("{table}")')]
            for table in tables
            if table not in (_VERSION, "sqlite_sequence")
        }


def upgrade(database: Path, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(f"sqlite:///{database}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
    engine.dispose()


def test_the_stored_workspace_holds_some_of_everything(path: Path) -> None:
    found = rows_of(path / "workspace.db", columns_of(path / "workspace.db"))
    wanted = ("questions", "draft_bodies", "verifications", "answers", "plans", "sittings")
    more = ("stage_moves", "blinding_approvals", "label_records", "audit_events", "library_lines")
    assert all(found[table] for table in (*wanted, *more))


@pytest.mark.parametrize("version", LATER)
def test_each_later_schema_keeps_every_value_of_every_row(path: Path, version: str) -> None:
    database = path / "workspace.db"
    columns = columns_of(database)
    before = rows_of(database, columns)

    upgrade(database, version)

    assert rows_of(database, columns) == before
    with closing(sqlite3.connect(database)) as plain:
        assert plain.execute(f"SELECT version_num FROM {_VERSION}").fetchone() == (version,)
        assert plain.execute("PRAGMA foreign_key_check").fetchall() == []


def test_opening_migrates_after_a_backup_of_what_was_there(path: Path) -> None:
    before = rows_of(path / "workspace.db", columns_of(path / "workspace.db"))

    with open_workspace(path, clock=ticking_clock()) as workspace:
        (backup,) = workspace.backups.all()
        assert backup.reason is BackupReason.MIGRATION
        assert workspace.integrity.check().problems == ()

    assert schema_version(path / "workspace.db") == SCHEMA_VERSION
    copy = path / "backups" / backup.name
    assert schema_version(copy) == "0002"
    assert rows_of(copy, columns_of(copy)) == before


def test_a_backup_of_an_earlier_program_is_restored_and_brought_up_to_date(path: Path) -> None:
    with open_workspace(path, clock=ticking_clock()) as workspace:
        (backup,) = workspace.backups.all()
        lead = workspace.people.me().id
        before = [(one.id, one.stage) for one in workspace.authoring.library()]
        workspace.bin.delete([workspace.authoring.library(stage=Stage.DRAFT)[-1].id], lead)

        workspace.backups.restore(backup, lead)

        assert schema_version(path / "workspace.db") == SCHEMA_VERSION
        assert [(one.id, one.stage) for one in workspace.authoring.library()] == before
        assert workspace.integrity.check().problems == ()
        assert schema_version(path / "backups" / backup.name) == "0002"


def test_the_flag_of_changed_questions_is_what_the_program_derives(migrated: Workspace) -> None:
    before = migrated.authoring.library()
    with migrated._database.write() as tx:
        for line in before:
            tx.questions.update(tx.questions.get(line.id))
    after = migrated.authoring.library()

    assert [one.needs_reverification for one in after] == [
        one.needs_reverification for one in before
    ]
    assert [one.needs_reverification for one in before].count(True) == 1


def test_work_goes_on_where_it_stopped(migrated: Workspace) -> None:
    lead = migrated.people.me().id
    counts = migrated.authoring.stage_counts()
    assert (counts[Stage.VERIFIED], counts[Stage.RETIRED], counts[Stage.BLINDED]) == (1, 1, 1)
    drafts = migrated.authoring.library(stage=Stage.DRAFT)

    migrated.bin.delete([drafts[-1].id], lead)
    migrated.undo.undo(lead)
    blinded = migrated.authoring.library(stage=Stage.BLINDED)[0].id
    migrated.authoring.return_to_draft(blinded, lead, "Unclear.")

    assert migrated.analysis.agreement().verifier_count == 2
    assert migrated.integrity.check().problems == ()
