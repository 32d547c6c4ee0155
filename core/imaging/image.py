"""An opened image: facts at once, frames when asked for."""

from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.domain.media import View, Window
from core.errors import ImageError
from core.imaging.decoding.frame_memory import FrameMemory, Held
from core.imaging.decoding.frame_room import ROOM
from core.imaging.display import (
    MAX_TABLE,
    Gray,
    GrayRule,
    Lookup,
    Mask,
    Shading,
    Values,
    apply_table,
    full_window,
    opaque,
)
from core.imaging.geometry import UNKNOWN_GEOMETRY, Geometry, Plane

if TYPE_CHECKING:
    from core.imaging.glimpses import Glimpses
    from core.imaging.slides.slide import Slide

MAX_PIXELS: Final = 1 << 27
"""134 megapixels a frame: beyond every detector, below what would fill a laptop's memory."""
SLOWEST_PER_S: Final = 1
FASTEST_PER_S: Final = 120
"""Beyond these a stated frame rate is a mistake, or no clip to be looked at."""
_SETTLED_BYTES: Final = 8 << 20
"""Larger frames are not copied: the system maps them apart by itself, or nearly so."""
_LEAST_SAMPLES: Final = 3
_MOST_SAMPLES: Final = 16
_SAMPLED_PIXELS: Final = 1 << 22
"""Frames that are decoded to find the window of a stack: 16 of CT, 3 of a mammogram."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One decoded picture.

    `stored` is (rows, columns) of the file's own numbers, or (rows, columns, 3) of 8-bit RGB;
    `gray` says how numbers become grays and is None for color. `common` is the window of all
    frames of a stack that brings none.
    """

    stored: Values
    gray: GrayRule | None
    common: Window | None = None

    @cached_property
    def lowest(self) -> int | float:
        """The lowest stored value."""
        return self.stored.min().item()  # type: ignore[no-any-return] # a number by dtype

    @cached_property
    def highest(self) -> int | float:
        """The highest stored value."""
        return self.stored.max().item()  # type: ignore[no-any-return] # a number by dtype

    @cached_property
    def range_window(self) -> Window:
        """The window that spreads this frame's own range over all grays."""
        if self.gray is None:
            return Window(128, 256)
        ends = self.gray.calibrate(np.array([self.lowest, self.highest]))
        if self.gray.modality_table is not None:  # a table may fold, so its ends prove nothing
            ends = self.gray.calibrate(self.stored)
        return full_window(float(ends.min()), float(ends.max()))

    @cached_property
    def default_window(self) -> Window:
        """The file's first window; without one, the range of the stack or of a single frame."""
        if self.gray is not None and self.gray.windows:
            return self.gray.windows[0]
        return self.common or self.range_window

    def _table_inputs(self) -> Values | None:
        """Return every value that may occur; not kept, for it may be larger than the frame."""
        if self.gray is None or not np.issubdtype(self.stored.dtype, np.integer):
            return None
        if self.highest - self.lowest >= MAX_TABLE:
            return None
        return np.arange(int(self.lowest), int(self.highest) + 1)

    def lookup_table(self, view: View) -> Gray | None:
        """Return the table with picture = table[stored - lowest].

        None for color, for floats and for a range beyond 65,536: use `shade`.
        """
        inputs = self._table_inputs()
        return None if inputs is None else self._shade_numbers(inputs, view)

    def shade(self, values: Values, view: View) -> Gray:
        """Return the picture of stored values of this frame, also resampled ones."""
        if self.gray is None:
            return 255 - values if view.is_inverted else values
        table = self.lookup_table(view) if np.issubdtype(values.dtype, np.integer) else None
        if table is None:
            return self._shade_numbers(values, view)
        return apply_table(values, table, int(self.lowest))

    def screen_shading(self, view: View, dtype: np.dtype[Any]) -> Shading:
        """Return what does the same as `shade` straight to the pixels that a screen takes."""
        table = self.lookup_table(view) if np.issubdtype(dtype, np.integer) else None
        if table is None:
            return lambda values, out=None: opaque(self.shade(values, view), out)
        return Lookup(opaque(table[None])[0], int(self.lowest), dtype).look_up

    def render(self, view: View) -> Gray:
        """Return the whole picture: 8-bit grays, or RGB with three values a pixel."""
        return self.shade(self.stored, view)

    def calibrated(self, row: int, column: int) -> float:
        """Return the modality value (HU for CT) of one pixel; not a number for color."""
        if self.gray is None:
            return float("nan")
        return float(self.gray.calibrate(self.stored[row, column, None])[0])

    def chosen_window(self, view: View) -> Window | None:
        """Return the window that a view means for this frame, None for a table or colors."""
        if self.gray is None or view.window is not None:
            return None if self.gray is None else view.window
        tables = len(self.gray.voi_tables)
        if view.voi_table is not None and view.voi_table < tables:
            return None
        return self.default_window if self.gray.windows or not tables else None

    def _shade_numbers(self, values: Values, view: View) -> Gray:
        assert self.gray is not None  # noqa: S101 - callers have dealt with color
        number = view.voi_table or 0
        table = number if number < len(self.gray.voi_tables) else 0
        window = self.chosen_window(view)
        return self.gray.shade(values, window, is_inverted=view.is_inverted, table=table)


