"""Every view of the Evaluate page by keys alone, at every size of text."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.services.evaluation.profiles import EndpointProfile
from reviewer_app import theme
from reviewer_app.colors import Scheme
from reviewer_app.pages.evaluate.page import EvaluatePage, View
from reviewer_app.reading_order import tab_stops
from tests.llm_server import LlmServer, Scripted
from tests.reviewer_app.conftest import Desk
from tests.reviewer_app.evaluate.hands import run

CONTROLS = (
    QAbstractButton,
    QComboBox,
    QAbstractSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QAbstractItemView,
)


def filled(page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer) -> None:
    """Two runs, one endpoint, so that every view has something to show."""
    for llm, said in (("one", "A"), ("two", "I think the answer is B.")):
        server.answers(Scripted(said))
        run(page, qtbot, desk, server, llm)
    desk.workspace.evaluation.profiles.put(EndpointProfile("Ours", server.base_url, "one"))
    page.endpoints.refresh()


def controls(page: EvaluatePage) -> list[QWidget]:
    found = [one for kind in CONTROLS for one in page.findChildren(kind) if one.isVisible()]
    return [
        one
        for one in found
        if one.isEnabled()
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.objectName() != "qt_spinbox_lineedit"
    ]


@pytest.mark.parametrize("view", list(View))
def test_every_control_of_a_view_has_a_name_and_is_reached_by_tab(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer, view: View
) -> None:
    filled(page, qtbot, desk, server)
    page.show_view(view)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)

    found = controls(page)

    nameless = [
        one
        for one in found
        if not one.accessibleName() and not (isinstance(one, QAbstractButton) and one.text())
    ]
    assert nameless == []
    stops = tab_stops(page.window())
    # Of several buttons that exclude one another, Tab takes one and the arrows the others.
    unreached = [one for one in found if one not in stops]
    assert [one for one in unreached if not isinstance(one, QAbstractButton)] == []
    assert len(found) > 3


@pytest.mark.parametrize("view", list(View))
def test_view_fits_a_small_window_and_leaves_room_at_large_text(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer, view: View
) -> None:
    filled(page, qtbot, desk, server)
    page.show_view(view)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)

    # The window leaves a page so much at 1280 × 800.
    assert page.minimumSizeHint().width() <= 1192
    assert page.minimumSizeHint().height() <= 768

    theme.apply(QApplication.instance(), Scheme.DARK, text_percent=150)
    try:
        assert page.minimumSizeHint().height() <= 900
    finally:
        theme.apply(QApplication.instance(), Scheme.DARK)


def test_a_run_is_set_up_started_and_read_by_keys_alone(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(Scripted("B"))
    page.form.base_url.setFocus()
    qtbot.keyClicks(QApplication.focusWidget(), server.base_url)
    page.form.llm.setFocus()
    qtbot.keyClicks(QApplication.focusWidget(), "typed-llm")
    qtbot.waitUntil(page.form.start_button.isEnabled, timeout=10_000)

    qtbot.keyClick(
        QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
    )
    qtbot.waitUntil(lambda: page.view is View.WATCH)
    qtbot.waitUntil(lambda: not page.queue.is_running, timeout=10_000)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)

    page.watch_view.table.setFocus()
    qtbot.keyClick(page.watch_view.table, Qt.Key.Key_Down)
    qtbot.keyClick(page.watch_view.table, Qt.Key.Key_Return)
    pane = page.replies.pane
    qtbot.waitUntil(lambda: pane.detail is not None)
    assert pane.text.marked_text() == "B"
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)


def test_views_are_changed_with_the_arrow_keys(page: EvaluatePage, qtbot: QtBot) -> None:
    page.view_chips[0].setFocus()

    for view in list(View)[1:]:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
        assert page.view is view
