"""Files of many frames that stay on the disk show what they show when they are in memory."""

import tracemalloc
from dataclasses import fields
from io import BytesIO

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom import uid
from pydicom.encaps import encapsulate

from core.errors import ImageError
from core.imaging.dicom import clip as dicom_clip
from core.imaging.dicom.clip import open_clip
from core.imaging.extent import extent_at, extent_of
from core.imaging.load import open_image
from core.workspace import create_workspace
from tests.core.imaging.imaging_files import FOLDER, as_bytes, item, make_dataset
from tests.factories import ticking_clock

COUNT, ROWS, COLUMNS = 5, 33, 41
rng = np.random.default_rng(5)
GRAYS = rng.integers(-500, 1500, (COUNT, ROWS, COLUMNS)).astype(np.int16)
COLORS = rng.integers(0, 256, (COUNT, ROWS, COLUMNS, 3)).astype(np.uint8)


def on_disk(tmp_path, data):
    path = tmp_path / "clip.dcm"
    path.write_bytes(data)
    return path


def clip(tmp_path, dataset):
    return open_clip(extent_at(on_disk(tmp_path, as_bytes(dataset))), name="clip")


def colored(*, planar, photometric="RGB"):
    values = COLORS.transpose(0, 3, 1, 2) if planar else COLORS
    dataset = make_dataset(GRAYS)
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 3, photometric
    dataset.PlanarConfiguration, dataset.PixelRepresentation = int(planar), 0
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelData = 7, values.tobytes() + b"\0" * (values.size % 2)
    dataset["PixelData"].VR = "OB"
    return dataset


def packed(syntax, *, has_table=True, fragments=1):
    dataset = make_dataset(GRAYS)
    if syntax == uid.RLELossless:
        dataset.compress(syntax)
        return dataset
    streams = [imagecodecs.jpegls_encode(one.view(np.uint16)) for one in GRAYS]
    dataset.PixelData = encapsulate(streams, fragments_per_frame=fragments, has_bot=has_table)
    dataset["PixelData"].VR = "OB"
    dataset.file_meta.TransferSyntaxUID = syntax
    return dataset


def implicit():
    dataset = pydicom.dcmread(BytesIO(as_bytes(make_dataset(GRAYS))))
    dataset.file_meta.TransferSyntaxUID = uid.ImplicitVRLittleEndian
    return dataset


def with_groups():
    """Return an enhanced object whose frames have a window and a place of their own."""
    groups = [
        item(
            FrameVOILUTSequence=[item(WindowCenter=40 + number, WindowWidth=400)],
            PlanePositionSequence=[item(ImagePositionPatient=[0, 0, 2.5 * number])],
            PlaneOrientationSequence=[item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])],
            PixelMeasuresSequence=[item(PixelSpacing=[0.5, 0.5])],
        )
        for number in range(COUNT)
    ]
    return make_dataset(GRAYS, PerFrameFunctionalGroupsSequence=groups, BitsStored=12, HighBit=11)


def with_palette():
    table = np.arange(256, dtype=np.uint16)[::-1].tobytes()
    colors = {
        f"{color}PaletteColorLookupTable{what}": value
        for color in ("Red", "Green", "Blue")
        for what, value in (("Descriptor", [256, 0, 16]), ("Data", table))
    }
    dataset = make_dataset(GRAYS.astype(np.uint8), **colors)
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    return dataset


MADE = {
    "signed": lambda: make_dataset(GRAYS),
    "implicit": implicit,
    "12 bits with groups": with_groups,
    "32 bits": lambda: make_dataset(GRAYS.astype(np.int32)),
    "colors": lambda: colored(planar=False),
    "planes of colors": lambda: colored(planar=True),
    "YBR": lambda: colored(planar=False, photometric="YBR_FULL"),
    "palette": with_palette,
    "RLE": lambda: packed(uid.RLELossless),
    "JPEG-LS": lambda: packed(uid.JPEGLSLossless),
    "JPEG-LS without a table": lambda: packed(uid.JPEGLSLossless, has_table=False),
    "JPEG-LS in fragments": lambda: packed(uid.JPEGLSLossless, fragments=3),
}


def assert_same(found, wanted):
    assert found.stored.dtype == wanted.stored.dtype
    assert np.array_equal(found.stored, wanted.stored)
    assert (found.gray is None) == (wanted.gray is None)
    for field in fields(wanted.gray) if wanted.gray else ():
        assert getattr(found.gray, field.name) == getattr(wanted.gray, field.name), field.name


