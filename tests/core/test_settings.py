"""Settings of the user survive, and damage to them harms nobody."""

from pathlib import Path

import pytest

from core.errors import StorageError
from core.settings import MAX_RECENT, Theme, UserSettings, load_settings, save_settings


def test_settings_come_back(tmp_path: Path) -> None:
    file = tmp_path / "new" / "settings.json"
    settings = UserSettings(Theme.DARK).with_workspace(Path("/data/Größe.asclepius"))

    save_settings(settings, file)

    assert load_settings(file) == settings
    assert [one.name for one in file.parent.iterdir()] == ["settings.json"]


def test_the_last_workspace_comes_first_and_once() -> None:
    settings = UserSettings()
    assert settings.last_workspace == ""

    for name in ("a", "b", "a"):
        settings = settings.with_workspace(Path(name))

    assert settings.recent_workspaces == ("a", "b")
    assert settings.last_workspace == "a"


def test_only_a_few_workspaces_are_remembered() -> None:
    settings = UserSettings()
    for number in range(MAX_RECENT + 3):
        settings = settings.with_workspace(Path(str(number)))

    assert len(settings.recent_workspaces) == MAX_RECENT


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"theme": "pink"}', '{"recent_workspaces": {"a": 1}}', "\0"]
)
def test_damaged_settings_are_the_usual_ones(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.json").write_text(text)

    assert load_settings(tmp_path / "settings.json") == UserSettings()


def test_missing_settings_are_the_usual_ones(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.json") == UserSettings()


def test_what_is_readable_of_the_settings_is_kept(tmp_path: Path) -> None:
    text = '{"theme": "pink", "recent_workspaces": ["a", 7], "from_the_future": 1}'
    (tmp_path / "settings.json").write_text(text)

    assert load_settings(tmp_path / "settings.json") == UserSettings(recent_workspaces=("a",))


def test_settings_that_cannot_be_saved_are_told_and_the_old_ones_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StorageError, match="could not be saved"):
        save_settings(UserSettings(), tmp_path / "file" / "settings.json")

    assert (tmp_path / "file").read_text() == "in the way"
