"""Less common forms of DICOM pictures: tables, padding, packings, pixel shapes."""

import math
import zlib

import imagecodecs
import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000, MPEG4HP41, UID, HTJ2KLossless, RLELossless

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.errors import ImageError
from core.imaging.clearing.deidentify import clear
from core.imaging.dicom.pixels import DEFLATED_FRAMES
from core.imaging.display import GrayRule, VoiFunction
from core.imaging.load import open_image
from core.imaging.shown import show
from tests.core.imaging.imaging_files import as_bytes, item, make_dataset, wheel_bytes

RAMP = np.arange(256, dtype=np.int16).reshape(16, 16) * 13 - 1024


def open_made(dataset):
    return open_image(as_bytes(dataset), name="made.dcm")


def open_unknown(dataset, syntax, *frames):
    """pydicom 3.0 does not write newer syntaxes, so one of the same length is renamed."""
    known = JPEG2000 if len(syntax) <= len(JPEG2000) else HTJ2KLossless
    data = as_bytes(with_syntax(dataset, known, *frames))
    renamed = data.replace(known.encode(), syntax.encode().ljust(len(known), b"\0"))
    return open_image(renamed, name="made.dcm")


def open_deflated(dataset, *frames):
    return open_unknown(dataset, DEFLATED_FRAMES, *frames)


def with_syntax(dataset, syntax, *frames):
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.PixelData = encapsulate(list(frames))
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    return dataset


@pytest.mark.parametrize("center", [-600.0, 0.5, 40.0])
@pytest.mark.parametrize("width", [0.5, 1.0, 80.0, 1500.0])
def test_linear_exact_equals_the_formula_of_ps3_3(center, width):
    # C.11.2.1.3.2: x <= c - w/2 is black, x > c + w/2 is white, else ((x - c) / w + 0.5) * range
    values = np.linspace(-2000, 2000, 997)
    rule = GrayRule(function=VoiFunction.LINEAR_EXACT)

    grays = rule.shade(values, Window(center, width), is_inverted=False)

    for value, gray in zip(values, grays, strict=True):
        if value <= center - width / 2:
            expected = 0.0
        elif value > center + width / 2:
            expected = 255.0
        else:
            expected = ((value - center) / width + 0.5) * 255
        assert gray == math.floor(expected + 1e-9)


@pytest.mark.parametrize(("center", "width"), [(-600.0, 1500.0), (40.0, 80.0), (0.0, 0.5)])
def test_sigmoid_equals_the_formula_of_ps3_3(center, width):
    # C.11.2.1.3.1: y = range / (1 + exp(-4 (x - c) / w))
    values = np.linspace(center - 3 * width, center + 3 * width, 501)
    rule = GrayRule(function=VoiFunction.SIGMOID)

    grays = rule.shade(values, Window(center, width), is_inverted=False)

    expected = [math.floor(255 / (1 + math.exp(-4 * (x - center) / width)) + 1e-9) for x in values]
    assert grays.tolist() == expected


def table(values):
    words = np.array(values, np.uint16)
    return item(LUTDescriptor=[len(values), 0, 8], LUTData=words.tobytes(), LUTExplanation="BONE")


def test_every_window_and_table_of_a_file_can_be_chosen():
    stored = np.array([[0, 1], [2, 3]], np.uint16)
    dataset = make_dataset(
        stored,
        VOILUTSequence=[table([0, 10, 20, 30]), table([255, 250, 100, 0])],
        WindowCenter=[2, 1],
        WindowWidth=[4, 2],
        WindowCenterWidthExplanation=["WIDE", "NARROW"],
    )

    image = open_made(dataset)

    assert image.window_names == ("WIDE", "NARROW")
    assert image.voi_table_names == ("BONE", "BONE")
    assert image.frame(0).render(View()).tolist() == [[0, 85], [170, 255]]
    assert image.frame(0).render(View(voi_table=0)).tolist() == [[0, 10], [20, 30]]
    assert image.frame(0).render(View(voi_table=1)).tolist() == [[255, 250], [100, 0]]
    assert image.frame(0).render(View(Window(1, 2))).tolist() == [[0, 255], [255, 255]]
    assert image.frame(0).render(View(voi_table=9)).tolist() == [[0, 85], [170, 255]]