@pytest.mark.parametrize("kind", MADE)
def test_frames_and_facts_are_those_of_the_file_in_memory(tmp_path, kind):
    data = as_bytes(MADE[kind]())
    found, wanted = (
        open_clip(extent_at(on_disk(tmp_path, data)), name="clip"),
        open_image(data, name="clip"),
    )

    for index in (3, 0, COUNT - 1):
        assert_same(found.frame(index), wanted.frame(index))
    told = {"read_frame", "geometry", "memory", "_key", "source_bytes", "read_overlay"}
    for name in {field.name for field in fields(wanted)} - told:
        assert getattr(found, name) == getattr(wanted, name), name
    assert found.planes == wanted.planes
    assert found.source_bytes == 0


@pytest.mark.parametrize("name", ["examples_ybr_color.dcm", "SC_rgb_rle_32bit_2frame.dcm"])
def test_real_clips_are_the_same_on_the_disk_and_in_memory(name):
    [path] = FOLDER.rglob(name)
    found, wanted = open_clip(extent_at(path), name=name), open_image(path.read_bytes(), name=name)

    for index in (0, wanted.frame_count - 1):
        assert_same(found.frame(index), wanted.frame(index))


def deflated():
    dataset = make_dataset(GRAYS)
    dataset.file_meta.TransferSyntaxUID = uid.DeflatedExplicitVRLittleEndian
    return dataset


def cut():
    dataset = make_dataset(GRAYS)
    dataset.PixelData = dataset.PixelData[:-2000]
    return dataset


def with_overlay():
    dataset = make_dataset(GRAYS)
    for element, kind, value in (
        (0x10, "US", ROWS), (0x11, "US", COLUMNS), (0x40, "CS", "G"), (0x50, "SS", [1, 1]),
        (0x100, "US", 1), (0x102, "US", 0), (0x3000, "OW", bytes(ROWS * COLUMNS // 8 + 2)),
    ):  # fmt: skip
        dataset.add_new((0x6000, element), kind, value)
    return dataset


@pytest.mark.parametrize(
    "make",
    [
        lambda: make_dataset(GRAYS[0]),
        lambda: make_dataset(GRAYS[0], NumberOfFrames=1),
        lambda: packed(uid.JPEGLSLossless, has_table=False, fragments=2),
        deflated,
        with_overlay,
        cut,
    ],
)
def test_what_does_not_lie_frame_by_frame_is_left_to_be_read_as_a_whole(tmp_path, make):
    assert clip(tmp_path, make()) is None


def test_damaged_files_and_bytes_in_memory_are_left_to_be_read_as_a_whole(tmp_path):
    data = as_bytes(make_dataset(GRAYS))

    assert open_clip(extent_of(data), name="clip") is None
    for broken in (b"", b"nothing", data[:200], data[:900]):
        assert open_clip(extent_at(on_disk(tmp_path, broken)), name="clip") is None


def test_a_frame_of_a_file_that_is_gone_is_an_error_in_words(tmp_path):
    image = clip(tmp_path, make_dataset(GRAYS))
    (tmp_path / "clip.dcm").unlink()

    with pytest.raises(ImageError, match="frame 3 are damaged"):
        image.frame(2)


def test_opening_and_paging_hold_a_few_frames_not_the_file(tmp_path):
    frames = np.zeros((200, 256, 256), np.uint16)
    path = on_disk(tmp_path, as_bytes(make_dataset(frames)))
    tracemalloc.start()
    try:
        image = open_clip(extent_at(path), name="clip")
        image.memory.set_limit(frames[:4].nbytes)
        for index in range(200):
            image.frame(index)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert image.memory.used_bytes <= frames[:4].nbytes
    assert peak < frames.nbytes / 8


def test_large_clips_of_a_workspace_stay_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(dicom_clip, "HELD_BYTES", 1000)
    path = on_disk(tmp_path, as_bytes(make_dataset(GRAYS)))
    with create_workspace(tmp_path / "study.asclepius", clock=ticking_clock()) as workspace:
        media = workspace.images.import_file(path).value.id
        image = workspace.images.open(media)

        assert image.source_bytes == 0
        assert np.array_equal(image.frame(3).stored, GRAYS[3])
