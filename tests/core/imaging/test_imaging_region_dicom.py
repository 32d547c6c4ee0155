"""Regions go out and come back as DICOM Segmentation and Structured Report."""

import gzip
import shutil
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest

from core.domain.region import Region, RegionKind
from core.errors import ImageError
from core.imaging.load import open_image
from core.imaging.marks.mask import mask_of, mask_region, pixels_of
from core.imaging.marks.measure import statistics
from core.imaging.marks.seg import read_seg, write_seg
from core.imaging.marks.sr import read_sr, write_sr
from tests.core.imaging.imaging_files import as_bytes, make_dataset, wheel_bytes
from tests.core.imaging.stack_files import COLUMNS, ROWS, blank, make_slices

SHARED = Path(__file__).parents[4] / "shared" / "data" / "dcmqi_ct"
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
FILES = make_slices(
    blank(4), range(4), FrameOfReferenceUID="1.2.9", StudyInstanceUID="1.2.8", PatientID="7"
)
BLOB = np.zeros((ROWS, COLUMNS), bool)
BLOB[5:11, 8:33] = BLOB[20:41, 50:63] = True
REGIONS = [
    mask_region(BLOB, frame=2, label="liver"),
    Region(RegionKind.ELLIPSE, ((4, 6), (24, 30)), frame=0, label="tumor"),
    Region(RegionKind.BOX, ((30, 6), (44, 30)), frame=0, label="tumor"),
]


def test_segmentation_brings_back_every_pixel_on_its_slice():
    found = read_seg(write_seg(FILES, REGIONS, made_at=NOON), FILES, name="seg.dcm")

    assert [(region.label, region.frame) for region in found] == [("liver", 2), ("tumor", 0)]
    assert np.array_equal(pixels_of(found[0].mask), BLOB)
    tumor = mask_of(REGIONS[1], COLUMNS, ROWS) | mask_of(REGIONS[2], COLUMNS, ROWS)
    assert np.array_equal(pixels_of(found[1].mask), tumor)


def test_segmentation_belongs_to_patient_study_and_pictures():
    made = pydicom.dcmread(BytesIO(write_seg(FILES, REGIONS, made_at=NOON)))
    source = pydicom.dcmread(BytesIO(FILES[0]))

    assert (made.PatientID, made.StudyInstanceUID) == ("7", source.StudyInstanceUID)
    assert made.SeriesInstanceUID != source.SeriesInstanceUID
    assert made.FrameOfReferenceUID == "1.2.9"
    assert [one.SegmentLabel for one in made.SegmentSequence] == ["liver", "tumor"]
    assert made.ContentDate == "20260314"
    group = made.PerFrameFunctionalGroupsSequence[0]
    picture = group.DerivationImageSequence[0].SourceImageSequence[0]
    assert picture.ReferencedSOPInstanceUID == pydicom.dcmread(BytesIO(FILES[2])).SOPInstanceUID


def test_segmentation_without_references_is_placed_by_geometry():
    made = pydicom.dcmread(BytesIO(write_seg(FILES, REGIONS, made_at=NOON)))
    for group in made.PerFrameFunctionalGroupsSequence:
        del group.DerivationImageSequence

    found = read_seg(as_bytes(made), FILES, name="seg.dcm")

    assert [(region.label, region.frame) for region in found] == [("liver", 2), ("tumor", 0)]


def test_fractional_segmentation_counts_from_one_half():
    made = pydicom.dcmread(BytesIO(write_seg(FILES, REGIONS[:1], made_at=NOON)))
    made.SegmentationType, made.MaximumFractionalValue = "FRACTIONAL", 200
    made.BitsAllocated = made.BitsStored = 8
    made.HighBit = 7
    values = np.where(BLOB, 100, 99).astype(np.uint8)
    made.PixelData = values.tobytes()

    [region] = read_seg(as_bytes(made), FILES, name="seg.dcm")

    assert np.array_equal(pixels_of(region.mask), BLOB)


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the shared data beside the checkout")
def test_segmentation_of_another_program_equals_its_twin_volume():
    sources = [path.read_bytes() for path in sorted((SHARED / "ct-3slice").glob("*.dcm"))]
    head, packed = (SHARED / "liver_seg.nrrd").read_bytes().split(b"\n\n", 1)
    assert b"sizes: 512 512 3" in head
    volume = np.frombuffer(gzip.decompress(packed), "<i2").reshape(3, 512, 512) > 0

    regions = read_seg((SHARED / "liver.dcm").read_bytes(), sources, name="liver.dcm")

    places = [open_image(data, name="ct").geometry.plane_of(0).origin_mm[2] for data in sources]
    rank = np.argsort(np.argsort(places))
    assert [region.label for region in regions] == ["Liver"] * 3
    for region in regions:
        assert np.array_equal(pixels_of(region.mask), volume[rank[region.frame]])


