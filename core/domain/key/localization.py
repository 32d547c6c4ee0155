"""The key of a region to be marked."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final, Self

from core.domain.body import AnswerFormat, Asked, Localization, Marked
from core.domain.plain import Plain, list_at, text_at
from core.domain.region import Region, RegionKind
from core.errors import ValidationError

THRESHOLD: Final = 0.5


class RegionMeasure(StrEnum):
    """By what an answer is compared with the key.

    `IOU` is the shared area over the area of both together (Jaccard), `DICE` twice the shared
    area over the sum of both. `HIT` asks that each region drawn has its center in the key, and
    that each region of the key is met.
    """

    IOU = "iou"
    DICE = "dice"
    HIT = "hit"


@dataclass(frozen=True, slots=True)
class LocalizationKey:
    """The right regions; an answer is right from `threshold` on (a hit needs none)."""

    regions: tuple[Region, ...] = ()
    measure: RegionMeasure = RegionMeasure.IOU
    threshold: float = THRESHOLD
    format: ClassVar[AnswerFormat] = AnswerFormat.REGION

    def to_plain(self) -> Plain:
        """Return the JSON object of this part."""
        return {
            "regions": [region.to_plain() for region in self.regions],
            "measure": self.measure.value,
            "threshold": float(self.threshold),
        }

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read the JSON object of this part; raise `ValidationError` naming the field."""
        measure, threshold = text_at(data, "measure"), data.get("threshold")
        if measure not in list(RegionMeasure):
            raise ValidationError("A region cannot be measured that way.", field="measure")
        if isinstance(threshold, bool) or not isinstance(threshold, int | float):
            raise ValidationError("The threshold must be a number.", field="threshold")
        regions = tuple(Region.from_plain(one) for one in list_at(data, "regions"))
        return cls(regions, RegionMeasure(measure), float(threshold))

    def problems(self, asked: Asked) -> list[tuple[str, str]]:
        """Return what is missing or wrong, as (field, sentence) pairs."""
        if not self.regions:
            return [("key", "Draw the right region on the image.")]
        if not 0 < self.threshold <= 1:
            return [("key", "The threshold must be more than 0 and at most 1.")]
        if any(one.kind in (RegionKind.POINT, RegionKind.ARROW) for one in self.regions):
            return [("key", "Draw the right region as an area, not as a point or an arrow.")]
        is_point = isinstance(asked, Localization) and asked.kind is RegionKind.POINT
        if is_point and self.measure is not RegionMeasure.HIT:
            return [("key", "A point has no area: it can only hit the right region.")]
        if isinstance(asked, Localization) and any(
            one.frame >= asked.frames for one in self.regions
        ):
            return [("key", "A right region lies on a picture that is not shown.")]
        return []

    def response(self) -> Marked | None:
        """Return the right response."""
        return Marked(self.regions) if self.regions else None
