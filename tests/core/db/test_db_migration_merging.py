"""A workspace of schema 0001 gets what merging needs; two copies of it migrate alike."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from core.db.database import Database
from core.db.schema import MIGRATIONS, SCHEMA_VERSION, bring_up_to_date, schema_version
from core.domain.ids import QuestionId, RevisionId
from core.domain.merge import Step, last_step, step_id
from core.domain.package import RecordKind
from core.domain.stage import Stage
from core.services.logical_content import logical_content
from tests.factories import NOW, make_body, make_key, make_labels, ticking_clock

AT = "2026-01-05T09:00:00.000000+00:00"
QUESTIONS = 3


def make_0001(path: Path) -> None:
    """Make a file as the first program did: every table has rows."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as plain, plain:
        for table, row in rows():
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" for _ in row)
            plain.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))


def rows() -> Iterator[tuple[str, dict[str, object]]]:
    labels = json.dumps(sorted([one.axis, one.value] for one in make_labels()))
    body, key = json.dumps(make_body().to_plain()), json.dumps(make_key().to_plain())
    person = {"id": "p1", "name": "Demo Author", "roles": '["author","lead"]', "specialty": ""}
    yield "people", person | {"specialty_confidence": "{}"}
    yield (
        "media",
        {
            "id": "a" * 64,
            "file_name": "a.png",
            "media_type": "image/png",
            "size_bytes": 1,
            "width": 1,
            "height": 1,
            "frame_count": 1,
            "modality": "",
        },
    )
    for n in range(1, QUESTIONS + 1):
        question, revisions = f"q{n}", (f"r{n}a", f"r{n}b")
        yield (
            "questions",
            {
                "id": question,
                "number": n,
                "stage": "blinded",
                "author": "p1",
                "created_at": AT,
                "current_revision": None,
                "labels": labels,
                "origin": f"table:{n}",
            },
        )
        for number, name in enumerate(revisions, 1):
            yield (
                "revisions",
                {
                    "id": name,
                    "question": question,
                    "number": number,
                    "author": "p1",
                    "created_at": AT.replace("09:", f"{9 + number:02}:"),
                    "reason": "",
                    "parent": revisions[0] if number == 2 else None,
                },
            )
            yield "bodies", {"revision": name, "question": question, "content": body}
            yield "revision_keys", {"revision": name, "content": key}
        for text in ("Old.", "New."):
            source = json.dumps({"citation": "", "rights": "", "text": text})
            yield "sources", {"question": question, "content": source}
        steps = (("draft", "blinded"), ("blinded", "draft"), ("draft", "blinded"))
        for start, end in steps:
            yield (
                "stage_moves",
                {
                    "question": question,
                    "start": start,
                    "end": end,
                    "person": "p1",
                    "moved_at": AT,  # a clock that stood still
                    "reason": "Why.",
                },
            )
    yield (
        "runs",
        {
            "id": "run1",
            "spec": "{}",
            "spec_hash": "0" * 64,
            "status": "planned",
            "created_at": AT,
            "finished_at": None,
        },
    )


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "workspace.db"
    make_0001(path)
    copy = bring_up_to_date(path, tmp_path / "backups", NOW)
    assert copy is not None
    assert (schema_version(copy), schema_version(path)) == ("0001", SCHEMA_VERSION)
    database = Database(path, ticking_clock())
    yield database
    database.close()


def test_everything_is_still_there(migrated: Database) -> None:
    with migrated.read() as tx:
        assert len(tx.revisions.of_question(QuestionId("q1"))) == 2
        assert tx.revisions.get(RevisionId("r1b")).parent == "r1a"
        assert tx.provenance.source(QuestionId("q2")).text == "New."
        assert [one.end for one in tx.stage_moves.of_question(QuestionId("q3"))] == [
            Stage.BLINDED,
            Stage.DRAFT,
            Stage.BLINDED,
        ]
        assert tx.people.all()[0].name == "Demo Author"
        found = tx.questions.by_origin("table:2")
        assert found is not None
        assert found.number == 2
    assert migrated.damage() == []


def test_steps_are_chained_in_the_order_in_which_they_were_taken(migrated: Database) -> None:
    with migrated.read() as tx:
        steps = tx.records.steps(["q1"])["q1"]
        moves = tx.records.of(RecordKind.STAGE_MOVE, "question", ["q1"])

    assert all(one.data["id"] == step_id(one.data) for one in moves)
    last = last_step(steps)
    assert isinstance(last, Step)
    assert last.end is Stage.BLINDED
    assert len({one.previous for one in steps}) == 3


def test_a_step_after_the_migration_follows_the_last_one(migrated: Database) -> None:
    from core.domain.ids import PersonId
    from core.domain.stage import StageMove

    with migrated.write() as tx:
        before = last_step(tx.records.steps(["q1"])["q1"])
        tx.stage_moves.add(
            StageMove(QuestionId("q1"), Stage.BLINDED, Stage.DRAFT, PersonId("p1"), NOW, "Again.")
        )
        after = last_step(tx.records.steps(["q1"])["q1"])

    assert before is not None
    assert after is not None
    assert after.previous == before.id


def test_two_copies_of_one_workspace_migrate_to_equal_content(tmp_path: Path) -> None:
    first, second = tmp_path / "one.db", tmp_path / "two.db"
    make_0001(first)
    shutil.copy(first, second)
    contents = []
    for path in (first, second):
        bring_up_to_date(path, tmp_path / "backups", NOW)
        database = Database(path, ticking_clock())
        with database.read() as tx:
            contents.append(logical_content(tx))
        database.close()

    assert contents[0] == contents[1]
    assert contents[0].count(b'"stage_move"') == 3 * QUESTIONS
