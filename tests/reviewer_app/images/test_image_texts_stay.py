"""What is written and drawn over an image follows theme and text size, and stays while it moves."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.domain.region import Region, RegionKind
from core.imaging.load import open_image
from core.imaging.marks.shapes import MOST_LABELS
from reviewer_app import theme
from reviewer_app.colors import Scheme
from reviewer_app.widgets.marks.marking import MarkingView
from tests.core.imaging.imaging_files import as_bytes, make_dataset, wheel_bytes

FEW = tuple(
    Region(kind, ((20 + 9 * place, 30), (60 + 9 * place, 90)), label=f"finding {place}")
    for place, kind in enumerate((RegionKind.BOX, RegionKind.ARROW, RegionKind.ELLIPSE))
)
MANY = tuple(
    Region(RegionKind.BOX, ((place, 5), (place + 20, 90))) for place in range(MOST_LABELS + 1)
)


@pytest.fixture
def new_view(qtbot, on_screen):
    def make(data: bytes, use: ImageUse) -> MarkingView:
        view = on_screen(MarkingView(), 420, 360)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.clearFocus()
        view.show_image(open_image(data, name="x"), use)
        qtbot.waitUntil(lambda: not view.is_waiting())
        return view

    return make


@pytest.fixture
def dark(qapp):
    theme.apply(qapp, Scheme.DARK)
    yield
    theme.apply(qapp, Scheme.DARK)


def settled(qtbot, view: MarkingView) -> QImage:
    """Return what is painted again and again, once everything is fine."""
    for _ in range(3):
        view.grab()
    qtbot.waitUntil(lambda: not (view._refine.isActive() or view._rest.isActive()))
    return view.grab().toImage()


@pytest.mark.parametrize("marks", [FEW, MANY], ids=["few", "many"])
@pytest.mark.parametrize("percent", [100, 150])
@pytest.mark.usefixtures("dark")
def test_kept_pictures_of_marks_and_texts_follow_theme_and_text_size(
    qtbot, qapp, new_view, marks, percent
):
    data = wheel_bytes("CT_small.dcm")
    use = ImageUse(MediaId("0" * 64), view=View(Window(40, 400)), marks=marks)
    used = new_view(data, use)
    before = settled(qtbot, used)

    theme.apply(qapp, Scheme.LIGHT, text_percent=percent)

    after = settled(qtbot, used)
    assert after == settled(qtbot, new_view(data, use))
    assert (after == before) == (percent == 100)  # an image looks alike in both themes


def test_texts_stand_still_while_an_image_moves_below_them(qtbot, new_view):
    """Read in the memory of the window: nothing that was painted there before shines through."""
    flat = np.full((600, 640), 900, np.uint16)
    use = ImageUse(MediaId("0" * 64), view=View(Window(1000, 2000)))
    view = new_view(as_bytes(make_dataset(flat)), use)
    view.zoom(2.5)
    view.repaint()
    first = view.backingStore().paintDevice().copy()
    ink = np.frombuffer(first.constBits(), np.uint32) & 0xFF
    assert np.unique(ink).size > 20  # texts with soft edges on the even gray of the image

    for step in ((3, 0), (-11, 6), (0.5, -0.25), (60, 47), (-90, -60)):
        view.pan(*step)
        view.repaint()
        assert view.backingStore().paintDevice().copy() == first
    qtbot.waitUntil(lambda: not view._rest.isActive())
    view.repaint()
    assert view.backingStore().paintDevice().copy() == first
