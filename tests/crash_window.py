"""A physician at work in the real window, each key told; and what the window shows afterwards."""

import os
import random
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from core.domain.body import AnswerFormat
from core.domain.verification import Rating
from reviewer_app.app import apply_look, make_application
from reviewer_app.main_window import MainWindow
from reviewer_app.pages.author.page import AuthorPage
from reviewer_app.pages.baseline.page import BaselinePage
from reviewer_app.pages.verify.page import VerifyPage
from reviewer_app.preferences import Preferences
from tests.crash_telling import digest, say

KEY_MS: Final = 25
LOOK_MS: Final = 40
LOOKS: Final = 100
"""How often the window is looked at for the cursor before it counts as lost."""
LETTERS: Final = "cough fever Ödem 心 left lung "


def show_window(path: Path) -> MainWindow:
    """Open the workspace like `asclepius` does, without a screen."""
    app = make_application()
    settings = QSettings(str(path.parent / "window.ini"), QSettings.Format.IniFormat)
    preferences = Preferences(settings)
    apply_look(app, preferences)
    window = MainWindow(preferences)
    window.show()
    window.activateWindow()
    if not window.opener.open_path(path):
        raise AssertionError("the workspace did not open")
    say("opened")
    return window


def seen(window: MainWindow) -> dict[str, Any]:
    """Return what a person would say is in front: page, question, field, caret, text, clock."""
    page, field = window.pages.current_page(), window.focusWidget()
    found: dict[str, Any] = {"page": "" if page is None else page.name}
    if isinstance(page, AuthorPage) and page.presenter.current is not None:
        found["record"] = page.presenter.current.question.id
    if isinstance(page, VerifyPage) and page.queue_presenter.desk is not None:
        found["record"] = page.queue_presenter.desk.blind.question
        if not _is_open(page):
            field = None  # the answer is locked, and its key is on the way
        found["gates"] = [one.rating.value for one in page.queue_tab.rating.gates.ratings()]
    if isinstance(page, BaselinePage) and page.sitting_presenter.page is not None:
        reading = page.sitting_presenter.page
        found["record"] = f"{reading.sitting}:{reading.position}"
        clock = page.sitting_presenter.clock
        found["clock_s"] = clock.active_s + clock.idle_s
        response = page.sitting_view.card.response()
        found["answer"] = "" if response is None else repr(response)
    return found | _field(field)


def _is_open(page: VerifyPage) -> bool:
    tab = page.queue_tab
    return tab.work.currentWidget() is tab.rating or tab.answer.button.isEnabled()


def _field(field: QWidget | None) -> dict[str, Any]:
    if isinstance(field, QPlainTextEdit | QTextEdit):
        text, caret = field.toPlainText(), field.textCursor().position()
    elif isinstance(field, QLineEdit):
        text, caret = field.text(), field.cursorPosition()
    else:
        return {"field": "" if field is None else field.accessibleName()}
    told = {"caret": caret, "text": digest(text), "length": len(text)}
    return {"field": field.accessibleName()} | told


