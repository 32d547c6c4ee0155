"""A flag and a comment on the question on screen, in place and beside the answer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from core.domain.remark import MAX_COMMENT, Said
from reviewer_app import theme
from reviewer_app.widgets.answer_keys import AnswerKey, AnswerKeyRing
from reviewer_app.widgets.buttons import show_icon
from reviewer_app.widgets.images.stage import StageMode, stage_of
from reviewer_app.widgets.keys import add_keys, keeps_key

_LEAVE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class CommentField(QLineEdit):
    """One line of text; Enter and Esc leave it and neither submits nor goes back.

    Signals: `left()`.
    """

    left = Signal()

    def event(self, event: QEvent) -> bool:
        """Keep the keys that leave from the buttons of the page."""
        return keeps_key(event, *_LEAVE) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave by Enter or Esc; what is typed stays."""
        if event.key() in _LEAVE and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show how the comment begins, not how it ends."""
        super().focusOutEvent(event)
        self.setCursorPosition(0)


class RemarkBar(QWidget):
    """What a reader says to the study lead about a question; the answer is not touched.

    Signals: `flag_wanted(bool)`; `comment_done()`, the field was left; `left()`, by Enter or Esc.
    """

    flag_wanted = Signal(bool)
    comment_done = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ring = AnswerKeyRing(self)
        self.flag = QPushButton(self)
        self.flag.setCheckable(True)
        self.flag.clicked.connect(self._on_flag_clicked)
        self.comment = CommentField(self)
        self.comment.setMaxLength(MAX_COMMENT)
        self.comment.setAccessibleName(self.tr("Comment for the study lead"))
        self.comment.left.connect(self.left)
        self.comment.editingFinished.connect(self.comment_done)
        self._flag_key = add_keys(self, ("F",), self.flag.click)[0]
        self._comment_key = add_keys(self, ("C",), self.enter_comment)[0]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        row.addWidget(self.flag)
        row.addWidget(self.comment, 1)
        self._show_keys()

    def show_said(self, said: Said) -> None:
        """Show what was said about the question on screen."""
        self.show_flag(is_flagged=said.is_flagged)
        self.show_text(said.comment)

    def show_flag(self, *, is_flagged: bool) -> None:
        """Show whether the question is flagged."""
        self.flag.setChecked(is_flagged)
        show_icon(self.flag, *(("mdi6.flag", "accent") if is_flagged else _UNFLAGGED))
        self._show_keys()

    def show_text(self, text: str) -> None:
        """Show a comment, from its beginning."""
        self.comment.setText(text)
        self.comment.setCursorPosition(0)

    def text(self) -> str:
        """Return the comment as it is typed now."""
        return self.comment.text()

    @Slot()
    def enter_comment(self) -> None:
        """Put the cursor into the comment, also from images that cover the page."""
        stage = stage_of(self)
        if stage is not None and stage.mode() is StageMode.SCREEN:
            stage.toggle_screen()
        if not self.isActiveWindow():
            self.window().activateWindow()
        self.comment.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.comment.end(False)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the keys of the window, once the bar is in one."""
        super().showEvent(event)
        ring = AnswerKeyRing.of(self)
        if ring is not None and ring is not self._ring:
            self._ring = ring
            ring.changed.connect(self._show_keys)
            self._show_keys()

    @Slot()
    def _show_keys(self) -> None:
        keys = self._ring.keys()
        self._flag_key.setKey(QKeySequence(keys.keys(AnswerKey.FLAG)))
        self._comment_key.setKey(QKeySequence(keys.keys(AnswerKey.COMMENT)))
        name = self.tr("Flagged") if self.flag.isChecked() else self.tr("Flag")
        self.flag.setText(keys.tip(name, AnswerKey.FLAG))
        doubt = self.tr("I doubt this question; the study lead is told")
        self.flag.setToolTip(keys.tip(doubt, AnswerKey.FLAG))
        self.comment.setPlaceholderText(keys.tip(self.tr("Comment"), AnswerKey.COMMENT))
        tip = self.tr("For the study lead alone; Enter or Esc goes back to the answer")
        self.comment.setToolTip(keys.tip(tip, AnswerKey.COMMENT))

    @Slot(bool)
    def _on_flag_clicked(self, is_on: bool) -> None:
        self.flag_wanted.emit(is_on)


_UNFLAGGED = ("mdi6.flag-outline", "text_muted")
