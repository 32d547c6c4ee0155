"""The keyboard alone: Tab reads like the eye, the page in front has the keys, work opens first."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat
from reviewer_app import theme
from reviewer_app.main_window import MainWindow
from reviewer_app.pages.registry import PAGES
from reviewer_app.reading_order import focus_next, tab_stops
from reviewer_app.waiting import count_waiting
from reviewer_app.widgets.rail import break_caption
from tests.reviewer_app.study import Study, make_study


@pytest.fixture
def study(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> Study:
    window.resize(1280, 800)
    window.opener.create_path(tmp_path / "mine")
    assert window.context is not None
    made = make_study(window.context.workspace)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return made


def seat(window: MainWindow, study: Study, person: str) -> None:
    study.sit_down(person)  # type: ignore[arg-type] # an id
    window._show_person()


def front(window: MainWindow) -> str:
    page = window.pages.current_page()
    assert page is not None
    return page.name


def ring(window: MainWindow) -> list[QWidget]:
    stops: list[QWidget] = []
    while True:
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        stop = QApplication.focusWidget()
        assert stop is not None
        if stop in stops:
            return stops
        stops.append(stop)


def test_tab_goes_from_the_search_over_the_filters_to_the_table(
    window: MainWindow, study: Study, qtbot: QtBot
) -> None:
    study.write()
    seat(window, study, study.lead)
    window.show_page("library")
    page = window.pages.page("library")
    table = page.table  # type: ignore[attr-defined]
    qtbot.waitUntil(table.isVisible)
    page.filter_bar.search_box.setFocus()  # type: ignore[attr-defined]

    stops = ring(window)

    names = [stop.accessibleName() for stop in stops]
    wanted = ["Any format", "Any specialty", "Any capacity", "Questions"]
    assert [name for name in names if name in wanted] == wanted
    places = [stop.mapTo(window, QPoint(0, 0)).y() for stop in stops if page.isAncestorOf(stop)]
    assert places[:4] == sorted(places[:4])


@pytest.mark.parametrize("name", [entry.name for entry in PAGES])
def test_tab_reaches_every_field_of_a_page_and_the_rail(
    window: MainWindow, study: Study, name: str, qtbot: QtBot
) -> None:
    study.blind(study.write())
    study.write()
    window.show_page(name)
    qtbot.waitUntil(lambda: not window.tasks.is_busy)

    stops = ring(window)

    assert window.rail.button(name) in stops
    assert set(stops) == set(tab_stops(window))


def test_a_field_made_later_takes_its_place_in_the_order(look: None, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    last, first = QLineEdit(window), QLineEdit(window)
    column.addWidget(first)
    column.addWidget(last)
    middle = QLineEdit(window)
    column.insertWidget(1, middle)
    window.show()
    first.setFocus()

    focus_next(window, forward=True)
    assert window.focusWidget() is middle
    focus_next(window, forward=True)
    assert window.focusWidget() is last
    middle.setEnabled(False)
    focus_next(window, forward=False)
    assert window.focusWidget() is first
    focus_next(window, forward=False)
    assert window.focusWidget() is last


def test_the_page_in_front_has_the_keys(window: MainWindow, study: Study) -> None:
    window.rail.button("library").setFocus()

    QTest.keyClick(window.rail.button("library"), Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)

    focused = window.focusWidget()
    assert front(window) == "blind"
    assert focused is not None
    assert not window.rail.isAncestorOf(focused)


def test_the_table_of_the_library_has_the_keys_once_it_is_filled(
    window: MainWindow, study: Study, qtbot: QtBot
) -> None:
    study.write()
    seat(window, study, study.lead)
    window.show_page("library")

    table = window.pages.page("library").table  # type: ignore[attr-defined]
    qtbot.waitUntil(table.hasFocus)


def test_enter_on_the_rail_opens_that_page_and_presses_nothing_on_the_page_in_front(
    window: MainWindow, study: Study
) -> None:
    question = study.blind(study.write())
    seat(window, study, study.verifiers[0])
    seat(window, study, study.lead)
    window.show_page("verify")
    button = window.rail.button("results")
    button.setFocus()

    QTest.keyClick(button, Qt.Key.Key_Return)

    assert front(window) == "results"
    assert study.workspace.authoring.question(question).stage.value == "blinded"


def test_arrows_walk_along_the_rail(window: MainWindow, study: Study) -> None:
    window.rail.button("library").setFocus()

    for _ in PAGES:
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Down)

    assert QApplication.focusWidget() is window.rail.person_button
    assert front(window) == "library"


def test_whoever_sits_down_sees_the_page_where_work_waits(window: MainWindow, study: Study) -> None:
    first = study.write()
    seat(window, study, study.author)
    assert front(window) == "blind"

    study.blind(first)
    seat(window, study, study.author)
    assert front(window) == "library"

    study.workspace.authoring.create(AnswerFormat.REPORT, study.author)
    seat(window, study, study.author)
    assert front(window) == "author"


def test_what_waits_for_a_decision_counts_before_the_page_was_opened(
    window: MainWindow, study: Study
) -> None:
    question = study.blind(study.write())
    for verifier in study.verifiers:
        study.verify(question, verifier)
    study.sit_down(study.lead)
    context = window.context
    assert context is not None

    waiting = count_waiting(context, frozenset({"verify"}))

    seat(window, study, study.lead)
    window.show_page("verify")
    assert waiting == {"verify": window.pages.page("verify").waiting_count()}
    assert waiting["verify"] > 0


def test_what_one_was_told_is_not_shown_to_the_next(window: MainWindow, study: Study) -> None:
    window.messages.done("Question 3 is decided.")
    assert window.message_bar.isVisible()

    study.sit_down(study.reader)
    window._on_person_switched()

    assert not window.message_bar.isVisible()


def test_a_long_name_stands_in_two_lines(look: None, qtbot: QtBot) -> None:
    metrics = QFontMetrics(theme.scaled_font("small"))
    width = metrics.horizontalAdvance("Demo Verifier")

    assert break_caption("Demo Verifier 12", metrics, width) == ["Demo Verifier", "12"]
    assert break_caption("Settings", metrics, width) == ["Settings"]
    assert break_caption("", metrics, width) == []


def test_the_rail_grows_with_the_text(window: MainWindow, study: Study, qapp: QApplication) -> None:
    before = window.rail.width()

    theme.apply(qapp, theme.current_scheme(), text_percent=200)
    try:
        buttons = [window.rail.button(entry.name) for entry in PAGES]
        assert window.rail.minimumWidth() > before
        assert all("…" not in "".join(one.lines()) for one in buttons)
    finally:
        theme.apply(qapp, theme.current_scheme())
