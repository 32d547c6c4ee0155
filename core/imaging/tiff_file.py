"""TIFF files opened where they lie, also those of Hamamatsu that are larger than TIFF allows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import tifffile

from core.imaging.extent import Extent

_CLASSIC: Final = b"II*\0"
_LARGEST_CLASSIC: Final = 0xFFFFFFFF


@contextmanager
def tiff_file(extent: Extent) -> Iterator[tifffile.TiffFile]:
    """Open a TIFF file; raises what tifffile raises."""
    is_wide = _has_wide_places(extent)
    with (
        extent.file() as content,
        tifffile.TiffFile(content, is_ndpi=True) if is_wide else tifffile.TiffFile(content) as file,
    ):
        yield file


def _has_wide_places(extent: Extent) -> bool:
    """Tell whether places in the file have 64 bits although its head says 32.

    NDPI keeps the upper halves behind each list of entries, and beside the first place in the head.
    Of smaller files both halves are read alike; no other classic TIFF can be so large.
    """
    if extent.size <= _LARGEST_CLASSIC or extent.read(0, 4) != _CLASSIC:
        return False
    return int.from_bytes(extent.read(4, 8), "little") < extent.size
