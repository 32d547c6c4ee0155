"""DICOM files as images: what they hold, and each frame decoded when it is asked for."""

import math
from collections.abc import Callable
from functools import partial
from typing import Final

from core.imaging.dicom.color import palette_to_rgb, to_eight_bits
from core.imaging.dicom.geometry import read_geometry, read_plane, spacing_mm
from core.imaging.dicom.gray import gray_rule, voi_table_names, window_names
from core.imaging.dicom.header import Header, read_header, tag_name
from core.imaging.dicom.overlay import has_overlay, overlay_mask
from core.imaging.dicom.pixels import (
    GRAY,
    SUPPORTED,
    decode,
    frame_count,
    is_native,
    lossy_note,
    syntax_name,
)
from core.imaging.dicom.suv import suv_factor
from core.imaging.display import Values
from core.imaging.geometry import Geometry, Plane
from core.imaging.image import (
    FASTEST_PER_S,
    MAX_PIXELS,
    SLOWEST_PER_S,
    Frame,
    LoadedImage,
    settled,
)
from core.imaging.quiet import without_warnings
from core.imaging.series.stack import stack_notes
from core.imaging.shown import aspect_note
from core.imaging.slides.dicom import open_slide
from core.imaging.slides.dicom_file import is_slide

MEDIA_TYPE: Final = "application/dicom"
_PIXELS: Final = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_PALETTE: Final = "PALETTE COLOR"
_ONE_SAMPLE: Final = (*GRAY, _PALETTE)
_COLOR: Final = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")
_MOST_PLANES: Final = 5_000


def open_dicom(data: bytes, *, name: str) -> LoadedImage:
    """Open a DICOM file; raise `ImageError` when it holds no picture or cannot be understood."""
    if is_slide(data):
        return open_slide(data, name=name)
    header = read_header(data, name=name)
    frames = _checked_frame_count(header)
    return image_of(header, frames, partial(_read_frame if frames == 1 else _read_settled, header))


def image_of(header: Header, frames: int, read_frame: Callable[[int], Frame]) -> LoadedImage:
    """Return what a checked header says of its picture, with frames that `read_frame` brings."""
    geometry = read_geometry(header)
    first_rule = gray_rule(header, 0)
    modality = header.text("Modality")
    factor, refusal = suv_factor(header)
    return LoadedImage(
        name=header.name,
        media_type=MEDIA_TYPE,
        width=header.whole("Columns"),
        height=header.whole("Rows"),
        frame_count=frames,
        is_color=header.text("PhotometricInterpretation") not in GRAY,
        read_frame=read_frame,
        modality=modality,
        body_part=header.text("BodyPartExamined"),
        spacing_mm=spacing_mm(header),
        windows=first_rule.windows,
        unit=_unit(header, modality),
        notes=header.notes + _notes(header, geometry) + _stack_notes(geometry, frames),
        geometry=geometry,
        read_overlay=(lambda index: overlay_mask(header, index)) if has_overlay(header) else None,
        suv_factor=factor,
        suv_refusal=refusal,
        window_names=window_names(header),
        voi_table_names=voi_table_names(header),
        frames_per_s=_frames_per_s(header) if frames > 1 else None,
    )


def read_slice(data: bytes, *, name: str) -> tuple[Frame, Plane | None]:
    """Return the first frame of a file and where it lies: all that a slice of a stack needs.

    Raises `ImageError` as `open_dicom` and its frames do.
    """
    with without_warnings():
        header = read_header(data, name=name)
        _checked_frame_count(header)
        return _read_frame(header, 0), read_plane(header, 0)


def read_slice_plane(data: bytes, *, name: str) -> Plane | None:
    """Return where the first frame of a file lies."""
    return read_plane(read_header(data, name=name), 0)


def _read_frame(header: Header, index: int) -> Frame:
    return frame_of(header, index, decode(header, index))


def frame_of(header: Header, index: int, stored: Values) -> Frame:
    """Return decoded samples as a frame: colors as RGB of 8 bits, grays with their rule."""
    if header.text("PhotometricInterpretation") == _PALETTE:
        return Frame(palette_to_rgb(header, stored), None)
    if stored.ndim == 3:
        return Frame(to_eight_bits(stored, header.whole("BitsStored")), None)
    return Frame(stored, gray_rule(header, index))


