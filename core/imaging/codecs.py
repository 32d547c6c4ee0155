"""imagecodecs as pydicom's decoder of JPEG, JPEG-LS and JPEG 2000; checked sizes, no Pillow."""

import struct
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import imagecodecs
from numpy.typing import NDArray
from pydicom import uid
from pydicom.pixels.decoders.base import get_decoder

if TYPE_CHECKING:
    from pydicom.pixels.decoders.base import DecodeRunner

LABEL: Final = "imagecodecs"
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
_SYNTAXES: Final = (*_JPEG, *_JPEG_LS, *_JPEG_2000)
_J2K_START: Final = b"\xff\x4f\xff\x51"

DECODER_DEPENDENCIES: Final = dict.fromkeys(_SYNTAXES, (LABEL,))
"""Asked for by pydicom's plug-in protocol."""


class StreamSize(NamedTuple):
    """What a compressed picture says of itself."""

    rows: int
    columns: int
    components: int


def is_available(syntax: str) -> bool:
    """Tell pydicom which transfer syntaxes are decoded here."""
    return syntax in _SYNTAXES


def register() -> None:
    """Make pydicom decode through this module; doing it again changes nothing.

    Pillow's JPEG 2000 goes: it decodes one signed file to wrong values without an error.
    """
    for syntax in _SYNTAXES:
        decoder = get_decoder(syntax)
        if LABEL not in decoder.available_plugins:
            decoder.add_plugin(LABEL, (__name__, "decode_frame"))
        if syntax in _JPEG_2000 and "pillow" in decoder.available_plugins:
            decoder.remove_plugin("pillow")


def plugin_for(syntax: str) -> str:
    """Return the decoder to use for a transfer syntax; empty where pydicom needs none."""
    if syntax in _SYNTAXES:
        return LABEL
    return "pylibjpeg" if syntax == uid.RLELossless else ""


def decode_frame(stream: bytes, runner: "DecodeRunner") -> bytes:
    """Return the pixels of one compressed frame, after its size was found to be as stated."""
    _check_size(stream_size(stream), runner)
    syntax = runner.transfer_syntax
    if syntax in _JPEG_LS:
        pixels = imagecodecs.jpegls_decode(stream)
    elif syntax in _JPEG_2000:
        pixels = imagecodecs.jpeg2k_decode(stream)
        if runner.samples_per_pixel == 3 and runner.photometric_interpretation != "YBR_FULL":
            runner.set_option("photometric_interpretation", "RGB")
    else:
        pixels = _decode_jpeg(stream, runner)
    runner.set_option("bits_allocated", pixels.dtype.itemsize * 8)
    if runner.samples_per_pixel > 1:
        runner.set_option("planar_configuration", 0)
    return bytes(pixels.tobytes())


def _decode_jpeg(stream: bytes, runner: "DecodeRunner") -> NDArray[Any]:  # 8 or 16 bits
    pixels: NDArray[Any]  # imagecodecs publishes no types
    if runner.samples_per_pixel == 1:
        pixels = imagecodecs.jpeg8_decode(stream)
        return pixels
    # What pydicom made of header, Adobe and JFIF markers says which colors are inside.
    is_ybr = str(runner.photometric_interpretation).startswith("YBR")
    pixels = imagecodecs.jpeg8_decode(
        stream, colorspace="YCBCR" if is_ybr else "RGB", outcolorspace="RGB"
    )
    runner.set_option("photometric_interpretation", "RGB")
    return pixels


def _check_size(size: StreamSize, runner: "DecodeRunner") -> None:
    stated = StreamSize(runner.rows, runner.columns, runner.samples_per_pixel)
    if size != stated:
        raise ValueError(f"the compressed picture is {size}, the header states {stated}")


def stream_size(stream: bytes) -> StreamSize:
    """Read the size out of a JPEG, JPEG-LS or JPEG 2000 stream; raise `ValueError` without one."""
    start = stream.find(_J2K_START, 0, 4096)
    if start >= 0:
        right, bottom, left, top = struct.unpack_from(">4I", stream, start + 8)
        (components,) = struct.unpack_from(">H", stream, start + 40)
        return StreamSize(bottom - top, right - left, components)
    if not stream.startswith(b"\xff\xd8"):
        raise ValueError("the compressed picture has no known start")
    return _jpeg_size(stream)


def _jpeg_size(stream: bytes) -> StreamSize:
    place = 2
    while place + 4 <= len(stream):
        if stream[place] != 0xFF:
            raise ValueError("the compressed picture's markers are damaged")
        marker = stream[place + 1]
        if marker == 0xFF:  # fill byte
            place += 1
        elif _is_start_of_frame(marker):
            rows, columns, components = struct.unpack_from(">HHB", stream, place + 5)
            return StreamSize(rows, columns, components)
        else:
            place += 2 + int(struct.unpack_from(">H", stream, place + 2)[0])
    raise ValueError("the compressed picture has no size")


def _is_start_of_frame(marker: int) -> bool:
    """SOF0 to SOF15 without DHT, JPG and DAC, and JPEG-LS's SOF55 (ITU-T T.81, T.87)."""
    return marker == 0xF7 or (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC))
