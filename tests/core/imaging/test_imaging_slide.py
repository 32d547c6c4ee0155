"""Whole slides as tiles, deep and packed TIFF files, WebP and BMP."""

import io

import numpy as np
import pytest
import tifffile
from PIL import Image

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View
from core.errors import ImageError
from core.imaging.clearing.bare import is_bare
from core.imaging.clearing.deidentify import clear, scan
from core.imaging.load import open_image
from core.imaging.slides.slide import Level, Slide, with_overview

SIDE = 5120
TILE = 256


def checkers():
    """Return a large picture whose colors tell where a pixel is."""
    place = np.arange(SIDE) // TILE * 11
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    picture[..., 0], picture[..., 1], picture[..., 2] = place[None], place[:, None], 77
    return picture


def slide_bytes(*, is_sub, compression="zlib", micron=0.25):
    whole, out = checkers(), io.BytesIO()
    with tifffile.TiffWriter(out, bigtiff=True) as writer:
        options = {
            "photometric": "rgb",
            "tile": (TILE, TILE),
            "compression": compression,
            "resolution": (10_000 / micron, 10_000 / micron),
            "resolutionunit": "CENTIMETER",
            "metadata": None,
        }
        writer.write(whole, subifds=2 if is_sub else 0, description="Zq7Planted", **options)
        for step in (4, 16):
            writer.write(whole[::step, ::step], subfiletype=1, **options)
    return out.getvalue()


@pytest.mark.parametrize("is_sub", [False, True])
@pytest.mark.parametrize("compression", ["zlib", "zstd", "lzw", None])
def test_slide_is_read_by_tiles_and_shown_as_an_overview(is_sub, compression):
    image = open_image(slide_bytes(is_sub=is_sub, compression=compression), name="slide.tif")
    whole = checkers()

    assert image.slide is not None
    assert [round(level.scale) for level in image.slide.levels] == [1, 4, 16]
    assert (image.width, image.height, image.modality) == (1280, 1280, "SM")
    assert np.array_equal(image.frame(0).stored, whole[::4, ::4])
    part = image.slide.region(0, 1000, 2000, 300, 400)
    assert np.array_equal(part, whole[2000:2400, 1000:1300])
    edge = image.slide.region(0, SIDE - 10, -5, 20, 20)
    assert np.array_equal(edge[5:, :10], whole[:15, SIDE - 10 :])
    assert (edge[:5] == 255).all()
    assert (edge[:, 10:] == 255).all()
    assert image.spacing_mm == pytest.approx((0.001, 0.001))
    assert "5,120 × 5,120 pixels" in image.notes[0]
    assert image.notes[1] == "Readers and models see 1,280 × 1,280."


@pytest.mark.parametrize("compression", ["jpeg", "jpeg2000", "webp"])
def test_slide_of_large_codecs_is_nearly_what_was_written(compression):
    image = open_image(slide_bytes(is_sub=False, compression=compression), name="slide.tif")

    apart = np.abs(
        image.slide.region(0, 600, 600, 500, 500).astype(int) - checkers()[600:1100, 600:1100]
    )

    assert np.median(apart) <= 3


def test_slide_leaves_as_its_overview_without_texts():
    data = slide_bytes(is_sub=False)

    cleared = clear(data, name="slide", use=ImageUse(MediaId("0" * 64)))

    assert "ImageDescription" in {one.attribute for one in scan(data, name="s").findings}
    assert b"Zq7Planted" not in cleared.data
    assert is_bare(cleared.data)
    assert np.array_equal(
        open_image(cleared.data, name="c").frame(0).render(View()), checkers()[::4, ::4]
    )


