"""Regions in a table: the key as JSON text, and how an answer is compared with it.

The size of the image is filled in when its file is looked at: see `sized`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from core.domain.body import Localization
from core.domain.key import KeyPart, LocalizationKey
from core.domain.key.localization import THRESHOLD, RegionMeasure
from core.domain.media import MediaInfo
from core.domain.region import RegionKind
from core.domain.region_text import PlacedRegions, regions_from_text
from core.errors import ValidationError

REGION_COLUMNS: Final = ("measure", "threshold")
_ASKED: Final = {
    RegionKind.BOX: RegionKind.BOX,
    RegionKind.POLYGON: RegionKind.POLYGON,
    RegionKind.FREEHAND: RegionKind.POLYGON,
}
"""What is asked for where the key holds it; anything else is asked for as a mask."""


def placed_regions(row: Mapping[str, str]) -> PlacedRegions:
    """Read the key cell; raise `ValidationError` saying how it should be."""
    return regions_from_text(row.get("key", ""))


def region_asked(placed: PlacedRegions) -> Localization:
    """Return the question for regions; it has no size until its image was looked at."""
    kind = _ASKED.get(placed.regions[0].kind, RegionKind.MASK)
    return Localization(kind, placed.image)


def region_key(placed: PlacedRegions, row: Mapping[str, str]) -> LocalizationKey:
    """Return the key; raise `ValidationError` naming a column that cannot be read."""
    measure = row.get("measure", "").casefold() or RegionMeasure.IOU.value
    if measure not in list(RegionMeasure):
        known = ", ".join(RegionMeasure)
        raise ValidationError(f"A region is measured by one of {known}.", field="measure")
    try:
        threshold = float(row.get("threshold", "") or THRESHOLD)
    except ValueError as error:
        raise ValidationError("Write the threshold as 0.5.", field="threshold") from error
    return LocalizationKey(placed.regions, RegionMeasure(measure), threshold)


def sized(
    asked: Localization, info: MediaInfo, *, shown: tuple[int, int], frames: int
) -> Localization:
    """Return the question with the size of its image, stored and as it is looked at."""
    return replace(
        asked,
        width=info.width,
        height=info.height,
        shown_width=shown[0],
        shown_height=shown[1],
        frames=frames,
    )


def region_problem(key: KeyPart, asked: Localization) -> str:
    """Return a sentence on the first region that its image cannot hold, or nothing."""
    regions = key.regions if isinstance(key, LocalizationKey) else ()
    size = f"{asked.width} × {asked.height} pixels"
    for number, one in enumerate(regions, start=1):
        mask = one.mask
        if mask is not None and (mask.width, mask.height) != (asked.width, asked.height):
            return f"The mask of region {number} has not the {size} of the image."
        if not all(0 <= x <= asked.width and 0 <= y <= asked.height for x, y in one.points):
            return f"Region {number} reaches beyond the {size} of the image."
    return ""
