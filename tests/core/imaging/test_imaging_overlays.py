"""Overlays of DICOM files lie where they say, on the frames that they name, as a layer."""

import numpy as np
import pytest
from pydicom.uid import ExplicitVRBigEndian

from core.domain.ids import MediaId
from core.domain.media import Blackout, ImageUse, View, Window
from core.errors import ImageError
from core.imaging.clearing.deidentify import clear
from core.imaging.load import open_image
from core.imaging.shown import show
from tests.core.imaging.imaging_files import as_bytes, make_dataset

RAMP = np.arange(256, dtype=np.int16).reshape(16, 16) * 13 - 1024
LAST = RAMP.max() == RAMP
SQUARE = np.indices((16, 16)).sum(axis=0) % 3 == 0


def open_made(dataset):
    return open_image(as_bytes(dataset), name="made.dcm")


def overlay_dataset(mask, *, origin=(1, 1), stored=RAMP):
    dataset = make_dataset(stored)
    dataset.add_new(0x60000010, "US", mask.shape[-2])
    dataset.add_new(0x60000011, "US", mask.shape[-1])
    dataset.add_new(0x60000050, "SS", list(origin))
    dataset.add_new(0x60000100, "US", 1)
    dataset.add_new(0x60000102, "US", 0)
    bits = np.packbits(mask, bitorder="little").tobytes()
    dataset.add_new(0x60003000, "OB", bits + b"\0" * (len(bits) % 2))
    return dataset


@pytest.mark.parametrize("origin", [(1, 1), (3, 5), (-1, 0), (15, 15)])
def test_overlay_lies_where_its_origin_says(origin):
    mask = np.ones((4, 5), bool)
    expected = np.zeros((16, 16), bool)
    for row in range(4):
        for column in range(5):
            place = (row + origin[0] - 1, column + origin[1] - 1)
            if min(place) >= 0 and max(place) < 16:
                expected[place] = True

    image = open_made(overlay_dataset(mask, origin=origin))

    assert image.has_overlay
    assert np.array_equal(image.overlay(0), expected)


FRAMES = np.stack([RAMP] * 4)


@pytest.mark.parametrize(("first", "shown"), [(None, (0, 1)), (1, (0, 1)), (3, (2, 3))])
def test_planes_of_an_overlay_lie_on_the_frames_that_it_names(first, shown):
    planes = np.arange(2 * 5 * 5).reshape(2, 5, 5) % 3 == 0  # a plane ends within a byte
    dataset = overlay_dataset(planes, stored=FRAMES)
    dataset.add_new(0x60000015, "IS", 2)
    if first is not None:
        dataset.add_new(0x60000051, "US", first)

    image = open_made(dataset)

    for frame in range(4):
        found = image.overlay(frame)
        assert (found is not None) == (frame in shown)
        if found is not None:
            assert np.array_equal(found[:5, :5], planes[shown.index(frame)])


def test_several_overlays_are_drawn_together():
    dataset = overlay_dataset(np.ones((2, 2), bool))
    other = overlay_dataset(np.ones((3, 3), bool), origin=(10, 10))
    for element in list(other.group_dataset(0x6000)):
        dataset.add_new((0x6004, element.tag.element), element.VR, element.value)

    mask = open_made(dataset).overlay(0)

    assert np.argwhere(mask).tolist() == [
        *([row, column] for row in (0, 1) for column in (0, 1)),
        *([row, column] for row in (9, 10, 11) for column in (9, 10, 11)),
    ]


@pytest.mark.parametrize("is_big_endian", [False, True])
def test_overlay_in_unused_bits_of_the_pixels_is_found_on_each_frame(is_big_endian):
    masks = np.stack([SQUARE, ~SQUARE])
    stored = np.full(masks.shape, 700, np.uint16) | (masks.astype(np.uint16) << 12)
    dataset = make_dataset(stored, BitsStored=12, HighBit=11)
    if is_big_endian:
        dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
        dataset.PixelData = stored.astype(">u2").tobytes()
    for tag, value in ((0x10, 16), (0x11, 16), (0x100, 16), (0x102, 12)):
        dataset.add_new((0x6000, tag), "US", value)

    image = open_made(dataset)

    for frame in range(2):
        assert np.array_equal(image.overlay(frame), masks[frame])
        assert set(image.frame(frame).stored.flat) == {700}


def test_bits_that_hold_values_are_no_overlay():
    dataset = make_dataset(RAMP)
    for tag, value in ((0x10, 16), (0x11, 16), (0x100, 16), (0x102, 12)):
        dataset.add_new((0x6000, tag), "US", value)

    assert not open_made(dataset).has_overlay


def test_overlay_that_is_too_short_is_refused_in_words():
    dataset = overlay_dataset(np.ones((16, 16), bool))
    dataset.add_new(0x60003000, "OB", b"\0\0")

    with pytest.raises(ImageError, match=r"its overlay \(6000\) is damaged"):
        open_made(dataset).overlay(0)


@pytest.mark.parametrize("is_color", [False, True])
def test_blackouts_lie_above_an_overlay_that_becomes_pixels(is_color):
    dataset = overlay_dataset(np.ones((16, 16), bool))
    if is_color:
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 3, "RGB"
        dataset.PlanarConfiguration, dataset.BitsAllocated, dataset.BitsStored = 0, 8, 8
        dataset.HighBit, dataset.PixelRepresentation = 7, 0
        dataset.PixelData = bytes([90]) * (16 * 16 * 3)
    use = ImageUse(MediaId("0" * 64), view=View(has_overlay=True))

    cleared = clear(as_bytes(dataset), name="x", use=use, blackouts=(Blackout(0, 0, 16, 4),))
    after = open_image(cleared.data, name="cleared").frame(0).stored

    assert len(np.unique(after[:4])) == len(np.unique(after[4:])) == 1
    assert after[0].max() < after[4].min()
    assert after[4].min() == (255 if is_color else RAMP.max())


def test_overlay_is_a_layer_until_clearing_makes_it_pixels():
    data = as_bytes(overlay_dataset(SQUARE))
    image = open_image(data, name="made.dcm")
    plain, drawn = View(Window(0, 9000)), View(Window(0, 9000), has_overlay=True)

    shown = show(image, 0, drawn).picture

    assert np.array_equal(shown == 255, SQUARE)
    assert np.array_equal(shown[~SQUARE], show(image, 0, plain).picture[~SQUARE])
    for view, is_drawn in ((plain, False), (drawn, True)):
        cleared = clear(data, name="x", use=ImageUse(MediaId("0" * 64), view=view))
        after = open_image(cleared.data, name="cleared")
        assert not after.has_overlay
        brightest = after.frame(0).stored == RAMP.max()
        assert np.array_equal(brightest, SQUARE | LAST if is_drawn else LAST)
