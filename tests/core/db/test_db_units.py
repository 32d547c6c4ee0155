"""Units of work: all or nothing, one writer, and no way from a blind one to a key."""

import sqlite3
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from core.db.database import BlindDatabase, Database
from core.domain.audit import first_broken_link
from core.domain.backup import BackupReason
from core.domain.ids import RevisionId
from core.domain.source import Source
from core.services import blind_ports, ports
from tests.factories import make_draft, make_person, ticking_clock
from tests.stored import store_question

SECRET = "Only the key says this."


def members(protocol: type) -> set[str]:
    return {name for name in vars(protocol) if not name.startswith("_")}


class InterruptedWorkError(Exception):
    """Something that goes wrong in the middle of a unit of work."""


def add_and_fail(opened: Database | BlindDatabase) -> None:
    with opened.write() as tx:
        tx.people.add(make_person("Never stored"))
        tx.audit.append(person="p", action="test.done", subject="s")
        raise InterruptedWorkError


def test_an_error_inside_undoes_the_whole_unit(database: Database) -> None:
    with pytest.raises(InterruptedWorkError):
        add_and_fail(database)

    with database.read() as tx:
        assert tx.people.all() == []
        assert tx.audit.all() == []


def test_a_blind_unit_has_what_its_port_says_and_nothing_that_leads_to_a_key(
    database: Database,
) -> None:
    open_names = members(blind_ports.BlindTransaction)
    secret_names = members(ports.Transaction)

    with database.blind().read() as tx:
        assert all(hasattr(tx, name) for name in open_names)
        assert not any(hasattr(tx, name) for name in secret_names)
    assert {"revisions", "drafts", "provenance", "verifications", "scores"} <= secret_names


def test_a_blind_unit_commits_like_any_other(database: Database) -> None:
    person = make_person()

    with database.blind().write() as tx:
        tx.people.add(person)
    with pytest.raises(InterruptedWorkError):
        add_and_fail(database.blind())

    with database.read() as tx:
        assert tx.people.all() == [person]


def test_no_table_that_a_blind_repository_reads_holds_the_key_or_the_source(
    database: Database, database_path: Path
) -> None:
    with database.write() as tx:
        stored = store_question(tx)
        key = replace(stored.revision.key, explanation=SECRET)
        tx.revisions.add(replace(stored.revision, id=RevisionId("r2"), number=2, key=key))
        draft = replace(make_draft(stored.question), key=key, source=Source(SECRET))
        tx.drafts.put(draft)
        tx.provenance.set_source(stored.question.id, Source(SECRET))

    holding = {name for name, text in dump(database_path) if SECRET in text}

    assert holding == {"revision_keys", "draft_keys", "sources"}


def dump(path: Path) -> Iterable[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as plain:
        tables = plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return [
            (name, str(plain.execute(f'SELECT * FROM "{name}"').fetchall()))  # names from SQLite
            for (name,) in tables
        ]


def test_a_reader_keeps_its_moment_while_a_writer_goes_on(database: Database) -> None:
    with database.read() as before:
        assert before.people.all() == []
        with database.write() as tx:
            tx.people.add(make_person())
        assert before.people.all() == []

    with database.read() as after:
        assert len(after.people.all()) == 1


def test_a_unit_of_work_inside_another_is_a_mistake_that_is_told_at_once(
    database: Database,
) -> None:
    with database.write(), pytest.raises(RuntimeError, match="already"), database.write():
        pass

    with database.write() as tx:
        tx.people.add(make_person())


def test_a_second_writer_waits_for_the_first_however_long_it_takes(database_path: Path) -> None:
    database = Database(database_path, ticking_clock(), busy_timeout_s=0.0)
    is_inside, has_ended = Event(), Event()

    def write_second() -> None:
        is_inside.wait()
        try:
            with database.write() as tx:
                tx.people.add(make_person("Demo Reader 2"))
        finally:
            has_ended.set()

    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(write_second)
        with database.write() as tx:
            tx.people.add(make_person("Demo Reader 1"))
            is_inside.set()
            assert not has_ended.wait(0.2)
        second.result()

    with database.read() as tx:
        assert len(tx.people.all()) == 2
    database.close()


def test_many_threads_write_and_read_at_once_without_losing_anything(
    database_path: Path,
) -> None:
    database = Database(database_path, ticking_clock())
    done = Event()

    def write(number: int) -> None:
        for turn in range(10):
            with database.write() as tx:
                tx.people.add(make_person(f"Demo Reader {number}-{turn}"))
                tx.audit.append(person="p", action="person.added", subject=f"{number}-{turn}")

    def read() -> None:
        while not done.is_set():
            with database.read() as tx:
                people, events = tx.people.all(), tx.audit.all()
            assert len(people) == len(events)
            assert first_broken_link(events) is None

    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        writers = [pool.submit(write, number) for number in range(5)]
        for one in writers:
            one.result()
        done.set()
        for one in readers:
            one.result()

    with database.read() as tx:
        assert len(tx.people.all()) == 50
        assert first_broken_link(tx.audit.all()) is None
    database.close()


def test_a_closed_database_leaves_one_whole_file(database: Database, database_path: Path) -> None:
    with database.write() as tx:
        tx.people.add(make_person())

    database.close()

    assert [one.name for one in database_path.parent.iterdir()] == [database_path.name]


def test_a_backup_is_a_whole_file_even_while_somebody_writes(
    database: Database, tmp_path: Path
) -> None:
    with database.write() as tx:
        tx.people.add(make_person())
    with database.write() as tx:
        tx.people.add(make_person("Not yet stored"))
        copy = database.back_up(tmp_path / "backups", BackupReason.BY_HAND)

    restored = Database(copy, ticking_clock())
    with restored.read() as tx:
        assert [one.name for one in tx.people.all()] == ["Demo Reader 1"]
    assert restored.damage() == []
    restored.close()
    facts = copy.with_suffix(".json")
    assert {one.name for one in copy.parent.iterdir()} == {copy.name, facts.name}


def test_backups_of_one_moment_have_different_names(database_path: Path, tmp_path: Path) -> None:
    database = Database(database_path, ticking_clock(step_s=0))

    copies = {database.back_up(tmp_path / "backups", BackupReason.BY_HAND) for _ in range(3)}
    database.close()

    assert len(copies) == 3
