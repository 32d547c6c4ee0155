"""Samples that lie plain in a file are found there, and are those that a whole reading brings."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom import uid

from core.errors import ImageError
from core.imaging.decoding.frame_room import is_apart
from core.imaging.dicom.opening import read_slice
from core.imaging.series.file import open_found, pack_series
from core.imaging.series.finding import find_series
from core.imaging.series.packed_files import FilePart, open_packed
from core.imaging.series.slice_answer import answer_of, read_apart
from core.imaging.series.slice_place import find_plain, read_plain
from tests.core.imaging.imaging_files import as_bytes, make_dataset
from tests.core.imaging.stack_files import make_slices, write_files

rng = np.random.default_rng(9)
SIGNED = rng.integers(-2000, 2000, (150, 160)).astype(np.int16)
BYTES = rng.integers(0, 256, (151, 161)).astype(np.uint8)


def twelve_bits():
    dataset = make_dataset(SIGNED, BitsStored=12, HighBit=11)
    dataset.PixelData = (SIGNED.view(np.uint16) | 0x8000).tobytes()  # bits that do not count
    return dataset


def implicit():
    dataset = pydicom.dcmread(BytesIO(as_bytes(make_dataset(SIGNED))))
    dataset.file_meta.TransferSyntaxUID = uid.ImplicitVRLittleEndian
    return dataset


def odd_bytes():
    dataset = make_dataset(BYTES)
    dataset.PixelData += b"\0" * (len(dataset.PixelData) % 2)
    return dataset


PLAIN = {
    "signed": lambda: make_dataset(SIGNED),
    "unsigned": lambda: make_dataset(SIGNED.view(np.uint16)),
    "12 bits": twelve_bits,
    "implicit": implicit,
    "an odd number of bytes": odd_bytes,
    "inverse": lambda: make_dataset(SIGNED, PhotometricInterpretation="MONOCHROME1"),
}


def on_disk(tmp_path, data):
    path = tmp_path / "slice"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", PLAIN)
def test_plain_samples_are_read_straight_to_where_they_stay(tmp_path, kind):
    data = as_bytes(PLAIN[kind]())
    wanted, _ = read_slice(data, name="slice")
    path = on_disk(tmp_path, data)

    _, lying = find_plain(FilePart(path))
    found = read_plain(path, lying)

    assert found.dtype == wanted.stored.dtype
    assert np.array_equal(found, wanted.stored)
    assert is_apart(found) == (found.nbytes >= 32 << 10)


def test_samples_in_the_middle_of_a_packed_series_are_found(tmp_path):
    pictures = np.stack([SIGNED + number for number in range(4)])
    [series] = find_series(
        [write_files(tmp_path / "files", make_slices(pictures, range(4)))]
    ).series
    path = on_disk(tmp_path, pack_series(series))
    part = open_packed(path).part("00003.dcm")

    _, lying = find_plain(part)

    assert np.array_equal(read_plain(path, lying), pictures[2])


def compressed():
    dataset = make_dataset(SIGNED)
    dataset.compress(uid.RLELossless)
    return dataset


def deflated():
    dataset = make_dataset(SIGNED)
    dataset.file_meta.TransferSyntaxUID = uid.DeflatedExplicitVRLittleEndian
    return dataset


def cut():
    dataset = make_dataset(SIGNED)
    dataset.PixelData = dataset.PixelData[:-2]
    return dataset


def colored():
    dataset = make_dataset(BYTES[:150, :159])
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 3, "RGB"
    dataset.PlanarConfiguration, dataset.Columns = 0, 53
    return dataset


@pytest.mark.parametrize(
    "make",
    [
        compressed,
        deflated,
        cut,
        colored,
        lambda: make_dataset(np.stack([SIGNED, SIGNED])),
        lambda: make_dataset(SIGNED.astype(np.int32)),
        lambda: make_dataset(BYTES, PhotometricInterpretation="PALETTE COLOR"),
        lambda: make_dataset(SIGNED, ImageComments="x" * 40_000),
    ],
)
def test_what_is_not_plain_is_left_to_be_read_as_a_whole(tmp_path, make):
    assert find_plain(FilePart(on_disk(tmp_path, as_bytes(make())))) is None


def test_what_is_no_picture_is_left_to_be_read_as_a_whole(tmp_path):
    data = as_bytes(make_dataset(SIGNED))
    for broken in (b"", b"x" * 500, data[:140], data[:700], data[128:]):
        assert find_plain(FilePart(on_disk(tmp_path, broken))) is None
    assert find_plain(FilePart(tmp_path / "nothing")) is None


def test_helper_tells_where_plain_samples_lie_instead_of_sending_them(tmp_path):
    samples, facts = answer_of(FilePart(on_disk(tmp_path, as_bytes(make_dataset(SIGNED)))))

    assert samples.size == 0
    assert facts["lies"][1:] == [150, 160, 16, 16, True]


def test_more_samples_than_there_may_be_are_refused(tmp_path):
    path = on_disk(tmp_path, as_bytes(make_dataset(SIGNED)))

    assert read_apart(FilePart(path), name="slice", most_bytes=SIGNED.nbytes) is not None
    with pytest.raises(ImageError):
        read_apart(FilePart(path), name="slice", most_bytes=SIGNED.nbytes - 1)


def test_file_that_got_shorter_meanwhile_is_an_error(tmp_path):
    data = as_bytes(make_dataset(SIGNED))
    path = on_disk(tmp_path, data)
    _, lying = find_plain(FilePart(path))
    path.write_bytes(data[:-1000])

    with pytest.raises(ValueError, match="shorter"):
        read_plain(path, lying)


def test_folder_given_by_a_relative_path_is_read_ahead_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pictures = np.stack([SIGNED] * 3)
    write_files(tmp_path / "files", make_slices(pictures, range(3)))
    image = open_found(find_series([Path("files")]).series[0])

    assert np.array_equal(image.frame_ahead(2).stored, SIGNED)
