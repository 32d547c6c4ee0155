"""Decoding one compressed DICOM frame with imagecodecs, after its size was found to be as stated.

Large codecs run in a helper process; PackBits is a few lines and runs here.

pydicom's own way is passed by: its JPEG 2000 parser never ends on some damaged files, and its
RLE plug-in (pylibjpeg-rle) ends with a Rust panic, which is no `Exception`, on others.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import uid
from pydicom.pixels.processing import convert_color_space

from core.imaging.decoding.pool import run_codec

Samples = NDArray[Any]
"""Decoded samples; their integer type is the codec's."""

_JPEG: Final = (
    uid.JPEGBaseline8Bit,
    uid.JPEGExtended12Bit,
    uid.JPEGLossless,
    uid.JPEGLosslessSV1,
)
_JPEG_LS: Final = (uid.JPEGLSLossless, uid.JPEGLSNearLossless)
_JPEG_2000: Final = (
    uid.JPEG2000Lossless,
    uid.JPEG2000,
    uid.HTJ2KLossless,
    uid.HTJ2KLosslessRPCL,
    uid.HTJ2K,
)
JPEG_XL: Final = tuple(uid.UID(f"1.2.840.10008.1.2.4.{last}") for last in (110, 111, 112))
SYNTAXES: Final = (*_JPEG, *_JPEG_LS, *_JPEG_2000, *JPEG_XL, uid.RLELossless)
"""The compressed transfer syntaxes that can be decoded."""
_MOST_SAMPLE_BYTES: Final = 4
_J2K_START: Final = b"\xff\x4f\xff\x51"
_J2K_COLOR_STEP: Final = 46
"""Where SIZ tells how many columns share a sample of the second component."""
_RGB_IDS: Final = (b"RGB", b"rgb")


@dataclass(frozen=True, slots=True)
class Stated:
    """What the header states about a frame."""

    rows: int
    columns: int
    samples: int
    bits_allocated: int
    bits_stored: int
    is_signed: bool
    photometric: str


class Stream(NamedTuple):
    """What a JPEG, JPEG-LS or JPEG 2000 stream says of itself."""

    rows: int
    columns: int
    samples: int
    precision: int
    component_ids: bytes = b""
    is_jfif: bool = False
    has_fewer_colors: bool = False
    """Whether color has fewer columns than brightness in JPEG 2000: the codec then returns RGB."""


def decode_frame(stream: bytes, syntax: str, stated: Stated) -> Samples:
    """Return a frame as (rows, columns) of stored values or (rows, columns, 3) of RGB.

    Raises `ValueError` and imagecodecs' `RuntimeError`s when the stream is damaged or is not of
    the stated size: a lying stream would else claim any amount of memory.
    """
    if syntax == uid.RLELossless and stated.bits_allocated == 1:
        return _decode_bit_rle(stream, stated)
    if syntax == uid.RLELossless:
        samples, bits, is_ybr = _decode_rle(stream, stated), stated.bits_stored, _is_ybr(stated)
    elif syntax in JPEG_XL:
        samples, bits, is_ybr = _decode_jpeg_xl(stream, stated), stated.bits_stored, False
    else:
        stream = bare_jpeg_2000(stream) if syntax in _JPEG_2000 else stream
        found = read_stream(stream)
        _check_size(found, stated)
        samples, bits, is_ybr = _decode_stream(stream, syntax, found, stated)
    if samples.ndim == 3:
        return _rgb(samples) if is_ybr else samples
    return as_stored(samples, bits, is_signed=stated.is_signed)


def bare_jpeg_2000(stream: bytes) -> bytes:
    """Return a JPEG 2000 stream without the boxes of a JP2 file."""
    return stream[max(0, stream.find(_J2K_START, 0, 4096)) :]


def as_rgb(samples: Samples, stated: Stated) -> Samples:
    """Return color samples that a lossless packing brought back as they were."""
    return _rgb(samples) if _is_ybr(stated) else samples


def _rgb(samples: Samples) -> Samples:
    return convert_color_space(samples, "YBR_FULL", "RGB")


def unpacked_bits(data: bytes | bytearray, stated: Stated) -> Samples:
    """Return pixels of one bit as 0 and 1, the first one in the lowest bit (PS3.5 8.1.1)."""
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    return bits[: stated.rows * stated.columns].reshape(stated.rows, stated.columns)


def _decode_stream(
    stream: bytes, syntax: str, found: Stream, stated: Stated
) -> tuple[Samples, int, bool]:
    """Return samples, their bits, and whether they are still YBR."""
    if syntax in _JPEG_LS:
        is_ybr = _is_ybr(stated) and found.component_ids not in _RGB_IDS
        return _run("jpegls", stream, stated), found.precision, is_ybr
    if syntax in _JPEG_2000:  # the codec has undone YBR_RCT and YBR_ICT, not YBR_FULL
        is_ybr = _is_ybr(stated) and not found.has_fewer_colors
        return _run("jpeg2k", stream, stated), found.precision, is_ybr
    if stated.samples == 1:
        return _run("jpeg8", stream, stated), stated.bits_stored, False
    colors = "YCBCR" if _holds_ybr(found, stated) else "RGB"
    pixels = _run("jpeg8", stream, stated, colorspace=colors, outcolorspace="RGB")
    return pixels, stated.bits_stored, False


def _decode_jpeg_xl(stream: bytes, stated: Stated) -> Samples:
    """Undo JPEG XL; the helper process refuses a stream that is larger than stated."""
    samples = _run("jpegxl", stream, stated)
    shape = (stated.rows, stated.columns, stated.samples)
    if samples.shape != (shape if stated.samples > 1 else shape[:2]):
        raise ValueError("the compressed picture has another size than the header states")
    return samples


