"""What belongs into one series and what does not, and why a file is in none."""

import numpy as np
import pydicom
import pytest
from pydicom.uid import MPEG4HP41

from core.imaging.series.file import open_found
from core.imaging.series.finding import find_series
from tests.core.imaging.imaging_files import as_bytes, make_dataset
from tests.core.imaging.stack_files import blank, make_slices, numbered, write_files


def changed(data, **attributes):
    """Return a file with other attributes; None takes one away."""
    dataset = pydicom.dcmread(pydicom.filebase.DicomBytesIO(data))
    for keyword, value in attributes.items():
        if value is None:
            delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)
    return as_bytes(dataset)


def found(folder, files):
    """Return the pictures' numbers of each series, and the sentences on what was left out."""
    seen = find_series([write_files(folder, files)])
    images = [open_found(one) for one in seen.series]
    numbers = [
        [int(image.frame(index).stored.flat[0]) - 1024 for index in range(image.frame_count)]
        for image in images
    ]
    return sorted(numbers), [one.reason for one in seen.left_out]


@pytest.mark.parametrize(
    "other",
    [
        {"SeriesInstanceUID": "1.2.3.9"},
        {"PhotometricInterpretation": "MONOCHROME1"},
        {"Modality": "MR"},
        {"PixelSpacing": [0.9, 0.6]},
        {"ImageOrientationPatient": [0, 1, 0, 1, 0, 0]},
    ],
)
def test_pictures_that_differ_in_what_they_are_make_series_of_their_own(tmp_path, other):
    files = make_slices(numbered(4), range(4))
    files[2:] = [changed(one, **other) for one in files[2:]]

    assert found(tmp_path, files) == ([[0, 1], [2, 3]], [])


def test_pictures_of_another_size_make_a_series_of_their_own(tmp_path):
    files = make_slices(numbered(2), range(2)) + make_slices(numbered(2)[:, :40], [2, 3])
    files[2:] = [changed(one, SOPInstanceUID=f"1.9.{n}") for n, one in enumerate(files[2:])]

    assert found(tmp_path, files) == ([[0, 1], [0, 1]], [])


def test_rounding_in_the_directions_of_slices_does_not_part_them(tmp_path):
    files = make_slices(numbered(3), range(3))
    files[1] = changed(files[1], ImageOrientationPatient=[1, -0.0, 0.0002, 0, 0.99999, -0.0])

    assert found(tmp_path, files) == ([[0, 1, 2]], [])


def test_files_of_several_frames_stay_alone(tmp_path):
    files = [
        as_bytes(
            make_dataset(blank(2) + number, SeriesInstanceUID="1.2", SOPInstanceUID=f"1.2.{number}")
        )
        for number in range(2)
    ]

    assert found(tmp_path, files) == ([[0, 0], [1, 1]], [])


def test_files_that_do_not_say_which_picture_they_are_are_all_kept(tmp_path):
    files = [changed(one, SOPInstanceUID=None) for one in make_slices(numbered(3), range(3))]

    assert found(tmp_path, files) == ([[0, 1, 2]], [])


def test_a_single_picture_without_a_place_needs_no_word_on_its_order(tmp_path):
    data = make_dataset(blank(1)[0], InstanceNumber=1)

    [series] = find_series([write_files(tmp_path, [as_bytes(data)])]).series

    assert series.notes == ()


@pytest.mark.parametrize(
    "keyword",
    [
        "TemporalPositionIdentifier",
        "EchoTime",
        "DiffusionBValue",
        "TriggerTime",
        "AcquisitionNumber",
    ],
)
def test_phases_are_told_apart_by_whatever_the_scanner_wrote(tmp_path, keyword):
    values = np.concatenate([numbered(3), numbered(3) + 10])
    files = make_slices(values, [0, 1, 2, 0, 1, 2])
    mixed = (0, 5, 2, 3, 1, 4)  # of the middle place the later phase has the smaller number
    files = [
        changed(one, **{keyword: 1 + number // 3, "InstanceNumber": mixed[number]})
        for number, one in enumerate(files)
    ]

    assert found(tmp_path, files) == ([[0, 1, 2], [10, 11, 12]], [])


def test_pictures_of_one_place_with_nothing_to_tell_them_apart_go_by_their_numbers(tmp_path):
    values = np.concatenate([numbered(3), numbered(3) + 10])
    files = make_slices(values, [0, 1, 2, 0, 1, 2])
    files = [changed(one, InstanceNumber=number) for number, one in enumerate(files)]

    assert found(tmp_path, files) == ([[0, 1, 2], [10, 11, 12]], [])
    first, _ = find_series([tmp_path]).series
    assert [one.number for one in first.slices] == [0, 1, 2]


def test_a_file_that_is_left_out_is_told_with_its_reason_and_its_syntax(tmp_path):
    video = make_dataset(blank(1)[0])
    video.file_meta.TransferSyntaxUID = MPEG4HP41
    video["PixelData"].VR = "OB"
    video["PixelData"].is_undefined_length = True
    video.PixelData = pydicom.encaps.encapsulate([b"video"])
    (tmp_path / "clip").write_bytes(as_bytes(video))
    (tmp_path / "notes.txt").write_text("hello")

    clip, notes = find_series([tmp_path]).left_out

    assert "MPEG-4" in clip.syntax
    assert clip.why.startswith("Its transfer syntax “MPEG-4")
    assert (notes.name, notes.why, notes.syntax) == ("notes.txt", "It is no DICOM file.", "")
