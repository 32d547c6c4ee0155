"""A region to be marked on an image."""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from core.domain.body.format_names import AnswerFormat
from core.domain.plain import Plain, text_at
from core.domain.region import RegionKind
from core.errors import ValidationError

DRAWN_WITH: Final = {
    RegionKind.POINT: (RegionKind.POINT,),
    RegionKind.BOX: (RegionKind.BOX,),
    RegionKind.POLYGON: (RegionKind.POLYGON, RegionKind.FREEHAND),
    RegionKind.MASK: (
        *(RegionKind.MASK, RegionKind.POLYGON, RegionKind.FREEHAND, RegionKind.ELLIPSE),
    ),
}
"""What may be asked for, and what an answer to it may be drawn with."""
MAX_REGIONS: Final = 50


@dataclass(frozen=True, slots=True)
class Localization:
    """Regions of one kind on the image at place `image` (from 0) of the body.

    `width` and `height` are those of the stored pixels, `shown_width` and `shown_height` those of
    the picture before it is turned, which differ where pixels are no squares; 0 while no image
    was looked at. `frames` is the number of its pictures; a region's `frame` counts these from 0.
    """

    kind: RegionKind = RegionKind.BOX
    image: int = 0
    width: int = 0
    height: int = 0
    shown_width: int = 0
    shown_height: int = 0
    frames: int = 1
    format: ClassVar[AnswerFormat] = AnswerFormat.REGION

    def to_plain(self) -> Plain:
        """Return the JSON object of this part."""
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        return {"kind": self.kind.value, **numbers}

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read the JSON object of this part; raise `ValidationError` naming the field."""
        kind = text_at(data, "kind")
        if kind not in DRAWN_WITH:
            raise ValidationError("This kind of region cannot be asked for.", field="kind")
        numbers = {name: data.get(name, 0) for name in _NUMBERS}
        for name, value in numbers.items():
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise ValidationError(f"The field “{name}” must be a number.", field=name)
        return cls(RegionKind(kind), **numbers)

    def problems(self) -> list[tuple[str, str]]:
        """Return what keeps this from being asked, as (field, sentence) pairs."""
        sizes = (self.width, self.height, self.shown_width, self.shown_height, self.frames)
        return [] if all(sizes) else [("key", "Draw the right region on the image.")]


_NUMBERS: Final = ("image", "width", "height", "shown_width", "shown_height", "frames")
