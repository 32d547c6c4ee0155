"""Size, place and side of DICOM pictures come from the attribute that is meant for it."""

import numpy as np
import pytest

from core.domain.media import View
from core.imaging.load import open_image
from tests.core.imaging.imaging_files import as_bytes, item, make_dataset

BLANK = np.zeros((16, 16), np.int16)
EQUAL = {"PixelSpacing": [0.1, 0.1], "ImagerPixelSpacing": [0.1, 0.1]}


def opened(**attributes):
    return open_image(as_bytes(make_dataset(BLANK, **attributes)), name="made.dcm")


def region(**changes):
    """Return a scanned region of 0.02 cm a pixel across and 0.05 cm down."""
    facts = {
        "RegionSpatialFormat": 1,
        "PhysicalUnitsXDirection": 3,
        "PhysicalUnitsYDirection": 3,
        "PhysicalDeltaX": 0.02,
        "PhysicalDeltaY": 0.05,
    }
    return item(**facts | changes)


@pytest.mark.parametrize(
    ("regions", "spacing_mm"),
    [
        ([region()], (0.5, 0.2)),
        ([region(PhysicalDeltaY=-0.05)], (0.5, 0.2)),  # upside down, not of negative size
        ([region(), region()], (0.5, 0.2)),
        ([region(), region(PhysicalDeltaX=0.03)], None),
        ([region(), region(RegionSpatialFormat=2, PhysicalDeltaX=9)], (0.5, 0.2)),  # M-mode
        ([region(PhysicalUnitsXDirection=4)], None),  # seconds
        ([region(RegionSpatialFormat=3)], None),
        ([region(PhysicalDeltaX=0)], None),
    ],
)
def test_ultrasound_has_the_spacing_that_its_tissue_regions_share(regions, spacing_mm):
    image = opened(Modality="US", SequenceOfUltrasoundRegions=regions)

    assert image.spacing_mm == spacing_mm
    assert bool(image.geometry.mm_refusal) is (spacing_mm is None)


@pytest.mark.parametrize(
    ("sides", "told"),
    [
        ({"ImageLaterality": "L"}, "L"),
        ({"Laterality": "R"}, "R"),
        ({"ImageLaterality": "L", "Laterality": "R"}, "L"),  # that of the picture, not the study
        ({"Laterality": "B"}, "B"),
        ({"ImageLaterality": "U"}, ""),
        ({}, ""),
    ],
)
def test_side_is_that_of_the_picture_before_that_of_the_series(sides, told):
    assert opened(**sides).geometry.laterality == told


@pytest.mark.parametrize(
    ("attributes", "is_refused"),
    [
        ({"Modality": "MG", **EQUAL, "PixelSpacingCalibrationType": "GEOMETRY"}, False),
        ({"Modality": "MG", **EQUAL, "PixelSpacingCalibrationType": "OTHER"}, True),
        ({"Modality": "MG", "PixelSpacing": [0.1, 0.1]}, True),
        ({"Modality": "SC", "PixelSpacing": [0.1, 0.1]}, True),
        ({"Modality": "OT", "PixelSpacing": [0.1, 0.1]}, True),
        ({"Modality": "OT", "PixelSpacing": [0.1, 0.1], "ImagePositionPatient": [0, 0, 0]}, False),
        ({"Modality": "MR", "PixelSpacing": [0.1, 0.1]}, False),
    ],
)
def test_millimeters_need_a_spacing_within_the_patient(attributes, is_refused):
    assert bool(opened(**attributes).geometry.mm_refusal) is is_refused


@pytest.mark.parametrize(
    ("attributes", "aspect"),
    [
        ({"NominalScannedPixelSpacing": [0.2, 0.1]}, 2),
        ({"NominalScannedPixelSpacing": [0.1, 0.1], "PixelAspectRatio": [3, 1]}, 1),
        ({"ImagerPixelSpacing": [0.2, 0.1], "NominalScannedPixelSpacing": [0.1, 0.1]}, 2),
        ({"PixelSpacing": [0.3, 0.1], "ImagerPixelSpacing": [0.2, 0.1]}, 3),
        ({"PixelAspectRatio": [2000, 1]}, 1),
        ({"PixelAspectRatio": [1, 2000]}, 1),
        ({}, 1),
    ],
)
def test_shape_of_a_pixel_is_that_of_the_nearest_to_the_patient(attributes, aspect):
    assert opened(**attributes).geometry.pixel_aspect == pytest.approx(aspect)


@pytest.mark.parametrize("offsets", [[0, 3, 5], [-80, -77, -75]])
def test_frames_of_a_dose_grid_lie_from_its_place_on_wherever_offsets_count_from(offsets):
    dataset = make_dataset(
        np.stack([BLANK] * 3),
        Modality="RTDOSE",
        ImagePositionPatient=[-5, -6, -80],
        ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
        PixelSpacing=[1, 1],
        GridFrameOffsetVector=offsets,
    )

    planes = open_image(as_bytes(dataset), name="dose").planes

    assert [plane.origin_mm for plane in planes] == [(-5, -6, place) for place in (-80, -77, -75)]


def test_letters_that_are_none_are_left_out():
    letters = opened(Modality="DX", PatientOrientation=["L", "XY"]).geometry.letters(0, View())

    assert (letters.left, letters.top, letters.right, letters.bottom) == ("R", "", "L", "")
