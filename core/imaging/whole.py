"""Files that are read as a whole: how large they may be, and what is said of larger ones."""

from pathlib import Path
from typing import Final

from core.errors import ImageError
from core.imaging.quiet import image_error, translated

WHOLE_BYTES: Final = 1 << 30
"""One eighth of the memory of a hospital's laptop; decoding takes as much again."""


def read_whole(path: Path, *, name: str) -> bytes:
    """Return all bytes of a file; raise `ImageError` where that is too much for the memory."""
    with translated(name, "it cannot be read"), path.open("rb") as file:
        data = file.read(WHOLE_BYTES + 1) if path.stat().st_size <= WHOLE_BYTES else None
    if data is None or len(data) > WHOLE_BYTES:
        raise too_large(name)
    return data


def too_large(name: str) -> ImageError:
    """Return the error for a large file that cannot be read piece by piece."""
    return image_error(
        name,
        f"it is larger than {WHOLE_BYTES >> 20:,} MB, and of such files only slides in tiles and "
        "DICOM files of many frames are read piece by piece",
        hint="Save it as a TIFF pyramid of tiles or as DICOM, or choose a part of it.",
    )
