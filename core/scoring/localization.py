"""Scorer of marked regions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import TYPE_CHECKING, Final

from core.domain.body import Asked, Localization, Marked, Response
from core.domain.key import KeyPart, LocalizationKey
from core.domain.key.localization import RegionMeasure
from core.domain.region import Region
from core.scoring.mark import UNSCORED, Mark, right_or_wrong

if TYPE_CHECKING:
    from core.imaging.display import Mask

_MOST_PIXELS: Final = 1 << 26
"""A larger area is compared on a coarser grid."""


@dataclass(frozen=True, slots=True)
class LocalizationScorer:
    """1 where the key's measure reaches its threshold, else 0; the other figures beside it.

    Areas count the stored pixels whose center lies inside, over all pictures of the image.
    `iou` (Jaccard 1912) and `dice` (Dice 1945) compare all regions drawn with all of the key;
    `center_hits` is the share of regions drawn whose center lies in the key, `regions_met` the
    share of the key's regions that hold such a center.
    """

    name: str = "region_overlap"
    version: str = "1"

    def mark(self, response: Response, asked: Asked, right: KeyPart) -> Mark:
        """Return the mark of one response."""
        if not isinstance(response, Marked) or not isinstance(right, LocalizationKey):
            return UNSCORED
        if not isinstance(asked, Localization) or not right.regions or not response.regions:
            return UNSCORED
        if not asked.width or not asked.height:
            return UNSCORED
        given, wanted = _on_one_grid(response.regions, right.regions, asked)
        areas = _areas(given, wanted)
        if not areas.wanted:
            return UNSCORED
        details = areas.figures() | _hits(given, wanted)
        match right.measure:
            case RegionMeasure.HIT:
                is_right = details["center_hits"] == 1 and details["regions_met"] == 1
            case measure:
                is_right = details[measure.value] >= right.threshold
        return right_or_wrong(is_right=is_right, details=details)


def overlap(
    first: Sequence[Region], second: Sequence[Region], asked: Localization
) -> dict[str, float] | None:
    """Return `iou` and `dice` of two people's regions; None where neither holds a pixel."""
    areas = _areas(*_on_one_grid(first, second, asked))
    return areas.figures() if areas.given or areas.wanted else None


@dataclass(frozen=True, slots=True)
class _Grid:
    """Regions on a part of the image that holds them all, made coarser where that is large."""

    regions: tuple[Region, ...]
    width: int
    height: int

    def mask(self, region: Region) -> "Mask":
        from core.imaging.marks.mask import mask_of

        return mask_of(region, self.width, self.height)


@dataclass(frozen=True, slots=True)
class _Areas:
    shared: int
    given: int
    wanted: int

    def figures(self) -> dict[str, float]:
        both = self.given + self.wanted
        return {"iou": self.shared / (both - self.shared), "dice": 2 * self.shared / both}


def _on_one_grid(
    given: Sequence[Region], wanted: Sequence[Region], asked: Localization
) -> tuple[_Grid, _Grid]:
    regions = (*given, *wanted)
    if any(region.mask is not None for region in regions):
        size = asked.width, asked.height
        return _Grid(tuple(given), *size), _Grid(tuple(wanted), *size)
    points = [point for region in regions for point in region.points]
    left = max(0, floor(min(x for x, _ in points)))
    top = max(0, floor(min(y for _, y in points)))
    right = min(asked.width, max(left + 1, ceil(max(x for x, _ in points)) + 1))
    bottom = min(asked.height, max(top + 1, ceil(max(y for _, y in points)) + 1))
    width, height = max(1, right - left), max(1, bottom - top)
    scale = min(1.0, (_MOST_PIXELS / (width * height)) ** 0.5)

    def moved(region: Region) -> Region:
        place = tuple(((x - left) * scale, (y - top) * scale) for x, y in region.points)
        return replace(region, points=place)

    size = max(1, ceil(width * scale)), max(1, ceil(height * scale))
    return _Grid(tuple(map(moved, given)), *size), _Grid(tuple(map(moved, wanted)), *size)


def _areas(given: _Grid, wanted: _Grid) -> _Areas:
    frames = {region.frame for region in (*given.regions, *wanted.regions)}
    shared = own = right = 0
    for frame in frames:
        ours, theirs = _all_of(given, frame), _all_of(wanted, frame)
        own += 0 if ours is None else int(ours.sum())
        right += 0 if theirs is None else int(theirs.sum())
        shared += 0 if ours is None or theirs is None else int((ours & theirs).sum())
    return _Areas(shared, own, right)


def _all_of(grid: _Grid, frame: int) -> "Mask | None":
    whole = None
    for region in grid.regions:
        if region.frame == frame:
            own = grid.mask(region)
            whole = own if whole is None else whole | own
    return whole


def _hits(given: _Grid, wanted: _Grid) -> dict[str, float]:
    centers = [(region.frame, _center(given.mask(region))) for region in given.regions]
    targets = [(region.frame, wanted.mask(region)) for region in wanted.regions]
    met = [
        any(frame == own and place and mask[place] for own, place in centers)
        for frame, mask in targets
    ]
    hits = [
        any(frame == own and place and mask[place] for frame, mask in targets)
        for own, place in centers
    ]
    return {"center_hits": sum(hits) / len(hits), "regions_met": sum(met) / len(met)}


def _center(mask: "Mask") -> tuple[int, int] | None:
    """Return row and column of the middle of an area; None for one without pixels."""
    rows, columns = mask.nonzero()
    if not len(rows):
        return None
    return int(rows.mean() + 0.5), int(columns.mean() + 0.5)
