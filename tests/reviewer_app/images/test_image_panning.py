"""A picture that a hand pans is moved, not made anew, and shows what one made there shows."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.media import View, Window
from core.imaging.image import LoadedImage
from core.imaging.load import open_image
from core.imaging.pyramid import Pyramid
from reviewer_app.widgets.images.camera import Camera
from reviewer_app.widgets.images.picture import FramePicture, Sight
from tests.core.imaging.imaging_files import as_bytes, make_dataset

AREA = (160, 128)
SHOWN = View(Window(2000, 4000))


def picture(seed: int = 0) -> LoadedImage:
    """Return two frames of soft shapes and a grid of overlay."""
    y, x = np.mgrid[0:240, 0:300] / 30
    stored = np.stack([2000 + 1500 * np.sin(x + seed) * np.cos(y), 4000 - 15 * x * y])
    return open_image(as_bytes(make_dataset(stored.astype(np.uint16))), name="made")


IMAGE = picture()


def sight(image: LoadedImage = IMAGE, index: int = 0) -> Sight:
    return Sight(image, image.frame(index), index)


def camera(scale: float) -> Camera:
    return Camera.fitting((300, 240), AREA).scaled_to(scale, 80, 64)


def on_screen(placed, area=AREA) -> np.ndarray:
    """Return what is seen of a picture; -1 where it is not."""
    screen = np.full((area[1], area[0]), -1, np.int64)
    if placed is not None:
        pixels = placed.pixels()
        for row in range(max(0, placed.y), min(area[1], placed.y + pixels.shape[0])):
            left, right = max(0, placed.x), min(area[0], placed.x + pixels.shape[1])
            if left < right:
                part = pixels[row - placed.y, left - placed.x : right - placed.x]
                screen[row, left:right] = part & 0xFF
    return screen


def fresh(seen: Sight, where: Camera, view: View = SHOWN, *, is_smooth: bool = True) -> np.ndarray:
    made = FramePicture()
    made.is_smooth = is_smooth
    area = where.area_width, where.area_height
    return on_screen(made.make(seen, where, view, is_hasty=False), area)


@pytest.fixture
def samples(monkeypatch) -> list:
    """The areas that were resampled."""
    taken, sample = [], Pyramid.sample

    def counted(self, port, **how):
        taken.append(port)
        return sample(self, port, **how)

    monkeypatch.setattr(Pyramid, "sample", counted)
    return taken


@given(
    steps=st.lists(st.tuples(st.integers(-90, 90), st.integers(-90, 90)), max_size=12),
    scale=st.sampled_from([0.4, 0.7, 1.0, 1.5, 2.16, 5.0]),
    is_smooth=st.booleans(),
)
def test_a_panned_picture_lies_where_one_made_there_lies(steps, scale, is_smooth):
    where, made = camera(scale), FramePicture()
    made.is_smooth = is_smooth
    made.make(sight(), where, SHOWN, is_hasty=False)
    for dx, dy in steps:
        where = where.panned(dx, dy)

        moved = on_screen(made.make(sight(), where, SHOWN, is_hasty=True))

        wanted = fresh(sight(), where, is_smooth=is_smooth)
        seen = (moved >= 0) & (wanted >= 0)
        assert ((moved >= 0) != (wanted >= 0)).mean() < 0.02  # the picture's rim, by a pixel
        assert np.abs(moved - wanted)[seen].max(initial=0) <= (0 if scale == 1 else 12)
        rested = on_screen(made.make(sight(), where, SHOWN, is_hasty=False))
        assert np.array_equal(rested, wanted)


def test_a_pan_is_resampled_seldom_and_once_more_when_the_hand_rests(samples):
    where, made = camera(2.16), FramePicture()
    for _ in range(2):
        made.make(sight(), where, SHOWN, is_hasty=False)
    for _ in range(10):
        where = where.panned(1, -1)
        made.make(sight(), where, SHOWN, is_hasty=True)
    assert len(samples) == 2

    for _ in range(2):
        made.make(sight(), where, SHOWN, is_hasty=False)
    assert len(samples) == 3
    assert samples[2].width == AREA[0]


OTHERS = {
    "window": lambda: (sight(), camera(2.16).panned(9, 5), View(Window(500, 300))),
    "inverted": lambda: (sight(), camera(2.16).panned(9, 5), replace(SHOWN, is_inverted=True)),
    "turned": lambda: (sight(), camera(2.16).panned(9, 5), replace(SHOWN, quarter_turns=2)),
    "mirrored": lambda: (sight(), camera(2.16).panned(9, 5), replace(SHOWN, is_mirrored=True)),
    "frame": lambda: (sight(index=1), camera(2.16).panned(9, 5), SHOWN),
    "image": lambda: (sight(picture(2)), camera(2.16).panned(9, 5), SHOWN),
    "zoom": lambda: (sight(), camera(2.5).panned(9, 5), SHOWN),
    "size": lambda: (sight(), camera(2.16).resized(200, 100).panned(9, 5), SHOWN),
}


@pytest.mark.parametrize("change", OTHERS)
@pytest.mark.parametrize("is_hasty", [True, False])
def test_nothing_of_the_picture_before_is_left(change, is_hasty):
    made, where = FramePicture(), camera(2.16)
    made.make(sight(), where, SHOWN, is_hasty=False)
    before = on_screen(made.make(sight(), where.panned(9, 5), SHOWN, is_hasty=True))

    seen, place, view = OTHERS[change]()
    area = place.area_width, place.area_height
    now = on_screen(made.make(seen, place, view, is_hasty=is_hasty), area)

    assert np.abs(now - fresh(seen, place, view)).max() <= (6 if is_hasty else 0)
    assert now.shape != before.shape or np.abs(now - before).max() > 10


def test_smooth_and_single_pixels_are_told_apart_while_a_hand_pans():
    made, where = FramePicture(), camera(5.0)
    made.make(sight(), where, SHOWN, is_hasty=False)
    where = where.panned(7, 3)
    made.make(sight(), where, SHOWN, is_hasty=True)

    made.is_smooth = False

    single = on_screen(made.make(sight(), where, SHOWN, is_hasty=True))
    assert np.array_equal(single, fresh(sight(), where, is_smooth=False))
