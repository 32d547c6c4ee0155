"""Which level of a slide is looked at, cut from or made anew, by the sizes of its levels alone."""

import numpy as np
import pytest

from core.errors import ImageError
from core.imaging.load import open_image
from core.imaging.slides.part import part_of
from core.imaging.slides.slide import (
    OVERVIEW_PIXELS,
    Level,
    Slide,
    slide_image,
    with_overview,
)
from core.imaging.slides.tiles import Area

TILE = 512
MICRON = 0.25


def made(*sizes):
    """Return a slide of levels of these sizes; each pixel tells its level."""
    levels = tuple(Level(*size, sizes[0][0] / size[0], TILE, TILE) for size in sizes)

    def read_tile(level, _row, _column):
        return np.full((TILE, TILE, 3), 10 * (level + 1), np.uint8)

    return Slide("made", levels, MICRON, read_tile)


@pytest.mark.parametrize(
    ("sizes", "number"),
    [
        (((4096, 4096),), 0),
        (((40_000, 30_000), (4096, 4096), (1024, 1024)), 1),
        (((40_000, 30_000), (4097, 4096), (1024, 1024)), 2),
    ],
)
def test_the_largest_level_that_is_small_enough_is_looked_at(sizes, number):
    image = slide_image(made(*sizes), media_type="image/tiff")

    assert (image.width, image.height) == sizes[number]
    spacing = MICRON * sizes[0][0] / sizes[number][0] / 1000
    assert image.spacing_mm == pytest.approx((spacing, spacing))
    assert image.notes[0] == f"Whole slide: {sizes[0][0]:,} × {sizes[0][1]:,} pixels."
    assert (len(image.notes) == 2) == bool(number)


def test_an_overview_is_made_of_the_smallest_level_and_knows_its_scale():
    slide = with_overview(made((40_000, 20_000), (10_001, 5_000)))

    overview = slide.levels[-1]
    assert (overview.width, overview.height) == (5_000, 2_500)
    assert overview.width * overview.height <= OVERVIEW_PIXELS
    assert overview.scale == pytest.approx(8)
    assert set(slide.read_tile(2, 0, 0).flat) == {20}
    assert slide_image(slide, media_type="x").spacing_mm[0] == pytest.approx(8 * MICRON / 1000)


def test_no_overview_is_made_of_more_than_a_picture_may_have():
    slide = made((40_000, 30_000), (20_000, 15_000))

    assert with_overview(slide) is slide
    with pytest.raises(ImageError, match=r"40000 × 30000 pixels without smaller copies"):
        slide_image(slide, media_type="x")


@pytest.mark.parametrize(
    ("area", "level"),
    [
        (Area(0, 0, 4_000, 3_000), 1),  # all of it: 1,200 megapixels in the finest level
        (Area(0, 0, 400, 300), 0),
        (Area(0, 0, 820, 820), 1),  # just above 64 megapixels
        (Area(0, 0, 819, 819), 0),
    ],
)
def test_a_part_is_cut_from_the_finest_level_of_which_so_much_can_be_read(area, level):
    image = slide_image(made((40_000, 30_000), (4_000, 3_000)), media_type="image/tiff")

    part = open_image(part_of(image, area), name="part")

    assert set(part.frame(0).stored.flat) == {10 * (level + 1)}
    side_mm = part.spacing_mm[0] * part.width
    assert side_mm == pytest.approx(area.right * 10 * MICRON / 1000, rel=1e-3)
