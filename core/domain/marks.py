"""Marks of an author on an image: read and written, told in words, taken along when cleared."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

from core.domain.ids import MediaId
from core.domain.media import ImageUse, MediaInfo
from core.domain.plain import Plain, list_at, sha256_of
from core.domain.region import Region
from core.errors import ValidationError

MAX_MARKS: Final = 5_000
"""On one image; what stands in a file that others wrote is not believed beyond it."""


class MarkFormat(StrEnum):
    """A kind of file that holds marks."""

    COCO = "coco"
    VOC = "voc"
    PNG = "png"
    SEG = "seg"
    SR = "sr"


SUFFIXES: Final = {
    MarkFormat.COCO: ".json",
    MarkFormat.VOC: ".xml",
    MarkFormat.PNG: ".png",
    MarkFormat.SEG: ".dcm",
    MarkFormat.SR: ".dcm",
}


_SHORT_HASH: Final = 6
_IN_FULL: Final = 4
"""So many points are told one by one; longer lines by their extent."""


def marks_to_plain(marks: Iterable[Region]) -> list[Plain]:
    """Return the JSON array of marks."""
    return [mark.to_plain() for mark in marks]


def marks_from_plain(data: Plain) -> tuple[Region, ...]:
    """Read the marks of an image entry, none where it names none; raise `ValidationError`."""
    found = list_at(data, "marks")
    if len(found) > MAX_MARKS:
        raise ValidationError(
            f"An image has {len(found)} marks; at most {MAX_MARKS} are possible.", field="images"
        )
    return tuple(Region.from_plain(one) for one in found)


def cleared_use(use: ImageUse, media: MediaId) -> ImageUse:
    """Return how a cleared copy, which holds only the frames of `use`, takes its place.

    Marks go along to the new numbers of their frames; those on frames left out stay behind.
    """
    marks = tuple(
        replace(mark, frame=new)
        for new, old in enumerate(use.frames)
        for mark in use.marks
        if mark.frame == old
    )
    return replace(use, media=media, frames=tuple(range(len(use.frames))), marks=marks)


def marks_on(use: ImageUse, frame: int) -> tuple[Region, ...]:
    """Return the marks on one frame of the file."""
    return tuple(mark for mark in use.marks if mark.frame == frame)


def mark_fits(mark: Region, image: MediaInfo) -> bool:
    """Tell whether a mark lies on a frame of an image, and a mask has as many pixels."""
    mask = mark.mask
    has_size = mask is None or (mask.width, mask.height) == (image.width, image.height)
    return mark.frame < image.frame_count and has_size


def mark_text(mark: Region) -> str:
    """Return a mark in words, which differ where two marks look different."""
    words = [mark.kind.value]
    words += [f"“{mark.label}”"] if mark.label else []
    words.append(f"on frame {mark.frame + 1}")
    words.append(_place_text(mark))
    words += ["locked"] * mark.is_locked
    return " ".join(words)


def _place_text(mark: Region) -> str:
    if len(mark.points) in range(1, _IN_FULL + 1):
        return " – ".join(_point_text(point) for point in mark.points)
    facts: Any = mark.points if mark.mask is None else mark.mask.runs
    shape = sha256_of([list(facts)])[:_SHORT_HASH]
    if mark.mask is not None:
        return f"of {sum(mark.mask.runs[1::2])} pixels (shape {shape})"
    corners = (tuple(map(side, zip(*mark.points, strict=True))) for side in (min, max))
    extent = " – ".join(_point_text(corner) for corner in corners)
    return f"{extent}, {len(mark.points)} points (shape {shape})"


def _point_text(point: Sequence[float]) -> str:
    return f"{point[0]:.2f}, {point[1]:.2f}"


def regions_text(regions: Sequence[Region]) -> str:
    """Return the regions of an answer in words, which count pictures and not frames of a file."""
    return "; ".join(
        f"{one.kind.value} on picture {one.frame + 1} ({_place_text(one)})" for one in regions
    )


def marks_text(marks: Sequence[Region]) -> str:
    """Return marks in words, one a line."""
    return "\n".join(mark_text(mark) for mark in marks)


def without_marks(use: ImageUse) -> ImageUse:
    """Return the use of the bare image."""
    return replace(use, marks=())


def marks_told(use: ImageUse) -> str:
    """Return what a record of sent pictures says of the marks drawn into them."""
    count = sum(mark.frame in use.frames for mark in use.marks)
    return f"; {count} {'mark' if count == 1 else 'marks'} drawn in" if count else ""
