"""Looks for damage that only the database itself can see."""

from sqlalchemy import Connection, Table, select

from core.db.tables import bodies, questions, revision_keys, revisions


def find_damage(connection: Connection) -> list[tuple[str, str]]:
    """Return what is wrong, as (where, sentence) pairs."""
    found = [
        ("database", f"SQLite reports: {row[0]}.")
        for row in connection.exec_driver_sql("PRAGMA integrity_check")
        if row[0] != "ok"
    ]
    found += [
        (f"table {table}", f"Row {row} refers to something in “{parent}” that does not exist.")
        for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check")
    ]
    for table, what in ((bodies, "body"), (revision_keys, "key")):
        found += [
            (f"question {number}", f"Its revision {revision} has no {what}.")
            for number, revision in _revisions_without(connection, table)
        ]
    return found


def _revisions_without(connection: Connection, table: Table) -> list[tuple[int, int]]:
    rows = connection.execute(
        select(questions.c.number, revisions.c.number)
        .join(questions, questions.c.id == revisions.c.question)
        .outerjoin(table, table.c.revision == revisions.c.id)
        .where(table.c.revision.is_(None))
        .order_by(questions.c.number, revisions.c.number)
    )
    return [(question, revision) for question, revision in rows]
