"""Pictures made of images: what a language model gets, thumbnails, and what is known of a file."""

from pathlib import Path
from typing import Final

import cv2
import numpy as np

from core.domain.ids import MediaId
from core.domain.media import ImageUse, MediaInfo, View
from core.errors import ImageError
from core.imaging.display import Gray
from core.imaging.image import LoadedImage
from core.imaging.load import open_file, open_image
from core.imaging.marks.drawing import show_marked, with_marks
from core.imaging.shown import show, true_size
from core.imaging.store import media_id_of

_FAST: Final = (cv2.IMWRITE_PNG_COMPRESSION, 3)


def model_pictures(data: bytes, *, name: str, use: ImageUse) -> list[bytes]:
    """Return one PNG for each frame of `use`, under its view and with its marks.

    They are made from bare pixels only.
    """
    return shown_frames(open_image(data, name=name), use)


def shown_frames(image: LoadedImage, use: ImageUse) -> list[bytes]:
    """Return what `model_pictures` does, of an image that is open already."""
    return [encode_png(show_marked(image, index, use).picture) for index in use.frames]


def thumbnail(data: bytes, *, name: str, use: ImageUse, size_px: int) -> bytes:
    """Return a PNG of the first frame of `use`, at most `size_px` wide and high."""
    return small_picture(open_image(data, name=name), use, size_px=size_px)


def small_picture(image: LoadedImage, use: ImageUse, *, size_px: int) -> bytes:
    """Return what `thumbnail` does, of an image that is open already."""
    index = use.frames[0] if use.frames else 0
    kept = None if image.glimpses is None else image.glimpses.picture(index, use.view)
    if kept is None or max(kept.shape[:2]) < size_px:
        kept = _shown_and_kept(image, index, use.view)
    return encode_png(with_marks(shrunk(kept, size_px), image, index, use))


def keep_glimpse(image: LoadedImage, index: int, view: View) -> None:
    """Keep a small picture of a large frame for the next time, unless there is one."""
    if image.glimpses is not None and image.glimpses.get(index, view) is None:
        _shown_and_kept(image, index, view)


def _shown_and_kept(image: LoadedImage, index: int, view: View) -> Gray:
    picture = show(image, index, view).picture
    if image.glimpses is not None:
        image.glimpses.put(index, view, picture)
    return picture


def shrunk(picture: Gray, size_px: int) -> Gray:
    """Return a picture at most so many pixels wide and high; a smaller one stays as it is."""
    height, width = picture.shape[:2]
    scale = min(1.0, size_px / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def describe(data: bytes, *, name: str) -> MediaInfo:
    """Return the record of an image; raise `ImageError` unless its first frame can be shown."""
    return _described(name, open_image(data, name=name), media_id_of(data), len(data))


def describe_file(path: Path, media: MediaId, *, name: str) -> MediaInfo:
    """Return what `describe` does, of a file that is read where it lies."""
    return _described(name, open_file(path, name=name), media, path.stat().st_size)


def _described(name: str, image: LoadedImage, media: MediaId, size_bytes: int) -> MediaInfo:
    image.frame(0)
    return MediaInfo(
        id=media,
        file_name=name,
        media_type=image.media_type,
        size_bytes=size_bytes,
        width=image.width,
        height=image.height,
        frame_count=image.frame_count,
        modality=image.modality,
    )


def shown_size(data: bytes, *, name: str) -> tuple[int, int]:
    """Return width and height of an image as it is looked at before it is turned."""
    image = open_image(data, name=name)
    return true_size(image.width, image.height, image.geometry.pixel_aspect)


def encode_png(picture: Gray) -> bytes:
    """Return a PNG of grays or RGB: pixels and nothing else, the same bytes every time."""
    ordered = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    is_done, encoded = cv2.imencode(".png", ordered, _FAST)
    if not is_done:
        raise ImageError("The picture could not be written as PNG.")
    return encoded.tobytes()
