"""A frame that came is resampled before its window begins to paint, once and not in vain."""

import numpy as np
import pytest

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View
from core.imaging.load import LoadedImage, open_image
from core.imaging.pyramid import Pyramid
from reviewer_app.widgets.images.view import ImageView
from tests.core.imaging.imaging_files import as_bytes, make_dataset

FRAMES = tuple(range(6))


@pytest.fixture
def samples(monkeypatch) -> list[np.ndarray]:
    """The frames that were resampled."""
    taken, sample = [], Pyramid.sample

    def counted(self, port, **how):
        taken.append(self.values)
        return sample(self, port, **how)

    monkeypatch.setattr(Pyramid, "sample", counted)
    return taken


@pytest.fixture(scope="module")
def image() -> LoadedImage:
    grays = np.random.default_rng(0).integers(0, 4000, (len(FRAMES), 40, 50)).astype(np.uint16)
    return open_image(as_bytes(make_dataset(grays)), name="stack")


@pytest.fixture
def view(qtbot, on_screen, image) -> ImageView:
    """All frames are decoded, and the first one is painted."""
    widget = on_screen(ImageView(), 160, 120)
    widget.show_image(image, ImageUse(MediaId("0" * 64), FRAMES))
    qtbot.waitUntil(lambda: all(image.ready_frame(index) for index in FRAMES))
    qtbot.waitUntil(lambda: not widget.is_waiting())
    widget.repaint()
    return widget


def test_a_frame_is_resampled_when_it_comes_and_not_again_when_it_is_painted(view, image, samples):
    for place in (1, 2):
        samples.clear()
        view.show_place(place)
        assert len(samples) == 1
        shown = view.grab().toImage()
        assert len(samples) == 1
        assert np.array_equal(samples[0], image.frame(place).stored)

        view._picture.forget()
        assert view.grab().toImage() == shown


def test_frames_that_a_fast_hand_passes_over_are_not_resampled(view, image, samples):
    samples.clear()
    for place in (1, 2, 3, 4):
        view.show_place(place)
    view.repaint()

    first, last = samples
    assert np.array_equal(first, image.frame(1).stored)
    assert np.array_equal(last, image.frame(4).stored)


def test_a_view_that_is_not_on_screen_resamples_nothing(view, samples):
    view.hide()
    samples.clear()
    for place in (1, 2):
        view.show_place(place)

    assert samples == []
    assert view.place() == 2


def test_what_changed_between_coming_and_painting_is_painted(view, samples):
    view.show_place(3)
    view.set_view(View(is_inverted=True, quarter_turns=1))
    view.zoom(1.5)
    view._rest.stop()
    shown = view.grab().toImage()

    view._picture.forget()
    assert view.grab().toImage() == shown
