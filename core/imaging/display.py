"""From stored values to 256 grays: DICOM PS3.3 C.7.6.3, C.11.1 and C.11.2, as dcmtk renders."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Generic, Protocol, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain.media import Window

Values = NDArray[Any]
"""Stored values; their integer or float type is the file's."""
Gray = NDArray[np.uint8]
Mask = NDArray[np.bool_]
ScreenPixels = NDArray[np.int32]
"""Opaque pixels in one number each, 0xFFRRGGBB."""
Entry = TypeVar("Entry", np.uint8, np.int32)

MAX_TABLE: Final = 65536
_BEFORE_FLOOR: Final = 1e-9
"""Keeps 2.9999999999 from falling to 2; rounding instead would differ from dcmtk."""


class VoiFunction(StrEnum):
    """How a window bends values (VOI LUT Function, 0028,1056)."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"


@dataclass(frozen=True, slots=True, eq=False)
class ValueTable:
    """A DICOM lookup table: `values[0]` belongs to input `first`; ends extend outwards."""

    first: float
    values: Values
    bits: int

    def look_up(self, inputs: Values) -> Values:
        """Return the table's value for each input."""
        places = np.clip(inputs - self.first, 0, len(self.values) - 1).astype(np.intp)
        return self.values[places]


class Shading(Protocol):
    """Makes opaque pixels of stored values, in an array that is there already or in a new one."""

    def __call__(self, values: Values, out: ScreenPixels | None = None, /) -> ScreenPixels:
        """Return the pixels."""


def full_window(lowest: float, highest: float) -> Window:
    """Return the window that maps `lowest` to black and `highest` to white."""
    return Window((lowest + highest + 1) / 2, highest - lowest + 1)


@dataclass(frozen=True, slots=True, eq=False)
class GrayRule:
    """How one frame's stored values become grays.

    Without a window and a VOI table, the frame's own range is spread over all grays.
    """

    slope: float = 1.0
    intercept: float = 0.0
    modality_table: ValueTable | None = None
    windows: tuple[Window, ...] = ()
    function: VoiFunction = VoiFunction.LINEAR
    voi_tables: tuple[ValueTable, ...] = ()
    is_inverse: bool = False
    """MONOCHROME1 or the presentation shape INVERSE."""
    padding: tuple[float, float] | None = None
    """Lowest and highest stored value that stand for “no picture here” (0028,0120 and 0121)."""

    def calibrate(self, stored: Values) -> NDArray[np.float64]:
        """Return modality values (HU for CT)."""
        if self.modality_table is not None:
            return self.modality_table.look_up(stored).astype(np.float64)
        return stored.astype(np.float64) * self.slope + self.intercept

    def is_padding(self, stored: Values) -> NDArray[np.bool_]:
        """Tell which stored values are no picture (PS3.3 C.7.5.1.1.2)."""
        if self.padding is None:
            return np.zeros(stored.shape, np.bool_)
        lowest, highest = self.padding
        return np.asarray((stored >= lowest) & (stored <= highest))

    def shade(
        self, stored: Values, window: Window | None, *, is_inverted: bool, table: int = 0
    ) -> Gray:
        """Return grays under a window, or through VOI table number `table` when there is none."""
        values = self.calibrate(stored)
        if window is None and table < len(self.voi_tables):
            voi = self.voi_tables[table]
            gray = voi.look_up(values) * (255.0 / (2**voi.bits - 1))
        else:
            gray = _windowed(values, window or Window(128, 256), self.function)
        if self.is_inverse != is_inverted:
            gray = 255.0 - gray  # before quantizing: after it, one gray is lost almost everywhere
        picture: Gray = np.floor(gray + _BEFORE_FLOOR).astype(np.uint8)
        return picture


def _windowed(
    values: NDArray[np.float64], window: Window, function: VoiFunction
) -> NDArray[np.float64]:
    center, width = window.center, window.width
    match function:
        case VoiFunction.LINEAR if width > 1:
            gray = ((values - (center - 0.5)) / (width - 1) + 0.5) * 255.0
        case VoiFunction.LINEAR:
            gray = np.where(values > center - 0.5, 255.0, 0.0)
        case VoiFunction.LINEAR_EXACT:
            gray = ((values - center) / width + 0.5) * 255.0
        case VoiFunction.SIGMOID:
            # exp overflows beyond 709; at 60 the curve already touches 0 or 255.
            gray = 255.0 / (1.0 + np.exp(np.clip(-4.0 * (values - center) / width, -60, 60)))
    return np.clip(gray, 0.0, 255.0)


def opaque(picture: Gray, out: ScreenPixels | None = None) -> ScreenPixels:
    """Return grays, or RGB with three values a pixel, as 32-bit pixels that a screen takes.

    They are written to `out` where that is given.
    """
    code = cv2.COLOR_GRAY2BGRA if picture.ndim == 2 else cv2.COLOR_RGB2BGRA
    pixels = np.empty(picture.shape[:2], np.int32) if out is None else out
    parts = pixels.view(np.uint8).reshape(*pixels.shape, 4)
    _kept_in(cv2.cvtColor(np.ascontiguousarray(picture), code, dst=parts), parts)
    return pixels


def apply_table(stored: Values, table: NDArray[Entry], lowest: int) -> NDArray[Entry]:
    """Return `table[stored - lowest]` for integers of any type, as fast as memory allows."""
    return Lookup(table, lowest, stored.dtype).look_up(stored)


class Lookup(Generic[Entry]):
    """A table ready for many values of one integer type: `table[value - lowest]`."""

    def __init__(self, table: NDArray[Entry], lowest: int, dtype: np.dtype[Any]) -> None:
        self._shift = lowest if dtype.itemsize > 2 else 0
        size = 256 if dtype.itemsize == 1 else MAX_TABLE
        self._whole: NDArray[Entry] = np.zeros(size, table.dtype)
        # Two's complement puts negative values in the upper half of the unsigned type.
        start = lowest - self._shift
        self._whole[np.arange(start, start + len(table)) & (size - 1)] = table

    def look_up(self, stored: Values, out: NDArray[Entry] | None = None) -> NDArray[Entry]:
        """Return the entry of each value, in `out` where that is given."""
        if stored.dtype.itemsize > 2:
            stored = (stored - self._shift).astype(np.uint16)
        unsigned: NDArray[Any] = stored.view(np.uint8 if stored.itemsize == 1 else np.uint16)
        if unsigned.strides[-1] != unsigned.itemsize or min(unsigned.strides) < 0:
            unsigned = np.ascontiguousarray(unsigned)  # a part of a picture needs no copy
        found = np.asarray(cv2.LUT(unsigned, self._whole, dst=out), self._whole.dtype)
        return found if out is None else _kept_in(found, out)


def _kept_in(found: NDArray[Any], out: NDArray[Entry]) -> NDArray[Entry]:
    """OpenCV makes an array of its own where the given one does not suit it."""
    if found is not out:
        np.copyto(out, found)
    return out
