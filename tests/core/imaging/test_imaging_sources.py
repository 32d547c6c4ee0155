"""Which files of folders, ZIPs and discs are looked at, each once, and none beside them."""

import shutil
import zipfile

import pytest

from core.errors import ImageError
from core.imaging.series import sources
from core.imaging.series.sources import source_files
from tests.core.imaging.imaging_files import FOLDER, wheel_bytes

DISC = FOLDER / "test_files" / "dicomdirtests"


def names(*paths):
    return [one.name for one in source_files(paths)]


def files_in(folder, *paths):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"content")
    return folder


def test_hidden_and_empty_files_are_passed_over(tmp_path):
    files_in(tmp_path, "a/2", "a/1", ".hidden", ".git/config", "b")
    (tmp_path / "empty").touch()

    assert names(tmp_path) == ["b", "a/1", "a/2"]


def test_a_file_chosen_twice_is_read_once(tmp_path):
    files_in(tmp_path, "a/1", "a/2")

    assert names(tmp_path, tmp_path / "a", tmp_path / "a" / "1") == ["a/1", "a/2"]


def test_more_files_than_can_be_looked_at_are_refused_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_FILES", 2)

    assert len(names(files_in(tmp_path, "a", "b"))) == 2
    with pytest.raises(ImageError, match="holds more than 2 files"):
        names(files_in(tmp_path, "c"))


def zipped(path, **members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return path


def test_a_zip_is_looked_through_without_its_directory_and_what_is_hidden(tmp_path):
    path = zipped(tmp_path / "x.zip", a__1=b"x", a__DICOMDIR=b"x", a__empty=b"", a__2=b"x")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("a/.DS_Store", b"x")
        archive.writestr("__MACOSX/1", b"x")

    assert names(path) == ["a/1", "a/2"]


def test_a_zip_with_a_password_says_what_to_do(tmp_path):
    path = zipped(tmp_path / "x.zip", a=b"content")
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1  # the flag of the directory
    path.write_bytes(data)

    with pytest.raises(ImageError, match=r"“x\.zip” cannot be opened.*password"):
        names(path)


def test_files_of_a_disc_are_found_in_small_letters_too(tmp_path):
    shutil.copytree(DISC, tmp_path / "disc")
    expected = len(names(tmp_path / "disc"))
    for path in sorted((tmp_path / "disc").rglob("*"), key=lambda one: -len(one.parts)):
        if path.name != "DICOMDIR":
            path.rename(path.with_name(path.name.lower()))

    assert len(names(tmp_path / "disc" / "DICOMDIR")) == expected == 31


def test_a_folder_whose_directory_lists_nothing_that_is_there_is_looked_through(tmp_path):
    shutil.copy(DISC / "DICOMDIR", tmp_path / "DICOMDIR")
    (tmp_path / "picture").write_bytes(wheel_bytes("CT_small.dcm"))

    assert names(tmp_path) == ["picture"]
    assert names(tmp_path / "DICOMDIR") == []
