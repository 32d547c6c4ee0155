"""A person reads a reply otherwise than the rules did, and says why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.answer import AnswerState
from core.domain.body import Asked, Response
from reviewer_app import theme
from reviewer_app.widgets.answer_widgets import AnswerWidget, answer_widget_for
from reviewer_app.widgets.keys import add_keys

if TYPE_CHECKING:
    from core.domain.media import ImageUse
    from reviewer_app.widgets.images.panel import ImagePanel


class CorrectionBox(QFrame):
    """Asks what a reply says and why the reading is wrong.

    Signals: `confirmed(Response | None, AnswerState, str)`: what was read, or for None why there
    is nothing, and the reason; `closed()`.
    """

    confirmed = Signal(object, object, str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "note")
        self._answer: AnswerWidget | None = None
        self.state_box = self._make_state_box()
        self._place = QVBoxLayout()
        self.hint = QLabel(self)
        self.hint.setWordWrap(True)
        theme.set_role(self.hint, "hint")
        self.reason = QLineEdit(self)
        self.reason.setAccessibleName(self.tr("Reason"))
        self.reason.setPlaceholderText(self.tr("Why the reading is wrong"))
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        theme.set_role(self.problem, "error")
        self.save_button = QPushButton(self.tr("Correct (Ctrl+Enter)"), self)
        theme.set_kind(self.save_button, "primary")
        self.save_button.setToolTip(
            self.tr("Stored beside the first reading, with your name and reason")
        )
        self._lay_out()
        self.state_box.currentIndexChanged.connect(self._on_state_changed)
        self.reason.textChanged.connect(self._update)
        self.save_button.clicked.connect(self._on_save_clicked)
        # In the whole window: a region is drawn on the image, which has the focus then.
        add_keys(self, ("Ctrl+Return", "Ctrl+Enter"), self._on_submitted)
        self.hide()

    def _make_state_box(self) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(self.tr("What the reply says"))
        for words, state in (
            (self.tr("It answers:"), AnswerState.ANSWERED),
            (self.tr("It holds no clear answer"), AnswerState.NO_ANSWER),
            (self.tr("It refuses to answer"), AnswerState.REFUSED),
        ):
            box.addItem(words, state.value)
        return box

    def _lay_out(self) -> None:
        title = QLabel(self.tr("What does this reply say?"), self)
        theme.set_role(title, "strong")
        cancel = QPushButton(self.tr("Cancel (Esc)"), self)
        theme.set_kind(cancel, "quiet")
        cancel.setToolTip(self.tr("Leave the reading as it is"))
        cancel.clicked.connect(self.close_box)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(2))
        column.addWidget(title)
        column.addWidget(self.state_box)
        column.addLayout(self._place)
        column.addWidget(self.hint)
        column.addWidget(self.reason)
        column.addWidget(self.problem)
        column.addLayout(buttons)

    @property
    def answer_widget(self) -> AnswerWidget | None:
        """Where the answer is entered."""
        return self._answer

    def ask(self, asked: Asked, order: Sequence[str], response: Response | None) -> None:
        """Show the box for a reply to a question, with what was read so far."""
        self._drop_answer()
        widget = answer_widget_for(asked, order, self)
        widget.show_response(response)
        widget.changed.connect(self._update)
        self._place.addWidget(widget)
        self._answer = widget
        self.state_box.setCurrentIndex(0)
        self.hint.hide()
        self.reason.clear()
        self.show_problem("")
        self._update()
        self.show()
        widget.show()
        widget.focus_answer()

    def draw_on(self, panel: ImagePanel, images: Sequence[ImageUse]) -> None:
        """Let a region be drawn anew on the images of the question."""
        if self._answer is not None:
            self._answer.take_images(panel, images)
            self.hint.setText(self._answer.key_hint())
            self.hint.show()
            self._answer.focus_answer()

    def show_problem(self, sentence: str) -> None:
        """Say why it was not stored; what was entered stays."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    @Slot()
    def close_box(self) -> None:
        """Leave the reading as it is."""
        self.leave()
        self.closed.emit()

    def leave(self) -> None:
        """Make way for another reply."""
        self._drop_answer()
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_box()
            return
        super().keyPressEvent(event)

    def _state(self) -> AnswerState:
        return AnswerState(self.state_box.currentData())

    def _response(self) -> Response | None:
        is_answer = self._state() is AnswerState.ANSWERED
        return self._answer.response() if is_answer and self._answer is not None else None

    @Slot()
    def _update(self) -> None:
        is_answer = self._state() is AnswerState.ANSWERED
        if self._answer is not None:
            self._answer.setVisible(is_answer)
        is_said = not is_answer or self._response() is not None
        self.save_button.setEnabled(is_said and bool(self.reason.text().strip()))

    @Slot()
    def _on_state_changed(self) -> None:
        is_answer = self._state() is AnswerState.ANSWERED
        if self._answer is not None:
            # What is drawn on an image stays in sight there, so it has to rest there, too.
            self._answer.set_locked(is_locked=not is_answer)
        self._update()

    def _on_submitted(self) -> None:
        if self.save_button.isEnabled():
            self.save_button.click()
        elif not self.reason.text().strip():
            self.reason.setFocus()

    @Slot()
    def _on_save_clicked(self) -> None:
        self.confirmed.emit(self._response(), self._state(), self.reason.text().strip())

    def _drop_answer(self) -> None:
        if self._answer is None:
            return
        self._answer.leave_images()
        self._place.removeWidget(self._answer)
        # Hidden at once, so that its keys rest before the event loop deletes it.
        self._answer.hide()
        self._answer.setParent(None)
        self._answer.deleteLater()
        self._answer = None
