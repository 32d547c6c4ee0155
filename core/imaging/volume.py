"""A stack of frames as one block of numbers, with the place of every slice."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.errors import ImageError
from core.imaging.display import GrayRule, Values
from core.imaging.geometry import Plane, Vector
from core.imaging.image import LoadedImage
from core.imaging.stack import distances_mm, stack_normal, stack_of

MAX_VOLUME_BYTES: Final = 2 << 30


@dataclass(frozen=True, eq=False)
class Volume:
    """Values as (slices, rows, columns), slices in order along `normal`, and their planes."""

    values: Values
    planes: tuple[Plane, ...]
    rule: GrayRule
    normal: Vector

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
        places = self.places_mm
        slices = np.interp(along, places, np.arange(len(places)))
        ends = (places[0] - along) / self._end_gap(0), (along - places[-1]) / self._end_gap(-1)
        slices = np.where(ends[0] > 0, -ends[0], slices)
        slices = np.where(ends[1] > 0, len(places) - 1 + ends[1], slices)
        first = self.planes[0]
        down, across = np.asarray(first.down), np.asarray(first.across)
        origins = np.array([plane.origin_mm for plane in self.planes])
        between_rows, between_columns = first.spacing_mm
        rows = (points_mm @ down - np.interp(along, places, origins @ down)) / between_rows
        columns = (
            points_mm @ across - np.interp(along, places, origins @ across)
        ) / between_columns
        return slices, rows, columns

    def _end_gap(self, end: int) -> float:
        """Return how thick an outermost slice counts: as far as its neighbor, at least a pixel."""
        gaps = np.diff(self.places_mm)
        return float(gaps[end]) if len(gaps) else min(self.planes[0].spacing_mm)

    def point_mm(self, index: int, row: float, column: float) -> Vector:
        """Return the patient point of a voxel center."""
        return self.planes[index].patient_mm((column + 0.5, row + 0.5))


def volume_of(image: LoadedImage, *, on_frame: Callable[[int], None] = lambda _: None) -> Volume:
    """Read all frames into a volume; `on_frame` gets how many are there and may raise to stop.

    Raises `ImageError` with the reason where the frames are no volume.
    """
    stack = stack_of(image.planes) if image.frame_count > 1 else None
    if stack is None or image.is_color:
        raise ImageError(
            f"“{image.name}” is no volume: {_reason(image)}.",
            hint="Sections can be shown of gray slices that lie parallel, each in its own place.",
        )
    size = image.width * image.height * image.frame_count * 2
    if size > MAX_VOLUME_BYTES:
        raise ImageError(f"“{image.name}” is too large for sections: {size / 2**30:.1f} GB.")
    frames = []
    for count, index in enumerate(stack.order, start=1):
        frames.append(image.frame(index))
        on_frame(count)
    rules = [frame.gray for frame in frames if frame.gray is not None]
    scales = {(rule.slope, rule.intercept, rule.modality_table is None) for rule in rules}
    if len(scales) == 1 and rules[0].modality_table is None:
        values, rule = np.stack([frame.stored for frame in frames]), rules[0]
    else:  # slices of PET have a scale each: only calibrated values can be compared
        calibrated = [
            one.calibrate(frame.stored).astype(np.float32)
            for one, frame in zip(rules, frames, strict=True)
        ]
        values = np.stack(calibrated)
        rule = GrayRule(windows=rules[0].windows, is_inverse=rules[0].is_inverse)
    planes = [image.geometry.plane_of(index) for index in stack.order]
    known = tuple(plane for plane in planes if plane is not None)
    return Volume(values, known, rule, stack_normal(known[0]))


def _reason(image: LoadedImage) -> str:
    if image.is_color:
        return "it is in color"
    if image.frame_count < 2:
        return "it has one frame"
    if any(plane is None for plane in image.planes):
        return "its frames do not say where they lie"
    return "its frames are not parallel, or several lie in one place"
