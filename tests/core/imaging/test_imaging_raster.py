"""PNG, JPEG and TIFF: upright, in the right numbers, page by page."""

import io

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms, PngImagePlugin

from core.domain.media import View, Window
from core.errors import ImageError
from core.imaging.load import open_image

GRAY = np.arange(200, dtype=np.uint8).reshape(10, 20)
COLOR = np.random.default_rng(5).integers(0, 256, (10, 20, 3), np.uint8)


def saved(pixels, kind="PNG", **options):
    out = io.BytesIO()
    picture = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    picture.save(out, kind, **options)
    return out.getvalue()


def tiff(pixels, **options):
    out = io.BytesIO()
    tifffile.imwrite(out, pixels, **options)
    return out.getvalue()


def opened(data):
    return open_image(data, name="picture")


def test_gray_and_color_png_are_shown_as_they_are():
    gray, color = opened(saved(GRAY)), opened(saved(COLOR))

    assert np.array_equal(gray.frame(0).render(View()), GRAY)
    assert np.array_equal(color.frame(0).render(View()), COLOR)
    assert (gray.media_type, gray.is_color, color.is_color) == ("image/png", False, True)


def test_sixteen_bit_png_keeps_its_values():
    deep = GRAY.astype(np.uint16) * 17

    frame = opened(saved(deep)).frame(0)

    assert np.array_equal(frame.stored, deep)
    assert (frame.render(View()).min(), frame.render(View()).max()) == (0, 255)


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGBA", "CMYK"])
def test_other_modes_become_gray_or_color(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = opened(saved(Image.fromarray(COLOR).convert(mode), kind))

    assert image.frame(0).stored.shape[:2] == (10, 20)
    assert image.is_color == (mode not in ("1", "LA"))


def test_see_through_parts_are_white():
    layer = Image.new("RGBA", (2, 1), (0, 0, 0, 0))
    layer.putpixel((1, 0), (0, 0, 0, 255))

    assert opened(saved(layer)).frame(0).stored.tolist() == [[[255] * 3, [0] * 3]]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_picture_is_turned_upright(orientation, kind):
    side = np.kron(np.arange(6, dtype=np.uint8).reshape(2, 3) * 40, np.ones((16, 16), np.uint8))
    back = {
        1: side,
        2: side[:, ::-1],
        3: side[::-1, ::-1],
        4: side[::-1],
        5: side.T,
        6: np.rot90(side, 1),
        7: side[::-1, ::-1].T,
        8: np.rot90(side, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    if kind == "TIFF":
        data = tiff(np.ascontiguousarray(back), extratags=[(274, "H", 1, orientation, True)])
    else:
        data = saved(np.ascontiguousarray(back), kind, exif=exif)

    image = opened(data)

    assert (image.width, image.height) == (48, 32)
    assert np.abs(image.frame(0).stored.astype(int) - side).max() <= (4 if kind == "JPEG" else 0)


def test_colors_go_through_the_profile():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    wrong_kind = saved(COLOR, icc_profile=profile)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    assert (
        np.abs(opened(saved(COLOR, icc_profile=srgb)).frame(0).stored - COLOR.astype(int)).max()
        <= 1
    )
    assert opened(wrong_kind).frame(0).stored.shape == COLOR.shape
    assert (
        opened(saved(COLOR, icc_profile=b"no profile")).frame(0).stored.tolist() == COLOR.tolist()
    )


def test_truncated_jpeg_is_refused():
    data = saved(np.kron(COLOR, np.ones((20, 20, 1), np.uint8)), "JPEG")

    with pytest.raises(ImageError, match="JPEG file is damaged"):
        opened(data[: len(data) // 2]).frame(0)


def test_text_in_a_png_is_not_needed_to_open_it():
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "hello")

    assert np.array_equal(opened(saved(GRAY, pnginfo=note)).frame(0).stored, GRAY)


@pytest.mark.parametrize("dtype", ["u1", "i1", "<u2", ">u2", "<i2", ">i4", "<f4"])
@pytest.mark.parametrize("compression", [None, "zlib", "lzw"])
def test_tiff_keeps_every_kind_of_number(dtype, compression):
    stored = (np.arange(200).reshape(10, 20) - (100 if dtype[-2] in "if" else 0)).astype(dtype)
    byteorder = ">" if dtype.startswith(">") else "<"

    frame = opened(tiff(stored, compression=compression, byteorder=byteorder)).frame(0)

    assert np.array_equal(frame.stored, stored)
    assert frame.stored.dtype.isnative


def test_pages_are_frames_and_previews_are_left_out():
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as writer:
        for page in range(3):
            writer.write(np.full((8, 9), page * 1000, np.uint16), contiguous=False)
        writer.write(np.zeros((2, 2), np.uint16), contiguous=False)

    image = opened(out.getvalue())

    assert (image.frame_count, image.width, image.height) == (3, 9, 8)
    assert [image.frame(index).lowest for index in range(3)] == [0, 1000, 2000]
    assert image.notes == ("Left out: 1 page of another size.",)


def test_color_and_palette_and_white_is_zero_tiff():
    palette = np.zeros((3, 256), np.uint16)
    palette[0] = np.arange(256) * 257

    color = opened(tiff(COLOR, photometric="rgb")).frame(0)
    planes = opened(tiff(COLOR.transpose(2, 0, 1), photometric="rgb", planarconfig="separate"))
    mapped = opened(tiff(GRAY, photometric="palette", colormap=palette)).frame(0)
    white = opened(tiff(GRAY, photometric="miniswhite")).frame(0)

    assert np.array_equal(color.stored, COLOR)
    assert np.array_equal(planes.frame(0).stored, COLOR)
    assert np.array_equal(mapped.stored[..., 0], GRAY)
    assert np.array_equal(white.render(View(Window(128, 256))), 255 - GRAY)
