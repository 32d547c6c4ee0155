"""Tiles of a slide: those of the right level, all of them and no others, kept in bounded memory."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View
from core.errors import ImageError
from core.imaging.load import open_image
from core.imaging.pictures import shown_frames
from core.imaging.shown import show
from core.imaging.slides.slide import Level, Slide
from core.imaging.slides.tiles import (
    Area,
    Span,
    Tile,
    area_of,
    magnification,
    overview_of,
    span_in,
    tile_of,
    tiles_beyond,
    tiles_in,
    tiles_of,
)
from tests.slides import slide_bytes, spoiled

WIDTH, HEIGHT = 5000, 4100


@pytest.fixture(scope="module")
def data():
    y, x = np.indices((HEIGHT, WIDTH), np.uint16)
    return slide_bytes(np.stack([x // 20, y // 17, (x + y) // 40], axis=-1).astype(np.uint8))


@pytest.fixture(scope="module")
def image(data):
    return open_image(data, name="slide")


LEVELS = tuple(Level(40_000 // step, 30_000 // step, step, 256, 240) for step in (1, 4, 16, 64))


def no_tile(level, row, column):
    raise AssertionError("nothing is to be decoded here")


SLIDE = Slide("made", LEVELS, 0.25, no_tile)


@given(
    left=st.floats(-300, 2400),
    top=st.floats(-300, 1800),
    width=st.integers(1, 3840),
    height=st.integers(1, 2160),
    scale=st.floats(0.05, 130),
)
def test_tiles_cover_what_a_screen_sees_with_a_pixel_for_each_of_its_own(
    left, top, width, height, scale
):
    area = Area(left, top, left + width / scale, top + height / scale)
    overview = overview_of(SLIDE)

    tiles = tiles_in(SLIDE, area, scale)

    assert (overview.width, overview.height) == (2500, 1875)
    if scale <= 1:
        assert tiles == ()
        return
    levels = {tile.level for tile in tiles}
    assert len(levels) <= 1
    seen = (
        max(0, min(area.right, 2500) - max(area.left, 0)),
        max(0, min(area.bottom, 1875) - max(area.top, 0)),
    )
    covered = 0.0
    for tile in tiles:
        part = area_of(SLIDE, tile)
        across = min(part.right, area.right) - max(part.left, area.left)
        down = min(part.bottom, area.bottom) - max(part.top, area.top)
        assert across > -1e-6
        assert down > -1e-6
        covered += max(0, across) * max(0, down)
        fine = LEVELS[tile.level].width / 2500
        assert fine / tile.shrink >= min(scale, 16) * 0.98
        assert fine / tile.shrink <= max(2 * scale, 1) * 1.01
    assert covered == pytest.approx(seen[0] * seen[1], rel=1e-6, abs=1e-3)


def test_tiles_in_the_middle_come_first():
    tiles = tiles_in(SLIDE, Area(100, 100, 500, 400), 16)
    middle = np.array([250 * 16 / 240, 300 * 16 / 256])

    away = [np.hypot(*(np.array([tile.row, tile.column]) + 0.5 - middle)) for tile in tiles]

    assert away[0] < 1.5
    assert away[0] < away[-1]
    assert np.corrcoef(away, np.arange(len(away)))[0, 1] > 0.9


@pytest.mark.parametrize(
    ("step", "way"), [((9, 0), (1, 0)), ((-9, 0), (-1, 0)), ((0, 9), (0, 1)), ((9, -9), (1, -1))]
)
def test_tiles_ahead_are_those_that_the_same_step_brings_next(step, way):
    spans = [
        span_in(SLIDE, Area(left, top, left + 100, top + 80), 16)
        for left, top in [
            (900 + n * step[0] * 16 / 9, 700 + n * step[1] * 15 / 9) for n in range(3)
        ]
    ]

    assert spans[1].way_from(spans[0]) == way
    ahead = tiles_beyond(SLIDE, spans[1], way)
    assert not any(spans[1].has(tile) for tile in ahead)
    assert set(tiles_of(spans[2])) - set(tiles_of(spans[1])) <= set(ahead)


def test_no_tiles_are_ahead_beyond_the_edge_of_a_slide():
    corner = Span(0, 1, range(3), range(4))

    assert tiles_beyond(SLIDE, corner, (-1, -1)) == ()
    assert tiles_beyond(SLIDE, corner, (0, 0)) == ()
    assert not corner.has(Tile(1, 0, 0, 1))
    assert not corner.has(Tile(0, 0, 0, 2))


def test_tile_is_the_part_of_the_slide_that_its_area_says(image):
    tile = Tile(0, 3, 5, 1)
    whole = image.slide.region(0, 5 * 256, 3 * 256, 256, 256)
    area = area_of(image.slide, tile)

    assert np.array_equal(tile_of(image, tile).stored, whole)
    assert (area.left, area.top) == pytest.approx((1280 / 4, 768 / 4), rel=1e-3)
    half = tile_of(image, Tile(0, 3, 5, 2)).stored
    means = whole.reshape(128, 2, 128, 2, 3).mean(axis=(1, 3))
    assert np.abs(half - means).max() <= 1
    last = tile_of(image, Tile(0, 16, 19, 1)).stored
    assert last.shape == (HEIGHT - 16 * 256, WIDTH - 19 * 256, 3)


def test_tiles_share_the_bounded_memory_of_frames(image):
    image.memory.set_limit(3 << 20)
    for row in range(16):
        for column in range(19):
            tile_of(image, Tile(0, row, column, 1))
            assert image.memory.used_bytes <= 3 << 20

    assert image.ready_part(Tile(0, 15, 18, 1)) is not None
    assert image.ready_part(Tile(0, 0, 0, 1)) is None


def test_magnification_is_that_of_a_microscope(image):
    assert magnification(image.slide, overview_of(image.slide).scale) == pytest.approx(20)
    assert magnification(Slide("x", LEVELS, None, no_tile), 1) is None


def test_model_gets_the_overview_that_a_reader_sees_first(image):
    use = ImageUse(MediaId("0" * 64), view=View(quarter_turns=1))

    [sent] = shown_frames(image, use)

    seen = show(image, 0, use.view).picture
    assert np.array_equal(open_image(sent, name="sent").frame(0).stored, seen)
    assert tiles_in(image.slide, Area(0, 0, image.width, image.height), 1.0) == ()
    assert f"{image.width:,} × {image.height:,}" in image.notes[1]


def test_damaged_tile_says_so(data):
    broken = open_image(spoiled(data, 7), name="broken")

    with pytest.raises(ImageError, match=r"broken.*a tile of the slide is damaged"):
        tile_of(broken, Tile(0, 0, 7, 1))
    assert tile_of(broken, Tile(0, 0, 6, 1)).stored.shape == (256, 256, 3)
