"""Slides as scanners and programs write them in TIFF: the right levels, colors and sizes."""

import io
import sys

import numpy as np
import pytest
import tifffile
from pydicom.uid import JPEG2000

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View
from core.errors import ImageError
from core.imaging.clearing.bare import is_bare
from core.imaging.clearing.deidentify import clear, scan
from core.imaging.decoding.codecs import Stated, decode_frame
from core.imaging.load import open_file, open_image
from core.imaging.slides.slide import Slide
from core.imaging.slides.tiles import Area
from core.imaging.tiff import open_tiff_at
from core.workspace import create_workspace
from tests.factories import ticking_clock
from tests.slides import tissue
from tests.tiff_slides import (
    LEFT_COLOR,
    PACKINGS,
    PHILIPS,
    RIGHT_COLOR,
    WHITE_LABEL,
    aperio,
    aperio_half_colored,
    half_colored_tile,
    hamamatsu,
    ome,
    pages_of,
    philips,
    smaller,
    write_wide,
)

WIDTH, HEIGHT = 5120, 4100


def ome_text(size, unit):
    """Return what OME-TIFF says of the size of pixels."""
    return (
        f'<OME><Image><Pixels PhysicalSizeX="{size}" PhysicalSizeXUnit="{unit}" '
        f'PhysicalSizeY="{size}" PhysicalSizeYUnit="{unit}"/></Image></OME>'
    )


OME_OF_TWO_UNITS = (
    '<OME><Pixels PhysicalSizeX="0.25" PhysicalSizeXUnit="µm" '
    'PhysicalSizeY="250" PhysicalSizeYUnit="nm"/></OME>'
)


@pytest.fixture(scope="module")
def whole():
    return tissue(WIDTH, HEIGHT)


def apart(slide: Slide, whole, level=0):
    """Return how far a part of a level, at its lower right corner, is from what was written."""
    own = slide.levels[level]
    step = round(own.scale)
    box = max(0, own.width - 700), max(0, own.height - 500)
    size = min(700, own.width), min(500, own.height)
    seen = slide.region(level, *box, *size).astype(int)
    wanted = smaller(whole, step)[box[1] : box[1] + size[1], box[0] : box[0] + size[0]]
    return np.abs(seen - wanted).mean()


@pytest.mark.parametrize(
    ("packing", "is_big"), [*((packing, False) for packing in PACKINGS), ("jpeg_rgb", True)]
)
def test_aperio_slide_shows_its_levels_in_true_colors_without_its_label(whole, packing, is_big):
    image = open_image(aperio(whole, packing=packing, is_big=is_big), name="slide.svs")

    assert image.slide is not None
    assert [round(level.scale) for level in image.slide.levels] == [1, 4, 16]
    assert {(level.tile_width, level.tile_height) for level in image.slide.levels} == {(240, 240)}
    assert max(apart(image.slide, whole, level) for level in range(3)) < 2.5
    assert image.slide.micron == pytest.approx(0.499)
    assert image.spacing_mm == pytest.approx((0.001996, 0.001996), rel=1e-3)
    assert image.geometry.mm_refusal == ""
    assert image.notes[-1] == "Left out: 3 pictures beside the slide, such as its label."


def test_aperio_tiles_with_half_the_columns_of_color_have_true_colors():
    slide = open_image(aperio_half_colored(), name="slide.svs").slide

    tile = slide.tile(0, 1, 1).astype(int)

    assert np.abs(tile[:, :110] - LEFT_COLOR).max() <= 3
    assert np.abs(tile[:, 130:] - RIGHT_COLOR).max() <= 3


@pytest.mark.parametrize("photometric", ["YBR_FULL", "YBR_FULL_422", "YBR_ICT"])
def test_same_stream_in_dicom_has_true_colors(photometric):
    stated = Stated(240, 240, 3, 8, 8, is_signed=False, photometric=photometric)

    pixels = decode_frame(half_colored_tile(), JPEG2000, stated).astype(int)

    assert np.abs(pixels[:, :110] - LEFT_COLOR).max() <= 3
    assert np.abs(pixels[:, 130:] - RIGHT_COLOR).max() <= 3


