"""Backups are taken in time, told apart, compared, restored and thinned; nothing is lost by it."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.clock import Clock
from core.domain.audit import first_broken_link
from core.domain.backup import Backup, BackupReason, RecordChange
from core.domain.body import AnswerFormat
from core.domain.ids import QuestionId
from core.domain.revision import Draft
from core.errors import NotFoundError, StorageError
from core.workspace import Workspace, create_workspace, open_workspace
from tests.factories import NOW, make_body, make_key, make_labels, new_id

ROOT = Path(__file__).parents[3]


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = NOW

    def clock(self) -> Clock:
        return Clock(self.now, new_id)

    def now(self) -> datetime:
        return self.at

    def move(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def moving() -> MovableClock:
    return MovableClock()


@pytest.fixture
def workspace(tmp_path: Path, moving: MovableClock) -> Iterator[Workspace]:
    with create_workspace(tmp_path / "a.asclepius", clock=moving.clock()) as made:
        yield made


def write(workspace: Workspace, stem: str = "What is seen?") -> QuestionId:
    me = workspace.people.me().id
    draft = workspace.authoring.create(AnswerFormat.SINGLE_CHOICE, me).value
    whole = Draft(draft.question, make_body(stem=stem), make_key(), make_labels())
    workspace.authoring.save_draft(whole, me)
    return draft.question


def commit(workspace: Workspace, question: QuestionId) -> None:
    workspace.authoring.commit(question, workspace.people.me().id)


def stems(workspace: Workspace) -> list[str]:
    return [one.stem for one in workspace.authoring.library()]


def changes(workspace: Workspace, backup: Backup) -> dict[str, RecordChange]:
    preview = workspace.backups.preview(backup)
    return {one.kind: one for one in preview.changes if not one.is_nothing}


def test_a_backup_says_why_when_by_what_and_how_much(workspace: Workspace) -> None:
    commit(workspace, write(workspace))

    made = workspace.backups.make(note="Before the meeting")

    assert workspace.backups.all() == [made]
    assert (made.reason, made.note) == (BackupReason.BY_HAND, "Before the meeting")
    assert made.taken_at == NOW
    assert made.program.startswith("Asclepius ")
    assert (made.counts["questions"], made.counts["revisions"], made.counts["people"]) == (1, 1, 1)
    assert made.size_bytes == (workspace.backup_folder / made.name).stat().st_size
    assert workspace.backups.problems() == []


def test_a_restored_workspace_holds_what_it_held_and_says_so_in_its_audit_trail(
    workspace: Workspace, moving: MovableClock
) -> None:
    first = write(workspace, "First")
    commit(workspace, first)
    backup = workspace.backups.make()
    moving.move(hours=2)
    commit(workspace, write(workspace, "Second"))
    me = workspace.people.me().id

    done = workspace.backups.restore(backup, me).value

    assert stems(workspace) == ["First"]
    assert done.before.reason is BackupReason.RESTORE
    with workspace._database.read() as tx:
        events = tx.audit.all()
    assert first_broken_link(events) is None
    last = events[-1]
    assert (last.action, last.subject) == ("workspace.restored", backup.name)
    assert (last.person, last.content, last.at) == (me, done.before.sha256, moving.at)
    assert workspace.integrity.check().is_clean


def test_a_restore_can_be_taken_back(workspace: Workspace, moving: MovableClock) -> None:
    backup = workspace.backups.make()
    write(workspace, "Written later")
    me = workspace.people.me().id

    before = workspace.backups.restore(backup, me).value.before
    assert stems(workspace) == []
    workspace.backups.restore(before, me)

    assert stems(workspace) == ["Written later"]


def test_work_goes_on_after_a_restore_without_opening_again(workspace: Workspace) -> None:
    backup = workspace.backups.make()
    write(workspace, "Gone")
    workspace.backups.restore(backup, workspace.people.me().id)

    commit(workspace, write(workspace, "New"))
    path = workspace.path
    workspace.close()

    with open_workspace(path) as again:
        assert stems(again) == ["New"]
        assert again.integrity.check().is_clean


def test_a_preview_counts_what_would_come_back_leave_and_change(workspace: Workspace) -> None:
    kept, changed = write(workspace, "Kept"), write(workspace, "Changed")
    commit(workspace, changed)
    backup = workspace.backups.make()
    assert workspace.backups.preview(backup).is_nothing
    me = workspace.people.me().id
    draft = workspace.authoring.draft(kept)
    body = make_body(stem="Kept, rewritten")
    workspace.authoring.save_draft(Draft(kept, body, draft.key, draft.labels), me)
    draft = workspace.authoring.draft(changed)
    labels = make_labels("Urology")
    workspace.authoring.save_draft(Draft(changed, draft.body, draft.key, labels), me)
    commit(workspace, changed)
    write(workspace, "Newer")
    workspace.people.add("Demo Reader 9", frozenset())

    found = changes(workspace, backup)

    assert found["questions"] == RecordChange(
        "questions", 0, 1, 1, questions_gone=(3,), questions_different=(2,)
    )
    assert found["drafts"].questions_different == (1,)
    assert found["revisions"].questions_gone == (2,)
    assert found["people"].gone == 1
    assert "answers" not in found


def test_a_preview_names_images_that_are_no_longer_there(workspace: Workspace) -> None:
    from tests.reviewer_app.study import Study

    me = workspace.people.me().id
    use = Study(workspace, me, me, (me, me), me).add_image()
    backup = workspace.backups.make()
    workspace.media_store.path(use.media).unlink()

    assert workspace.backups.preview(backup).missing_media == (use.media,)


def test_a_damaged_backup_is_named_and_not_restored(workspace: Workspace) -> None:
    write(workspace, "Kept")
    backup = workspace.backups.make()
    write(workspace, "Newer")
    file = workspace.backup_folder / backup.name
    data = bytearray(file.read_bytes())
    data[5000] ^= 1
    file.write_bytes(data)

    assert [name for name, _ in workspace.backups.problems()] == [backup.name]
    with pytest.raises(StorageError, match="damaged"):
        workspace.backups.restore(backup, workspace.people.me().id)
    with pytest.raises(StorageError, match="damaged"):
        workspace.backups.preview(backup)
    assert stems(workspace) == ["Kept", "Newer"]


def test_a_backup_without_its_facts_is_listed_and_can_be_restored(workspace: Workspace) -> None:
    write(workspace, "Kept")
    made = workspace.backups.make(BackupReason.MERGE)
    (workspace.backup_folder / made.name).with_suffix(".json").unlink()

    (found,) = workspace.backups.all()

    assert (found.reason, found.taken_at, found.sha256) == (BackupReason.MERGE, NOW, "")
    assert "missing" in workspace.backups.problems()[0][1]
    write(workspace, "Newer")
    workspace.backups.restore(found, workspace.people.me().id)
    assert stems(workspace) == ["Kept"]


def test_a_file_that_is_no_database_is_refused_as_a_backup(workspace: Workspace) -> None:
    write(workspace, "Kept")
    (workspace.backup_folder / "notes.db").write_bytes(b"no database at all" * 100)
    (found,) = workspace.backups.all()

    with pytest.raises(StorageError):
        workspace.backups.preview(found)
    with pytest.raises(StorageError):
        workspace.backups.restore(found, workspace.people.me().id)
    assert stems(workspace) == ["Kept"]


def test_time_alone_takes_a_backup_each_hour_but_none_of_an_unchanged_workspace(
    workspace: Workspace, moving: MovableClock
) -> None:
    backups = workspace.backups
    first = backups.make_if_due(BackupReason.OPENED)
    assert first is not None
    moving.move(minutes=59)
    write(workspace)
    assert backups.make_if_due(BackupReason.HOURLY) is None
    moving.move(minutes=1)
    second = backups.make_if_due(BackupReason.HOURLY)
    moving.move(hours=1)

    third = backups.make_if_due(BackupReason.HOURLY)

    assert third == second != first
    assert backups.all() == [second, first]


def test_backups_thin_out_over_the_months(workspace: Workspace, moving: MovableClock) -> None:
    for day in range(40):
        write(workspace, f"Day {day}")
        workspace.backups.make_if_due(BackupReason.HOURLY)
        moving.move(hours=6)
        write(workspace, f"Day {day}, later")
        workspace.backups.make_if_due(BackupReason.HOURLY)
        moving.move(hours=18)

    ages = [(moving.at - one.taken_at).days for one in workspace.backups.all()]

    assert len(ages) < 36
    assert ages[0] == 0
    assert max(ages) >= 33  # the newest of the first week
    files = {one.stem for one in workspace.backup_folder.iterdir()}
    assert files == {Path(one.name).stem for one in workspace.backups.all()}


def test_an_import_takes_a_backup_first_a_dry_run_does_not(
    workspace: Workspace, tmp_path: Path
) -> None:
    from core.services.exchange.service import ImportOptions

    table = tmp_path / "questions.csv"
    table.write_text("id,format,stem,key\n1,yes/no,Is it axial?,yes\n", encoding="utf-8")
    me = workspace.people.me().id
    workspace.exchange.import_file(table, me, ImportOptions(is_dry_run=True))
    assert workspace.backups.all() == []

    workspace.exchange.import_file(table, me)

    (backup,) = workspace.backups.all()
    assert backup.reason is BackupReason.IMPORT
    workspace.backups.restore(backup, me)
    assert stems(workspace) == []


def test_a_reader_takes_no_backup_by_time_and_restores_nothing(workspace: Workspace) -> None:
    backup = workspace.backups.make()
    me = workspace.people.me().id
    with open_workspace(workspace.path, read_only=True) as reader:
        assert reader.backups.make_if_due(BackupReason.OPENED) is None
        assert reader.backups.all() == [backup]
        with pytest.raises(StorageError, match="reading only"):
            reader.backups.restore(backup, me)


def test_backups_are_found_by_a_part_of_their_name(
    workspace: Workspace, moving: MovableClock
) -> None:
    first = workspace.backups.make()
    moving.move(hours=1)
    second = workspace.backups.make(BackupReason.MERGE)

    assert workspace.backups.find("newest") == second
    assert workspace.backups.find("090000Z") == first
    assert workspace.backups.find(first.name) == first
    for words in ("", "workspace", "lost"):
        with pytest.raises(NotFoundError):
            workspace.backups.find(words)


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(workspace: Workspace) -> None:
    workspace.backup_folder.rmdir()
    workspace.backup_folder.write_text("in the way", encoding="utf-8")

    with pytest.raises(StorageError, match=r"could not be written: File exists"):
        workspace.backups.make()


RESTORE_FOR_EVER = """
import sys
from pathlib import Path
from core.workspace import open_workspace
with open_workspace(Path(sys.argv[1])) as workspace:
    me = workspace.people.me().id
    few, many = (workspace.backups.find(name) for name in sys.argv[2:4])
    print("ready", flush=True)
    while True:
        for one in (few, many):
            workspace.backups._store.put_back(one, person=me)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a signal of POSIX")
def test_a_restore_that_is_killed_leaves_the_old_or_the_new(
    workspace: Workspace, moving: MovableClock
) -> None:
    write(workspace, "Few")
    few = workspace.backups.make()
    moving.move(hours=1)
    for number in range(30):
        commit(workspace, write(workspace, f"Many {number} " + "x" * 10_000))
    many = workspace.backups.make()
    path = workspace.path
    workspace.close()
    seen = set()
    for attempt in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", RESTORE_FOR_EVER, str(path), few.name, many.name],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.03 + 0.023 * attempt)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with open_workspace(path) as again:
            count = len(stems(again))
            seen.add(count)
            assert count in (1, 31)
            assert again.integrity.check().is_clean
    assert seen
