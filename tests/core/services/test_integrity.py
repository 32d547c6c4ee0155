"""The check finds every damage that is done to a workspace from outside."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.domain.body import AnswerFormat
from core.domain.ids import MediaId
from core.domain.media import ImageUse
from core.domain.revision import Draft, Revision
from core.errors import Cancelled
from core.services.integrity.service import CheckReport
from core.tasks import CancelToken, Progress
from core.workspace import Workspace, create_workspace, open_workspace
from tests.factories import make_body, make_key, make_labels, make_media, ticking_clock


def commit_question(workspace: Workspace, *, image: MediaId | None = None) -> Revision:
    """Write and commit a question, with an image of that id where one is given."""
    me = workspace.people.me()
    draft = workspace.authoring.create(AnswerFormat.SINGLE_CHOICE, me.id).value
    images = () if image is None else (ImageUse(image),)
    full = Draft(draft.question, make_body(images=images), make_key(), make_labels())
    workspace.authoring.save_draft(full, me.id)
    return workspace.authoring.commit(draft.question, me.id).value


def store_image(workspace: Workspace, data: bytes = b"picture") -> MediaId:
    """Put bytes into the media folder and record them."""
    media = workspace.media_store.put(data)
    with closing(sqlite3.connect(workspace.path / "workspace.db")) as plain, plain:
        plain.execute(
            "INSERT INTO media VALUES (?, 'a.png', 'image/png', ?, 8, 8, 1, 'CR')",
            (media, len(data)),
        )
    return media


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed workspace with an image, a relabelled question and another one."""
    made = tmp_path / "a.asclepius"
    with create_workspace(made, clock=ticking_clock()) as workspace:
        commit_question(workspace, image=store_image(workspace))
        second = commit_question(workspace)
        me = workspace.people.me()
        draft = workspace.authoring.draft(second.question)
        relabelled = Draft(draft.question, draft.body, draft.key, make_labels("Urology"))
        workspace.authoring.save_draft(relabelled, me.id)
        workspace.authoring.commit(second.question, me.id)
    return made


def execute(path: Path, sql: str) -> None:
    """Do damage from outside, with foreign keys off."""
    with closing(sqlite3.connect(path / "workspace.db")) as plain, plain:
        assert plain.execute(sql).rowcount != 0


def check(path: Path) -> CheckReport:
    with open_workspace(path) as workspace:
        return workspace.integrity.check()


def test_a_whole_workspace_is_clean_and_counted(path: Path) -> None:
    report = check(path)

    assert report.is_clean
    assert report.problems == ()
    assert (report.counts["questions"], report.counts["revisions"]) == (2, 3)
    assert report.counts["images"] == 1
    assert report.counts["audit events"] >= 5


@pytest.mark.parametrize(
    ("damage", "where", "sentence"),
    [
        (
            "UPDATE audit_events SET person = 'somebody' WHERE sequence = 2",
            "audit trail",
            "Event 2 was changed",
        ),
        ("DELETE FROM audit_events WHERE sequence = 3", "audit trail", "Event 3 was changed"),
        (
            "UPDATE bodies SET content = replace(content, 'What does', 'Where does')",
            "question 1",
            "Revision 1 was changed",
        ),
        (
            "UPDATE revision_keys SET content = replace(content, 'o2', 'o3')",
            "question 2",
            "Revision 2 was changed",
        ),
        ("UPDATE questions SET labels = '[]'", "question 1", "Its labels were changed"),
        (
            "DELETE FROM revision_keys WHERE revision IN (SELECT id FROM revisions LIMIT 1)",
            "question 1",
            "Its revision 1 has no key",
        ),
        (
            "DELETE FROM bodies WHERE revision IN (SELECT id FROM revisions LIMIT 1)",
            "question 1",
            "Its revision 1 has no body",
        ),
        ("DELETE FROM people", "table questions", "something in “people”"),
        ("DELETE FROM media", "question 1", "which is unknown"),
        ("UPDATE bodies SET content = '{'", "versions", "cannot be read"),
    ],
)
def test_damage_inside_the_database_is_found(
    path: Path, damage: str, where: str, sentence: str
) -> None:
    execute(path, damage)

    report = check(path)

    found = [one for one in report.problems if one.where == where and sentence in one.sentence]
    assert found, report.problems
    assert not report.is_clean


def test_a_revision_that_the_audit_trail_does_not_know_is_found(path: Path) -> None:
    execute(path, "UPDATE audit_events SET action = 'other' WHERE action = 'revision.committed'")

    sentences = [one.sentence for one in check(path).problems]

    assert "The audit trail does not know revision 1." in sentences
    assert any("Event" in one for one in sentences)


def test_a_changed_image_is_found_at_its_question(path: Path) -> None:
    (file,) = (path / "media").glob("??/*")
    file.write_bytes(b"another picture")

    (problem,) = check(path).problems

    assert problem.where == "question 1"
    assert "damaged" in problem.sentence
    assert file.name[:12] in problem.sentence


def test_a_missing_image_is_found_at_its_question(path: Path) -> None:
    (file,) = (path / "media").glob("??/*")
    file.unlink()

    (problem,) = check(path).problems

    assert problem.where == "question 1"
    assert "missing" in problem.sentence


def test_a_recorded_image_that_no_question_uses_must_be_there_too(path: Path) -> None:
    with open_workspace(path) as workspace:
        unused = store_image(workspace, b"unused")
        workspace.media_store.path(unused).unlink()

    (problem,) = check(path).problems

    assert problem.where == "images"


def test_a_question_with_an_image_that_nobody_recorded_is_found(path: Path) -> None:
    unknown = make_media().id
    with open_workspace(path) as workspace:
        commit_question(workspace, image=unknown)

    report = check(path)

    assert {one.where for one in report.problems} == {"question 3"}
    assert len(report.problems) == 2


def test_a_database_that_cannot_be_read_is_a_problem_not_an_error(path: Path) -> None:
    database = path / "workspace.db"
    data = database.read_bytes()
    with open_workspace(path) as workspace:
        database.write_bytes(data[:8192] + b"\xff" * (len(data) - 8192))
        report = workspace.integrity.check()

    assert not report.is_clean
    assert any("damaged" in one.sentence for one in report.problems)


def test_a_check_reports_progress_and_stops_when_asked(path: Path) -> None:
    seen: list[Progress] = []
    cancel = CancelToken()

    def stop_at_the_images(progress: Progress) -> None:
        seen.append(progress)
        if progress.what == "versions" and progress.done == 2:
            cancel.cancel()

    with open_workspace(path) as workspace, pytest.raises(Cancelled):
        workspace.integrity.check(cancel, stop_at_the_images)

    assert seen[-1] == Progress(2, 3, "versions")


def test_a_check_changes_nothing(path: Path) -> None:
    before = (path / "workspace.db").read_bytes()

    check(path)
    with open_workspace(path, read_only=True) as workspace:
        assert workspace.integrity.check().is_clean

    assert (path / "workspace.db").read_bytes() == before
