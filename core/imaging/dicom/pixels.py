"""One frame of a DICOM file as stored values, whatever the way it is packed."""

import math
import zlib
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
from pydicom import uid
from pydicom.encaps import get_frame
from pydicom.pixels.decoders.base import get_decoder

from core.imaging.decoding import codecs
from core.imaging.dicom.header import Header
from core.imaging.display import Values
from core.imaging.quiet import translated

GRAY: Final = ("MONOCHROME1", "MONOCHROME2")
"""Photometric interpretations of pictures without color."""
NATIVE: Final = (
    uid.ImplicitVRLittleEndian,
    uid.ExplicitVRLittleEndian,
    uid.DeflatedExplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
)
_LITTLE_ENDIAN: Final = NATIVE[:3]
DEFLATED_FRAMES: Final = uid.UID("1.2.840.10008.1.2.8.1")
"""Deflated Image Frame Compression (PS3.5 A.4.13), unknown to pydicom 3.0."""
_LOSSY: Final = (uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLSNearLossless)
_PIXEL_GROUP: Final = 0x0028
SUPPORTED: Final = (*NATIVE, *codecs.SYNTAXES, DEFLATED_FRAMES)


class Plain(NamedTuple):
    """Size and kind of an uncompressed gray frame."""

    rows: int
    columns: int
    bits: int
    stored_bits: int
    is_signed: bool

    @property
    def dtype(self) -> np.dtype[np.unsignedinteger[Any]]:
        """How its samples lie in a file."""
        return np.dtype(f"<u{self.bits // 8}")


def is_native(header: Header) -> bool:
    """Tell whether pixels lie in the file as they are."""
    return header.syntax in NATIVE


def frame_count(header: Header) -> int:
    """Return the stated number of frames; an absent or empty one means one."""
    return header.whole("NumberOfFrames", 1) or 1


def decode(header: Header, index: int, read: Callable[[int], bytes] | None = None) -> Values:
    """Return one frame in this computer's byte order, masked to the bits stored.

    `read` brings what a frame holds where the pixels are not in memory.
    """
    stated = None if is_native(header) else stated_of(header)
    with damaged(header, index):
        if read is not None and stated is not None:
            return decode_stream(header, read(index), stated)
        if read is not None:
            header, index = _alone(header, read(index)), 0
        plain = _plain(header, index)
        if plain is not None:
            return plain
        if stated is None:
            decoded, _ = get_decoder(header.syntax).as_array(header.dataset, index=index)
            return np.ascontiguousarray(decoded, decoded.dtype.newbyteorder("="))
        stream = get_frame(header.dataset.PixelData, index, number_of_frames=frame_count(header))
        return decode_stream(header, stream, stated)


def damaged(header: Header, index: int) -> translated:
    """Return what tells errors of decoding a frame in words."""
    reason = f"the picture data of frame {index + 1} are damaged ({syntax_name(header)})"
    return translated(header.name, reason)


def _alone(header: Header, pixels: bytes) -> Header:
    """Return the description of one uncompressed frame, with nothing but its own pixels."""
    alone = header.dataset.group_dataset(_PIXEL_GROUP)
    alone.NumberOfFrames = 1
    alone.add_new("PixelData", "OW" if header.whole("BitsAllocated") > 8 else "OB", pixels)
    return Header(alone, header.name, header.syntax, ())


def decode_stream(header: Header, stream: bytes, stated: codecs.Stated) -> Values:
    """Return the frame that these bytes hold; raises what the codecs raise."""
    is_planar = header.whole("PlanarConfiguration", 0) == 1
    if is_native(header):
        return _ordered(stream, stated, is_planar=is_planar)
    if header.syntax == DEFLATED_FRAMES:
        return _inflated(stream, stated, is_planar=is_planar)
    return np.ascontiguousarray(codecs.decode_frame(stream, header.syntax, stated))


