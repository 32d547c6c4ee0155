"""Makes `schema_0002.sql`: a small study as the program with schema 0002 stored it.

Run it by hand from the root of the repository: `python -m tests.data.make_schema_0002`.
"""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from core.db.schema import MIGRATIONS
from core.domain.body import AnswerFormat
from core.domain.people import Role
from core.domain.verification import Verdict
from core.services.baseline import PlanRequest
from core.workspace import Workspace, create_workspace
from tests.factories import ticking_clock
from tests.packages_study import read_all
from tests.study import Study

TARGET = Path(__file__).with_name("schema_0002.sql")
VERSION = "0002"


def fill(workspace: Workspace) -> None:
    """Do some of everything: each stage, an open draft, changed content, a sitting."""
    people = workspace.people
    study = Study(
        workspace,
        people.me(),
        people.add("Demo Author", frozenset({Role.AUTHOR})).value,
        (
            people.add("Demo Verifier 1", frozenset({Role.VERIFIER})).value,
            people.add("Demo Verifier 2", frozenset({Role.VERIFIER})).value,
        ),
        people.add("Demo Reader 1", frozenset({Role.READER})).value,
    )
    verified, changed, retired = (study.blinded() for _ in range(3))
    for verifier in study.verifiers:
        study.verify(verified, verifier)
    workspace.adjudication.accept([verified], study.lead.id)
    study.verify(changed, study.verifiers[0], Verdict.REVISE)
    workspace.authoring.return_to_draft(changed, study.lead.id, "The stem needs an age.")
    draft = workspace.authoring.draft(changed)
    better = replace(draft, body=replace(draft.body, stem="What does it show at 60 years?"))
    workspace.authoring.save_draft(better, study.author.id)
    workspace.authoring.commit(changed, study.author.id)
    workspace.authoring.retire(retired, study.lead.id, "Out of date.")
    study.blinded()
    study.committed(AnswerFormat.REPORT)
    study.drafted(AnswerFormat.NUMERIC)
    workspace.baseline.make_plan(PlanRequest("Plan", 7, (study.reader.id,)), study.lead.id)
    people.set_me(study.reader.id)
    read_all(workspace)
    people.set_me(study.lead.id)


def main() -> None:
    """Write the rows that schema 0002 knows, as SQL."""
    with TemporaryDirectory() as name:
        with create_workspace(Path(name) / "new.asclepius", clock=ticking_clock()) as workspace:
            fill(workspace)
        old = Path(name) / "old.db"
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        engine = create_engine(f"sqlite:///{old}")
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, VERSION)
        engine.dispose()
        with closing(sqlite3.connect(old)) as plain:
            plain.execute("ATTACH ? AS new", (str(Path(name) / "new.asclepius" / "workspace.db"),))
            for (table,) in plain.execute(
                "SELECT name FROM main.sqlite_master WHERE type = 'table'"
                " AND name NOT IN ('alembic_version', 'sqlite_sequence')"
            ).fetchall():
                columns = ", ".join(
                    f'"{row[1]}"' for row in plain.execute(f'PRAGMA main.table_info("{table}")')
                )
                plain.execute(
                    f'INSERT INTO main."{table}" ({columns}) SELECT {columns} FROM new."{table}"'
                )
            plain.commit()
            TARGET.write_text("\n".join(plain.iterdump()) + "\n", encoding="utf-8")
    print(TARGET, TARGET.stat().st_size)


if __name__ == "__main__":
    main()
