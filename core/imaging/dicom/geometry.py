"""Size and place of DICOM frames, and in words why a millimeter may not be one."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pydicom import Dataset

from core.imaging.clearing.terms import PROJECTIONS
from core.imaging.dicom.header import Header
from core.imaging.geometry import MM_REFUSALS, Geometry, Plane, make_plane

_CENTIMETERS: Final = 3
"""Physical units of an ultrasound region (PS3.3 C.8.5.5.1.15)."""
_TISSUE: Final = 1
"""Spatial format 2D of an ultrasound region."""
_MOST_UNEQUAL: Final = 1000.0
"""A pixel a thousand times as high as wide is a damaged header."""
_LETTERS: Final = frozenset("LRAPHF")


def read_geometry(header: Header) -> Geometry:
    """Return size and place; planes are looked up when they are asked for."""
    orientation = header.text("PatientOrientation").upper().split("\\")
    known = [one if set(one) <= _LETTERS else "" for one in orientation]
    side = header.text("ImageLaterality") or header.text("Laterality")
    return Geometry(
        pixel_aspect=_pixel_aspect(header),
        mm_refusal=_mm_refusal(header),
        plane_of=lambda frame: read_plane(header, frame),
        patient_orientation=(known[0], known[1]) if len(known) == 2 else ("", ""),
        laterality=side if side in ("L", "R", "B") else "",
    )


def read_plane(header: Header, frame: int) -> Plane | None:
    """Return where a frame lies; its own functional group goes before the top level."""
    cosines = _first(header, frame, "PlaneOrientationSequence", "ImageOrientationPatient")
    origin = _first(header, frame, "PlanePositionSequence", "ImagePositionPatient")
    plane = make_plane(origin, cosines, spacing_mm(header, frame))
    offsets = header.numbers("GridFrameOffsetVector")
    if plane is None or not 0 <= frame < len(offsets):
        return plane
    # Frames of a dose grid lie along its normal (PS3.3 C.8.8.3.2).
    x, y, z = (
        start + (offsets[frame] - offsets[0]) * part
        for start, part in zip(plane.origin_mm, plane.normal, strict=True)
    )
    return replace(plane, origin_mm=(x, y, z))


def spacing_mm(header: Header, frame: int = 0) -> tuple[float, float] | None:
    """Return pixel spacing in the patient; the detector's own spacing is not that."""
    spacing = _first(header, frame, "PixelMeasuresSequence", "PixelSpacing")
    if len(spacing) == 2 and min(spacing) > 0:
        return spacing[0], spacing[1]
    return _ultrasound_spacing(header)


def _first(header: Header, frame: int, sequence: str, keyword: str) -> tuple[float, ...]:
    for group in header.groups(frame, sequence):
        numbers = header.numbers(keyword, group)
        if numbers:
            return numbers
    return ()


def _pair(header: Header, keyword: str) -> tuple[float, float] | None:
    numbers = header.numbers(keyword)
    if len(numbers) == 2 and min(numbers) > 0:
        return numbers[0], numbers[1]
    return None


def _pixel_aspect(header: Header) -> float:
    """Return height by width of a pixel: patient spacing, then the detector's, then the ratio."""
    for pair in (
        spacing_mm(header),
        _pair(header, "ImagerPixelSpacing"),
        _pair(header, "NominalScannedPixelSpacing"),
        _pair(header, "PixelAspectRatio"),
    ):
        if pair is not None and not math.isclose(*pair, rel_tol=1e-3):
            aspect = pair[0] / pair[1]
            return aspect if 1 / _MOST_UNEQUAL < aspect < _MOST_UNEQUAL else 1.0
        if pair is not None:
            return 1.0
    return 1.0


def _mm_refusal(header: Header) -> str:
    spacing, modality = spacing_mm(header), header.text("Modality")
    detector = _pair(header, "ImagerPixelSpacing")
    if spacing is None and detector is not None:
        return MM_REFUSALS["detector"]
    if spacing is None:
        is_scanned = _pair(header, "NominalScannedPixelSpacing") is not None
        return MM_REFUSALS["scanned"] if is_scanned else MM_REFUSALS["unknown"]
    if modality in PROJECTIONS or detector is not None:
        is_told = header.text("PixelSpacingCalibrationType") in ("GEOMETRY", "FIDUCIAL")
        is_other = detector is not None and not math.isclose(spacing[0], detector[0], rel_tol=1e-3)
        return "" if is_told or is_other else MM_REFUSALS["detector"]
    if modality in ("SC", "OT") and not header.numbers("ImagePositionPatient"):
        return MM_REFUSALS["scanned"]
    return ""


def _ultrasound_spacing(header: Header) -> tuple[float, float] | None:
    """Return the spacing that all two-dimensional regions share (PS3.3 C.8.5.5)."""
    found = set(_region_spacings(header))
    return found.pop() if len(found) == 1 else None


def _region_spacings(header: Header) -> Iterator[tuple[float, float]]:
    for region in header.items("SequenceOfUltrasoundRegions"):
        if header.number("RegionSpatialFormat", 0, region) == _TISSUE:
            yield from _centimeters(header, region)


def _centimeters(header: Header, region: Dataset) -> Iterator[tuple[float, float]]:
    units = {header.number(f"PhysicalUnits{axis}Direction", 0, region) for axis in ("X", "Y")}
    across = abs(header.number("PhysicalDeltaX", 0, region))
    down = abs(header.number("PhysicalDeltaY", 0, region))
    if units == {_CENTIMETERS} and across > 0 and down > 0:
        yield round(down * 10, 9), round(across * 10, 9)
