"""Scenes of a physician at work, played in the real window by a program that is then killed."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from core.domain.body import AnswerFormat
from core.domain.ids import OptionId, QuestionId
from core.domain.media import Blackout
from core.domain.verification import Rating, Verdict
from reviewer_app.app import apply_look, make_application
from reviewer_app.main_window import MainWindow
from reviewer_app.pages.blind.box_history import BoxHistory
from reviewer_app.pages.library.moves import Move
from reviewer_app.preferences import Preferences

STEM: Final = "A 60-year-old ÄÖ 心 coughs."
COMMENT: Final = "The key is arguable, because "
REMARK: Final = "Is it one best answer? "
DOUBT: Final = "Two options are "
NOTE: Final = "ages changed\nsex chan"
WHY: Final = "Superseded by "
REASON: Final = "Candidate B names the side, "


def wait(ms: int) -> None:
    """Let the program work; unlike `QTest.qWait`, this lets its threads have the interpreter."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def write(window: MainWindow, question: str) -> None:
    """Type a stem and stand in the middle of it."""
    window.show_page("author")
    page = window.pages.page("author")
    page.presenter.create(AnswerFormat.REPORT)  # type: ignore[attr-defined] # the Author page
    field = page.form.stem  # type: ignore[attr-defined] # the Author page
    field.setFocus()
    for letter in STEM:
        field.insertPlainText(letter)
        wait(15)
    cursor = field.textCursor()
    cursor.setPosition(5, QTextCursor.MoveMode.MoveAnchor)
    field.setTextCursor(cursor)


def answer(window: MainWindow, question: str) -> None:
    """Begin a report without locking it."""
    window.show_page("verify")
    tab = window.pages.page("verify").queue_tab  # type: ignore[attr-defined] # the Verify page
    tab.presenter.open(QuestionId(question))
    field = tab.answer.card.answer_widget.field
    field.setFocus()
    QTest.keyClicks(field, "The lungs are ")


def rate(window: MainWindow, question: str) -> None:
    """Rate two gates and begin a comment."""
    window.show_page("verify")
    tab = window.pages.page("verify").queue_tab  # type: ignore[attr-defined] # the Verify page
    tab.presenter.open(QuestionId(question))
    tab.answer.card.answer_widget.show_unsent({"text": "Clear."})
    tab.answer.button.click()
    while tab.work.currentWidget() is not tab.rating:
        wait(20)
    rows = list(tab.rating.gates.rows.values())
    rows[0].rate(Rating.YES)
    rows[1].rate(Rating.NOT_SURE)
    rows[2].open_comment()
    QTest.keyClicks(rows[2].comment, REMARK)
    tab.rating.verdict.buttons[Verdict.REVISE].click()
    tab.rating.verdict.comment.setFocus()
    QTest.keyClicks(tab.rating.verdict.comment, COMMENT)


def blind(window: MainWindow, question: str) -> None:
    """Begin the ledger and draw a box."""
    window.show_page("blind")
    page = window.pages.page("blind")
    page.presenter.open(QuestionId(question))  # type: ignore[attr-defined] # the Blind page
    while page.presenter.dossier is None:  # type: ignore[attr-defined] # the Blind page
        wait(20)
    page.panel.notes.setPlainText(NOTE)  # type: ignore[attr-defined] # the Blind page
    view = page.images.view  # type: ignore[attr-defined] # the Blind page
    view.hand.begin(BoxHistory((Blackout(1, 2, 30, 40),)))


def read(window: MainWindow, question: str) -> None:
    """Be in the middle of a sitting for some seconds, with a flag and a comment begun."""
    window.show_page("baseline")
    page = window.pages.page("baseline")
    plan = page.presenter.lines[0].plan.id  # type: ignore[attr-defined] # the Baseline page
    page._on_open_requested(plan)  # type: ignore[attr-defined] # as a click on the line
    page._on_begin_requested()  # type: ignore[attr-defined] # as a click on Begin
    widget = page.sitting_view.card.answer_widget  # type: ignore[attr-defined] # the same
    widget.show_unsent({"response": {"kind": "chosen", "options": [OptionId("o3")]}})
    remarks = page.sitting_view.remarks  # type: ignore[attr-defined] # the same
    remarks.flag.click()
    remarks.enter_comment()
    QTest.keyClicks(remarks.comment, DOUBT)
    wait(2500)


def plan(window: MainWindow, question: str) -> None:
    """Begin a reading plan."""
    window.show_page("baseline")
    form = window.pages.page("baseline").plan_form  # type: ignore[attr-defined] # the page
    form.name.setFocus()
    QTest.keyClicks(form.name, "Second read")
    form.seed.setValue(77)


def register(window: MainWindow, question: str) -> None:
    """Begin to say who one is, before the first sitting."""
    window.show_page("baseline")
    form = window.pages.page("baseline").registration  # type: ignore[attr-defined] # the page
    form.specialty.setCurrentIndex(2)
    form.years.setValue(7)
    first, second, *_ = form.scales.values()
    first.set_value(4)
    second.focus_level()


def retire(window: MainWindow, question: str) -> None:
    """Begin the reason for which a question goes."""
    window.show_page("library")
    page = window.pages.page("library")
    page.show_question(question)
    detail = page.detail  # type: ignore[attr-defined] # the Library page
    while detail.detail is None:
        wait(20)
    detail.ask(Move.RETIRE)
    QTest.keyClicks(detail.reason_box.reason_edit, WHY)


def decide(window: MainWindow, question: str) -> None:
    """Begin the reason of a decision."""
    window.show_page("verify")
    page = window.pages.page("verify")
    tab = page.decide_tab  # type: ignore[attr-defined] # the Verify page
    page.tabs.setCurrentWidget(tab)  # type: ignore[attr-defined] # the Verify page
    tab.presenter.open(QuestionId(question))
    widget = tab.answer.card.answer_widget
    widget.show_unsent({"response": {"kind": "chosen", "options": [OptionId("o2")]}})
    tab.answer.button.click()
    tab.candidates.verdict.comment.setFocus()
    QTest.keyClicks(tab.candidates.verdict.comment, REASON)


SCENES: Final[dict[str, Callable[[MainWindow, str], None]]] = {
    one.__name__: one for one in (write, answer, rate, blind, read, plan, register, retire, decide)
}


def main(path: Path, scene: str, question: str) -> None:
    """Play a scene, say so after one second, and wait to be killed."""
    app = make_application()
    settings = QSettings(str(path.parent / "killed.ini"), QSettings.Format.IniFormat)
    preferences = Preferences(settings)
    apply_look(app, preferences)
    window = MainWindow(preferences)
    window.show()
    window.opener.open_path(path)

    def play() -> None:
        SCENES[scene](window, question)
        QTimer.singleShot(1000, lambda: os.write(1, b"PLAYED\n"))

    QTimer.singleShot(100, play)
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
