"""Regions as JSON text, as one cell of a table or a word of a command line holds them.

A list of objects, or one object, in pixels of the stored image:
`[{"kind": "box", "points": [[10, 20], [60, 50.5]], "image": 1, "frame": 1}]`

field    meaning
kind     point, box, ellipse, polygon, freehand or mask
points   columns and rows from the top left corner of the image: one for a point, two opposite
         corners for a box or an ellipse, three or more for a polygon or freehand
image    which image of the question, from 1; left out it is the first; one for all regions
frame    which picture of this image as the question shows it, from 1; left out it is the first
label    a name; may be left out
locked   true where the region is kept from being moved; may be left out
mask     instead of points: {"width": 4, "height": 3, "runs": [5, 2, 5]}, lengths of runs row by
         row, not marked and marked in turn
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.domain.plain import Plain
from core.domain.region import MaskRuns, Point, Region, RegionKind
from core.errors import ValidationError

_FIELDS: Final = ("kind", "points", "image", "frame", "label", "locked", "mask")
_MASK_FIELDS: Final = {"width", "height", "runs"}
_HINT: Final = 'Write [{"kind": "box", "points": [[10, 20], [60, 50]], "image": 1, "frame": 1}].'
_MAX_QUOTED: Final = 20
_PAIR: Final = 2
_FARTHEST: Final = 1e15
"""No coordinate is so large; whole numbers beyond it may be too long for a float."""


@dataclass(frozen=True, slots=True)
class PlacedRegions:
    """Regions on the image at place `image` (from 0) of a question."""

    image: int
    regions: tuple[Region, ...]


def regions_to_text(regions: Sequence[Region], *, image: int = 0) -> str:
    """Return the text that `regions_from_text` reads."""
    return json.dumps([_plain(one, image) for one in regions], ensure_ascii=False)


def regions_from_text(text: str) -> PlacedRegions:
    """Read regions; raise `ValidationError` saying which one is wrong and how it should be."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong("The regions are no JSON text.", hint=_HINT) from error
    entries = [data] if isinstance(data, dict) else data
    if not isinstance(entries, list) or not entries:
        raise _wrong("There is no list of regions.", hint=_HINT)
    read = [_numbered(entry, number) for number, entry in enumerate(entries, start=1)]
    images = {image for image, _ in read}
    if len(images) > 1:
        raise _wrong("All regions must lie on the same image.")
    return PlacedRegions(images.pop(), tuple(region for _, region in read))


def _plain(region: Region, image: int) -> Plain:
    plain: Plain = {"kind": region.kind.value}
    if region.mask is None:
        plain["points"] = [[_number(x), _number(y)] for x, y in region.points]
    else:
        mask = region.mask
        plain["mask"] = {"width": mask.width, "height": mask.height, "runs": list(mask.runs)}
    plain |= {"image": image + 1, "frame": region.frame + 1}
    plain |= {"label": region.label} if region.label else {}
    return plain | ({"locked": True} if region.is_locked else {})


def _number(value: float) -> float:
    """Return a whole number without its point."""
    return int(value) if value == int(value) else value


def _numbered(entry: Any, number: int) -> tuple[int, Region]:  # any JSON value
    try:
        return _placed(entry)
    except ValidationError as error:
        raise _wrong(f"Region {number}: {error.sentence}") from error


def _placed(entry: Any) -> tuple[int, Region]:  # any JSON value
    if not isinstance(entry, Mapping):
        raise _wrong("It is no object in braces.")
    unknown = [name for name in entry if name not in _FIELDS]
    if unknown:
        name = unknown[0][:_MAX_QUOTED]
        raise _wrong(f"The field “{name}” is unknown; known are {', '.join(_FIELDS)}.")
    if entry.get("kind") not in list(RegionKind):
        raise _wrong(f"The kind is none of {', '.join(RegionKind)}.")
    if not isinstance(entry.get("label", ""), str):
        raise _wrong("The label must be text.")
    if not isinstance(entry.get("locked", False), bool):
        raise _wrong("The field “locked” must be true or false.")
    return _from_one(entry, "image"), Region(
        RegionKind(entry["kind"]),
        _points(entry.get("points", [])),
        frame=_from_one(entry, "frame"),
        label=entry.get("label", ""),
        mask=_mask(entry.get("mask")),
        is_locked=entry.get("locked", False),
    )


def _from_one(entry: Mapping[str, Any], name: str) -> int:
    value = entry.get(name, 1)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _wrong(f"The number of the {name} must be 1 or more.")
    return value - 1


def _points(value: Any) -> tuple[Point, ...]:  # any JSON value
    if not isinstance(value, list) or not all(_is_point(one) for one in value):
        raise _wrong("The points must be a list of pairs of numbers, as [[10, 20]].")
    return tuple((float(x), float(y)) for x, y in value)


def _is_point(value: Any) -> bool:  # any JSON value
    return isinstance(value, list) and len(value) == _PAIR and all(map(_is_place, value))


def _is_place(value: Any) -> bool:  # any JSON value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) < _FARTHEST


def _mask(value: Any) -> MaskRuns | None:  # any JSON value
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) != _MASK_FIELDS:
        raise _wrong("The mask needs the fields width, height and runs.")
    runs = value["runs"]
    if not isinstance(runs, list) or not runs:
        raise _wrong("The runs of the mask must be a list of whole numbers.")
    numbers = (value["width"], value["height"], *runs)
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in numbers):
        raise _wrong("The size and the runs of the mask must be whole numbers.")
    return MaskRuns(value["width"], value["height"], tuple(runs))


def _wrong(sentence: str, *, hint: str = "") -> ValidationError:
    return ValidationError(sentence, field="regions", hint=hint)
