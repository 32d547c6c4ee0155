"""A stack of frames as one block of numbers, with the place of every slice."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.domain.media import Window
from core.errors import ImageError
from core.imaging.decoding.frame_memory import Held
from core.imaging.display import GrayRule, Values, full_window
from core.imaging.geometry import Plane, Vector
from core.imaging.image import Frame, LoadedImage
from core.imaging.series.stack import distances_mm, stack_normal, stack_of

MAX_VOLUME_BYTES: Final = 2 << 30
_EVEN: Final = 0.01
_THREADS: Final = 2


@dataclass(frozen=True, eq=False)
class Volume:
    """Values as (slices, rows, columns), slices in order along `normal`, and their planes.

    `frames` are the slices' numbers in the file; `notes` are sentences on how they lie.
    """

    values: Values
    planes: tuple[Plane, ...]
    rule: GrayRule
    normal: Vector
    frames: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def places_mm(self) -> NDArray[np.float64]:
        """Where each slice lies along the normal, rising."""
        return distances_mm(self.planes, self.normal)

    @cached_property
    def lowest(self) -> int | float:
        """The lowest value, which stands for what lies outside."""
        return self.values.min().item()  # type: ignore[no-any-return] # a number by dtype

    @cached_property
    def box_mm(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The lowest and the highest patient coordinates of any voxel center."""
        _, rows, columns = self.values.shape
        corners = [(x, y) for x in (0.5, columns - 0.5) for y in (0.5, rows - 0.5)]
        points = np.array([plane.patient_mm(point) for plane in self.planes for point in corners])
        return points.min(axis=0), points.max(axis=0)

    def indices(
        self, points_mm: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return slice, row and column of patient points, fractions between voxel centers.

        Between slices the first pixel moves along a straight line, so tilted and unevenly spaced
        stacks are right; what lies outside is below 0 or above the last index.
        """
        along = points_mm @ np.asarray(self.normal)
        slices = self.slices_at(along)
        first = self.planes[0]
        between_rows, between_columns = first.spacing_mm
        down, across = (self.starts_mm(way, along) for way in (first.down, first.across))
        rows = (points_mm @ np.asarray(first.down) - down) / between_rows
        columns = (points_mm @ np.asarray(first.across) - across) / between_columns
        return slices, rows, columns

    @cached_property
    def is_even(self) -> bool:
        """Whether first pixels lie on a line at equal distances, to a hundredth of a voxel."""
        origins = np.array([plane.origin_mm for plane in self.planes])
        parts = np.linspace(0, 1, len(origins))[:, None]
        apart = np.abs(origins - (origins[0] + (origins[-1] - origins[0]) * parts)).max()
        return bool(apart <= _EVEN * min(*self.planes[0].spacing_mm, self._end_gap(0)))

    def slices_at(self, along_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return slices at places along the normal, fractions between centers."""
        places = self.places_mm
        if self.is_even:
            gap = (places[-1] - places[0]) / max(1, len(places) - 1) or self._end_gap(0)
            return np.asarray((along_mm - places[0]) / gap)
        slices = np.interp(along_mm, places, np.arange(len(places)))
        ends = (
            (places[0] - along_mm) / self._end_gap(0),
            (along_mm - places[-1]) / self._end_gap(-1),
        )
        slices = np.where(ends[0] > 0, -ends[0], slices)
        return np.where(ends[1] > 0, len(places) - 1 + ends[1], slices)

    def starts_mm(self, way: Vector, along_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far along `way` the first pixel lies, at places along the normal."""
        starts = np.array([plane.origin_mm for plane in self.planes]) @ np.asarray(way)
        places = self.places_mm
        if self.is_even:
            length = float(places[-1] - places[0]) or 1.0
            return np.asarray(
                starts[0] + (along_mm - places[0]) * (starts[-1] - starts[0]) / length
            )
        return np.asarray(np.interp(along_mm, places, starts))

    def _end_gap(self, end: int) -> float:
        """Return how thick an outermost slice counts: as far as its neighbor, at least a pixel."""
        gaps = np.diff(self.places_mm)
        return float(gaps[end]) if len(gaps) else min(self.planes[0].spacing_mm)

    def nearest(self, point_mm: Vector) -> tuple[int, int, int] | None:
        """Return slice, row and column of the voxel at a patient point, None outside."""
        found = self.indices(np.asarray(point_mm, np.float64))
        places = [round(float(place)) for place in found]
        if any(not 0 <= one < size for one, size in zip(places, self.values.shape, strict=True)):
            return None
        return places[0], places[1], places[2]

    @cached_property
    def window(self) -> Window:
        """The window to begin with: the file's first, else the range of all values."""
        if self.rule.windows:
            return self.rule.windows[0]
        ends = self.rule.calibrate(np.array([self.lowest, self.values.max()]))
        return full_window(float(ends.min()), float(ends.max()))

    def point_mm(self, index: int, row: float, column: float) -> Vector:
        """Return the patient point of a voxel center."""
        return self.planes[index].patient_mm((column + 0.5, row + 0.5))


def volume_of(
    image: LoadedImage,
    *,
    frames: Sequence[int] | None = None,
    on_frame: Callable[[int, int], None] = lambda _done, _total: None,
) -> Volume:
    """Read frames (all without `frames`) into a volume, which is kept in the image's memory.

    `on_frame` gets how many of how many are there and may raise to stop. Raises `ImageError` with
    the reason where the frames are no volume.
    """
    numbers = tuple(range(image.frame_count) if frames is None else frames)
    planes = [image.geometry.plane_of(index) for index in numbers]
    stack = stack_of(planes) if len(numbers) > 1 else None
    if stack is None or image.is_color:
        raise ImageError(
            f"“{image.name}” is no volume: {_reason(image, planes)}.",
            hint="Sections can be shown of gray slices that lie parallel, each in its own place.",
        )
    order = tuple(numbers[place] for place in stack.order)
    block = image.part(_name(order), lambda: Frame(*_joined(_decoded(image, order, on_frame))))
    rule = block.gray or GrayRule()
    known = tuple(plane for plane in (planes[one] for one in stack.order) if plane is not None)
    return Volume(block.stored, known, rule, stack_normal(known[0]), order, stack.notes())


def hold(image: LoadedImage, volume: Volume) -> Held:
    """Keep a volume within the image's memory for as long as the returned object lives."""
    return image.hold_part(_name(volume.frames), Frame(volume.values, volume.rule))


def _name(order: Sequence[int]) -> Hashable:
    return "volume", tuple(order)


def frames_around(image: LoadedImage, frames: Sequence[int], place: int) -> tuple[int, ...]:
    """Return the frames that lie in a stack with the one at `place`: a volume at one time.

    Where several frames lie in one place (points in time, echoes), those of the same turn belong
    together: the second ones, if the one in sight is the second of its place.
    """
    known = [plane for index in frames if (plane := image.geometry.plane_of(index)) is not None]
    if len(known) != len(frames) or stack_of(known) is not None:
        return tuple(frames)
    turns: list[int] = []
    seen = Counter[float]()
    for distance in distances_mm(known, stack_normal(known[0])).round(2).tolist():
        turns.append(seen[distance])
        seen[distance] += 1
    same = tuple(one for one, turn in zip(frames, turns, strict=True) if turn == turns[place])
    return same if len(same) > 1 else tuple(frames)


def _decoded(
    image: LoadedImage, order: Sequence[int], on_frame: Callable[[int, int], None]
) -> list[Frame]:
    found: list[Frame] = []
    with ThreadPoolExecutor(_THREADS, "volume") as threads:
        try:
            for frame in threads.map(image.frame, order):
                found.append(frame)
                size = frame.stored.nbytes * len(order)
                if size > MAX_VOLUME_BYTES:
                    large = f"“{image.name}” is too large for sections: {size / 2**30:.1f} GB."
                    raise ImageError(large)
                on_frame(len(found), len(order))
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
    return found


def _joined(frames: list[Frame]) -> tuple[Values, GrayRule]:
    """Return all values under one rule; `frames` is emptied, so that memory holds each once."""
    rules = [frame.gray or GrayRule() for frame in frames]
    scales = {(rule.slope, rule.intercept) for rule in rules}
    is_stored = len(scales) == 1 and not any(rule.modality_table for rule in rules)
    # Slices of PET have a scale each: only calibrated values can be compared.
    kind = np.result_type(*{one.stored.dtype for one in frames}) if is_stored else np.float32
    values = np.empty((len(frames), *frames[0].stored.shape), kind)
    for place, rule in reversed(list(enumerate(rules))):
        stored = frames.pop().stored
        values[place] = stored if is_stored else rule.calibrate(stored)
    if is_stored:
        return values, rules[0]
    return values, GrayRule(windows=rules[0].windows, is_inverse=rules[0].is_inverse)


def _reason(image: LoadedImage, planes: Sequence[Plane | None]) -> str:
    if image.is_color:
        return "it is in color"
    if len(planes) < 2:
        return "it has one frame"
    if any(plane is None for plane in planes):
        return "its frames do not say where they lie"
    return "its frames are not parallel, or several lie in one place"
