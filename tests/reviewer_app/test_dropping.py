"""Places that take dropped files: what they take, what they leave, and how they show it."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from core.domain.package import PACKAGE_SUFFIX
from reviewer_app.pages.exchange.file_drop import FileDrop
from reviewer_app.pages.packages.files_card import FilesCard
from reviewer_app.widgets.images.drop import ImageDrop

PACKAGE, OTHER, TABLE = (
    Path("/there") / name for name in (f"back{PACKAGE_SUFFIX}", f"more{PACKAGE_SUFFIX}", "ct.csv")
)
BUTTON, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
PLACES = {
    "images": (ImageDrop, "files_dropped", (PACKAGE, TABLE), (PACKAGE, TABLE)),
    "packages": (FilesCard, "chosen", (PACKAGE, TABLE, OTHER), (PACKAGE, OTHER)),
    "one file": (FileDrop, "chosen", (TABLE,), TABLE),
}
REFUSED = {
    "images": (),
    "packages": (TABLE,),
    "one file": (TABLE, PACKAGE),
}


def dragged(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a.dcm"), *map(QUrl.fromLocalFile, map(str, paths))])
    return data


def entered(widget, data: QMimeData) -> bool:
    event = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, BUTTON, PLAIN)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


@pytest.fixture(params=PLACES)
def name(request) -> str:
    return request.param


@pytest.fixture
def place(qtbot, name):
    widget = PLACES[name][0]()
    qtbot.addWidget(widget)
    return widget


def test_wanted_files_are_taken_and_the_place_stands_out_meanwhile(qtbot, name, place):
    _, signal, given, taken = PLACES[name]
    data = dragged(*given)

    assert entered(place, data)
    assert place.property("active") is True
    drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, BUTTON, PLAIN)
    with qtbot.waitSignal(getattr(place, signal)) as told:
        QApplication.sendEvent(place, drop)

    assert told.args == [taken]
    assert drop.isAccepted()
    assert place.property("active") is False


def test_files_that_are_not_wanted_are_left(qtbot, name, place):
    _, signal, _, _ = PLACES[name]
    data = dragged(*REFUSED[name])

    assert not entered(place, data)
    assert not place.property("active")
    with qtbot.assertNotEmitted(getattr(place, signal)):
        place.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, BUTTON, PLAIN))


def test_a_place_that_files_leave_again_looks_as_before(name, place):
    data = dragged(*PLACES[name][2])
    entered(place, data)

    QApplication.sendEvent(place, QDragLeaveEvent())

    assert place.property("active") is False