def _plain(header: Header, index: int) -> Values | None:
    """Return an uncompressed gray frame of 8 or 16 bits, None for what is not that simple.

    The same values as pydicom's, without its checks of what has been checked on opening.
    """
    kind = plain_kind(header)
    if kind is None or "PixelData" not in header.dataset:
        return None
    pixels, count = header.dataset.PixelData, kind.rows * kind.columns
    values = np.frombuffer(pixels, kind.dtype, count, index * count * kind.bits // 8)
    # A copy, else one frame would keep all the others.
    return plain_values(values, kind, is_shared=len(pixels) > values.nbytes + 1)


def plain_kind(header: Header) -> Plain | None:
    """Return what uncompressed grays of 8 or 16 bits are, None for what is not that simple."""
    bits, samples = header.whole("BitsAllocated"), header.whole("SamplesPerPixel", 1)
    stored, sign = header.whole("BitsStored", bits), header.whole("PixelRepresentation", -1)
    is_known = samples == 1 and bits in (8, 16) and 1 <= stored <= bits and sign in (0, 1)
    if header.syntax not in _LITTLE_ENDIAN or not is_known:
        return None
    return Plain(header.whole("Rows"), header.whole("Columns"), bits, stored, sign == 1)


def plain_values(values: Values, kind: Plain, *, is_shared: bool) -> Values:
    """Return the samples of a plain frame as they count; shared ones are copied before."""
    ordered = values.astype(kind.dtype.newbyteorder("="), copy=is_shared)
    frame = ordered.reshape(kind.rows, kind.columns)
    return codecs.as_stored(frame, kind.stored_bits, is_signed=kind.is_signed)


def syntax_name(header: Header) -> str:
    """Return the transfer syntax in words, with its number where it is not well known."""
    if header.syntax == DEFLATED_FRAMES:
        return "Deflated Image Frame Compression"
    if header.syntax in codecs.JPEG_XL:
        return "JPEG XL"
    name = header.syntax.name
    return name if name != str(header.syntax) else f"transfer syntax {name}"


def lossy_note(header: Header) -> str:
    """Return the sentence on lossy compression; empty where there was none."""
    if header.text("LossyImageCompression") != "01" and header.syntax not in _LOSSY:
        return ""
    ratio = header.numbers("LossyImageCompressionRatio")
    is_told = ratio and ratio[-1] >= 1.5
    return f"Lossy compression{f', {ratio[-1]:.0f} : 1' if is_told else ''}."


def stated_of(header: Header) -> codecs.Stated:
    """Return what a header states about its frames."""
    bits = header.whole("BitsAllocated")
    stored = header.whole("BitsStored", bits)
    if bits not in (1, 8, 16, 32) or not 1 <= stored <= bits:
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


def _inflated(stream: bytes, stated: codecs.Stated, *, is_planar: bool) -> Values:
    """Undo DEFLATE of one frame; a stream of another length than stated is refused."""
    needed = frame_bytes(stated)
    data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(stream, needed + 2)
    return _ordered(data, stated, is_planar=is_planar)


def frame_bytes(stated: codecs.Stated) -> int:
    """Return how long an uncompressed frame is."""
    count = stated.rows * stated.columns * stated.samples
    return math.ceil(count * stated.bits_allocated / 8)


def _ordered(data: bytes, stated: codecs.Stated, *, is_planar: bool) -> Values:
    """Return an uncompressed frame, low bytes first, as rows, columns and samples."""
    needed = frame_bytes(stated)
    if not needed <= len(data) <= needed + 1:  # one byte may pad an odd length
        raise ValueError("the frame is not as long as stated")
    if stated.bits_allocated == 1:
        return codecs.unpacked_bits(data, stated)
    samples = np.frombuffer(data[:needed], np.dtype(f"<u{stated.bits_allocated // 8}"))
    if stated.samples == 1:
        plain = samples.reshape(stated.rows, stated.columns).astype(samples.dtype.newbyteorder("="))
        return codecs.as_stored(plain, stated.bits_stored, is_signed=stated.is_signed)
    if is_planar:
        planes = samples.reshape(stated.samples, stated.rows, stated.columns)
        pixels = planes.transpose(1, 2, 0)
    else:
        pixels = samples.reshape(stated.rows, stated.columns, stated.samples)
    return codecs.as_rgb(np.ascontiguousarray(pixels), stated)
