"""Windows from a histogram, and uptake values only where they are valid."""

import numpy as np
import pytest

from core.domain.media import Window
from core.imaging.display import GrayRule
from core.imaging.histogram import auto_window, histogram
from core.imaging.image import Frame
from core.imaging.load import open_image
from tests.core.imaging.imaging_files import as_bytes, item, make_dataset

VALUES = np.arange(10_000, dtype=np.int16).reshape(100, 100)


def test_automatic_window_leaves_out_outliers_and_padding():
    stored = VALUES.copy()
    stored[0, :20] = 30_000
    stored[99] = -5
    frame = Frame(stored, GrayRule(slope=2, intercept=-10, padding=(-5, -5)))

    window = auto_window(frame)

    low, high = np.percentile(stored[:99] * 2.0 - 10, (0.5, 99.5))
    assert window == Window((low + high + 1) / 2, high - low + 1)
    assert window.width < 21_000


def test_automatic_window_of_a_region_is_that_of_its_values():
    frame = Frame(VALUES, GrayRule())
    within = (VALUES >= 1000) & (VALUES <= 2000)

    assert auto_window(frame, within) == Window(1500.5, 991)
    assert auto_window(frame, np.zeros_like(within)) == frame.range_window
    assert auto_window(Frame(VALUES * 0, GrayRule())) == Window(0.5, 1)


def test_histogram_counts_calibrated_values_without_padding():
    edges, counts = histogram(Frame(VALUES, GrayRule(slope=0.5, padding=(0, 999))), bins=9)

    assert counts == (1000,) * 9
    assert (edges[0], edges[-1]) == (500, 4999.5)


def pet(**changes):
    tracer = {
        "RadionuclideTotalDose": 370e6,
        "RadionuclideHalfLife": 6586.2,
        "RadiopharmaceuticalStartTime": "100000",
    } | changes.pop("tracer", {})
    facts = {
        "Modality": "PT",
        "Units": "BQML",
        "CorrectedImage": ["ATTN", "DECY"],
        "DecayCorrection": "START",
        "PatientWeight": 70,
        "SeriesDate": "20260101",
        "SeriesTime": "110000",
        "RadiopharmaceuticalInformationSequence": [item(**tracer)],
    } | changes
    return open_image(as_bytes(make_dataset(VALUES, **facts)), name="pet")


def test_uptake_equals_the_formula():
    dose = 370e6 * 2 ** (-3600 / 6586.2)

    assert pet().suv_factor == pytest.approx(70_000 / dose)
    assert pet(DecayCorrection="ADMIN").suv_factor == pytest.approx(70_000 / 370e6)
    assert pet(Units="GML").suv_factor == 1
    late = pet(SeriesTime="003000", tracer={"RadiopharmaceuticalStartTime": "233000"})
    assert late.suv_factor == pytest.approx(70_000 / dose)
    dated = pet(tracer={"RadiopharmaceuticalStartDateTime": "20260101100000"})
    assert dated.suv_factor == pytest.approx(70_000 / dose)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"Modality": "CT"}, "PET only"),
        ({"Units": "CNTS"}, "CNTS"),
        ({"CorrectedImage": ["ATTN"]}, "not corrected"),
        ({"PatientWeight": 0}, "weight"),
        ({"SeriesTime": ""}, "time is missing"),
        ({"DecayCorrection": "NONE"}, "missing"),
        ({"tracer": {"RadionuclideTotalDose": 0}}, "dose"),
        ({"tracer": {"RadiopharmaceuticalStartDateTime": "20250101100000"}}, "missing"),
    ],
)
def test_uptake_is_refused_in_words(changes, words):
    image = pet(**changes)

    assert image.suv_factor is None
    assert words in image.suv_refusal