OUTLINES = [
    Region(RegionKind.POINT, ((3.5, 4.25),), frame=1, label="calcification"),
    Region(RegionKind.ARROW, ((1, 2), (9, 8)), label="this"),
    Region(RegionKind.BOX, ((1, 2), (11, 22)), frame=3, label="box"),
    Region(RegionKind.ELLIPSE, ((4, 6), (24, 30)), label="tumor"),
    Region(RegionKind.ELLIPSE, ((4, 6), (44, 30)), label="wide"),
    Region(RegionKind.POLYGON, ((1, 1), (20, 3), (12.5, 28)), frame=2, label="lung"),
]


def test_report_brings_back_every_outline_with_its_label_and_frame():
    found = read_sr(write_sr(FILES, OUTLINES, made_at=NOON), FILES, name="sr.dcm")

    assert found == OUTLINES


def test_report_holds_the_statistics():
    measured = [statistics(open_image(FILES[0], name="ct"), OUTLINES[3])]

    made = pydicom.dcmread(BytesIO(write_sr(FILES, [OUTLINES[3]], made_at=NOON, measured=measured)))

    [group] = made.ContentSequence[-1].ContentSequence
    numbers = {
        one.ConceptNameCodeSequence[0].CodeMeaning: one.MeasuredValueSequence[0]
        for one in group.ContentSequence
        if one.ValueType == "NUM"
    }
    assert float(numbers["Mean"].NumericValue) == 0
    assert float(numbers["Area"].NumericValue) == pytest.approx(measured[0].area.value)
    assert numbers["Area"].MeasurementUnitsCodeSequence[0].CodeValue == "mm2"


def test_regions_of_a_multi_frame_file_keep_their_frames():
    data = wheel_bytes("rtdose.dcm")
    image = open_image(data, name="dose")
    regions = [Region(RegionKind.BOX, ((0, 0), (4, 3)), frame=frame) for frame in (0, 7, 14)]

    segmented = read_seg(write_seg([data], regions, made_at=NOON), [data], name="seg")
    reported = read_sr(write_sr([data], regions, made_at=NOON), [data], name="sr")

    assert [one.frame for one in reported] == [0, 7, 14]
    assert [one.frame for one in segmented] == [0, 7, 14]
    assert image.frame_count == 15


def test_masks_in_reports_and_frames_without_pictures_are_refused():
    with pytest.raises(ImageError, match="mask"):
        write_sr(FILES, REGIONS[:1], made_at=NOON)
    far = [Region(RegionKind.POINT, ((1, 1),), frame=9)]
    for write in (write_seg, write_sr):
        with pytest.raises(ImageError, match="frame 10"):
            write(FILES, far, made_at=NOON)
        with pytest.raises(ImageError, match="no regions"):
            write(FILES, [], made_at=NOON)


def test_objects_of_other_pictures_or_kinds_are_refused():
    others = make_slices(blank(4), [50, 60, 70, 80], series="9")
    seg, report = write_seg(FILES, REGIONS, made_at=NOON), write_sr(FILES, OUTLINES, made_at=NOON)

    with pytest.raises(ImageError, match=r"s\.dcm.*other pictures"):
        read_seg(seg, others, name="s.dcm")
    with pytest.raises(ImageError, match=r"s\.dcm.*other pictures"):
        read_sr(report, others, name="s.dcm")
    with pytest.raises(ImageError, match="no segmentation"):
        read_seg(report, FILES, name="s.dcm")
    with pytest.raises(ImageError, match="no report"):
        read_sr(seg, FILES, name="s.dcm")
    odd = make_dataset(np.zeros((4, 4), np.int16))
    with pytest.raises(ImageError, match="another size"):
        read_seg(seg, [as_bytes(odd)], name="s.dcm")


@pytest.mark.parametrize("kind", ["seg", "sr"])
def test_no_damage_ends_in_another_error(kind):
    rng = np.random.default_rng(5)
    write, read, marks = (
        (write_seg, read_seg, REGIONS) if kind == "seg" else (write_sr, read_sr, OUTLINES)
    )
    data = write(FILES, marks, made_at=NOON)
    for _ in range(100):
        broken = bytearray(data)
        for place in rng.integers(0, len(data), 3):
            broken[place] = rng.integers(0, 256)
        try:
            read(bytes(broken), FILES, name="broken")
        except ImageError as error:
            assert "broken" in error.sentence  # noqa: PT017 - either outcome is right


@pytest.mark.skipif(shutil.which("dsrdump") is None, reason="needs the Debian package dcmtk")
def test_dcmtk_reads_the_report(tmp_path):
    path = tmp_path / "report.dcm"
    path.write_bytes(write_sr(FILES, OUTLINES, made_at=NOON))

    done = subprocess.run(["dsrdump", path], capture_output=True, text=True, check=True)

    assert "Imaging Measurement Report" in done.stdout
    assert done.stdout.count("Image Region") == len(OUTLINES)
