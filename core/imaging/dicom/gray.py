"""The gray rule of a DICOM frame: rescale, tables and windows where enhanced files keep them."""

from typing import Final

import numpy as np
from pydicom import Dataset

from core.domain.media import Window
from core.imaging.dicom.color import table_values
from core.imaging.dicom.header import Header
from core.imaging.display import GrayRule, ValueTable, VoiFunction

_MAX_ENTRIES: Final = 65536
_MAX_TABLES: Final = 32


def gray_rule(header: Header, frame: int) -> GrayRule:
    """Return how the values of one frame become grays.

    A frame's own functional group goes before the shared one, that before the top level.
    """
    slope, intercept = _rescale(header, frame)
    windows, function = _windows(header, frame)
    return GrayRule(
        slope=slope,
        intercept=intercept,
        modality_table=next(iter(_tables(header, "ModalityLUTSequence", limit=1)), None),
        windows=windows,
        function=function,
        voi_tables=_tables(header, "VOILUTSequence", limit=_MAX_TABLES),
        is_inverse=_is_inverse(header),
        padding=_padding(header),
    )


def window_names(header: Header) -> tuple[str, ...]:
    """Return what the file calls the windows of its first frame; empty for one without a name."""
    for group in header.groups(0, "FrameVOILUTSequence"):
        if places := list(_possible_windows(header, group)):
            names = header.text("WindowCenterWidthExplanation", group).split("\\")
            return tuple(names[place] if place < len(names) else "" for place in places)
    return ()


def voi_table_names(header: Header) -> tuple[str, ...]:
    """Return what the file calls its VOI tables."""
    items = header.items("VOILUTSequence")[:_MAX_TABLES]
    return tuple(header.text("LUTExplanation", one) for one in items)


def _padding(header: Header) -> tuple[float, float] | None:
    values = header.numbers("PixelPaddingValue")
    if not values:
        return None
    limit = header.number("PixelPaddingRangeLimit", values[0])
    return min(values[0], limit), max(values[0], limit)


def _rescale(header: Header, frame: int) -> tuple[float, float]:
    for group in header.groups(frame, "PixelValueTransformationSequence"):
        slope = header.number("RescaleSlope", 0.0, group)
        if slope:  # a slope of 0 would make every picture one gray
            return slope, header.number("RescaleIntercept", 0.0, group)
    return 1.0, 0.0


def _windows(header: Header, frame: int) -> tuple[tuple[Window, ...], VoiFunction]:
    for group in header.groups(frame, "FrameVOILUTSequence"):
        if windows := tuple(_possible_windows(header, group).values()):
            return windows, _function(header, group)
    return (), VoiFunction.LINEAR


def _possible_windows(header: Header, group: Dataset) -> dict[int, Window]:
    """Return the windows of a group that can be shown, by their place in the file."""
    # LINEAR demands a width of at least 1, the others more than 0 (PS3.3 C.11.2.1).
    least = 1.0 if _function(header, group) is VoiFunction.LINEAR else 1e-9
    centers, widths = (header.numbers(f"Window{part}", group) for part in ("Center", "Width"))
    pairs = enumerate(zip(centers, widths, strict=False))
    return {place: Window(center, width) for place, (center, width) in pairs if width >= least}


def _function(header: Header, group: Dataset) -> VoiFunction:
    name = header.text("VOILUTFunction", group)
    known = {function.value: function for function in VoiFunction}
    return known.get(name, VoiFunction.LINEAR)


def _tables(header: Header, keyword: str, *, limit: int) -> tuple[ValueTable, ...]:
    tables = []
    for item in header.items(keyword)[:limit]:
        descriptor = header.numbers("LUTDescriptor", item)
        if len(descriptor) != 3:
            raise header.error(f"the table in its {keyword} is damaged")
        count, first, bits = (int(number) for number in descriptor)
        values = table_values(header, item, "LUTData")[: count or _MAX_ENTRIES]
        if not len(values) or not 1 <= bits <= 16:
            raise header.error(f"the table in its {keyword} is damaged")
        tables.append(ValueTable(first, np.asarray(values), bits))
    return tuple(tables)


def _is_inverse(header: Header) -> bool:
    is_monochrome1 = header.text("PhotometricInterpretation") == "MONOCHROME1"
    return is_monochrome1 or header.text("PresentationLUTShape") == "INVERSE"
