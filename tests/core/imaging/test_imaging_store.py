"""The media store keeps bytes whole, once, and notices damage."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.domain.ids import MediaId
from core.errors import ImageError, StorageError
from core.imaging.store import MediaStore, media_id_of


def test_stored_bytes_come_back(tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "media")

    media = store.put(b"picture")

    assert store.read(media) == b"picture"
    assert store.path(media) == tmp_path / "media" / media[:2] / media
    assert store.has(media)


def test_equal_bytes_are_kept_once(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)

    assert store.put(b"picture") == store.put(b"picture")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == list(store.ids())


def test_changed_bytes_are_refused_and_listed(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    whole, hurt = store.put(b"one"), store.put(b"two")
    store.path(hurt).write_bytes(b"twp")

    with pytest.raises(ImageError, match="damaged"):
        store.read(hurt)
    assert store.read(whole) == b"one"
    assert [media for media, _ in store.damaged()] == [hurt]


def test_putting_the_same_bytes_again_repairs_a_damaged_file(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    media = store.put(b"two")
    store.path(media).write_bytes(b"")

    store.put(b"two")

    assert store.damaged() == []


def test_missing_image_is_named(tmp_path: Path) -> None:
    media = media_id_of(b"never stored")

    with pytest.raises(ImageError, match=f"{media[:12]}.*missing"):
        MediaStore(tmp_path).read(media)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "AB" * 32, "f" * 63])
def test_only_a_sha256_names_an_image(tmp_path: Path, name: str) -> None:
    with pytest.raises(ImageError):
        MediaStore(tmp_path).path(MediaId(name))


def test_folder_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where the folder should be")

    with pytest.raises(StorageError, match="could not be kept"):
        MediaStore(tmp_path / "media").put(b"picture")


def test_nothing_stays_of_what_could_not_be_written(tmp_path: Path, monkeypatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left on device"):
        MediaStore(tmp_path).put(b"picture")

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_half_written_files_are_no_images(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    media = store.put(b"one")
    (store.path(media).parent / ".writing-x").write_bytes(b"on")

    assert list(store.ids()) == [media]


def test_importing_the_store_imports_no_picture_library() -> None:
    code = "import sys, core.imaging.store; print({'numpy','PIL','pydicom','cv2'} & {*sys.modules})"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
