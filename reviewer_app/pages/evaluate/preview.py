"""What an endpoint would read about one question, word for word."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from core.services.evaluation.records import PromptPreview
from reviewer_app import theme
from reviewer_app.pages.evaluate.wording import question_place


class PreviewPanel(QWidget):
    """The prompt of one question. Signals: `step_requested(int)`, -1 or 1."""

    step_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(self)
        theme.set_role(self._title, "strong")
        self._pictures = QLabel(self)
        theme.set_role(self._pictures, "hint")
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Prompt as it is sent"))
        self.previous = self._step_button(
            "mdi6.chevron-left", self.tr("Prompt of the question before"), -1
        )
        self.next = self._step_button(
            "mdi6.chevron-right", self.tr("Prompt of the next question"), 1
        )
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addSpacing(theme.space(3))
        head.addWidget(self._pictures)
        head.addStretch(1)
        head.addWidget(self.previous)
        head.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.space(2), 0, 0)
        column.addLayout(head)
        column.addWidget(self.text, 1)

    def show_preview(self, preview: PromptPreview | None, place: int, total: int) -> None:
        """Show the prompt of the question at a place of the list (from 0)."""
        for button in (self.previous, self.next):
            button.setEnabled(total > 1)
        if preview is None:
            self._title.clear()
            self._pictures.clear()
            self.text.clear()
            return
        self._title.setText(question_place(preview.number, place, total))
        self._pictures.setText(self._picture_words(preview.picture_count))
        parts = (preview.prompt.system, preview.prompt.text)
        self.text.setPlainText("\n\n———\n\n".join(part for part in parts if part))

    def _picture_words(self, count: int) -> str:
        if count == 0:
            return self.tr("no picture is sent")
        if count == 1:
            return self.tr("with 1 picture")
        return self.tr("with %1 pictures").replace("%1", str(count))

    def _step_button(self, icon_name: str, name: str, steps: int) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(theme.icon(icon_name))
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(lambda: self.step_requested.emit(steps))
        return button
