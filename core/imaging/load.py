"""The one door for opening images, whatever their format."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from core.imaging.dicom import clip as dicom_clip
from core.imaging.dicom.header import looks_like_dicom
from core.imaging.dicom.opening import open_dicom
from core.imaging.extent import extent_at
from core.imaging.image import Frame, LoadedImage
from core.imaging.nifti import is_nifti, open_nifti
from core.imaging.quiet import image_error, translated
from core.imaging.raster import open_bmp, open_jpeg, open_png, open_webp
from core.imaging.series.file import is_series, open_series
from core.imaging.series.packed_files import Source
from core.imaging.tiff import open_tiff, open_tiff_at
from core.imaging.whole import read_whole

__all__ = ["Frame", "LoadedImage", "open_file", "open_image"]

_HEAD: Final = 4096
_PREAMBLE: Final = b"DICM"


class Opener(Protocol):
    """Opens bytes of one format."""

    def __call__(self, data: bytes, /, *, name: str) -> LoadedImage: ...


def _starts_with(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(starts)


_is_tiff: Final = _starts_with(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def _is_webp(data: bytes) -> bool:
    return data.startswith(b"RIFF") and data[8:12] == b"WEBP"


def _is_bitmap(data: bytes) -> bool:
    """Tell by the length of the second header; two letters alone may start any text."""
    return data.startswith(b"BM") and data[14:18] in _BITMAP_HEADERS


_BITMAP_HEADERS: Final = tuple(bytes([size, 0, 0, 0]) for size in (12, 40, 52, 56, 64, 108, 124))
_FORMATS: Final[tuple[tuple[Callable[[bytes], bool], Opener], ...]] = (
    (_starts_with(b"\x89PNG\r\n\x1a\n"), open_png),
    (_starts_with(b"\xff\xd8\xff"), open_jpeg),
    (_is_tiff, open_tiff),
    (is_series, open_series),
    (is_nifti, open_nifti),
    (_is_webp, open_webp),
    (_is_bitmap, open_bmp),
    (looks_like_dicom, open_dicom),
)


def knows(start: bytes) -> bool:
    """Tell by its first kilobytes whether a file may be a picture of a known format."""
    return any(is_format(start) for is_format, _ in _FORMATS)


def open_image(data: bytes, *, name: str) -> LoadedImage:
    """Open a picture, a volume or a packed series by its bytes, whatever its name says.

    Raises `ImageError` naming `name` and the reason. Frames are decoded later, by `frame`.
    """
    # The preamble of a DICOM file may hold a TIFF header, so that both kinds of reader open it.
    if data[128:132] == _PREAMBLE:
        return open_dicom(data, name=name)
    for is_format, opener in _FORMATS:
        if is_format(data):
            return opener(data, name=name)
    raise image_error(
        name,
        "it is empty" if not data else "it is no picture of a known format",
        hint="Choose a DICOM, NIfTI, PNG, JPEG, TIFF, WebP or BMP file.",
    )


def open_file(path: Path, *, name: str) -> LoadedImage:
    """Open a picture where it lies: slides, packed series and long clips are read piece by piece.

    Other files are read as a whole, as `open_image` has them. Raises `ImageError`, also where
    they are too large for that.
    """
    with translated(name, "it cannot be read"):
        extent = extent_at(path)
        head = extent.read(0, _HEAD)
    is_dicom = head[128:132] == _PREAMBLE
    if not is_dicom and is_series(head):
        return open_series(path, name=name)
    if not is_dicom and _is_tiff(head):
        return open_tiff_at(path, name=name)
    if extent.size > dicom_clip.HELD_BYTES and looks_like_dicom(head):
        clip = dicom_clip.open_clip(extent, name=name)
        if clip is not None:
            return clip
    return open_image(read_whole(path, name=name), name=name)


def open_source(source: Source, *, name: str) -> LoadedImage:
    """Open bytes, or a file where it lies."""
    if isinstance(source, Path):
        return open_file(source, name=name)
    return open_image(source, name=name)


def bytes_of(source: Source, *, name: str) -> bytes:
    """Return bytes, or those of a file that is small enough to be held."""
    return read_whole(source, name=name) if isinstance(source, Path) else source