def _run(codec: str, stream: bytes, stated: Stated, **options: str) -> Samples:
    """Decode in a helper process: these codecs are large native programs."""
    most = stated.rows * stated.columns * stated.samples * _MOST_SAMPLE_BYTES
    return run_codec(codec, stream, most_bytes=most, **options)


def _is_ybr(stated: Stated) -> bool:
    return stated.samples == 3 and stated.photometric in ("YBR_FULL", "YBR_FULL_422")


def _holds_ybr(found: Stream, stated: Stated) -> bool:
    """Tell which colors a JPEG holds: its own marks go before the header."""
    if found.component_ids in _RGB_IDS:
        return False
    return found.is_jfif or stated.photometric.startswith("YBR")


def as_stored(samples: Samples, bits: int, *, is_signed: bool) -> Samples:
    """Return values of `bits` bits: the bits above are masked, then the sign is extended."""
    size = samples.dtype.itemsize
    values = samples.view(np.dtype(f"{'i' if is_signed else 'u'}{size}"))
    unused = 8 * size - bits
    if unused <= 0:
        return values
    if not values.flags.writeable:
        return (values << unused) >> unused
    values <<= unused  # in its place: fresh memory costs more than both shifts
    values >>= unused
    return values


def _check_size(found: Stream, stated: Stated) -> None:
    if found[:3] != (stated.rows, stated.columns, stated.samples):
        raise ValueError(f"the compressed picture is {found[:3]}, the header states otherwise")


def _decode_rle(stream: bytes, stated: Stated) -> Samples:
    """Undo PackBits segments, one for each byte of a sample, highest first (PS3.5 annex G)."""
    count, *starts = struct.unpack_from("<16I", stream)
    size = stated.bits_allocated // 8
    if count != stated.samples * size or not 1 <= count <= 15:
        raise ValueError("the number of RLE segments does not fit the header")
    ends = [*starts[1:count], len(stream)]
    pixels = stated.rows * stated.columns
    segments = [
        _rle_segment(stream[start:end], pixels)
        for start, end in zip(starts[:count], ends, strict=True)
    ]
    joined = [
        _joined(segments[place : place + size]) for place in range(0, stated.samples * size, size)
    ]
    if stated.samples == 1:
        return joined[0].reshape(stated.rows, stated.columns)
    return np.stack(joined, axis=-1).reshape(stated.rows, stated.columns, stated.samples)


def _rle_segment(packed: bytes, pixels: int) -> Samples:
    segment = imagecodecs.packbits_decode(packed, out=bytearray(pixels))
    if len(segment) != pixels:
        raise ValueError("an RLE segment ends too early")
    return np.frombuffer(segment, np.uint8)


def _joined(segments: Sequence[Samples]) -> Samples:
    """Return numbers of their bytes, the highest first; shifts are faster than bytes apart."""
    values = segments[0].astype(np.dtype(f"u{len(segments)}"))
    for lower in segments[1:]:
        values <<= 8
        values |= lower
    return values


def _decode_bit_rle(stream: bytes, stated: Stated) -> Samples:
    """Undo the one PackBits segment of a segmentation, which holds eight pixels a byte."""
    count, start = struct.unpack_from("<2I", stream)
    needed = -(-stated.rows * stated.columns // 8)
    if count != 1 or stated.samples != 1:
        raise ValueError("the number of RLE segments does not fit the header")
    packed = imagecodecs.packbits_decode(stream[start:], out=bytearray(needed + 1))
    if len(packed) < needed:
        raise ValueError("an RLE segment ends too early")
    return unpacked_bits(packed, stated)


def read_stream(stream: bytes) -> Stream:
    """Read what a stream says of itself; raise `ValueError` where it says nothing."""
    if stream.startswith(_J2K_START):
        return _read_jpeg_2000(stream)
    if stream.startswith(b"\xff\xd8"):
        return _read_jpeg(stream)
    raise ValueError("the compressed picture has no known start")


def _read_jpeg_2000(stream: bytes) -> Stream:
    """Read the SIZ marker (ITU-T T.800 A.5.1)."""
    right, bottom, left, top = struct.unpack_from(">4I", stream, 8)
    components, depth = struct.unpack_from(">HB", stream, 40)
    found = Stream(bottom - top, right - left, components, (depth & 0x7F) + 1)
    return found._replace(has_fewer_colors=components == 3 and stream[_J2K_COLOR_STEP] != 1)


def _read_jpeg(stream: bytes) -> Stream:
    """Read the markers before the first scan (ITU-T T.81 B.2)."""
    place, is_jfif = 2, False
    while place + 4 <= len(stream):
        if stream[place] != 0xFF:
            raise ValueError("the compressed picture's markers are damaged")
        marker = stream[place + 1]
        if marker == 0xFF:  # fill byte
            place += 1
            continue
        if _is_start_of_frame(marker):
            precision, rows, columns, count = struct.unpack_from(">BHHB", stream, place + 4)
            ids = stream[place + 10 : place + 10 + 3 * count : 3]
            return Stream(rows, columns, count, precision, ids, is_jfif)
        is_jfif = is_jfif or (marker == 0xE0 and stream[place + 4 : place + 8] == b"JFIF")
        place += 2 + int(struct.unpack_from(">H", stream, place + 2)[0])
    raise ValueError("the compressed picture has no size")


def _is_start_of_frame(marker: int) -> bool:
    """SOF0 to SOF15 without DHT, JPG and DAC, and JPEG-LS's SOF55 (ITU-T T.81, T.87)."""
    return marker == 0xF7 or (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC))
