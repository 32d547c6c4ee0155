"""Standardized uptake values of PET, where the file holds what they need (QIBA's SUVbw)."""

import math
from datetime import datetime, timedelta
from typing import Final

from pydicom import Dataset

from core.imaging.dicom.header import Header

UNIT: Final = "g/ml"
_DAY: Final = timedelta(days=1)
_LONGEST: Final = timedelta(hours=12)


def suv_factor(header: Header) -> tuple[float | None, str]:
    """Return what calibrated values (Bq/ml) are multiplied by, or None and the reason in words.

    SUVbw = activity · weight / dose, the dose decayed from injection to the start of the series.
    """
    if header.text("Modality") != "PT":
        return None, "Uptake values exist for PET only."
    if header.text("Units") == "GML":
        return 1.0, ""
    if header.text("Units") != "BQML":
        return None, f"The values are in {header.text('Units') or 'an unknown unit'}, not Bq/ml."
    corrected = header.text("CorrectedImage").upper().split("\\")
    if not {"ATTN", "DECY"} <= set(corrected):
        return None, "The values are not corrected for attenuation and decay."
    weight_kg = header.number("PatientWeight", 0.0)
    items = header.items("RadiopharmaceuticalInformationSequence")
    if weight_kg <= 0 or len(items) != 1:
        return None, "The weight of the patient or the dose is missing."
    dose = _dose_at_start(header, items[0])
    if dose is None:
        return None, "The dose, its half-life or its time is missing."
    return weight_kg * 1000 / dose, ""


def _dose_at_start(header: Header, tracer: Dataset) -> float | None:
    dose = header.number("RadionuclideTotalDose", 0.0, tracer)
    half_life_s = header.number("RadionuclideHalfLife", 0.0, tracer)
    if dose <= 0 or half_life_s <= 0:
        return None
    match header.text("DecayCorrection"):
        case "ADMIN":
            return dose
        case "START":
            waited = _waited(header, tracer)
            if waited is None:
                return None
            return dose * math.exp2(-waited.total_seconds() / half_life_s)
        case _:
            return None


def _waited(header: Header, tracer: Dataset) -> timedelta | None:
    start = _moment(header.text("SeriesDate") + header.text("SeriesTime"))
    full = header.text("RadiopharmaceuticalStartDateTime", tracer)
    injected = _moment(full) or _moment(
        header.text("SeriesDate") + header.text("RadiopharmaceuticalStartTime", tracer)
    )
    if start is None or injected is None:
        return None
    waited = start - injected
    if not full and waited < timedelta(0):  # a time alone: injected before midnight
        waited += _DAY
    return waited if timedelta(0) <= waited <= _LONGEST else None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text[:14], "%Y%m%d%H%M%S")
    except ValueError:
        return None