class Physician:
    """Writes, verifies or reads in the window until killed."""

    def __init__(self, window: MainWindow, chance: random.Random) -> None:
        self._window = window
        self._chance = chance
        self._keys = count(1)
        self._timer = QTimer()
        self._timer.timeout.connect(self._press)
        self._work: Callable[[int], None] = self._write

    def start(self) -> None:
        """Go where chance leads, or go on where the program was killed."""
        goes_on = self._chance.random() < 0.3
        page = self._window.pages.current_page()
        names = ["author", "verify", "baseline"]
        name = page.name if goes_on and page is not None else self._chance.choice(names)
        begin = {"verify": self._begin_verifying, "baseline": self._begin_reading}
        if not (name in begin and begin[name]()):
            self._begin_writing()
        self._timer.start(KEY_MS)

    def _press(self) -> None:
        self._work(next(self._keys))
        say("shown", **seen(self._window))

    def _begin_writing(self) -> None:
        self._window.show_page("author")
        page = self._author()
        if page.presenter.current is None or self._chance.random() < 0.5:
            page.presenter.create(AnswerFormat.REPORT)
        page.form.stem.setFocus()
        self._work = self._write

    def _write(self, number: int) -> None:
        page = self._author()
        field = page.form.context if number % 60 > 45 else page.form.stem
        if self._window.focusWidget() is not field:
            field.setFocus()
        if number % 23 == 0:
            page.presenter.desk.undo()
        elif number % 23 == 1:
            page.presenter.desk.redo()
        elif number % 11 == 0:
            move = self._chance.choice((QTextCursor.MoveOperation.Left, _START, _END))
            field.moveCursor(move)
        else:
            field.insertPlainText(self._chance.choice(LETTERS))

    def _begin_verifying(self) -> bool:
        self._window.show_page("verify")
        tab = self._verify().queue_tab
        if tab.presenter.desk is None:
            return False
        self._work = self._judge
        return True

    def _judge(self, number: int) -> None:
        tab = self._verify().queue_tab
        desk = tab.presenter.desk
        if desk is None:
            self._begin_writing()
        elif tab.work.currentWidget() is tab.rating:
            self._rate(number)
        elif number > 40 and tab.answer.button.isEnabled():
            self._lock()
        elif tab.answer.button.isEnabled():
            self._answer(number)

    def _answer(self, number: int) -> None:
        widget = self._verify().queue_tab.answer.card.answer_widget
        assert widget is not None
        field = widget.focusProxy()
        if isinstance(field, QPlainTextEdit):
            field.setFocus()
            field.insertPlainText(self._chance.choice(LETTERS))
        elif number % 8 == 1:
            QTest.keyClick(widget, Qt.Key(Qt.Key.Key_1 + self._chance.randrange(3)))

    def _lock(self) -> None:
        tab = self._verify().queue_tab
        desk, widget = tab.presenter.desk, tab.answer.card.answer_widget
        assert desk is not None
        assert widget is not None
        response = widget.response()
        say("moving")
        tab.answer.button.click()
        if response is not None and not tab.answer.button.isEnabled():
            say("locked", question=desk.blind.question, response=repr(response))

    def _rate(self, number: int) -> None:
        rating = self._verify().queue_tab.rating
        comment = rating.verdict.comment
        if number % 10 == 0:
            row = self._chance.choice(list(rating.gates.rows.values()))
            row.rate(self._chance.choice(list(Rating)))
        else:
            comment.setFocus()
            comment.insertPlainText(self._chance.choice(LETTERS))

    def _begin_reading(self) -> bool:
        self._window.show_page("baseline")
        page = self._baseline()
        open_lines = [one for one in page.presenter.lines if not one.is_finished]
        if not open_lines:
            return False
        if not page.sitting_presenter.is_running:
            page._on_open_requested(open_lines[0].plan.id)  # as a click on the line
            page._on_begin_requested()  # as a click on Begin
        self._work = self._read
        return page.sitting_presenter.is_running

    def _read(self, number: int) -> None:
        page = self._baseline()
        reading, widget = page.sitting_presenter.page, page.sitting_view.card.answer_widget
        if reading is None or widget is None:
            self._begin_writing()
        elif number % 12 == 3:
            QTest.keyClick(widget, Qt.Key(Qt.Key.Key_1 + self._chance.randrange(3)))
        elif number == 70:
            say("moving")
            page.sitting_view.cannot_button.click()
            page.sitting_view.submit_button.click()
            say("reading", sitting=reading.sitting, position=reading.position + 1)

    def _author(self) -> AuthorPage:
        page = self._window.pages.page("author")
        assert isinstance(page, AuthorPage)
        return page

    def _verify(self) -> VerifyPage:
        page = self._window.pages.page("verify")
        assert isinstance(page, VerifyPage)
        return page

    def _baseline(self) -> BaselinePage:
        page = self._window.pages.page("baseline")
        assert isinstance(page, BaselinePage)
        return page


def work_in_window(path: Path, chance: random.Random) -> None:
    """Work in the window until killed."""
    window = show_window(path)
    physician = Physician(window, chance)
    QTimer.singleShot(0, physician.start)
    make_application().exec()


def look_at_window(path: Path) -> None:
    """Open the window again, say what it shows once the cursor is back, and leave properly."""
    window = show_window(path)
    tries = count(1)
    timer = QTimer()

    def look() -> None:
        is_back = not window.keeper.is_seeking and not window.tasks.is_busy
        if is_back or next(tries) > LOOKS:
            timer.stop()
            say("looks", **seen(window))
            window.close()
            os._exit(0)

    timer.timeout.connect(look)
    timer.start(LOOK_MS)
    make_application().exec()


_START: Final = QTextCursor.MoveOperation.Start
_END: Final = QTextCursor.MoveOperation.End
