"""DICOM files as images: what they hold, and each frame decoded when it is asked for."""

import math
from typing import Final

import numpy as np
from pydicom import uid
from pydicom.encaps import get_frame
from pydicom.pixels.decoders.base import get_decoder

from core.imaging import codecs
from core.imaging.dicom_color import palette_to_rgb, to_eight_bits
from core.imaging.dicom_gray import gray_rule
from core.imaging.dicom_header import Header, read_header, tag_name
from core.imaging.display import Values
from core.imaging.image import MAX_PIXELS, Frame, LoadedImage
from core.imaging.quiet import translated

MEDIA_TYPE: Final = "application/dicom"
_PIXELS: Final = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_GRAY: Final = ("MONOCHROME1", "MONOCHROME2")
_PALETTE: Final = "PALETTE COLOR"
_ONE_SAMPLE: Final = (*_GRAY, _PALETTE)
_COLOR: Final = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")
_NATIVE: Final = (
    uid.ImplicitVRLittleEndian,
    uid.ExplicitVRLittleEndian,
    uid.DeflatedExplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
)
_LOSSY: Final = (
    uid.JPEGBaseline8Bit,
    uid.JPEGExtended12Bit,
    uid.JPEGLSNearLossless,
)


def open_dicom(data: bytes, *, name: str) -> LoadedImage:
    """Open a DICOM file; raise `ImageError` when it holds no picture or cannot be understood."""
    header = read_header(data, name=name)
    frame_count = _checked_frame_count(header)
    photometric = header.text("PhotometricInterpretation")
    first_rule = gray_rule(header, 0)
    modality = header.text("Modality")

    def read_frame(index: int) -> Frame:
        stored = _decode(header, index)
        if photometric == _PALETTE:
            return Frame(palette_to_rgb(header, stored), None)
        if stored.ndim == 3:
            return Frame(to_eight_bits(stored, header.whole("BitsStored")), None)
        return Frame(stored, gray_rule(header, index))

    return LoadedImage(
        name=name,
        media_type=MEDIA_TYPE,
        width=header.whole("Columns"),
        height=header.whole("Rows"),
        frame_count=frame_count,
        is_color=photometric not in _GRAY,
        read_frame=read_frame,
        modality=modality,
        body_part=header.text("BodyPartExamined"),
        spacing_mm=_spacing_mm(header),
        windows=first_rule.windows,
        unit=_unit(header, modality),
        notes=header.notes + _notes(header),
    )


def _checked_frame_count(header: Header) -> int:
    """Check all that a decoder would trust, and return the number of frames."""
    if not any(keyword in header.dataset for keyword in _PIXELS):
        raise header.error(f"it holds no picture ({header.kind() or 'DICOM object'})")
    if header.syntax not in (*_NATIVE, *codecs.SYNTAXES):
        raise header.error(f"its transfer syntax “{header.syntax.name}” is not supported")
    rows, columns = header.whole("Rows"), header.whole("Columns")
    samples = header.whole("SamplesPerPixel", 1)
    photometric = header.text("PhotometricInterpretation")
    if samples not in (1, 3) or photometric not in (_ONE_SAMPLE if samples == 1 else _COLOR):
        what = tag_name("PhotometricInterpretation")
        raise header.error(f"its {what} with {samples} samples a pixel is not supported")
    frames = _frame_count(header)
    if rows < 1 or columns < 1:
        raise header.error(f"it states a size of {columns} × {rows} pixels")
    if rows * columns > MAX_PIXELS:
        raise header.error(f"{columns} × {rows} pixels are more than this program can show")
    if frames < 1:
        raise header.error(f"its {tag_name('NumberOfFrames')} is {frames}")
    _check_length(header, rows * columns * samples, frames)
    return frames


def _frame_count(header: Header) -> int:
    return header.whole("NumberOfFrames", 1) or 1


def _check_length(header: Header, samples_per_frame: int, frames: int) -> None:
    keyword = next(keyword for keyword in _PIXELS if keyword in header.dataset)
    pixels = header.value(keyword)
    if not isinstance(pixels, bytes | bytearray | memoryview):
        raise header.error("it holds no pixel data")
    if header.syntax.is_encapsulated:
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


def _decode(header: Header, index: int) -> Values:
    """Return one frame in this computer's byte order, masked to the bits stored."""
    stated = _stated(header) if header.syntax.is_encapsulated else None
    reason = f"the picture data of frame {index + 1} are damaged ({header.syntax.name})"
    with translated(header.name, reason):
        if stated is not None:
            stream = get_frame(
                header.dataset.PixelData, index, number_of_frames=_frame_count(header)
            )
            return np.ascontiguousarray(codecs.decode_frame(stream, header.syntax, stated))
        decoded, _ = get_decoder(header.syntax).as_array(header.dataset, index=index)
        return np.ascontiguousarray(decoded, decoded.dtype.newbyteorder("="))


def _stated(header: Header) -> codecs.Stated:
    bits = header.whole("BitsAllocated")
    stored = header.whole("BitsStored", bits)
    if bits not in (8, 16, 32) or not 1 <= stored <= bits:
        raise header.error(f"{stored} of {bits} bits a sample are not supported")
    return codecs.Stated(
        rows=header.whole("Rows"),
        columns=header.whole("Columns"),
        samples=header.whole("SamplesPerPixel", 1),
        bits_allocated=bits,
        bits_stored=stored,
        is_signed=header.whole("PixelRepresentation", 0) == 1,
        photometric=header.text("PhotometricInterpretation"),
    )


def _spacing_mm(header: Header) -> tuple[float, float] | None:
    """Return pixel spacing in the patient; the detector's own spacing is not that."""
    for group in header.groups(0, "PixelMeasuresSequence"):
        spacing = header.numbers("PixelSpacing", group)
        if len(spacing) == 2 and min(spacing) > 0:
            return spacing[0], spacing[1]
    return None


def _unit(header: Header, modality: str) -> str:
    """Return HU for CT with a rescale, unless the file names another unit (PS3.3 C.11.1.1.2)."""
    if modality != "CT":
        return ""
    for group in header.groups(0, "PixelValueTransformationSequence"):
        if header.numbers("RescaleSlope", group):
            return "HU" if header.text("RescaleType", group) in ("", "HU") else ""
    return ""


def _notes(header: Header) -> tuple[str, ...]:
    notes = []
    if header.text("LossyImageCompression") == "01" or header.syntax in _LOSSY:
        ratio = header.numbers("LossyImageCompressionRatio")
        is_told = ratio and ratio[-1] >= 1.5
        notes.append(f"Lossy compression{f', {ratio[-1]:.0f} : 1' if is_told else ''}.")
    if any(0x6000 <= element.group <= 0x60FF for element in header.dataset.keys()):  # noqa: SIM118
        notes.append("The file carries an overlay, which is not drawn.")
    aspect = header.numbers("PixelAspectRatio")
    spacing = _spacing_mm(header) or (1.0, 1.0)
    if (len(aspect) == 2 and aspect[0] != aspect[1]) or not math.isclose(*spacing, rel_tol=0.01):
        notes.append("The pixels are not square; they are shown as squares.")
    return tuple(notes)
