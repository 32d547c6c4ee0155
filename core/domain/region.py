"""Regions marked on an image, in image coordinates.

Coordinates are columns and rows from the top left corner of the first pixel, whose center is
(0.5, 0.5), on the stored grid of pixels: mirroring, turning and zooming do not change them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from core.domain.plain import Plain, list_at, text_at
from core.errors import ValidationError

Point = tuple[float, float]

MAX_POINTS: Final = 100_000
_MAX_SIDE: Final = 65_535
_MAX_PIXELS: Final = 1 << 27
"""As large as an image can be."""
_MAX_RUNS: Final = 1_000_000
_FARTHEST: Final = 1e6
"""No image is so large; numbers beyond it would stop whatever draws them."""


class RegionKind(StrEnum):
    """What a region is drawn with.

    A point has one point, an arrow two (tail and tip); a box and an ellipse have two opposite
    corners; a polygon and a freehand line close themselves; a mask has pixels.
    """

    POINT = "point"
    ARROW = "arrow"
    BOX = "box"
    ELLIPSE = "ellipse"
    POLYGON = "polygon"
    FREEHAND = "freehand"
    MASK = "mask"


_POINTS: Final = {
    RegionKind.POINT: (1, 1),
    RegionKind.ARROW: (2, 2),
    RegionKind.BOX: (2, 2),
    RegionKind.ELLIPSE: (2, 2),
    RegionKind.POLYGON: (3, MAX_POINTS),
    RegionKind.FREEHAND: (3, MAX_POINTS),
    RegionKind.MASK: (0, 0),
}


@dataclass(frozen=True, slots=True)
class MaskRuns:
    """Pixels row by row as lengths of runs: not marked, marked, not marked, …"""

    width: int
    height: int
    runs: tuple[int, ...]

    def __post_init__(self) -> None:
        is_sized = 0 < self.width <= _MAX_SIDE and 0 < self.height <= _MAX_SIDE
        size = self.width * self.height
        if not is_sized or size > _MAX_PIXELS or len(self.runs) > _MAX_RUNS:
            raise ValidationError("A mask is too large or too ragged to be kept.", field="mask")
        if sum(self.runs) != size or min(self.runs) < 0:
            raise ValidationError("The pixels of a mask do not fit its size.", field="mask")


@dataclass(frozen=True, slots=True)
class Region:
    """One mark on one frame of an image (frames count from 0)."""

    kind: RegionKind
    points: tuple[Point, ...] = ()
    frame: int = 0
    label: str = ""
    mask: MaskRuns | None = None
    is_locked: bool = False

    def __post_init__(self) -> None:
        least, most = _POINTS[self.kind]
        if not least <= len(self.points) <= most or (self.mask is None) != (least > 0):
            raise ValidationError(f"A {self.kind} has the wrong number of points.", field="points")
        if not all(abs(part) <= _FARTHEST for point in self.points for part in point):
            raise ValidationError("A point of a region is no place.", field="points")
        if self.frame < 0:
            raise ValidationError("A region lies on a frame that does not exist.", field="frame")

    def to_plain(self) -> Plain:
        """Return the JSON object of this region."""
        mask = self.mask
        return {
            "kind": self.kind.value,
            "points": [[float(x), float(y)] for x, y in self.points],
            "frame": self.frame,
            "label": self.label,
            "mask": mask and {"width": mask.width, "height": mask.height, "runs": list(mask.runs)},
            "is_locked": self.is_locked,
        }

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read a region from its JSON object; raise `ValidationError` naming the field."""
        kind, mask = text_at(data, "kind"), data.get("mask")
        if kind not in list(RegionKind):
            raise ValidationError(f"The kind of region “{kind[:40]}” is unknown.", field="kind")
        try:
            return cls(
                kind=RegionKind(kind),
                points=tuple((float(x), float(y)) for x, y in list_at(data, "points")),
                frame=int(data.get("frame", 0)),
                label=text_at(data, "label", ""),
                mask=None
                if mask is None
                else MaskRuns(
                    int(mask["width"]), int(mask["height"]), tuple(map(int, mask["runs"]))
                ),
                is_locked=bool(data.get("is_locked", False)),
            )
        except (TypeError, ValueError, KeyError, OverflowError) as error:
            raise ValidationError("A region is not readable.", field="points") from error
