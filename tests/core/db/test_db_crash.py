"""A program that is killed while it writes leaves a whole database with all it had stored."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.db.connections import Connections
from core.db.database import Database
from core.domain.audit import first_broken_link
from tests.factories import ticking_clock

FULL = 2
WRITER = """
import sys
from pathlib import Path
from core.clock import system_clock
from core.db.database import Database
from tests.stored import store_question
database = Database(Path(sys.argv[1]), system_clock())
while True:
    with database.write() as tx:
        stored = store_question(tx)
        tx.audit.append(person="p", action="question.created", subject=stored.question.id)
    print(stored.question.id, flush=True)
"""


def kill_while_writing(path: Path, after: int) -> list[str]:
    """Kill a writer once it reported `after` ids as stored; return all that it reported."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert writer.stdout is not None
    with writer, writer.stdout as reports:
        read = [reports.readline() for _ in range(after)]
        writer.kill()  # wherever it is in the next unit of work
        read += reports.readlines()
    return [line.strip() for line in read]


@pytest.mark.parametrize("after", [1, 2, 5, 12, 30])
def test_nothing_reported_as_stored_is_lost(database_path: Path, after: int) -> None:
    reported = kill_while_writing(database_path, after)
    reported += kill_while_writing(database_path, after)

    database = Database(database_path, ticking_clock())
    assert database.damage() == []
    with database.read() as tx:
        stored = [line.id for line in tx.questions.summaries()]
        events = tx.audit.all()
        assert len(tx.revisions.current()) == len(stored)
    database.close()

    assert len(reported) >= 2 * after
    assert set(reported) <= set(stored)
    # At most one unit of each killed writer was stored but not yet reported.
    assert len(stored) - len(reported) <= 2
    assert [event.subject for event in events] == stored
    assert first_broken_link(events) is None


@pytest.mark.parametrize("share", [0.0, 0.2, 0.45, 0.7, 0.95, 0.999])
def test_a_journal_torn_by_a_lost_power_costs_the_last_units_and_damages_nothing(
    database_path: Path, tmp_path: Path, share: float
) -> None:
    reported = kill_while_writing(database_path, 8)
    torn = tmp_path / "torn.db"
    shutil.copy(database_path, torn)
    journal = database_path.with_name(f"{database_path.name}-wal").read_bytes()
    cut = int(len(journal) * share)
    # What never reached the disk is what happened to be there before.
    torn.with_name("torn.db-wal").write_bytes(journal[:cut] + os.urandom(len(journal) - cut))

    database = Database(torn, ticking_clock())
    assert database.damage() == []
    with database.read() as tx:
        stored = [line.id for line in tx.questions.summaries()]
        events = tx.audit.all()
    database.close()

    # The last unit may have been stored and not reported any more.
    assert stored[: len(reported)] == reported[: len(stored)]
    assert len(stored) <= len(reported)
    assert [event.subject for event in events] == stored
    assert first_broken_link(events) is None


def test_a_unit_counts_only_when_the_disk_has_it(database_path: Path) -> None:
    # No kill can show this: what a killed program wrote is in the memory of the system.
    connections = Connections(database_path)
    with connections.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == FULL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    connections.close()
