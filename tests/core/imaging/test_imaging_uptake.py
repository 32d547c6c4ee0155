"""Uptake values only where they are valid."""

import numpy as np
import pytest

from core.domain.ids import MediaId
from core.domain.media import ImageUse
from core.imaging.clearing.bare import is_bare
from core.imaging.clearing.deidentify import clear
from core.imaging.load import open_image
from tests.core.imaging.imaging_files import as_bytes, item, make_dataset

VALUES = np.arange(100, dtype=np.int16).reshape(10, 10)


def pet(**changes):
    return open_image(pet_bytes(**changes), name="pet")


def pet_bytes(**changes):
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
    return as_bytes(make_dataset(VALUES, **facts))


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
        ({"CorrectedImage": ["DECY"]}, "not corrected"),
        ({"RadiopharmaceuticalInformationSequence": [item(), item()]}, "weight"),
        ({"tracer": {"RadiopharmaceuticalStartDateTime": "20260101120000"}}, "missing"),
        (
            {
                "SeriesTime": "003000",  # a day with its date is not taken for the one before
                "tracer": {"RadiopharmaceuticalStartDateTime": "20260101233000"},
            },
            "missing",
        ),
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


def test_a_cleared_pet_still_tells_its_uptake():
    source = pet()
    cleared = clear(pet_bytes(), name="pet", use=ImageUse(MediaId("a")))

    again = open_image(cleared.data, name="again")

    assert again.suv_factor == source.suv_factor
    assert is_bare(cleared.data)
    assert again.frame(0).calibrated(3, 4) == source.frame(0).calibrated(3, 4)