@pytest.mark.parametrize("ends", [(-1024, -1000), (-1000, -1024)])
def test_padding_is_told_apart_from_the_picture(ends):
    dataset = make_dataset(RAMP, PixelPaddingValue=ends[0], PixelPaddingRangeLimit=ends[1])

    rule = open_made(dataset).frame(0).gray

    assert rule.padding == (-1024, -1000)
    assert rule.is_padding(RAMP).sum() == 2
    assert not GrayRule().is_padding(RAMP).any()


@pytest.mark.parametrize(
    ("bits", "is_signed"),
    [(1, False), *((bits, sign) for bits in (2, 7, 8, 12, 16, 31, 32) for sign in (False, True))],
)
def test_every_number_of_bits_is_read(bits, is_signed):
    size = 8 if bits <= 8 else 16 if bits <= 16 else 32
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if is_signed else (0, 2**bits - 1)
    kind = f"{'i' if is_signed else 'u'}{size // 8}"
    stored = np.array([[low, high], [0, min(1, high)]]).astype(kind)

    image = open_made(make_dataset(stored, BitsStored=bits, HighBit=bits - 1))

    assert image.frame(0).stored.tolist() == stored.tolist()


JPEG_XL = UID("1.2.840.10008.1.2.4.110")
RGB = np.arange(16 * 16 * 3, dtype=np.uint16).reshape(16, 16, 3).astype(np.uint8)
LAST = RAMP.max() == RAMP
SQUARE = np.indices((16, 16)).sum(axis=0) % 3 == 0


@pytest.mark.parametrize("is_deflated", [False, True])
def test_compressed_one_bit_frames_are_read(is_deflated):
    bits = np.packbits(SQUARE, bitorder="little").tobytes()
    dataset = make_dataset(SQUARE.astype(np.uint8), BitsAllocated=1, BitsStored=1, HighBit=0)
    if is_deflated:
        packer = zlib.compressobj(wbits=-15)
        image = open_deflated(dataset, packer.compress(bits) + packer.flush())
    else:
        head = np.array([1, 64] + [0] * 14, "<u4").tobytes()
        stream = head + imagecodecs.packbits_encode(bits)
        image = open_made(with_syntax(dataset, RLELossless, stream))

    assert np.array_equal(image.frame(0).stored, SQUARE)


def test_deflated_frames_of_numbers_are_read_and_a_bomb_is_refused():
    packer = zlib.compressobj(wbits=-15)
    stream = packer.compress(RAMP.tobytes()) + packer.flush()
    packer = zlib.compressobj(wbits=-15)
    bomb = packer.compress(bytes(10_000_000)) + packer.flush()

    good = open_deflated(make_dataset(RAMP), stream)
    bad = open_deflated(make_dataset(RAMP), bomb)

    assert np.array_equal(good.frame(0).stored, RAMP)
    with pytest.raises(ImageError, match="Deflated Image Frame"):
        bad.frame(0)


def test_high_throughput_jpeg_2000_is_read():
    stored = (RAMP + 1024).astype(np.uint16)
    stream = imagecodecs.htj2k_encode(stored, reversible=True)

    image = open_made(with_syntax(make_dataset(stored), HTJ2KLossless, stream))

    assert np.array_equal(image.frame(0).stored, stored)


@pytest.mark.parametrize("colors", [1, 3])
def test_jpeg_xl_is_read_and_another_size_than_stated_refused(colors):
    stored = (RAMP + 1024).astype(np.uint16) if colors == 1 else RGB
    stream = imagecodecs.jpegxl_encode(stored, lossless=True)
    dataset = make_dataset(stored if colors == 1 else stored[..., 0])
    dataset.SamplesPerPixel, dataset.PlanarConfiguration = colors, 0
    dataset.PhotometricInterpretation = "MONOCHROME2" if colors == 1 else "RGB"

    image = open_unknown(dataset, JPEG_XL, stream)
    dataset.Rows = 15
    lying = open_unknown(dataset, JPEG_XL, stream)

    assert np.array_equal(image.frame(0).stored, stored)
    with pytest.raises(ImageError, match=r"frame 1 are damaged \(JPEG XL\)"):
        lying.frame(0)


