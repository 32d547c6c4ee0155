"""Emptying the bin leaves no row of a question behind, whatever tables there will be."""

import sqlite3
from contextlib import closing
from pathlib import Path

from core.db import bin as bin_repository
from core.db.tables.all import METADATA
from core.db.tables.questions import questions, revision_keys, revisions
from core.domain.people import Role
from core.workspace import create_workspace
from tests.factories import ticking_clock
from tests.study import Study

_HANDLED = {*bin_repository._OF_QUESTION, *bin_repository._ANSWERED, revisions, revision_keys}


def test_every_table_that_names_a_question_is_removed_or_keeps_it_from_going() -> None:
    naming = {
        table
        for table in METADATA.tables.values()
        if any(key.column.table in (questions, revisions) for key in table.foreign_keys)
    }

    assert naming - {questions} <= _HANDLED


def test_no_text_of_a_removed_question_stays_in_any_table(tmp_path: Path) -> None:
    path = tmp_path / "study.asclepius"
    with create_workspace(path, clock=ticking_clock()) as workspace:
        author = workspace.people.add("Demo Author", frozenset({Role.AUTHOR})).value
        lead = workspace.people.me()
        study = Study(workspace, lead, author, (lead, lead), lead)
        kept, gone = study.committed().question, study.committed().question
        draft = workspace.authoring.draft(gone)
        workspace.authoring.save_draft(draft, author.id, log=workspace.authoring.edit_log(draft))
        workspace.bin.delete([gone], lead.id)
        workspace.bin.empty(lead.id)

    with closing(sqlite3.connect(path / "workspace.db")) as plain:
        for table in METADATA.tables:
            rows = plain.execute(f'SELECT * FROM "{table}"').fetchall()
            names_it = [row for row in rows if gone in row]
            assert not names_it or table == "audit_events", table
        assert plain.execute("SELECT id FROM questions").fetchall() == [(kept,)]
        assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
