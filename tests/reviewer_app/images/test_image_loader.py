"""Pictures are made beside the UI thread: in the right order, and never for the wrong question."""

import time
from threading import Event

import pytest
from PySide6.QtCore import QTimer

from core.domain.ids import MediaId
from core.domain.media import ImageUse
from core.errors import ImageError
from reviewer_app.widgets.images import loader as image_loader
from reviewer_app.widgets.images.loader import ImageLoader, Urgency
from reviewer_app.widgets.images.view import ImageView
from tests.reviewer_app.images.hands import load

MEDIA = MediaId("0" * 64)


@pytest.fixture(autouse=True)
def impatient(patient_hands, monkeypatch):
    monkeypatch.setattr(image_loader, "PATIENCE_S", 0.008)


@pytest.fixture
def loader(qtbot):
    made = ImageLoader()
    yield made
    made.close()


@pytest.fixture
def view(on_screen):
    return on_screen(ImageView(), 256, 256)


class Door:
    """Opens an image only when somebody lets it; counts who came."""

    def __init__(self, name):
        self.name = name
        self.may_open = Event()
        self.came = Event()

    def __call__(self):
        self.came.set()
        assert self.may_open.wait(10)
        return load(self.name)


def test_quick_work_answers_before_the_call_returns(loader):
    answers = []
    for _ in range(20):  # one of them meets a busy machine, not all
        loader.ask(lambda: 7, answers.append, answers.append)
        loader.forget()

    assert 7 in answers


class Busy:
    """Work that keeps a thread until it is let go."""

    def __init__(self):
        self.has_begun, self._may_end = Event(), Event()

    def __call__(self):
        self.has_begun.set()
        assert self._may_end.wait(30)

    def let_go(self):
        self._may_end.set()


def keep_both_threads(loader):
    busy = (Busy(), Busy())
    for one in busy:
        loader.ask(one, lambda _: None, lambda _: None, Urgency.THUMBNAIL)
        assert one.has_begun.wait(30)
    return busy


def test_visible_work_goes_before_other_images_and_thumbnails(qtbot, loader):
    first, second = keep_both_threads(loader)
    order = []
    for urgency in (Urgency.THUMBNAIL, Urgency.VISIBLE, Urgency.OTHER_IMAGE):
        loader.ask(
            lambda urgency=urgency: order.append(urgency), lambda _: None, order.append, urgency
        )
    first.let_go()  # one thread works, so that the order of work is the order of the list
    qtbot.waitUntil(lambda: len(order) == 3)
    second.let_go()
    qtbot.waitUntil(loader.is_idle)

    assert order == sorted(Urgency, reverse=True)


def test_forgotten_work_is_not_done_and_not_told(qtbot, loader):
    busy, done, told = keep_both_threads(loader), [], []
    loader.ask(lambda: done.append(1), told.append, told.append, Urgency.OTHER_IMAGE)
    loader.forget()
    for one in busy:
        one.let_go()
    loader.close()
    qtbot.wait(20)

    assert (done, told, loader.is_idle()) == ([], [], True)


def test_slow_image_leaves_the_window_alive_and_says_that_it_comes(qtbot, view):
    door, beats = Door("CT_small.dcm"), []
    heart = QTimer(view)
    heart.timeout.connect(lambda: beats.append(time.monotonic()))
    heart.start(5)
    view.show_use(door, ImageUse(MEDIA))

    qtbot.waitUntil(lambda: len(beats) > 40)
    assert view.accessibleDescription() == "Opening the image …"
    assert view.image() is None
    door.may_open.set()
    with qtbot.waitSignal(view.arrived):
        pass

    assert view.image().name == "CT_small.dcm"


def test_picture_of_the_question_before_never_appears(qtbot, view):
    late, now = Door("CT_small.dcm"), Door("MR_small.dcm")
    view.show_use(late, ImageUse(MEDIA))
    assert late.came.wait(10)
    view.show_use(now, ImageUse(MEDIA))
    now.may_open.set()
    qtbot.waitUntil(lambda: view.image() is not None)
    seen = []
    view.arrived.connect(lambda: seen.append(view.image().name))
    late.may_open.set()
    qtbot.wait(100)

    assert seen == []
    assert view.image().name == "MR_small.dcm"


def test_old_picture_is_gone_while_the_next_one_opens(qtbot, view):
    view.show_image(load("CT_small.dcm"), ImageUse(MEDIA))
    qtbot.waitUntil(lambda: view.image() is not None)
    door = Door("MR_small.dcm")

    view.show_use(door, ImageUse(MEDIA))

    assert view.shown_window() is None
    assert "C " not in view.accessibleDescription()
    door.may_open.set()
    qtbot.waitUntil(lambda: view.image() is not None)


def test_frame_on_its_way_is_not_counted_as_shown(qtbot, view):
    image, gate = load("examples_ybr_color.dcm"), Event()
    gate.set()

    class Slow:
        def __getattr__(self, name):
            return getattr(image, name)

        def frame(self, index):
            assert gate.wait(10)
            return image.frame(index)

        def ready_frame(self, index):
            return None

    slow = Slow()
    view.show_use(lambda: slow, ImageUse(MEDIA, tuple(range(30))))
    qtbot.waitUntil(lambda: view.image() is slow)
    gate.clear()
    view.show_place(7)
    assert "Frame 1 / 30, opening 8 …" in view.accessibleDescription()
    gate.set()
    qtbot.waitUntil(lambda: not view.is_waiting())

    assert "Frame 8 / 30" in view.accessibleDescription()


def test_refused_image_is_told_in_place(qtbot, view):
    def refuse():
        time.sleep(0.05)
        raise ImageError("“x.dcm” is damaged.")

    view.show_use(refuse, ImageUse(MEDIA))
    qtbot.waitUntil(lambda: not view.is_waiting())

    assert view.accessibleDescription().startswith("“x.dcm” is damaged.")
    assert not view.is_waiting()


def test_view_may_close_while_an_image_opens(qtbot):
    door = Door("CT_small.dcm")
    widget = ImageView()
    widget.show_use(door, ImageUse(MEDIA))
    assert door.came.wait(10)
    door.may_open.set()
    widget.deleteLater()
    del widget
    qtbot.wait(100)


def test_neighbors_are_decoded_ahead(qtbot, view):
    image = load("examples_ybr_color.dcm")
    asked, ahead = [], []

    class Watched:
        def __getattr__(self, name):
            return getattr(image, name)

        def frame(self, index):
            asked.append(index)
            return image.frame(index)

        def frame_ahead(self, index):
            ahead.append(index)
            return image.frame_ahead(index)

    watched = Watched()
    view.show_use(lambda: watched, ImageUse(MEDIA, tuple(range(30))), place=10)
    qtbot.waitUntil(lambda: {8, 9, 11, 12} <= set(ahead))

    assert asked == [10]
