"""Clearing keeps the picture and nothing about the patient."""

import io
import re
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image, PngImagePlugin
from pydicom import dcmread

from core.domain.ids import MediaId
from core.domain.media import Blackout, ImageUse, View, Window
from core.errors import ImageError
from core.imaging.clearing import deidentify
from core.imaging.clearing.deidentify import clear, scan
from core.imaging.geometry import Letters
from core.imaging.load import open_image
from tests.core.imaging.imaging_files import (
    FOLDER,
    as_bytes,
    item,
    make_dataset,
    readable_files,
    wheel_bytes,
)

MEDIA = MediaId("0" * 64)
RAMP = np.arange(256, dtype=np.int16).reshape(16, 16) * 13 - 1024
VIEWS = (View(), View(is_inverted=True), View(Window(50, 350)))


def use_all(image):
    return ImageUse(MEDIA, tuple(range(image.frame_count)))


def cleared_image(data, use=None, blackouts=()):
    use = use or use_all(open_image(data, name="original"))
    cleared = clear(data, name="original", use=use, blackouts=blackouts)
    return cleared, open_image(cleared.data, name=cleared.file_name)


@pytest.mark.parametrize("name", readable_files())
def test_cleared_picture_looks_the_same_and_names_nobody(name):
    data = (FOLDER / name).read_bytes()
    before = open_image(data, name="original")

    cleared, after = cleared_image(data)

    assert cleared == clear(data, name="original", use=use_all(before))
    assert after.frame_count == before.frame_count
    for index in range(before.frame_count):
        for view in VIEWS:
            shown = after.frame(index).render(view)
            assert np.array_equal(shown, before.frame(index).render(view))
        kept = after.frame(index)
        if not before.is_color and cleared.media_type == "image/tiff":
            assert kept.stored.dtype == before.frame(index).stored.dtype
            assert kept.calibrated(0, 0) == before.frame(index).calibrated(0, 0)
    assert (after.unit, after.spacing_mm) in {(before.unit, before.spacing_mm), ("", None)}
    assert scan(cleared.data, name="cleared").findings == ()
    assert_holds_no_value(cleared.data, data)


def assert_holds_no_value(cleared, original):
    """No value of the header stands in the cleared bytes, in either text encoding."""
    for finding in scan(original, name="original").findings:
        for value in re.split(r"[\\^]", finding.value):
            if len(value) >= 5 and not re.fullmatch(r"[\d.eE+-]+", value):
                assert value.encode("utf-8") not in cleared
                assert value.encode("utf-16-le") not in cleared


PLANTED = "Zq7Planted"


def test_every_planted_identifier_is_found_at_every_depth():
    inner = item(
        PatientName=f"{PLANTED}^Deep",
        ReferringPhysicianName=PLANTED,
        StudyDate="19990131",
        RequestedProcedureComments=PLANTED,
        ReferencedSOPInstanceUID="1.2.3.4.5.6",
    )
    middle = item(RequestAttributesSequence=[inner])
    dataset = make_dataset(
        RAMP,
        PatientName=f"{PLANTED}^Top",
        PatientSex="F",
        PatientWeight=71,
        PatientAge="061Y",
        AcquisitionDateTime="20200101120000",
        SharedFunctionalGroupsSequence=[item(DerivationImageSequence=[middle])],
    )
    block = dataset.private_block(0x0011, PLANTED, create=True)
    block.add_new(1, "LO", PLANTED)
    block.add_new(2, "OB", b"\1\2")
    dataset.add_new(0x60003000, "OW", b"\0\1")
    data = as_bytes(dataset)
    data = f"preamble {PLANTED}".encode().ljust(128) + data[128:]

    found = {finding.attribute for finding in scan(data, name="planted").findings}

    inside = " in Request Attributes Sequence in Derivation Image Sequence"
    inside += " in Shared Functional Groups Sequence"
    assert found >= {
        "Patient's Name",
        "Patient's Sex",
        "Patient's Weight",
        "Patient's Age",
        "Acquisition DateTime",
        f"Patient's Name{inside}",
        f"Referring Physician's Name{inside}",
        f"Study Date{inside}",
        f"Requested Procedure Comments{inside}",
        f"Referenced SOP Instance UID{inside}",
        "Private attribute (0011,1001)",
        "Private attribute (0011,1002)",
        "Overlay Data",
        "File preamble",
    }
    cleared, _ = cleared_image(data)
    assert PLANTED.encode() not in cleared.data + zlib_texts(cleared.data)
    assert not any(PLANTED in attribute for attribute in cleared.removed)


def zlib_texts(data):
    """Return whatever can be inflated in a file, so that nothing hides compressed."""
    found = b""
    for place in range(len(data) - 1):
        if data[place] == 0x78:
            try:
                found += zlib.decompressobj().decompress(data[place:])
            except zlib.error:
                continue
    return found


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("GPSLatitude", [48, 8, 2]),
        ("GPSLatitudeRef", "N"),
        ("MakerNote", b"ab"),
        ("PregnancyStatus", 2),
        ("ModifyingDeviceID", "X"),
        ("SourceIdentifier", b"ab"),
    ],
)
def test_identifiers_that_are_no_text_are_found(keyword, value):
    dataset = make_dataset(RAMP)
    setattr(dataset, keyword, value)
    plain = scan(as_bytes(make_dataset(RAMP)), name="x").findings

    found = scan(as_bytes(dataset), name="x").findings

    assert len(found) == len(plain) + 1


