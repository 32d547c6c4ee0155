"""A question as its answerer sees it: context, stem and a place for the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from core.domain.body import AnswerFormat, BlindQuestion, Chosen, Response
from core.domain.response_words import response_words
from reviewer_app import theme
from reviewer_app.widgets.answer_widgets import AnswerWidget, answer_widget_for

if TYPE_CHECKING:
    from reviewer_app.widgets.images.panel import ImagePanel


class QuestionCard(QWidget):
    """Shows one blind question at a time.

    Signals: `answer_changed()` when the response changed.
    """

    answer_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blind: BlindQuestion | None = None
        self.answer_widget: AnswerWidget | None = None
        self._panel: ImagePanel | None = None
        self._caption = _text_label("caption", self)
        self._context = _text_label("reading", self)
        self._stem = _text_label("reading", self)
        self._stem.setFont(theme.scaled_font("reading", bold=True))
        self._stem.setStyleSheet("font-weight: 600;")
        self._hint = _text_label("hint", self)
        self.problem = _text_label("error", self)
        self._inner = QWidget()
        self._inner.setProperty("role", "scrolled")
        self._layout = QVBoxLayout(self._inner)
        self._layout.setContentsMargins(0, 0, theme.space(2), 0)
        self._layout.setSpacing(theme.space(3))
        for label in (self._caption, self._context, self._stem, self._hint, self.problem):
            self._layout.addWidget(label)
        self._layout.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        self.clear()

    @property
    def blind(self) -> BlindQuestion | None:
        """The question on screen."""
        return self._blind

    def take_panel(self, panel: ImagePanel) -> None:
        """Let answers be drawn on the images that this panel shows before each question."""
        self._panel = panel

    def show_question(
        self, blind: BlindQuestion, *, option_order: Sequence[str] = (), has_number: bool = True
    ) -> None:
        """Show a question with an empty answer, its number above it where that matters."""
        self._drop_answer_widget()
        self._blind = blind
        body = blind.body
        self._caption.setText(self._caption_for(blind, has_number=has_number))
        self._context.setText(body.context)
        self._context.setVisible(bool(body.context.strip()))
        self._stem.setText(body.stem)
        widget = answer_widget_for(body.asked, option_order, self._inner)
        widget.changed.connect(self._on_answer_changed)
        self._layout.insertWidget(self._layout.indexOf(self._hint), widget)
        self.answer_widget = widget
        if self._panel is not None:
            widget.take_images(self._panel, body.images)
        self._hint.setText(widget.key_hint())
        self.show_problem("")
        for label in (self._caption, self._stem, self._hint):
            label.show()
        widget.show()
        self._scroll.verticalScrollBar().setValue(0)

    def clear(self) -> None:
        """Show nothing."""
        self._drop_answer_widget()
        self._blind = None
        for label in (self._caption, self._context, self._stem, self._hint, self.problem):
            label.hide()

    def response(self) -> Response | None:
        """Return the response, or None while there is none that fits."""
        return None if self.answer_widget is None else self.answer_widget.response()

    def chosen_words(self) -> str:
        """Return the options that are chosen now, in words."""
        response = self.response()
        if self._blind is None or not isinstance(response, Chosen):
            return ""
        return response_words(self._blind.body.asked, response)

    def show_problem(self, sentence: str) -> None:
        """Say below the answer what is missing; an empty sentence takes it away."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def undo(self) -> bool:
        """Take the last step of the answer back; tell whether there was one."""
        return self.answer_widget is not None and self.answer_widget.undo()

    def redo(self) -> bool:
        """Make the step of the answer undone last again; tell whether there was one."""
        return self.answer_widget is not None and self.answer_widget.redo()

    def focus_answer(self) -> None:
        """Put the focus where answering starts."""
        if self.answer_widget is not None:
            self.answer_widget.focus_answer()

    def _caption_for(self, blind: BlindQuestion, *, has_number: bool) -> str:
        kinds = {
            AnswerFormat.SINGLE_CHOICE: self.tr("One answer"),
            AnswerFormat.YES_NO: self.tr("Yes or no"),
            AnswerFormat.SEVERAL_CHOICES: self.tr("Several answers"),
            AnswerFormat.SHORT_TEXT: self.tr("A few words"),
            AnswerFormat.REPORT: self.tr("A report"),
            AnswerFormat.NUMERIC: self.tr("A number"),
            AnswerFormat.RANKING: self.tr("An order"),
            AnswerFormat.LONG_TEXT: self.tr("Several sentences"),
            AnswerFormat.REGION: self.tr("A region on the image"),
        }
        kind = kinds[blind.body.format]
        if not has_number:
            return kind
        return f"{self.tr('Question %1').replace('%1', str(blind.number))}  ·  {kind}"

    def _on_answer_changed(self) -> None:
        self.show_problem("")
        self.answer_changed.emit()

    def _drop_answer_widget(self) -> None:
        if self.answer_widget is None:
            return
        self.answer_widget.leave_images()
        self._layout.removeWidget(self.answer_widget)
        # Hidden at once, so that its keys rest before the event loop deletes it.
        self.answer_widget.hide()
        self.answer_widget.setParent(None)
        self.answer_widget.deleteLater()
        self.answer_widget = None


def _text_label(role: str, parent: QWidget) -> QLabel:
    label = QLabel(parent)
    theme.set_role(label, role)
    label.setWordWrap(True)
    # A stem is a person's text: never markup.
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
