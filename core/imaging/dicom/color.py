"""Colors of DICOM frames: palettes and samples of more than eight bits, as 8-bit RGB."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.pixels.processing import apply_color_lut

from core.imaging.dicom.header import Header
from core.imaging.display import Values
from core.imaging.quiet import translated

_COLORS: Final = ("Red", "Green", "Blue")


def to_eight_bits(samples: Values, bits_stored: int) -> NDArray[np.uint8]:
    """Return samples with their upper eight bits."""
    if bits_stored > 8:
        return (samples >> (bits_stored - 8)).astype(np.uint8)
    return samples.astype(np.uint8)


def palette_to_rgb(header: Header, stored: Values) -> NDArray[np.uint8]:
    """Return a PALETTE COLOR frame as RGB (PS3.3 C.7.6.3.1.5)."""
    if "SegmentedRedPaletteColorLookupTableData" in header.dataset:
        with translated(header.name, "its segmented palette is damaged"):
            return (apply_color_lut(stored, header.dataset) >> 8).astype(np.uint8)
    channels = [_channel(header, stored, color) for color in _COLORS]
    return np.stack(channels, axis=-1)


def _channel(header: Header, stored: Values, color: str) -> NDArray[np.uint8]:
    descriptor = header.numbers(f"{color}PaletteColorLookupTableDescriptor")
    keyword = f"{color}PaletteColorLookupTableData"
    if len(descriptor) != 3 or header.value(keyword) is None:
        raise header.error("its palette is missing")
    count, first, bits = (int(number) for number in descriptor)
    values = table_values(header, header.dataset, keyword, is_bytes=bits == 8, count=count or 65536)
    if not len(values):
        raise header.error("its palette is empty")
    if values.max() > 255:
        values = values >> 8
    places = np.clip(stored.astype(np.int64) - first, 0, len(values) - 1)
    return values.astype(np.uint8)[places]


def table_values(
    header: Header, within: Dataset, keyword: str, *, is_bytes: bool = False, count: int = 0
) -> NDArray[Any]:
    """Return the entries of a lookup table in this computer's byte order.

    Bytes that pydicom left as they are follow the file's byte order (its own palette code reads
    big-endian files wrongly); 8-bit entries may be packed two to a word.
    """
    value = header.value(keyword, within)
    if isinstance(value, bytes):
        word = np.dtype("<u2" if header.is_little_endian else ">u2")
        words = np.frombuffer(value[: len(value) // 2 * 2], word).astype(np.uint16)
    else:
        words = np.array(header.numbers(keyword, within)).astype(np.int64).astype(np.uint16)
    if is_bytes and len(words) <= (count + 1) // 2:  # low byte first (PS3.3 C.7.6.3.1.6)
        return words.view(np.uint8)[:count]
    return words[:count] if count else words
