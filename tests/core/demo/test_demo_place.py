"""Where the demo goes: a former demo makes room, anything of others stays."""

import pytest

from core.demo.place import Place, free_place
from core.demo.questions import load_questions
from core.domain.body import AnswerFormat
from core.errors import StorageError
from core.workspace import create_workspace, open_workspace


@pytest.fixture
def former(tmp_path):
    """Return the place of a former demo that stopped before its first question."""
    place = Place(tmp_path / "demo.asclepius", tmp_path / "demo-export")
    create_workspace(place.workspace, owner_name="Demo Lead").close()
    place.mark()
    place.export.mkdir()
    return place


def test_new_folder_is_made(tmp_path):
    place = free_place(tmp_path / "some" / "new folder")

    assert place.workspace.parent.is_dir()
    assert not place.workspace.exists()


def test_former_demo_is_removed_with_its_export(former, tmp_path):
    assert free_place(tmp_path) == former
    assert list(tmp_path.iterdir()) == []


def test_workspace_that_the_demo_did_not_make_stays(tmp_path):
    create_workspace(tmp_path / "demo.asclepius", owner_name="Dr. Somebody").close()

    with pytest.raises(StorageError, match="not made by the demo"):
        free_place(tmp_path)

    with open_workspace(tmp_path / "demo.asclepius") as untouched:
        assert untouched.people.me().name == "Dr. Somebody"


def test_folder_that_stands_where_the_export_goes_stays(tmp_path):
    (tmp_path / "demo-export").mkdir()
    (tmp_path / "demo-export" / "mine.txt").write_text("kept")

    with pytest.raises(StorageError, match="demo-export"):
        free_place(tmp_path)

    assert (tmp_path / "demo-export" / "mine.txt").read_text() == "kept"


def test_demo_that_is_open_is_not_removed(former, tmp_path):
    with open_workspace(former.workspace) as held:
        with pytest.raises(StorageError, match="open"):
            free_place(tmp_path)
        assert held.people.me().name == "Demo Lead"


def test_demo_with_added_questions_is_not_removed(former, tmp_path):
    with open_workspace(former.workspace) as workspace:
        me = workspace.people.me().id
        for _ in range(len(load_questions()) + 1):
            workspace.authoring.create(AnswerFormat.YES_NO, me)

    with pytest.raises(StorageError, match="Questions were added"):
        free_place(tmp_path)

    assert former.workspace.is_dir()
    assert former.export.is_dir()


def test_file_in_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageError, match="file"):
        free_place(tmp_path / "file")
