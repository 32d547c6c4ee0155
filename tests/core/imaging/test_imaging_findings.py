"""What could identify is found wherever a file keeps it; likely writing in a picture is told."""

import io

import nibabel
import numpy as np
import pytest
import tifffile
from PIL import Image, PngImagePlugin

from core.domain.ids import MediaId
from core.domain.media import ImageUse
from core.imaging.clearing.deidentify import clear
from core.imaging.clearing.findings import scan
from core.imaging.load import open_image
from core.imaging.series.file import pack_series
from core.imaging.series.finding import find_series
from tests.core.imaging.imaging_files import as_bytes, item, make_dataset, wheel_bytes
from tests.core.imaging.stack_files import blank, make_slices, write_files

PLANTED = "Zq7Planted"
RAMP = np.arange(256, dtype=np.int16).reshape(16, 16) * 13 - 1024
COLORS = np.random.default_rng(1).integers(0, 256, (20, 30, 3), np.uint8)


def found_in(data):
    return {(one.attribute, one.value) for one in scan(data, name="x").findings}


def saved(kind, **options):
    out = io.BytesIO()
    Image.fromarray(COLORS).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("tag", "kind", "value", "name"),
    [
        (0x60000022, "LO", PLANTED, "Overlay Description"),
        (0x60043000, "OB", b"ab", "Overlay Data"),
        (0x60040010, "US", 4, "Overlay Rows"),
        (0x50003000, "OW", b"ab", "Curve Data"),
        (0x00180099, "US", 3, ""),
        (0x00180099, "CS", "SMITH", ""),
    ],
)
def test_attributes_of_overlays_curves_and_unknown_ones_are_found(tag, kind, value, name):
    dataset = make_dataset(RAMP)
    dataset.add_new(tag, kind, value)

    found = scan(as_bytes(dataset), name="x").findings

    assert name in {finding.attribute for finding in found}


def test_identifiers_in_front_of_the_data_set_are_found():
    dataset = make_dataset(RAMP)
    dataset.file_meta.SourceApplicationEntityTitle = "WARD7"

    found = scan(as_bytes(dataset), name="x").findings

    assert ("Source Application Entity Title", "WARD7") in {
        (finding.attribute, finding.value) for finding in found
    }


def test_a_sequence_that_could_identify_is_found_with_what_is_in_it():
    icon = item(IconImageSequence=[item(Rows=2)], RequestAttributesSequence=[item(StudyID="7")])

    found = scan(as_bytes(make_dataset(RAMP, OtherPatientIDsSequence=[icon])), name="x").findings

    names = {finding.attribute for finding in found}
    assert "Icon Image Sequence in Other Patient IDs Sequence" in names
    assert "Study ID in Request Attributes Sequence in Other Patient IDs Sequence" in names


def series_of(tmp_path, files):
    [series] = find_series([write_files(tmp_path, files)]).series
    return pack_series(series)


@pytest.mark.parametrize("marked", [0, 1, 2])
def test_every_file_of_a_series_is_looked_into(tmp_path, marked):
    files = make_slices(blank(3), range(3), PatientName="")
    named = make_slices(blank(3), range(3), PatientName=PLANTED, BurnedInAnnotation="YES")
    files[marked] = named[marked]

    found = scan(series_of(tmp_path, files), name="x")

    assert PLANTED in {one.value for one in found.findings}
    assert "burned into" in found.burned_in_risk


def test_what_every_file_of_a_series_holds_is_told_once(tmp_path):
    found = scan(series_of(tmp_path, make_slices(blank(3), range(3))), name="x").findings

    names = [one.attribute for one in found]
    assert "Patient's Name" in names
    assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", ["WEBP", "BMP", "JPEG", "PNG"])
def test_bytes_behind_a_picture_are_found_and_none_where_there_are_none(kind):
    data = saved(kind)

    assert found_in(data + PLANTED.encode()) - found_in(data) == {
        ("Bytes after the picture", "10 bytes")
    }
    assert "Bytes after the picture" not in {name for name, _ in found_in(data + b"\0\0")}


@pytest.mark.parametrize("has_exif", [False, True])
def test_text_behind_the_pixels_of_a_png_is_found(has_exif):
    note, exif = PngImagePlugin.PngInfo(), Image.Exif()
    note.add_text("Patient", PLANTED)
    exif[0x0112] = 1
    data = saved("PNG", pnginfo=note, **({"exif": exif} if has_exif else {}))
    start = data.index(b"tEXt") - 4
    end = start + 12 + int.from_bytes(data[start : start + 4], "big")
    last = data.index(b"IEND") - 4

    moved = data[:start] + data[end:last] + data[start:end] + data[last:]

    assert found_in(moved) == {("Text “Patient”", PLANTED)}


def test_blocks_of_a_photograph_are_all_looked_into():
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA430] = PLANTED
    exif.get_ifd(0x8825)[29] = "2020:01:31"
    exif[0x0112] = 1  # how the picture is to be turned, which is done

    found = found_in(saved("JPEG", exif=exif, icc_profile=b"profile of a scanner"))

    assert {("CameraOwnerName", PLANTED), ("GPSDateStamp", "2020:01:31")} <= found
    assert "Color profile" in {name for name, _ in found}
    assert "Orientation" not in {name for name, _ in found}


def test_every_page_of_a_tiff_is_looked_into():
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as writer:
        for text in (None, PLANTED):
            writer.write(RAMP, description=text, metadata=None, software=False)

    assert ("ImageDescription", PLANTED) in found_in(out.getvalue())


def risk_of(data):
    return scan(data, name="x").burned_in_risk


def test_writing_is_likely_in_any_picture_but_one_that_was_cleared():
    cleared = clear(wheel_bytes("MR_small.dcm"), name="x", use=ImageUse(MediaId("0" * 64)))
    foreign = io.BytesIO()
    tifffile.imwrite(foreign, RAMP)

    assert open_image(cleared.data, name="x").media_type == "image/tiff"
    assert risk_of(cleared.data) == ""
    for data in (foreign.getvalue(), saved("PNG"), saved("JPEG")):
        assert "look at every edge" in risk_of(data)


def test_volume_of_a_head_is_said_to_show_the_face():
    volume = nibabel.Nifti1Image(np.zeros((3, 4, 5), np.int16), np.eye(4))

    assert "the face" in risk_of(volume.to_bytes())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"SpecimenLabelInImage": "YES"}, "label of the slide"),
        ({"Modality": "MR", "ImageType": ["DERIVED", "SCREEN SAVE"]}, "captured or derived"),
        ({"Modality": ""}, "This kind of pictures"),
        ({"Modality": "DX", "BurnedInAnnotation": "NO"}, "DX pictures often carry writing"),
    ],
)
def test_where_writing_is_likely_follows_from_what_the_file_says(change, words):
    assert words in risk_of(as_bytes(make_dataset(RAMP, **change)))
