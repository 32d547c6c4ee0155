"""Overlay planes of DICOM files (groups 60xx) as masks; they are a layer, never pixels."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from pydicom import Dataset

from core.imaging.dicom.header import Header
from core.imaging.dicom.pixels import frame_count, is_native
from core.imaging.display import Mask
from core.imaging.quiet import translated

_GROUPS: Final = range(0x6000, 0x6020, 2)
_ROWS, _COLUMNS, _FRAMES, _ORIGIN, _FIRST = 0x10, 0x11, 0x15, 0x50, 0x51
_BITS_ALLOCATED, _BIT, _DATA = 0x100, 0x102, 0x3000
_MAX_SIDE: Final = 65_535


def has_overlay(header: Header) -> bool:
    """Tell whether there is an overlay that can be drawn."""
    return any(_is_drawable(header, group) for group in _groups(header.dataset))


def overlay_mask(header: Header, frame: int) -> Mask | None:
    """Return where any overlay of a frame lies, None when it has none (PS3.3 C.9.2).

    Raises `ImageError` when an overlay is shorter than it states.
    """
    mask: Mask | None = None
    for group in _groups(header.dataset):
        with translated(header.name, f"its overlay ({group:04X}) is damaged"):
            plane = _plane(header, group, frame)
        if plane is not None:
            mask = plane if mask is None else mask | plane
    return mask


def _groups(dataset: Dataset) -> Iterator[int]:
    for group in _GROUPS:
        if (group, _ROWS) in dataset:
            yield group


def _is_drawable(header: Header, group: int) -> bool:
    return (group, _DATA) in header.dataset or (is_native(header) and _is_embedded(header, group))


def _is_embedded(header: Header, group: int) -> bool:
    """Tell whether an overlay uses bits of the pixels that hold no value (retired in 2004)."""
    bits = _number(header.dataset, group, _BITS_ALLOCATED, 1)
    place = _number(header.dataset, group, _BIT, 0)
    is_unused = place >= header.whole("BitsStored", 16)
    return bits == header.whole("BitsAllocated") in (8, 16) and is_unused and place < bits


def _number(dataset: Dataset, group: int, element: int, default: int) -> int:
    value = _value(dataset, group, element)
    return default if value is None else int(value)


def _value(dataset: Dataset, group: int, element: int) -> Any:  # DICOM's own value types
    found = dataset.get((group, element))
    return None if found is None or found.value in (None, "") else found.value


def _plane(header: Header, group: int, frame: int) -> Mask | None:
    dataset = header.dataset
    rows, columns = (_number(dataset, group, one, 0) for one in (_ROWS, _COLUMNS))
    if not (0 < rows <= _MAX_SIDE and 0 < columns <= _MAX_SIDE):
        raise ValueError("no size")
    data = _value(dataset, group, _DATA)
    if data is None:
        if not (is_native(header) and _is_embedded(header, group)):
            return None
        return _embedded_bits(header, frame, _number(dataset, group, _BIT, 0))
    frames = _number(dataset, group, _FRAMES, 1)
    own = frame - (_number(dataset, group, _FIRST, 1) - 1)
    if not 0 <= own < frames:
        return None
    start = own * rows * columns  # planes follow each other without gap, bit by bit
    first, last = start // 8, -(-(start + rows * columns) // 8)
    bits = np.unpackbits(np.frombuffer(data[first:last], np.uint8), bitorder="little")
    drawn = bits[start % 8 :][: rows * columns].reshape(rows, columns)
    origin = _value(dataset, group, _ORIGIN)
    top, left = (1, 1) if origin is None else (int(one) for one in origin)
    shape = (header.whole("Rows"), header.whole("Columns"))
    return _placed(drawn.astype(np.bool_), shape, top - 1, left - 1)


def _placed(bits: Mask, shape: tuple[int, int], top: int, left: int) -> Mask:
    """Return bits on a canvas of the picture's size; what lies outside is cut off."""
    canvas = np.zeros(shape, np.bool_)
    inside = bits[max(0, -top) :, max(0, -left) :]
    target = canvas[max(0, top) :, max(0, left) :]
    height = min(inside.shape[0], target.shape[0])
    width = min(inside.shape[1], target.shape[1])
    target[:height, :width] = inside[:height, :width]
    return canvas


def _embedded_bits(header: Header, frame: int, bit: int) -> Mask:
    size = header.whole("BitsAllocated") // 8
    rows, columns = header.whole("Rows"), header.whole("Columns")
    if not 0 <= frame < frame_count(header) or header.whole("SamplesPerPixel", 1) != 1:
        raise ValueError("no such frame")
    order = "<" if header.is_little_endian else ">"
    length = rows * columns * size
    data = header.dataset.PixelData[frame * length : (frame + 1) * length]
    words = np.frombuffer(data, np.dtype(f"{order}u{size}")).reshape(rows, columns)
    return np.asarray((words >> bit) & 1, np.bool_)