def settled(frame: Frame) -> Frame:
    """Return a frame of a stack's size in memory that goes back to the system with it."""
    if frame.stored.nbytes > _SETTLED_BYTES:
        return frame
    stored = ROOM.settled(frame.stored)
    return frame if stored is frame.stored else Frame(stored, frame.gray, frame.common)


@dataclass(frozen=True, eq=False)
class LoadedImage:
    """An opened image; `spacing_mm` is (between rows, between columns) where it is known.

    `windows` are the file's own (of the first frame), `window_names` and `voi_table_names` what it
    calls them; `notes` are sentences for the person who looks at it. `read_frame` decodes one
    frame; use `frame`, which keeps what it decoded in `memory`. `read_ahead`, where given, does the
    same with less of this process, but tells no reasons. `source_bytes` stay in memory
    beside the frames, as many as the file has where None. `frames_per_s` is how fast a clip wants
    to be shown. `glimpses` are small pictures of its large frames, where they are kept. Calibrated
    values times `suv_factor` are uptake values; `suv_refusal` says why there are none.
    """

    name: str
    media_type: str
    width: int
    height: int
    frame_count: int
    is_color: bool
    read_frame: Callable[[int], Frame]
    modality: str = ""
    body_part: str = ""
    spacing_mm: tuple[float, float] | None = None
    windows: tuple[Window, ...] = ()
    unit: str = ""
    notes: tuple[str, ...] = ()
    geometry: Geometry = UNKNOWN_GEOMETRY
    read_overlay: Callable[[int], Mask | None] | None = None
    slide: "Slide | None" = None
    suv_factor: float | None = None
    suv_refusal: str = ""
    window_names: tuple[str, ...] = ()
    voi_table_names: tuple[str, ...] = ()
    frames_per_s: float | None = None
    source_bytes: int | None = None
    read_ahead: Callable[[int], Frame] | None = None
    glimpses: "Glimpses | None" = None
    memory: FrameMemory = field(default_factory=FrameMemory, repr=False)
    _key: object = field(default_factory=object, init=False, repr=False)

    @property
    def has_overlay(self) -> bool:
        """Whether the file carries a layer that `View.has_overlay` draws."""
        return self.read_overlay is not None

    def overlay(self, index: int) -> Mask | None:
        """Return where a frame's overlay lies, as (rows, columns) of true or false."""
        return None if self.read_overlay is None else self.read_overlay(index)

    def frame(self, index: int) -> Frame:
        """Return a frame, counted from 0; raise `ImageError` naming file and frame."""
        if not 0 <= index < self.frame_count:
            frames = "1 frame" if self.frame_count == 1 else f"{self.frame_count} frames"
            raise ImageError(f"“{self.name}” has {frames}; frame {index + 1} was asked for.")
        return self.memory.get((self._key, index), partial(self._read, index, self.read_frame))

    def frame_ahead(self, index: int) -> Frame:
        """Return what `frame` does, for later; raise `ImageError` without the true reason."""
        read = self.read_ahead or self.read_frame
        return self.memory.get((self._key, index), partial(self._read, index, read))

    def ready_frame(self, index: int) -> Frame | None:
        """Return a frame that is decoded already, else None; never waits for a decoder."""
        return self.memory.ready((self._key, index))

    def part(self, name: Hashable, read: Callable[[], Frame]) -> Frame:
        """Return what is kept beside the frames under a name of its own: a tile of a slide."""
        return self.memory.get(((self._key, name), 0), read)

    def ready_part(self, name: Hashable) -> Frame | None:
        """Return a part that is decoded already, else None."""
        return self.memory.ready(((self._key, name), 0))

    def hold_part(self, name: Hashable, part: Frame) -> Held:
        """Keep a part in memory for as long as the returned object lives."""
        return self.memory.hold(((self._key, name), 0), part)

    def missing_frames(self, indices: Iterable[int]) -> list[int]:
        """Return those of these frames that are not decoded yet, in the order given."""
        return self.memory.missing(self._key, indices)

    def hold(self, index: int, frame: Frame) -> Held:
        """Keep a frame in memory for as long as the returned object lives."""
        return self.memory.hold((self._key, index), frame)

    @property
    def planes(self) -> tuple[Plane | None, ...]:
        """Where every frame lies in the patient, None for those of unknown place."""
        return tuple(self.geometry.plane_of(index) for index in range(self.frame_count))

    @cached_property
    def common_window(self) -> Window:
        """One window over the values of a whole stack, from some of its frames.

        A window for each frame would flicker, and make the same tissue look different.
        """
        affordable = _SAMPLED_PIXELS // (self.width * self.height)
        count = min(max(_LEAST_SAMPLES, affordable), _MOST_SAMPLES)
        last = self.frame_count - 1
        ranges = []
        for place in sorted({round(part * last / (count - 1)) for part in range(count)}):
            with suppress(ImageError):  # told where that frame is looked at
                ranges.append(self.read_frame(place).range_window)
        low = min((one.center - one.width / 2 for one in ranges), default=0.0)
        high = max((one.center + one.width / 2 for one in ranges), default=256.0)
        return Window((low + high) / 2, high - low)

    def _read(self, index: int, read: Callable[[int], Frame]) -> Frame:
        frame = read(index)
        rule = frame.gray
        if self.frame_count == 1 or rule is None or rule.windows or rule.voi_tables:
            return frame
        return replace(frame, common=self.common_window)