def _read_settled(header: Header, index: int) -> Frame:
    return settled(_read_frame(header, index))


def _checked_frame_count(header: Header) -> int:
    """Check all that a decoder would trust, and return the number of frames."""
    if not any(keyword in header.dataset for keyword in _PIXELS):
        raise header.error(f"it holds no picture ({header.kind() or 'DICOM object'})")
    frames = checked_picture(header)
    samples = header.whole("SamplesPerPixel", 1)
    _check_length(header, header.whole("Rows") * header.whole("Columns") * samples, frames)
    return frames


def checked_picture(header: Header) -> int:
    """Check what a header says of its picture, not the picture; return the number of frames."""
    if header.syntax not in SUPPORTED:
        raise header.error(f"its transfer syntax “{syntax_name(header)}” is not supported")
    rows, columns = header.whole("Rows"), header.whole("Columns")
    samples = header.whole("SamplesPerPixel", 1)
    photometric = header.text("PhotometricInterpretation")
    if samples not in (1, 3) or photometric not in (_ONE_SAMPLE if samples == 1 else _COLOR):
        what = tag_name("PhotometricInterpretation")
        raise header.error(f"its {what} with {samples} samples a pixel is not supported")
    frames = frame_count(header)
    if rows < 1 or columns < 1:
        raise header.error(f"it states a size of {columns} × {rows} pixels")
    if rows * columns > MAX_PIXELS:
        raise header.error(f"{columns} × {rows} pixels are more than this program can show")
    if frames < 1:
        raise header.error(f"its {tag_name('NumberOfFrames')} is {frames}")
    return frames


def _check_length(header: Header, samples_per_frame: int, frames: int) -> None:
    keyword = next(keyword for keyword in _PIXELS if keyword in header.dataset)
    pixels = header.value(keyword)
    if not isinstance(pixels, bytes | bytearray | memoryview):
        raise header.error("it holds no pixel data")
    if not is_native(header):
        if frames > len(pixels) // 8:  # an encapsulated item has a head of eight bytes
            raise header.error(f"it states {frames} frames, more than its data can hold")
        return
    bits = header.whole("BitsAllocated")
    if header.text("PhotometricInterpretation") == "YBR_FULL_422":
        samples_per_frame = samples_per_frame * 2 // 3  # two pixels share both chroma samples
    needed = math.ceil(samples_per_frame * frames * bits / 8)
    if len(pixels) < needed:
        raise header.error(
            f"its pixel data end too early: {len(pixels):,} of {needed:,} bytes are there"
        )


def _unit(header: Header, modality: str) -> str:
    """Return HU for CT with a rescale, unless the file names another unit (PS3.3 C.11.1.1.2)."""
    if modality != "CT":
        return ""
    for group in header.groups(0, "PixelValueTransformationSequence"):
        if header.numbers("RescaleSlope", group):
            return "HU" if header.text("RescaleType", group) in ("", "HU") else ""
    return ""


def _frames_per_s(header: Header) -> float | None:
    """Return how fast a clip wants to be shown, else how fast it was taken (PS3.3 C.7.6.5)."""
    for keyword in ("RecommendedDisplayFrameRate", "CineRate"):
        rate = header.number(keyword, 0.0)
        if 0 < rate <= FASTEST_PER_S:
            return rate
    frame_ms = header.number("FrameTime", 0.0)
    rate = 1000 / frame_ms if frame_ms > 0 else 0.0
    return round(rate, 3) if SLOWEST_PER_S <= rate <= FASTEST_PER_S else None


def _stack_notes(geometry: Geometry, frames: int) -> tuple[str, ...]:
    if not 1 < frames <= _MOST_PLANES or geometry.plane_of(frames - 1) is None:
        return ()
    return stack_notes([geometry.plane_of(index) for index in range(frames)])


def _notes(header: Header, geometry: Geometry) -> tuple[str, ...]:
    notes = []
    if lossy := lossy_note(header):
        notes.append(lossy)
    if geometry.pixel_aspect != 1:
        notes.append(aspect_note(geometry.pixel_aspect))
    return tuple(notes)