def test_damaged_slides_and_those_without_small_copies_are_refused_in_words():
    data = bytearray(slide_bytes(is_sub=False))
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages[1]
        for start, count in zip(page.dataoffsets, page.databytecounts, strict=True):
            data[start : start + count] = b"\x55" * count
    with pytest.raises(ImageError, match="tile of the slide is damaged"):
        open_image(bytes(data), name="bad").frame(0)
    out = io.BytesIO()
    tifffile.imwrite(out, np.zeros((16, 16, 3), np.uint8), tile=(16, 16), photometric="rgb")
    large = bytearray(out.getvalue())
    with tifffile.TiffFile(io.BytesIO(large)) as file:
        for code in (256, 257):
            place = file.pages[0].tags[code].valueoffset
            large[place : place + 4] = (100_000).to_bytes(4, "little")
    with pytest.raises(ImageError, match="without smaller copies"):
        open_image(bytes(large), name="huge")
    with pytest.raises(ImageError, match="cannot be shown"):
        open_image(slide_bytes(is_sub=False), name="s").slide.region(0, 0, 0, 10**6, 10**6)


@pytest.mark.parametrize("side", [0, 1, 8])
def test_slide_of_tiles_too_small_to_be_read_is_refused_in_words(side):
    data = bytearray(slide_bytes(is_sub=False))
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        places = [page.tags[code].valueoffset for page in file.pages for code in (322, 323)]
    for place in places:
        data[place : place + 2] = side.to_bytes(2, "little")

    with pytest.raises(ImageError, match="“tiny”"):
        open_image(bytes(data), name="tiny").frame(0)


@pytest.mark.parametrize("size", [(48, 2_097_192), (48, 300_000), (4000, 4000)])
def test_slide_of_more_tiles_than_can_be_read_for_a_picture_is_refused_in_words(size):
    def read_tile(level, row, column):
        raise AssertionError("nothing is to be read")

    slide = with_overview(Slide("many", (Level(*size, 1.0, 16, 16),), None, read_tile))

    with pytest.raises(ImageError, match="without smaller copies"):
        slide.overview_level()


DEEP = (np.arange(64 * 48).reshape(64, 48) * 21).astype(np.uint16)


@pytest.mark.parametrize("compression", [None, "zstd", "lzma", "jpeg2000", "jpegxl", "packbits"])
def test_deep_pages_of_any_packing_keep_their_numbers(compression):
    out = io.BytesIO()
    options = {"compressionargs": {"lossless": True}} if compression == "jpegxl" else {}
    tifffile.imwrite(
        out,
        np.stack([DEEP, DEEP[::-1]]),
        photometric="minisblack",
        compression=compression,
        **options,
    )

    image = open_image(out.getvalue(), name="deep.tif")

    assert image.frame_count == 2
    assert np.array_equal(image.frame(0).stored, DEEP)
    assert np.array_equal(image.frame(1).stored, DEEP[::-1])


@pytest.mark.parametrize("kind", ["WEBP", "BMP"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_webp_and_bmp_show_what_was_saved(kind, mode):
    picture = Image.fromarray((DEEP >> 8).astype(np.uint8)).convert(mode)
    out = io.BytesIO()
    picture.save(out, kind, **({"lossless": True} if kind == "WEBP" else {}))

    image = open_image(out.getvalue(), name="x")
    shown = image.frame(0).render(View())

    assert image.media_type == f"image/{kind.lower()}"
    assert np.array_equal(
        shown if shown.ndim == 2 else shown[..., 0], np.asarray(picture.convert("L"))
    )
    assert is_bare(clear(out.getvalue(), name="x", use=ImageUse(MediaId("0" * 64))).data)


def test_exif_of_a_webp_is_found():
    exif = Image.Exif()
    exif[0x010E] = "Zq7Planted"
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "WEBP", exif=exif)

    found = {one.attribute for one in scan(out.getvalue(), name="x").findings}

    assert "ImageDescription" in found


def test_text_that_starts_with_bm_is_no_bitmap():
    with pytest.raises(ImageError, match="known format"):
        open_image(b"BMI was 31 in this man of 50 years", name="note.txt")
