"""PNG, JPEG, WebP and BMP files, turned upright, as bare numbers."""

from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from core.domain.media import Window
from core.imaging.decoding.pool import run_raster
from core.imaging.display import GrayRule, Values
from core.imaging.image import MAX_PIXELS, Frame, LoadedImage
from core.imaging.quiet import image_error, silence_logger, translated

IDENTITY: Final = Window(128, 256)
"""Shows 8-bit values as they are."""
_ORIENTATION: Final = 0x0112
_TURNED: Final = (5, 6, 7, 8)
"""EXIF orientations that swap width and height."""

silence_logger("PIL")


def open_png(data: bytes, *, name: str) -> LoadedImage:
    """Open a PNG file of 1 to 16 bits, gray or color."""
    return _open(data, name, "PNG")


def open_jpeg(data: bytes, *, name: str) -> LoadedImage:
    """Open a JPEG file."""
    return _open(data, name, "JPEG")


def open_webp(data: bytes, *, name: str) -> LoadedImage:
    """Open a WebP file."""
    return _open(data, name, "WEBP")


def open_bmp(data: bytes, *, name: str) -> LoadedImage:
    """Open a Windows bitmap."""
    return _open(data, name, "BMP")


def _open(data: bytes, name: str, kind: str) -> LoadedImage:
    damaged = f"the {kind} file is damaged"
    with translated(name, damaged, Image.DecompressionBombError), opened(data, kind) as picture:
        width, height = picture.size
        orientation = picture.getexif().get(_ORIENTATION, 1)
        is_deep = picture.mode.startswith(("I", "F"))
        is_color = not is_deep and picture.mode not in ("1", "L", "LA")
        is_moving = getattr(picture, "n_frames", 1) > 1
    if width * height > MAX_PIXELS:
        raise image_error(name, f"{width} × {height} pixels are more than this program can show")

    def read_frame(_: int) -> Frame:
        most = width * height * (2 if is_deep else 3)
        with translated(name, damaged):
            stored = run_raster(data, kind, most_bytes=most, is_deep=is_deep, is_color=is_color)
        windows = () if is_deep else (IDENTITY,)
        return Frame(stored, None if is_color else GrayRule(windows=windows))

    if orientation in _TURNED:
        width, height = height, width
    return LoadedImage(
        name=name,
        media_type=f"image/{kind.lower()}",
        width=width,
        height=height,
        frame_count=1,
        is_color=is_color,
        read_frame=read_frame,
        windows=() if is_deep or is_color else (IDENTITY,),
        notes=("Only the first picture of this moving file is shown.",) if is_moving else (),
    )


def opened(data: bytes, kind: str) -> Image.Image:
    """Return a file of one kind, its pixels not read yet."""
    formats = ("JPEG", "MPO") if kind == "JPEG" else (kind,)
    return Image.open(BytesIO(data), formats=formats)


def read_pixels(data: bytes, kind: str, *, is_deep: bool, is_color: bool) -> Values:
    """Return the numbers of a file; runs in a helper process."""
    with opened(data, kind) as picture:
        return _pixels(picture, is_deep=is_deep, is_color=is_color)


def _pixels(picture: Image.Image, *, is_deep: bool, is_color: bool) -> Values:
    picture.load()
    if is_deep:
        deep = np.asarray(ImageOps.exif_transpose(picture))
        return deep if deep.dtype == np.uint16 else np.clip(deep, 0, 65535).astype(np.uint16)
    if not is_color and picture.mode != "LA":
        return np.asarray(ImageOps.exif_transpose(picture).convert("L"))
    upright = ImageOps.exif_transpose(picture)
    if "transparency" in picture.info or picture.mode in ("LA", "RGBA", "PA"):
        upright = _on_white(upright)
    colored = _in_srgb(upright.convert("RGB") if upright.mode != "CMYK" else upright)
    pixels: NDArray[np.uint8] = np.asarray(colored)
    return pixels if is_color else np.ascontiguousarray(pixels[..., 0])


def _on_white(picture: Image.Image) -> Image.Image:
    """Return a picture with see-through parts as it would look on paper."""
    layer = picture.convert("RGBA")
    paper = Image.new("RGBA", layer.size, "white")
    paper.alpha_composite(layer)
    paper.info.update(picture.info)
    return paper.convert("RGB")


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Return colors as the screen means them; a profile that cannot be used is passed over."""
    profile = picture.info.get("icc_profile")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            return picture.convert("RGB")
        if converted is not None:
            return converted
    return picture.convert("RGB")
