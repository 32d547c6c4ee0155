"""The screen of a slide holds the same pixels however it was reached: by one look or by pans."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter

from core.imaging.slides.spread import Spread
from reviewer_app.widgets.images.tile_screen import Box, TileScreen

WORLD = Box(-30, -20, 230, 190)
SIZE = (60, 45)


def colors(width, height):
    y, x = np.indices((height, width), np.uint16)
    return np.stack([x * 7 % 256, y * 5 % 256, (x + y) % 256], axis=-1).astype(np.uint8)


PICTURE = colors(WORLD.right - WORLD.left, WORLD.bottom - WORLD.top)


def window(left, top):
    return Box(left, top, left + SIZE[0], top + SIZE[1])


def seen(screen, ratio=1.0):
    """Return what the screen paints."""
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(0xFF00FF)
    painter = QPainter(image)
    screen.paint(painter, ratio)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(SIZE[1], SIZE[0], 4)
    return rows[..., 2::-1].copy()


def part(box):
    return PICTURE[
        box.top - WORLD.top : box.bottom - WORLD.top, box.left - WORLD.left : box.right - WORLD.left
    ]


places = st.tuples(st.integers(-30, 230 - SIZE[0]), st.integers(-20, 190 - SIZE[1]))


@given(st.lists(places, min_size=1, max_size=6))
def test_rims_of_all_pans_together_are_the_whole_picture(ways):
    screen = TileScreen(window(*ways[0]))
    screen.draw(Spread(PICTURE), WORLD, screen.window)
    for way in ways[1:]:
        for rim in screen.move_to(window(*way)):
            screen.draw(Spread(PICTURE), WORLD, rim)

        assert np.array_equal(seen(screen), part(window(*way)))


@pytest.mark.parametrize("ratio", [1.25, 1.5, 2.0, 3.0])
def test_every_pixel_of_a_dense_screen_is_one_of_the_picture(ratio):
    screen = TileScreen(window(0, 0))
    screen.move_to(window(37, 29))
    screen.draw(Spread(PICTURE), WORLD, screen.window)

    assert np.array_equal(seen(screen, ratio), part(window(37, 29)))


@given(places, places)
def test_rim_and_what_was_seen_before_share_no_pixel(first, second):
    before, after = window(*first), window(*second)

    rims = after.without(before)

    held = np.zeros((SIZE[1], SIZE[0]), int)
    for rim in (*rims, after.meet(before)):
        if not rim.is_empty:
            rows = slice(rim.top - after.top, rim.bottom - after.top)
            held[rows, rim.left - after.left : rim.right - after.left] += 1
    assert (held == 1).all()


@pytest.mark.parametrize("is_smooth", [True, False])
@pytest.mark.parametrize("side", [37, 160, 5000])
def test_parts_of_a_scaled_tile_fit_together(side, is_smooth):
    place, tile = Box(3, 5, 3 + side, 5 + side), colors(64, 64)
    middle = Box(3 + side // 2, 5 + side // 3, 3 + side // 2 + 18, 5 + side // 3 + 11)

    wider = Box(middle.left - 9, middle.top, middle.right, middle.bottom)
    whole = spread_over(tile, place, wider, is_smooth=is_smooth)
    alone = spread_over(tile, place, middle, is_smooth=is_smooth)

    assert np.abs(whole[:, 9:].astype(int) - alone).max() <= 1


def spread_over(tile, place, seen, *, is_smooth):
    """Return RGB of what is seen of a tile."""
    part = np.zeros(seen.size[::-1], np.int32)
    Spread(tile, is_smooth=is_smooth).draw_part(place.size, *place.slices(seen), part)
    return part.view(np.uint8).reshape(*part.shape, 4)[..., 2::-1]


def test_single_pixels_are_those_under_the_middle_of_the_screens():
    tile, place = colors(16, 16), Box(0, 0, 160, 160)

    part = spread_over(tile, place, Box(37, 21, 83, 64), is_smooth=False)

    assert np.array_equal(part, tile[np.arange(21, 64) // 10][:, np.arange(37, 83) // 10])


@pytest.mark.parametrize("factor", [0.5, 1.3, 3.0])
def test_other_scale_begins_with_what_was_seen(factor):
    flat = np.full_like(PICTURE, 90)
    before = TileScreen(window(20, 30))
    before.draw(Spread(flat), WORLD, before.window)
    before.move_to(window(43, 51))
    before.draw(Spread(flat), WORLD, before.window)
    middle = round(73 * factor) - 30, round(73 * factor) - 22

    after = TileScreen(window(*middle))
    bare = after.take_from(before, factor)
    for box in bare:
        after.blacken(box)

    shown = seen(after)
    covered = np.ones((SIZE[1], SIZE[0]), bool)
    for box in bare:
        rows = slice(box.top - after.window.top, box.bottom - after.window.top)
        covered[rows, box.left - after.window.left : box.right - after.window.left] = False
    assert covered.any()
    assert (shown[covered] == 90).all()
    assert (shown[~covered] == 0).all()
    assert covered.all() == (factor >= 1)


def test_memory_of_a_spare_screen_is_used_again_where_it_fits():
    first = TileScreen(window(0, 0))

    assert TileScreen(window(9, 9), first)._pixels is first._pixels
    assert TileScreen(Box(0, 0, 10, 10), first)._pixels is not first._pixels
