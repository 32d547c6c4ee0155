"""The one door for opening images, whatever their format."""

from collections.abc import Callable
from typing import Final, Protocol

from core.imaging.dicom import open_dicom
from core.imaging.dicom_header import looks_like_dicom
from core.imaging.image import Frame, LoadedImage
from core.imaging.quiet import image_error
from core.imaging.raster import open_jpeg, open_png
from core.imaging.tiff import open_tiff

__all__ = ["Frame", "LoadedImage", "open_image"]


class Opener(Protocol):
    """Opens bytes of one format."""

    def __call__(self, data: bytes, *, name: str) -> LoadedImage: ...


def _starts_with(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(starts)


_FORMATS: Final[tuple[tuple[Callable[[bytes], bool], Opener], ...]] = (
    (_starts_with(b"\x89PNG\r\n\x1a\n"), open_png),
    (_starts_with(b"\xff\xd8\xff"), open_jpeg),
    (_starts_with(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), open_tiff),
    (looks_like_dicom, open_dicom),
)


def open_image(data: bytes, *, name: str) -> LoadedImage:
    """Open DICOM, PNG, JPEG or TIFF by its bytes, whatever its name says.

    Raises `ImageError` naming `name` and the reason. Frames are decoded later, by `frame`.
    """
    # The preamble of a DICOM file may hold a TIFF header, so that both kinds of reader open it.
    if data[128:132] == b"DICM":
        return open_dicom(data, name=name)
    for is_format, opener in _FORMATS:
        if is_format(data):
            return opener(data, name=name)
    raise image_error(
        name,
        "it is empty" if not data else "it is no DICOM, PNG, JPEG or TIFF file",
        hint="Choose a file of one of these formats.",
    )
