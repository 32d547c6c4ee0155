"""Reads points, boxes and polygons out of a reply, in pixels of the picture that was sent.

Only the forms that are asked for count. Names that mean different numbers with different models
(bbox, box_2d), numbers between 0 and 1 that may be shares, boxes without an area and two answers
that differ are no answer.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from core.domain.answer import AnswerState
from core.domain.body import Body, Localization, Marked
from core.domain.body.localization import MAX_REGIONS
from core.domain.places import Size, to_stored, turned_size
from core.domain.region import Point, Region, RegionKind
from core.errors import ValidationError
from core.llm.reading_statements import Statement, blank_thoughts

FORMS: Final = {
    RegionKind.POINT: '"point": [x, y]',
    RegionKind.BOX: '"box": [left, top, right, bottom]',
    RegionKind.POLYGON: '"polygon": [[x, y], [x, y], [x, y]]',
    RegionKind.MASK: '"polygon": [[x, y], [x, y], [x, y]]',
}
"""What a reply is asked to hold for each kind; a model cannot paint pixels."""
_NAMES: Final = {
    RegionKind.POINT: "point",
    RegionKind.BOX: "box",
    RegionKind.POLYGON: "polygon",
    RegionKind.MASK: "polygon",
}
_DECODER: Final = json.JSONDecoder()
_ANSWER: Final = ("answer", "final_answer", "regions")
_BROKEN: Final = re.compile(r"\{\s*\"")
_NUMBER: Final = r"[-+]?\d+(?:\.\d+)?"
_BARE: Final = re.compile(
    rf"\s*(?:(?:the\s+)?(?:final\s+)?(?:answer|point|box|coordinates)\s*(?:is|are|:|=)\s*)?"
    rf"[(\[]?\s*((?:{_NUMBER}\s*(?:px)?\s*,\s*)+{_NUMBER})\s*(?:px)?\s*[)\]]?\s*\.?\s*",
    re.I,
)
_BOX_NAMES: Final = (
    ("left", "top", "right", "bottom"),
    ("x1", "y1", "x2", "y2"),
    ("xmin", "ymin", "xmax", "ymax"),
    ("x_min", "y_min", "x_max", "y_max"),
)


def found_regions(asked: Localization, reply: str) -> Statement | None:
    """Return the regions that a reply names, in pixels of the picture; None for none clearly."""
    text = blank_thoughts(reply)
    found = list(_stated(asked, text))
    if not found:
        bare = _BARE.fullmatch(text)
        numbers = [float(one) for one in re.findall(_NUMBER, bare[1])] if bare else []
        if bare is None:
            return None
        start = len(text) - len(text.lstrip())
        response = _response(asked, [{_NAMES[asked.kind]: numbers}]) if asked.frames == 1 else None
        return Statement(start, len(text.rstrip()), response, "only numbers")
    last = found[-1]
    is_clear = all(one.response == last.response for one in found)
    return last if is_clear else replace(last, response=None)


def placed(body: Body, regions: Sequence[Region]) -> tuple[Region, ...] | None:
    """Return regions of the picture sent in stored pixels; None where one lies beside it."""
    asked = body.asked
    if not isinstance(asked, Localization) or asked.image >= len(body.images):
        return None
    view = body.images[asked.image].view
    stored, shown = (asked.width, asked.height), (asked.shown_width, asked.shown_height)
    size = turned_size(shown, view)
    if not all(_is_within(point, size) for region in regions for point in region.points):
        return None
    return tuple(
        replace(
            region,
            points=tuple(to_stored(stored, shown, view, point) for point in region.points),
        )
        for region in regions
    )


def read_and_placed(
    body: Body, state: AnswerState, response: Marked
) -> tuple[AnswerState, Marked | None, str]:
    """Return state, response and rule of regions that were read, brought to stored pixels."""
    regions = placed(body, response.regions)
    if regions is None:
        return AnswerState.NO_ANSWER, None, "outside the picture"
    return state, Marked(regions), ""


def _is_within(point: Point, size: Size) -> bool:
    return 0 <= point[0] <= size[0] and 0 <= point[1] <= size[1]


def _stated(asked: Localization, text: str) -> Iterator[Statement]:
    at = 0
    while (at := text.find("{", at)) >= 0:
        try:
            data, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            if _BROKEN.match(text, at):
                # Cut off or misspelled: what is whole within it may be a part of the answer.
                yield Statement(at, len(text), None, "structured answer")
                return
            at += 1
            continue
        content = _content(asked, data)
        if content is not None:
            yield Statement(at, end, _response(asked, content), "structured answer")
        at = end


def _content(asked: Localization, data: Mapping[str, Any]) -> list[Any] | None:
    """Return the entries of an answer object; None for an object that is no answer."""
    name = next((one for one in _ANSWER if one in data), None)
    if name is None:
        return [data] if _NAMES[asked.kind] in data else None
    value = data[name]
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return value
    return [{_NAMES[asked.kind]: value}]


def _response(asked: Localization, entries: Sequence[Any]) -> Marked | None:
    regions = [_region(asked, one) for one in entries]
    if not regions or len(regions) > MAX_REGIONS or None in regions:
        return None
    whole = tuple(region for region in regions if region is not None)
    parts = [part for region in whole for point in region.points for part in point]
    # Shares of the picture, or its very first pixel: no one can tell.
    return None if all(abs(part) <= 1 for part in parts) else Marked(whole)


def _region(asked: Localization, entry: Any) -> Region | None:  # any JSON value
    if not isinstance(entry, dict) or _NAMES[asked.kind] not in entry:
        return None
    frame = _frame(asked, entry.get("slice"))
    points = _points(asked.kind, entry[_NAMES[asked.kind]])
    if frame is None or points is None:
        return None
    kind = RegionKind.POLYGON if asked.kind is RegionKind.MASK else asked.kind
    try:
        return Region(kind, points, frame=frame)
    except ValidationError:
        return None


def _frame(asked: Localization, said: Any) -> int | None:  # any JSON value
    """Return the picture from 0; where there are several it has to be named."""
    if said is None:
        return 0 if asked.frames == 1 else None
    if isinstance(said, bool) or not isinstance(said, int) or not 1 <= said <= asked.frames:
        return None
    return said - 1


def _points(kind: RegionKind, value: Any) -> tuple[Point, ...] | None:  # any JSON value
    match kind:
        case RegionKind.POINT:
            found = _numbers(value, ("x", "y"))
            return None if found is None else ((found[0], found[1]),)
        case RegionKind.BOX:
            return _corners(value)
        case _:
            if not isinstance(value, list) or len(value) < 3:
                return None
            points = [_numbers(one, ("x", "y")) for one in value]
            if None in points:
                return None
            return tuple((one[0], one[1]) for one in points if one is not None)


def _corners(value: Any) -> tuple[Point, ...] | None:  # any JSON value
    found = None
    if isinstance(value, dict):
        names = next((one for one in _BOX_NAMES if set(one) == set(value)), None)
        found = None if names is None else _numbers(value, names)
    else:
        found = _numbers(value, ("", "", "", ""))
    if found is None:
        return None
    left, top, right, bottom = found
    return ((left, top), (right, bottom)) if right > left and bottom > top else None


def _numbers(value: Any, names: Sequence[str]) -> list[float] | None:  # any JSON value
    """Return as many finite numbers as there are names, from a list or by their names."""
    if isinstance(value, dict):
        if set(value) != set(names):
            return None
        value = [value[name] for name in names]
    if not isinstance(value, list) or len(value) != len(names):
        return None
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in value):
        return None
    return [float(one) for one in value] if all(map(math.isfinite, value)) else None
