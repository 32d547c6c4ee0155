"""How large a pixel is under a microscope, by what scanners and programs write into TIFF files."""

import re
from typing import Any, Final

import tifffile

_SMALLEST, _LARGEST = 0.01, 100.0
"""Micrometers: beyond these it is no size of a slide's pixels, but of a photograph's."""
_LARGEST_STATED: Final = 10.0
"""Programs write 72 to 1,200 dots an inch where they know nothing."""
_SQUARE: Final = 0.01
_APERIO: Final = re.compile(r"MPP\s*=\s*([0-9.]+)")
_OME: Final = re.compile(r'PhysicalSize([XY])(Unit)?="([^"]{1,40})"')
_OME_UNITS: Final = {
    "": 1.0,
    "µm": 1.0,
    "\u03bcm": 1.0,
    "um": 1.0,
    "nm": 1e-3,
    "mm": 1e3,
    "cm": 1e4,
}
_PHILIPS: Final = re.compile(
    r'DICOM_PIXEL_SPACING"[^>]*>(?:&quot;|")([0-9.eE+-]{1,30})(?:&quot;|")'
)
_UNITS: Final = {2: 25_400.0, 3: 10_000.0}
"""Micrometers of what ResolutionUnit says: inches or centimeters."""
_IMAGEJ: Final = re.compile(r"^unit=(\S{1,20})", re.MULTILINE)
_IMAGEJ_UNITS: Final = {
    "micron": 1.0,
    "um": 1.0,
    "µm": 1.0,
    "\\u00B5m": 1.0,
    "nm": 1e-3,
    "mm": 1e3,
    "cm": 1e4,
    "inch": 25_400.0,
}


def micron_of(page: tifffile.TiffPage) -> float | None:
    """Return the size of a page's pixels in micrometers; None where it is not told.

    Aperio, Philips and OME write it as text, others as resolution. What would be the size of a
    photograph's pixels counts as not told, as do pixels that are not square.
    """
    told = _in_text(page.description)
    if told is None:
        told = _as_resolution(page)
    return told if told is not None and _SMALLEST <= told <= _LARGEST else None


def _in_text(text: str) -> float | None:
    if (aperio := _APERIO.search(text)) is not None:
        return _number(aperio.group(1))
    if philips := [_number(one) for one in _PHILIPS.findall(text)]:
        return 1000 * min(philips)  # of the finest of all levels
    if "<OME" in text:
        return _in_ome(text)
    return None


def _in_ome(text: str) -> float | None:
    sides: dict[str, float] = {}
    units: dict[str, str] = {}
    for axis, is_unit, value in _OME.findall(text):
        if is_unit:
            units.setdefault(axis, value)
        else:
            sides.setdefault(axis, _number(value))
    factors = [_OME_UNITS.get(units.get(axis, "")) for axis in ("X", "Y")]
    if factors[0] is None or factors[1] is None:
        return None
    return _of_square(sides.get("X", 0.0) * factors[0], sides.get("Y", 0.0) * factors[1])


def _as_resolution(page: tifffile.TiffPage) -> float | None:
    length = _unit_micron(page)
    tags = [page.tags.get(name) for name in ("XResolution", "YResolution")]
    if length is None or tags[0] is None:
        return None
    values = [_ratio(tag.value) for tag in tags if tag is not None]
    if not all(values):
        return None
    micron = _of_square(length / values[0], length / values[-1])
    return micron if micron is not None and micron <= _LARGEST_STATED else None


def _unit_micron(page: tifffile.TiffPage) -> float | None:
    """Return the micrometers to which resolutions refer; ImageJ names them in its text."""
    if page.description.startswith("ImageJ="):
        named = _IMAGEJ.search(page.description)
        return None if named is None else _IMAGEJ_UNITS.get(named.group(1))
    unit: Any = page.tags.get("ResolutionUnit")
    return None if unit is None else _UNITS.get(int(unit.value))


def _of_square(width: float, height: float) -> float | None:
    if width <= 0 or height <= 0 or abs(height / width - 1) > _SQUARE:
        return None
    return width


def _ratio(value: Any) -> float:  # whatever the tag holds
    numerator, denominator = value
    return numerator / denominator if denominator else 0.0


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
