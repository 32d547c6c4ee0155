"""Backups of one workspace: listed, taken, compared with what is stored now, put back."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from core.clock import Clock
from core.db.audit import AuditRepository
from core.db.backups import FACTS_SUFFIX, back_up, facts_problem, read_backup
from core.db.connections import Connections
from core.db.failures import storage_failures
from core.db.files import sha256_of_file
from core.db.schema import SCHEMA_VERSION, migrate, schema_version
from core.domain.backup import Backup, BackupReason, RecordChange
from core.domain.ids import MediaId
from core.errors import ConflictError, NotFoundError, StorageError

_PATIENCE: Final = 3
_NUMBER: Final = "(SELECT number FROM {db}.questions WHERE id = {question})"
# Kind, and what of it is compared: its identity, its question, its content.
_COMPARED: Final = (
    ("questions", "SELECT id, id AS question, stage, labels, current_revision FROM {db}.questions"),
    (
        "drafts",
        "SELECT b.question AS id, b.question, b.content, b.labels, k.content, k.source"
        " FROM {db}.draft_bodies b JOIN {db}.draft_keys k ON k.question = b.question",
    ),
    (
        "revisions",
        "SELECT r.id, r.question, r.reason, b.content, k.content FROM {db}.revisions r"
        " LEFT JOIN {db}.bodies b ON b.revision = r.id"
        " LEFT JOIN {db}.revision_keys k ON k.revision = r.id",
    ),
    ("answers", "SELECT id, question, state, response, raw_text, option_order FROM {db}.answers"),
    ("verifications", "SELECT id, question, gates, verdict, comment FROM {db}.verifications"),
    (
        "decisions",
        "SELECT revision || decided_at AS id, question, verdict, reason FROM {db}.adjudications",
    ),
    ("people", "SELECT id, NULL AS question, name, roles, specialty FROM {db}.people"),
    ("images", "SELECT id, NULL AS question, file_name FROM {db}.media"),
    ("reading plans", "SELECT id, NULL AS question, name, revisions, rules FROM {db}.plans"),
    ("sittings", "SELECT id, NULL AS question, position, finished_at FROM {db}.sittings"),
    ("runs", "SELECT id, NULL AS question, status, finished_at FROM {db}.runs"),
)

# What, and which of its columns never change: its identity first, then its question.
_UNCHANGING: Final = (
    ("Revision", "revisions", "id", "question, author, created_at, reason, parent"),
    ("The body of revision", "bodies", "revision", "question, content"),
    ("The key of revision", "revision_keys", "revision", "NULL, content"),
    (
        "Answer",
        "answers",
        "id",
        "question, revision, respondent_kind, respondent_id, respondent_name, occasion,"
        " occasion_id, state, answered_at, response, confidence, elapsed_s, idle_s, option_order,"
        " raw_text, reading_rule, details",
    ),
    (
        "Verification",
        "verifications",
        "id",
        "question, revision, verifier, answer, gates, verdict, comment, verified_at",
    ),
    ("Reading plan", "plans", "id", "NULL, name, seed, revisions, readers, rules, created_at"),
    ("Source", "sources", "sequence", "question, content"),
    ("Label record", "label_records", "sequence", "question, labels, assigned_by, assigned_at"),
    (
        "Approval of blinding",
        "blinding_approvals",
        "sequence",
        "question, revision, approved_by, approved_at, similarity, notes, override_reason",
    ),
    (
        "Decision",
        "adjudications",
        "sequence",
        "question, revision, adjudicator, answer, verdict, reason, decided_at",
    ),
    (
        "Clearance",
        "clearances",
        "sequence",
        "NULL, original, cleared, cleared_by, cleared_at, blackouts, findings",
    ),
)


class BackupFolder:
    """The folder `folder` with backups of the file `database`."""

    def __init__(self, database: Path, folder: Path, clock: Clock) -> None:
        self._database = database
        self._folder = folder
        self._clock = clock

    def all(self) -> list[Backup]:
        """Return all backups, newest first."""
        found = [read_backup(file) for file in self._folder.glob("*.db") if file.is_file()]
        return sorted(found, key=lambda one: (one.taken_at, one.name), reverse=True)

    def take(self, reason: BackupReason, *, note: str = "") -> Backup:
        """Copy the database as it is at this moment."""
        connections = Connections(self._database, is_read_only=True)
        try:
            file = back_up(connections, self._folder, self._clock.now(), reason=reason, note=note)
        finally:
            connections.close()
        return read_backup(file)

    def remove(self, backup: Backup) -> None:
        """Delete a backup."""
        file = self.file(backup)
        try:
            file.unlink(missing_ok=True)
            file.with_suffix(FACTS_SUFFIX).unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(
                f"The backup {backup.name} could not be removed: {error.strerror or error}."
            ) from error

    def file(self, backup: Backup) -> Path:
        """Return the file of a backup; raise `NotFoundError` when it is gone."""
        file = self._folder / Path(backup.name).name
        if not file.is_file():
            raise NotFoundError(
                f"There is no backup {backup.name}.", hint="List the backups again."
            )
        return file

    def problem(self, backup: Backup) -> str:
        """Return a sentence on what is wrong with a backup, or an empty string."""
        file = self.file(backup)
        try:
            beside = facts_problem(file)
            if beside:
                return beside
            if sha256_of_file(file) != backup.sha256:
                return f"The backup {backup.name} is damaged: its bytes have changed."
        except OSError as error:
            return f"The backup {backup.name} cannot be read: {error.strerror or error}."
        return ""

    def lineage(self) -> Backup | None:
        """Return the newest whole backup that the audit trail of now goes on from.

        After a restore the newest backups hold a course of events that was given up.
        """
        with storage_failures(self._database), closing(_read_only(self._database)) as plain:
            sql = "SELECT sequence, hash FROM audit_events"
            events = {int(sequence): str(own) for sequence, own in plain.execute(sql)}
        for backup in self.all():
            if backup.sha256 and not self.problem(backup) and self._ends_in(backup, events):
                return backup
        return None

    def contradictions(self) -> list[tuple[str, str]]:
        """Return records that never change and yet differ from the newest backup, with where."""
        backup = self.lineage()
        if backup is None or schema_version(self.file(backup)) != SCHEMA_VERSION:
            return []
        with self._side_by_side(self.file(backup)) as plain:
            return [found for kind in _UNCHANGING for found in _changed(plain, *kind)]

    def _ends_in(self, backup: Backup, events: dict[int, str]) -> bool:
        with closing(_read_only(self.file(backup))) as plain:
            last = plain.execute(
                "SELECT sequence, hash FROM audit_events ORDER BY sequence DESC LIMIT 1"
            ).fetchone()
        return last is None or events.get(last[0]) == last[1]

    def compare(self, backup: Backup) -> tuple[RecordChange, ...]:
        """Return what of each kind restoring would change."""
        with self._side_by_side(self.file(backup)) as plain:
            return tuple(_change(plain, kind, sql) for kind, sql in _COMPARED)

    def media(self, backup: Backup) -> frozenset[MediaId]:
        """Return the images that a backup names."""
        file = self.file(backup)
        with storage_failures(file), closing(_read_only(file)) as plain:
            return frozenset(MediaId(one) for (one,) in plain.execute("SELECT id FROM media"))

    def put_back(self, backup: Backup, *, person: str) -> Backup:
        """Make the database, in one step, what it was; return a backup of what it was before.

        An older schema is brought up to date first. The audit trail goes on from where it was
        then, with one event that names what was replaced.
        """
        live = Connections(self._database)
        try:
            for _ in range(_PATIENCE):
                with self._prepared(backup) as aside, self._watched() as is_changed:
                    before = self.take(BackupReason.RESTORE, note=f"Restoring {backup.name}")
                    self._append_event(aside, person, backup.name, before.sha256)
                    # What was written meanwhile is not in the backup: it must not be replaced.
                    if not is_changed():
                        live.copy_from(aside)
                        return before
                self.remove(before)
        finally:
            live.close()
        raise ConflictError(
            "The workspace is being written to all the time, so nothing was restored.",
            hint="Stop what is running, then restore again.",
        )

    def _append_event(self, aside: Path, person: str, name: str, replaced: str) -> None:
        connections = Connections(aside)
        try:
            with connections.writing() as connection:
                AuditRepository(connection, self._clock.now).append(
                    person=person, action="workspace.restored", subject=name, content=replaced
                )
        finally:
            connections.close()

    @contextmanager
    def _watched(self) -> Iterator[Callable[[], bool]]:
        address = f"{self._database.absolute().as_uri()}?mode=ro"
        with storage_failures(self._database), closing(sqlite3.connect(address, uri=True)) as plain:

            def version() -> int:
                return int(plain.execute("PRAGMA data_version").fetchone()[0])

            before = version()
            yield lambda: version() != before

    @contextmanager
    def _prepared(self, backup: Backup) -> Iterator[Path]:
        aside = self._folder / f"{Path(backup.name).stem}.restoring"
        source = self.file(backup)
        try:
            shutil.copyfile(source, aside)
            if schema_version(aside) != schema_version(self._database):
                migrate(aside)
            yield aside
        except OSError as error:
            raise StorageError(
                f"The backup {backup.name} could not be restored: {error.strerror or error}.",
                hint="Nothing was changed. Check the free space, then try again.",
            ) from error
        finally:
            for ending in ("", "-wal", "-shm"):
                aside.with_name(aside.name + ending).unlink(missing_ok=True)

    @contextmanager
    def _side_by_side(self, file: Path) -> Iterator[sqlite3.Connection]:
        schema_version(file)
        address = f"{self._database.absolute().as_uri()}?mode=ro"
        with storage_failures(self._database), closing(sqlite3.connect(address, uri=True)) as plain:
            plain.execute("ATTACH DATABASE ? AS then_", (_immutable(file),))
            plain.execute("BEGIN")
            yield plain


def _change(plain: sqlite3.Connection, kind: str, sql: str) -> RecordChange:
    now, then = sql.format(db="main"), sql.format(db="then_")
    back = _only_in(plain, then, now, "then_")
    gone = _only_in(plain, now, then, "main")
    changed = (
        f"SELECT id, question FROM (SELECT * FROM ({then}) EXCEPT SELECT * FROM ({now}))"
        f" WHERE id IN (SELECT id FROM ({now}))"
    )
    different = _with_numbers(plain, changed, "main")
    return RecordChange(
        kind,
        len(back),
        len(gone),
        len(different),
        _numbers(back),
        _numbers(gone),
        _numbers(different),
    )


def _changed(
    plain: sqlite3.Connection, what: str, table: str, identity: str, columns: str
) -> Iterator[tuple[str, str]]:
    number = _NUMBER.format(db="main", question="?")
    select = f"SELECT {identity} AS id, {columns} FROM {{db}}.{table}"
    question = columns.partition(",")[0]
    then = f"SELECT {identity} AS id, {question} AS about FROM then_.{table}"
    sql = f"{select.format(db='main')} EXCEPT {select.format(db='then_')}"
    for row in plain.execute(sql).fetchall():
        is_old = f"SELECT 1 FROM ({then}) WHERE id = ? AND about IS ?"
        if plain.execute(is_old, row[:2]).fetchone() is None:
            continue  # it came later
        found = plain.execute(f"SELECT {number}", [row[1]]).fetchone()
        where = f"question {found[0]}" if found[0] is not None else f"table {table}"
        yield where, f"{what} {str(row[0])[:13]} differs from what the newest backup holds."


def _only_in(plain: sqlite3.Connection, here: str, there: str, db: str) -> list[int | None]:
    sql = f"SELECT id, question FROM ({here}) WHERE id NOT IN (SELECT id FROM ({there}))"
    return _with_numbers(plain, sql, db)


def _with_numbers(plain: sqlite3.Connection, sql: str, db: str) -> list[int | None]:
    number = _NUMBER.format(db=db, question="found.question")
    return [row[0] for row in plain.execute(f"SELECT {number} FROM ({sql}) AS found")]


def _numbers(found: list[int | None]) -> tuple[int, ...]:
    return tuple(sorted({one for one in found if one is not None}))


def _read_only(file: Path) -> sqlite3.Connection:
    has_journal = file.with_name(f"{file.name}-wal").exists()
    address = f"{file.absolute().as_uri()}?mode=ro" if has_journal else _immutable(file)
    return sqlite3.connect(address, uri=True)


def _immutable(file: Path) -> str:
    return f"{file.absolute().as_uri()}?mode=ro&immutable=1"