def test_real_file_names_patient_first_and_scanner_words_last():
    findings = scan(wheel_bytes("CT_small.dcm"), name="CT_small.dcm").findings
    names = [finding.attribute for finding in findings]

    assert "Patient ID in Other Patient IDs Sequence" in names
    assert names.index("Patient's Name") < names.index("Private attribute Suite id")
    assert "Rows" not in names
    assert "SOP Class UID" not in names


@pytest.mark.parametrize("keyword", ["Modality", "BodyPartExamined"])
def test_only_listed_words_stay(keyword):
    dataset = make_dataset(RAMP)
    setattr(dataset, keyword, "SMITHSON")

    cleared, after = cleared_image(as_bytes(dataset))

    assert b"SMITHSON" not in cleared.data
    assert "SMITHSON" not in (after.modality, after.body_part)


def test_known_body_part_and_modality_stay():
    _, after = cleared_image(as_bytes(make_dataset(RAMP, BodyPartExamined="CHEST")))

    assert (after.modality, after.body_part) == ("CT", "CHEST")


def test_only_the_frames_of_the_question_stay_in_its_order():
    data = wheel_bytes("rtdose.dcm")
    before = open_image(data, name="dose")

    cleared, after = cleared_image(data, ImageUse(MEDIA, (9, 2)))

    assert cleared.media_type == "image/tiff"
    assert after.frame_count == 2
    assert np.array_equal(after.frame(0).stored, before.frame(9).stored)
    assert np.array_equal(after.frame(1).stored, before.frame(2).stored)


@pytest.mark.parametrize("name", ["CT_small.dcm", "examples_rgb_color.dcm", "CR1"])
def test_blackouts_are_black_and_change_nothing_outside(name):
    path = "dicomdirtests/77654033/CR1/6154" if name == "CR1" else name
    data = wheel_bytes(path)
    before = open_image(data, name="x").frame(0).render(View())
    area = Blackout(left=2, top=-5, width=6, height=9)

    _, after = cleared_image(data, blackouts=(area,))

    shown = after.frame(0).render(View())
    outside = np.ones(before.shape[:2], bool)
    outside[0:4, 2:8] = False
    assert np.array_equal(shown[outside], before[outside])
    assert shown[~outside].max() <= before.min()


def test_blackout_of_the_brightest_pixel_leaves_the_other_grays():
    stored = np.array([[0, 10, 20, 4000]], np.uint16)
    data = as_bytes(make_dataset(stored))
    before = open_image(data, name="x").frame(0).render(View())

    _, after = cleared_image(data, blackouts=(Blackout(3, 0, 1, 1),))

    assert after.frame(0).stored.tolist() == [[0, 10, 20, 0]]
    assert after.frame(0).render(View())[0, :3].tolist() == before[0, :3].tolist()


@pytest.mark.parametrize("function", ["LINEAR_EXACT", "SIGMOID"])
def test_window_function_polarity_and_tables_survive(function):
    table = [item(LUTDescriptor=[1024, -1024, 12], LUTData=bytes(range(256)) * 8)]
    shapes = (
        {"WindowCenter": 40, "WindowWidth": 400, "VOILUTFunction": function},
        {"VOILUTSequence": table, "PresentationLUTShape": "INVERSE"},
        {"ModalityLUTSequence": table, "PhotometricInterpretation": "MONOCHROME1"},
    )
    for shape in shapes:
        data = as_bytes(make_dataset(RAMP, **shape))
        _, after = cleared_image(data)
        for view in VIEWS:
            expected = open_image(data, name="x").frame(0).render(view)
            assert np.array_equal(after.frame(0).render(view), expected)


def test_a_cleared_picture_keeps_all_windows_sides_and_letters():
    facts = {
        "Modality": "DX",
        "WindowCenter": [40, 50, 60],
        "WindowWidth": [400, 500, 600],
        "PatientOrientation": ["L", "F"],
        "ImageLaterality": "R",
        "PixelSpacing": [0.2, 0.1],
        "ImagerPixelSpacing": [0.2, 0.1],
    }
    data = as_bytes(make_dataset(RAMP, **facts))
    before = open_image(data, name="x")

    _, after = cleared_image(data)

    assert after.windows == before.windows == (Window(40, 400), Window(50, 500), Window(60, 600))
    assert after.geometry.laterality == "R"
    assert after.geometry.patient_orientation == ("L", "F")
    assert after.geometry.mm_refusal == before.geometry.mm_refusal != ""
    assert after.geometry.pixel_aspect == 2