def test_hamamatsu_slide_is_read_between_its_restart_markers(whole):
    image = open_image(hamamatsu(whole), name="slide.ndpi")

    assert [round(level.scale) for level in image.slide.levels] == [1, 4, 16]
    assert image.slide.levels[0].tile_width == 256
    assert image.slide.levels[0].tile_height == 256
    assert max(apart(image.slide, whole, level) for level in range(3)) < 2.5
    assert image.slide.micron == pytest.approx(0.46, rel=1e-3)


@pytest.mark.parametrize("is_in_planes", [False, True])
def test_ome_pyramid_below_its_first_page_is_read_in_both_plane_orders(whole, is_in_planes):
    image = open_image(ome(whole, is_in_planes=is_in_planes), name="slide.ome.tif")

    assert [round(level.scale) for level in image.slide.levels] == [1, 4, 16]
    assert [apart(image.slide, whole, level) for level in range(3)] == [0, 0, 0]
    assert image.slide.micron == pytest.approx(0.25)


def test_slide_on_the_disk_is_the_same_as_in_memory(whole, tmp_path):
    path = tmp_path / "slide"
    path.write_bytes(aperio(whole, packing="jpeg_tables"))
    held, read = open_image(path.read_bytes(), name="s"), open_tiff_at(path, name="s")

    assert read.source_bytes == 0
    assert read.slide.levels == held.slide.levels
    assert read.notes == held.notes
    assert np.array_equal(read.frame(0).stored, held.frame(0).stored)
    assert np.array_equal(read.slide.tile(0, 17, 21), held.slide.tile(0, 17, 21))
    path.write_bytes(pages_of([smaller(whole, 4)[None, ..., 0]]))
    assert np.array_equal(open_tiff_at(path, name="s").frame(0).stored, smaller(whole, 4)[..., 0])


