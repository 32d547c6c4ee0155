"""Drawn pictures are kept, and never trusted further than their digest."""

from pathlib import Path

import pytest

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.domain.region import Region, RegionKind
from core.imaging.drawn import DrawnPictures

USE = ImageUse(MediaId("ab" * 32), frames=(0, 3))


@pytest.fixture
def drawn(tmp_path: Path) -> DrawnPictures:
    return DrawnPictures(tmp_path / "drawn")


def files(tmp_path: Path) -> list[Path]:
    return [one for one in (tmp_path / "drawn").rglob("*") if one.is_file()]


def test_pictures_and_words_come_back_as_they_were(drawn: DrawnPictures) -> None:
    assert (drawn.get(USE), drawn.words(USE)) == (None, None)

    drawn.put(USE, [b"one", b"two"])
    drawn.put_words(USE, "2 frames of 9 – “schmal”")

    assert drawn.get(USE) == [b"one", b"two"]
    assert drawn.words(USE) == "2 frames of 9 – “schmal”"


@pytest.mark.parametrize(
    "other",
    [
        ImageUse(USE.media, frames=(0, 4)),
        ImageUse(USE.media, frames=USE.frames, view=View(Window(40, 400))),
        ImageUse(USE.media, frames=USE.frames, view=View(is_inverted=True)),
        ImageUse(MediaId("cd" * 32), frames=USE.frames),
        ImageUse(USE.media, frames=USE.frames, marks=(Region(RegionKind.POINT, ((1, 2),)),)),
    ],
)
def test_another_image_frame_view_or_mark_is_another_picture(
    drawn: DrawnPictures, other: ImageUse
) -> None:
    drawn.put(USE, [b"one", b"two"])
    drawn.put_words(USE, "words")

    assert (drawn.get(other), drawn.words(other)) == (None, None)


def test_changed_or_cut_file_is_no_picture(drawn: DrawnPictures, tmp_path: Path) -> None:
    for spoil in (lambda data: data[:-1] + b"?", lambda data: data[:20], lambda _: b""):
        drawn.put(USE, [b"one", b"two"])
        assert drawn.get(USE) == [b"one", b"two"]
        for file in files(tmp_path):
            file.write_bytes(spoil(file.read_bytes()))
        assert drawn.get(USE) is None


def test_limit_of_the_folder_holds(tmp_path: Path) -> None:
    small = DrawnPictures(tmp_path / "drawn", limit_bytes=10)

    small.put(USE, [b"x" * 8, b"y" * 8])

    assert len(files(tmp_path)) == 1
    assert small.get(USE) is None


def test_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "drawn").write_text("a file")
    drawn = DrawnPictures(tmp_path / "drawn")

    drawn.put(USE, [b"one", b"two"])

    assert drawn.get(USE) is None