@pytest.mark.parametrize(
    ("kept", "facts"),
    [
        ("letters", {"PatientOrientation": ["L", "F"]}),
        ("pixel_aspect", {"PixelAspectRatio": [2, 1]}),
        ("mm_refusal", {"PixelSpacing": [0.5, 0.5], "Modality": "MR"}),
    ],
)
def test_a_picture_of_bytes_leaves_as_more_than_pixels_where_its_place_is_known(kept, facts):
    stored = np.arange(256, dtype=np.uint8).reshape(16, 16)
    plain = as_bytes(make_dataset(stored, WindowCenter=128, WindowWidth=256, Modality="OT"))
    placed = dcmread(io.BytesIO(plain))
    for keyword, value in facts.items():
        setattr(placed, keyword, value)
    before = open_image(as_bytes(placed), name="x").geometry

    after = cleared_image(as_bytes(placed))[1].geometry

    assert cleared_image(plain)[0].media_type == "image/png"
    if kept == "letters":
        assert after.letters(0, View()) == before.letters(0, View()) != Letters()
    else:
        assert getattr(after, kept) == getattr(before, kept)


def test_a_cleared_picture_still_knows_its_padding():
    data = as_bytes(make_dataset(RAMP, PixelPaddingValue=-1024, PixelPaddingRangeLimit=-1000))

    assert cleared_image(data)[1].frame(0).gray.padding == (-1024, -1000)


def test_clearing_twice_gives_the_same_picture():
    first, _ = cleared_image(wheel_bytes("CT_small.dcm"))

    assert cleared_image(first.data)[0].data == first.data


def test_picture_files_lose_everything_but_the_pixels():
    pixels = np.random.default_rng(1).integers(0, 256, (20, 30, 3), np.uint8)
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = f"artist {PLANTED}"
    exif.get_ifd(0x8825)[29] = "2020:01:31"
    note = PngImagePlugin.PngInfo()
    note.add_text("Patient", PLANTED, zip=True)
    for kind, options in (
        ("JPEG", {"exif": exif, "comment": PLANTED.encode(), "quality": 95}),
        ("PNG", {"exif": exif, "pnginfo": note}),
        ("TIFF", {"tiffinfo": {270: PLANTED, 315: PLANTED}}),
    ):
        out = io.BytesIO()
        Image.fromarray(pixels).save(out, kind, **options)
        data = out.getvalue() + (PLANTED.encode() if kind != "TIFF" else b"")

        names = {finding.attribute for finding in scan(data, name="x").findings}
        cleared, after = cleared_image(data)

        expected = {"JPEG": "Comment", "PNG": "Text “Patient”", "TIFF": "ImageDescription"}
        assert expected[kind] in names
        if kind != "TIFF":
            assert names >= {"Artist", "GPSDateStamp", "Bytes after the picture"}
        assert PLANTED.encode() not in cleared.data + zlib_texts(cleared.data)
        assert np.array_equal(after.frame(0).stored, open_image(data, name="x").frame(0).stored)


def test_cleared_tiff_holds_nothing_but_structure_and_our_description():
    cleared, _ = cleared_image(wheel_bytes("MR_small.dcm"))

    with tifffile.TiffFile(io.BytesIO(cleared.data)) as file:
        codes = {tag.code for tag in file.pages[0].tags}
    assert codes <= {254, 256, 257, 258, 259, 262, 270, 273, 277, 278, 279, 282, 283, 296, 339}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"BurnedInAnnotation": "YES"}, "burned into"),
        ({"Modality": "US"}, "look at every edge"),
        ({"Modality": "MR", "ImageType": ["DERIVED", "SECONDARY"]}, "captured or derived"),
        ({"Modality": "US", "SequenceOfUltrasoundRegions": [item()]}, "outside the scanned"),
        ({"Modality": "MR", "ImageType": ["ORIGINAL", "PRIMARY"]}, ""),
    ],
)
def test_risk_of_writing_in_the_picture_is_told(change, words):
    risk = scan(as_bytes(make_dataset(RAMP, **change)), name="x").burned_in_risk

    assert words in risk
    assert bool(words) == bool(risk)


def test_more_than_can_be_held_is_refused_with_what_to_do(monkeypatch):
    data = wheel_bytes("rtdose.dcm")
    size = open_image(data, name="x").frame(0).stored.nbytes
    monkeypatch.setattr(deidentify, "_LARGEST_BYTES", 2 * size)

    assert clear(data, name="x", use=ImageUse(MEDIA, (0, 1))).media_type == "image/tiff"
    with pytest.raises(ImageError, match="too large to clear at once") as error:
        clear(data, name="x", use=ImageUse(MEDIA, (0, 1, 2)))
    assert error.value.hint == "Choose fewer frames."


def test_no_frame_and_missing_frame_are_refused():
    data = wheel_bytes("CT_small.dcm")

    with pytest.raises(ImageError, match="no frame"):
        clear(data, name="x", use=ImageUse(MEDIA, ()))
    with pytest.raises(ImageError, match="has 1 frame; frame 3"):
        clear(data, name="x", use=ImageUse(MEDIA, (2,)))


def test_cleared_bytes_are_never_dicom():
    for name in ("CT_small.dcm", "examples_ybr_color.dcm"):
        cleared, _ = cleared_image(wheel_bytes(name))
        with pytest.raises(Exception, match="DICM"):
            dcmread(io.BytesIO(cleared.data))