def test_slide_that_lies_behind_a_picture_of_its_glass_is_found(whole):
    glass = np.zeros((1200, 480, 3), np.uint8)
    data = pages_of([glass, smaller(glass, 4), whole, smaller(whole, 4)], tile=(256, 256))

    image = open_image(data, name="slide.scn")

    assert [level.width for level in image.slide.levels] == [WIDTH, WIDTH // 4]
    assert apart(image.slide, whole) == 0
    assert image.notes[-1] == "Left out: 2 pictures beside the slide, such as its label."


def test_small_pyramid_has_levels_and_the_size_of_its_pixels(whole):
    small = smaller(whole, 4)
    data = pages_of([small, smaller(small, 2)], tile=(256, 256), micron=0.5)

    image = open_image(data, name="cut.tif")

    assert (image.width, image.height) == (small.shape[1], small.shape[0])
    assert np.array_equal(image.frame(0).stored, small)
    assert image.spacing_mm == pytest.approx((0.0005, 0.0005), rel=1e-3)


@pytest.mark.parametrize(
    ("given", "micron"),
    [
        ({"micron": 0.5}, 0.5),
        ({"micron": 0.5, "unit": "INCH"}, 0.5),
        ({"micron": 84.7, "unit": "INCH"}, None),
        ({"micron": 0.5, "unit": "NONE"}, None),
        ({"micron": 0.5, "stretch": 1.1}, None),
        ({"micron": 500}, None),
        ({"description": "Aperio x|MPP = 0.2510"}, 0.251),
        ({"description": "Aperio x|MPP = ..."}, None),
        ({"description": "Aperio x|MPP = 0"}, None),
        ({"description": ome_text(0.25, "µm")}, 0.25),
        ({"description": ome_text(250, "nm")}, 0.25),
        ({"description": ome_text(0.00025, "mm")}, 0.25),
        ({"description": ome_text(0.25, "pixel")}, None),
        ({"description": OME_OF_TWO_UNITS}, 0.25),
        ({"description": PHILIPS}, 0.25),
        ({"description": "ImageJ=1.54\nunit=micron\n", "micron": 5000, "unit": "NONE"}, 0.5),
        ({"description": "ImageJ=1.54\nunit=\\u00B5m\n", "micron": 5000, "unit": "NONE"}, 0.5),
        ({"description": "ImageJ=1.54\nunit=pixel\n", "micron": 5000, "unit": "NONE"}, None),
    ],
)
def test_size_of_a_pixel_is_what_the_file_says_or_unknown(whole, given, micron):
    small = smaller(whole, 8)
    data = pages_of([small, smaller(small, 2)], tile=(256, 256), **given)

    image = open_image(data, name="slide.tif")

    assert image.slide.micron == (None if micron is None else pytest.approx(micron, rel=1e-3))
    assert bool(image.geometry.mm_refusal) == (micron is None)


@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite"])
@pytest.mark.parametrize(
    ("packing", "order"),
    [(None, "<"), ("zlib", "<"), ("jpeg2000", "<"), (None, ">"), ("zlib", ">")],
)
def test_slide_of_16_bit_grays_is_shown_as_a_picture_of_them_is(whole, photometric, packing, order):
    grays = whole[..., 1].astype(np.uint16) * 13 + 900
    options = {"photometric": photometric, "compression": packing, "byteorder": order}

    image = open_image(deep_pages([grays, grays[::4, ::4]], tile=(256, 256), **options), name="s")
    plain = open_image(deep_pages([grays[::4, ::4]], **options), name="picture")

    picture = plain.frame(0).render(View())
    assert (int(picture.min()), int(picture.max())) == (0, 255)
    assert np.array_equal(image.frame(0).stored, np.repeat(picture[..., None], 3, axis=2))
    rule = plain.frame(0).gray
    wanted = rule.shade(grays[4000:4100, 5000:5120], plain.frame(0).range_window, is_inverted=False)
    assert np.array_equal(image.slide.region(0, 5000, 4000, 120, 100)[..., 0], wanted)
    assert "16-bit grays" in image.notes[1] or "16-bit grays" in image.notes[2]


def test_slide_of_16_bit_colors_is_shown_as_a_picture_of_them_is(whole):
    colors = whole.astype(np.uint16) * 257 - (whole > 9) * np.uint16(3)
    small = colors[::4, ::4]

    image = open_image(deep_pages([colors, small], tile=(256, 256), photometric="rgb"), name="s")
    plain = open_image(deep_pages([small], photometric="rgb"), name="picture")

    assert np.array_equal(image.frame(0).stored, plain.frame(0).stored)
    assert np.array_equal(
        image.slide.region(0, 700, 900, 300, 200), (colors >> 8)[900:1100, 700:1000]
    )


@pytest.mark.parametrize("dtype", [np.int16, np.uint32, np.float32, np.float16])
def test_slide_of_other_numbers_is_refused_in_words(whole, dtype):
    grays = whole[..., 1].astype(dtype)
    pages = [np.tile(grays, (3, 3)), grays]

    with pytest.raises(ImageError, match=r"slides of 1 × \d+ bits|pixels are more"):
        open_image(deep_pages(pages, tile=(256, 256), photometric="minisblack"), name="s")


def deep_pages(pages, *, byteorder="<", **options):
    out = io.BytesIO()
    with tifffile.TiffWriter(out, byteorder=byteorder) as writer:
        for page in pages:
            writer.write(page, metadata=None, **options)
    return out.getvalue()


def test_hamamatsu_slide_with_restart_marks_is_cleared(whole):
    data = hamamatsu(whole)

    cleared = clear(data, name="slide.ndpi", use=ImageUse(MediaId("0" * 64)))

    assert is_bare(cleared.data)
    assert "Make" in cleared.removed
    shown = open_image(cleared.data, name="cleared").frame(0).stored
    assert np.array_equal(shown, open_image(data, name="s").frame(0).stored)


@pytest.mark.skipif(sys.platform == "win32", reason="the hole in the file would take 5 GB there")
def test_hamamatsu_slide_larger_than_four_gigabytes_shows_the_same(whole, tmp_path):
    data = hamamatsu(whole)
    write_wide(tmp_path / "large.ndpi", data, gap=5 << 30)
    held = open_image(data, name="small")

    image = open_file(tmp_path / "large.ndpi", name="large")

    assert (tmp_path / "large.ndpi").stat().st_size > 5 << 30
    assert image.slide.levels == held.slide.levels
    assert image.slide.micron == held.slide.micron
    assert np.array_equal(image.frame(0).stored, held.frame(0).stored)
    for level, row, column in ((0, 0, 0), (0, 9, 11), (1, 2, 3), (2, 0, 0)):
        assert np.array_equal(
            image.slide.tile(level, row, column), held.slide.tile(level, row, column)
        )
    found = {one.attribute for one in scan(tmp_path / "large.ndpi", name="s").findings}
    assert found == {one.attribute for one in scan(data, name="s").findings} >= {"Make"}


@pytest.mark.skipif(sys.platform == "win32", reason="the hole in the file would take 5 GB there")
def test_other_tiff_that_says_it_is_small_but_is_not_is_refused(whole, tmp_path):
    path = tmp_path / "grown.tif"
    path.write_bytes(pages_of([smaller(whole, 8)]))
    with path.open("r+b") as file:
        file.truncate(5 << 30)

    with pytest.raises(ImageError, match="larger than 1,024 MB"):
        open_file(path, name="grown.tif")


@pytest.mark.parametrize(("micron", "is_measured"), [(0.5, True), (84.7, False)])
def test_piece_of_a_slide_in_a_plain_file_keeps_the_size_of_its_pixels(whole, micron, is_measured):
    image = open_image(pages_of([smaller(whole, 8)], micron=micron), name="piece.tif")

    assert image.slide is None
    assert image.spacing_mm == (pytest.approx((0.0005, 0.0005), rel=1e-3) if is_measured else None)
    assert (image.geometry.mm_refusal == "") == is_measured


def test_philips_levels_end_where_the_slide_does_not_where_their_last_tile_does(whole):
    data = philips(whole[:, :4900])

    image = open_image(data, name="slide.tiff")

    sizes = [(level.width, level.height) for level in image.slide.levels]
    assert sizes[0] == (5120, 4608)
    assert sizes[1:] == [(2560, 2304), (1280, 1152), (640, 576), (320, 288)]
    assert [level.scale for level in image.slide.levels] == [1, 2, 4, 8, 16]
    whole_level = image.slide.region(0, 0, 0, 4096, 4096)[::8, ::8].astype(int)
    small_level = image.slide.region(3, 0, 0, 512, 512).astype(int)
    assert np.abs(whole_level - small_level).mean() < 12
    assert image.slide.micron == pytest.approx(0.25)


def test_slides_that_cannot_be_shown_say_why(whole):
    overlap = b'<iScan><TileJointInfo Direction="LEFT" OverlapX="12" OverlapY="0"/></iScan>'
    small = smaller(whole, 4)
    pages = [WHITE_LABEL, small, smaller(small, 4)]
    data = pages_of(pages, tile=(256, 256), software="ScanOutputManager", xmp=overlap)
    with pytest.raises(ImageError, match="overlap each other"):
        open_image(data, name="slide.bif")
    with pytest.raises(ImageError, match="restart markers"):
        open_image(hamamatsu(whole, interval=33), name="slide.ndpi")
    with pytest.raises(ImageError, match="tiles of 5120 × 4100 pixels cannot be shown"):
        open_image(hamamatsu(whole, has_marks=False), name="slide.ndpi")


def test_aperio_slide_is_kept_read_from_the_disk_and_cut_like_any_image(whole, tmp_path):
    path = tmp_path / "Zq7Planted.svs"
    path.write_bytes(aperio(whole, packing="jpeg_tables"))
    with create_workspace(tmp_path / "x.asclepius", clock=ticking_clock()) as workspace:
        [choice] = workspace.images.find_choices([path]).images

        kept = workspace.images.import_choice(choice).value
        image = workspace.images.open(kept.id)
        part = workspace.images.import_part(kept.id, Area(100, 50, 400, 250)).value

        assert image.source_bytes == 0
        assert (kept.media_type, kept.modality) == ("image/tiff", "SM")
        cut = workspace.images.open(part.id)
        assert cut.spacing_mm == pytest.approx((0.000499, 0.000499), rel=1e-2)
        assert np.abs(cut.frame(0).stored.astype(int) - whole[200:1000, 400:1600]).mean() < 2.5


def test_aperio_slide_leaves_without_its_texts_and_its_label(whole):
    data, use = aperio(whole, packing="jp2k_rgb"), ImageUse(MediaId("0" * 64))

    cleared = clear(data, name="slide.svs", use=use)

    assert "ImageDescription" in {finding.attribute for finding in scan(data, name="s").findings}
    assert b"Zq7Planted" in data
    assert b"Zq7Planted" not in cleared.data
    assert is_bare(cleared.data)
    bare = open_image(cleared.data, name="c")
    assert bare.frame_count == 1
    assert np.array_equal(bare.frame(0).stored, open_image(data, name="s").frame(0).stored)
