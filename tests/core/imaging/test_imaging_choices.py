"""Folders, ZIPs and dropped files offer images with their facts; what is not offered says why."""

import zipfile

import numpy as np
import pytest
from PIL import Image

from core.errors import Cancelled, ImageError
from core.imaging.choices import find_choices
from core.workspace import create_workspace
from tests.core.imaging.imaging_files import as_bytes, make_dataset, wheel_bytes
from tests.core.imaging.stack_files import blank, make_slices, numbered, write_files
from tests.factories import ticking_clock


@pytest.fixture
def workspace(tmp_path):
    with create_workspace(tmp_path / "choices.asclepius", clock=ticking_clock()) as opened:
        yield opened


def test_a_folder_offers_series_and_pictures_and_names_what_cannot_be_shown(tmp_path):
    folder = tmp_path / "disc"
    write_files(folder / "ct", make_slices(numbered(6), np.arange(6) * 2.5, degrees=10))
    Image.new("L", (30, 20)).save(folder / "photo.png")
    (folder / "notes.txt").write_text("hello")
    video = make_dataset(np.zeros((4, 4), np.uint8), SOPInstanceUID="1.2.9")
    data = as_bytes(video).replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.6\0")
    (folder / "old").write_bytes(data)

    found = find_choices([folder])

    stack, photo = found.images
    assert (stack.name, stack.modality, stack.frame_count) == ("ct", "CT", 6)
    assert (stack.width, stack.height, stack.pixel_mm, stack.slice_mm) == (64, 48, (0.8, 0.6), 2.5)
    assert "The gantry was tilted by 10°." in stack.notes
    assert (photo.name, photo.frame_count, photo.width) == ("photo.png", 1, 30)
    reasons = {one.name: (one.syntax, one.reason) for one in found.left_out}
    assert set(reasons) == {"notes.txt", "old"}
    assert "no DICOM file" in reasons["notes.txt"][1]
    assert "1.2.840.10008.1.2.6" in reasons["old"][0]
    assert "not supported" in reasons["old"][1]


def test_what_a_file_is_called_never_comes_from_its_description(tmp_path):
    write_files(tmp_path / "a", make_slices(blank(3), np.arange(3), SeriesDescription="Zq7^Name"))

    [choice] = find_choices([tmp_path / "a"]).images

    assert choice.name == "a"


def test_equal_names_in_two_folders_are_two_series(tmp_path):
    first = write_files(tmp_path / "a", make_slices(blank(3), np.arange(3)))
    second = write_files(tmp_path / "b", make_slices(blank(3), np.arange(3), series="2"))

    found = find_choices([first, second])

    assert [one.frame_count for one in found.images] == [3, 3]
    assert found.left_out == ()


def test_a_stack_becomes_one_image_and_a_single_file_stays_as_it_is(workspace, tmp_path):
    write_files(tmp_path / "ct", make_slices(numbered(5), np.arange(5)))
    (tmp_path / "mr").write_bytes(wheel_bytes("MR_small.dcm"))
    choices = find_choices([tmp_path / "ct", tmp_path / "mr"]).images
    read = []

    infos = [workspace.images.import_choice(one, on_file=read.append).value for one in choices]

    assert [(one.frame_count, one.media_type) for one in infos] == [
        (5, "application/zip"),
        (1, "application/dicom"),
    ]
    assert infos[0].file_name == "ct"
    assert read == [1, 2, 3, 4, 5]
    stack = workspace.images.open(infos[0].id)
    assert [int(stack.frame(place).stored[0, 0]) - 1024 for place in range(5)] == [0, 1, 2, 3, 4]


def test_taking_in_can_be_stopped_and_then_nothing_is_kept(workspace, tmp_path):
    write_files(tmp_path / "ct", make_slices(numbered(5), np.arange(5)))
    [choice] = find_choices([tmp_path / "ct"]).images

    def stop(count):
        if count == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        workspace.images.import_choice(choice, on_file=stop)
    with pytest.raises(Cancelled):
        workspace.images.find_choices([tmp_path / "ct"], on_file=stop)
    assert not list((tmp_path / "choices.asclepius").glob("media/*/*"))


def test_pictures_in_a_zip_are_offered_without_unpacking(tmp_path):
    Image.new("L", (12, 10)).save(tmp_path / "a.png")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(tmp_path / "a.png", "deep/a.png")

    [choice] = find_choices([tmp_path / "all.zip"]).images

    assert choice.name == "deep/a.png"
    assert choice.thumbnail(64).startswith(b"\x89PNG")


def test_a_damaged_picture_is_left_out_with_its_reason(tmp_path):
    (tmp_path / "cut").write_bytes(wheel_bytes("CT_small.dcm")[:5000])
    (tmp_path / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n rest")

    found = find_choices([tmp_path])

    assert found.images == ()
    assert {one.name for one in found.left_out} == {"cut", "bad.png"}
    assert all("cannot be shown" in one.reason for one in found.left_out)


def test_a_path_that_is_gone_is_an_error(tmp_path):
    with pytest.raises(ImageError, match="not there any more"):
        find_choices([tmp_path / "gone"])