def test_unknown_syntax_and_video_are_named():
    dataset = with_syntax(make_dataset(RAMP), MPEG4HP41, b"video")

    with pytest.raises(ImageError, match=r"made\.dcm.*MPEG-4"):
        open_made(dataset)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ({"PixelAspectRatio": [2, 1]}, (16, 32)),
        ({"PixelAspectRatio": [1, 2]}, (32, 16)),
        ({"PixelSpacing": [0.6, 0.3]}, (16, 32)),
        ({"ImagerPixelSpacing": [0.1, 0.3]}, (48, 16)),
        ({"PixelSpacing": [0.5, 0.5], "PixelAspectRatio": [9, 1]}, (16, 16)),
    ],
)
def test_pixels_that_are_not_square_are_shown_in_their_true_shape(attributes, size):
    image = open_made(make_dataset(RAMP, **attributes))

    shown = show(image, 0, View())

    assert (shown.picture.shape[1], shown.picture.shape[0]) == size
    assert image.frame(0).stored.shape == (16, 16)
    assert any("not square" in note for note in image.notes) == (size != (16, 16))
    assert ("square pixels" in shown.conversion.sentence()) == (size != (16, 16))


def test_circle_in_oblong_pixels_is_round_again():
    rows, columns = np.indices((100, 200))
    disk = ((rows - 49.5) * 2) ** 2 + (columns - 99.5) ** 2 < 80**2
    image = open_made(make_dataset(disk.astype(np.uint8) * 255, PixelSpacing=[1.0, 0.5]))

    picture = show(image, 0, View(Window(128, 256))).picture > 127

    width, height = (np.ptp(np.nonzero(picture.any(axis=axis))) for axis in (0, 1))
    assert abs(width - height) <= 2


@pytest.mark.parametrize(
    ("modality", "attributes", "is_refused"),
    [
        ("CT", {"PixelSpacing": [0.5, 0.5]}, False),
        ("CT", {}, True),
        ("CR", {"ImagerPixelSpacing": [0.1, 0.1]}, True),
        ("DX", {"PixelSpacing": [0.1, 0.1], "ImagerPixelSpacing": [0.1, 0.1]}, True),
        ("DX", {"PixelSpacing": [0.09, 0.09], "ImagerPixelSpacing": [0.1, 0.1]}, False),
        ("CR", {"PixelSpacing": [0.1, 0.1], "PixelSpacingCalibrationType": "FIDUCIAL"}, False),
        ("SC", {"NominalScannedPixelSpacing": [0.1, 0.1]}, True),
    ],
)
def test_millimeters_are_refused_in_words_unless_they_are_the_patients(
    modality, attributes, is_refused
):
    image = open_made(make_dataset(RAMP, Modality=modality, **attributes))

    assert image.geometry.mm_refusal.endswith(".") == is_refused


def test_orientation_letters_follow_mirror_and_turns():
    dataset = make_dataset(
        RAMP,
        ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
        ImagePositionPatient=[0, 0, 0],
        PixelSpacing=[1, 1],
    )
    geometry = open_made(dataset).geometry

    def letters(**view):
        found = geometry.letters(0, View(**view))
        return found.left + found.top + found.right + found.bottom

    assert letters() == "RALP"
    assert letters(is_mirrored=True) == "LARP"
    assert letters(quarter_turns=1) == "PRAL"
    assert letters(quarter_turns=2) == "LPRA"
    assert letters(is_mirrored=True, quarter_turns=3) == "ARPL"


def test_letters_of_a_projection_come_from_its_patient_orientation():
    chest = make_dataset(RAMP, Modality="DX", PatientOrientation=["L", "F"], ImageLaterality="L")
    image = open_made(chest)
    found = image.geometry.letters(0, View())

    assert (found.left, found.top, found.right, found.bottom) == ("R", "H", "L", "F")
    assert image.geometry.laterality == "L"


def test_turned_and_mirrored_picture_is_what_numpy_says():
    image = open_image(wheel_bytes("CT_small.dcm"), name="ct")
    plain = image.frame(0).render(View())

    shown = show(image, 0, View(quarter_turns=1, is_mirrored=True)).picture

    assert np.array_equal(shown, np.rot90(plain[:, ::-1], -1))


@pytest.mark.parametrize("name", ["CT_small.dcm", "examples_ybr_color.dcm", "MR_small.dcm"])
def test_cleared_picture_keeps_place_and_size(name):
    data = wheel_bytes(name)
    before = open_image(data, name=name)

    cleared = clear(data, name=name, use=ImageUse(MediaId("0" * 64)))
    after = open_image(cleared.data, name="cleared")

    assert after.geometry.mm_refusal == before.geometry.mm_refusal
    assert after.spacing_mm == before.spacing_mm
    assert after.geometry.letters(0, View()) == before.geometry.letters(0, View())
    plane = after.geometry.plane_of(0)
    assert plane is None or plane.origin_mm == (0.0, 0.0, 0.0)
