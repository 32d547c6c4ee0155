"""One reply beside its question: what came back, what was read out of it, and by which rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from core.domain.answer import AnswerState
from core.domain.body import Localization
from core.domain.score import ScoreState
from reviewer_app import theme
from reviewer_app.pages.evaluate.correction_box import CorrectionBox
from reviewer_app.pages.evaluate.question_pane import QuestionPane
from reviewer_app.pages.evaluate.reading_words import reading_sentence
from reviewer_app.pages.evaluate.reply_text import ReplyText
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.empty_state import EmptyState
from reviewer_app.widgets.score_looks import score_look, score_meaning
from reviewer_app.widgets.status import StatusChip

if TYPE_CHECKING:
    from core.domain.ids import MediaId
    from core.imaging.image import LoadedImage
    from core.services.replies.records import ReplyDetail

_FACTS: Final = " · "
_QUESTION_PX: Final = 480
_REPLY_PX: Final = 360
_READABLE: Final = (AnswerState.ANSWERED, AnswerState.REFUSED, AnswerState.NO_ANSWER)


class ReplyPane(QStackedWidget):
    """Shows a reply.

    Signals: `library_requested(str)`, the question in the library; `correction_requested(str,
    Response | None, AnswerState, str)`: an answer, what a person read in it or why nothing, and
    the reason.
    """

    library_requested = Signal(str)
    correction_requested = Signal(str, object, object, str)

    def __init__(
        self, opener: Callable[[MediaId], LoadedImage], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._detail: ReplyDetail | None = None
        self.question = QuestionPane(opener, self)
        self.chip = StatusChip(*score_look(ScoreState.CORRECT), self)
        self.read = _line("strong", self)
        self.right = _line("", self)
        self.rule = _line("hint", self)
        self.facts = _line("hint", self)
        self.text = ReplyText(self.tr("Reply as it came"), self)
        self.thinking = ReplyText(self.tr("Thinking text, which is never read"), self)
        self.library_button = make_button(
            self.tr("In the library"),
            self,
            icon="mdi6.bookshelf",
            kind="quiet",
            tip=self.tr("Show this question on the Library page"),
        )
        self.library_button.clicked.connect(self._on_library_clicked)
        self.correct_button = make_button(
            self.tr("Correct reading"),
            self,
            icon="mdi6.pencil-outline",
            kind="quiet",
            tip=self.tr("Say what this reply answers, where the rules read it wrongly"),
        )
        self.correct_button.clicked.connect(self._on_correct_clicked)
        self.correction = CorrectionBox(self)
        self.correction.confirmed.connect(self._on_correction_confirmed)
        self.correction.closed.connect(self._on_correction_closed)
        self.empty = EmptyState(
            "mdi6.message-text-outline",
            self.tr("No reply chosen"),
            self.tr("Choose a question on the left to read what the model said about it."),
            parent=self,
        )
        self.addWidget(self.empty)
        self.addWidget(self._lay_out())

    @property
    def detail(self) -> ReplyDetail | None:
        """The reply on screen."""
        return self._detail

    def show_detail(self, detail: ReplyDetail) -> None:
        """Show a reply; a correction that was begun belongs to its own reply."""
        is_same = self._detail is not None and self._detail.answer.id == detail.answer.id
        if not is_same and self.correction.isVisibleTo(self):
            self.correction.leave()
        self._detail = detail
        answer, state = detail.answer, detail.score.state
        if not self.correction.isVisibleTo(self):
            self._show_question(detail)
        look = score_look(state)
        word = look.word
        if state is ScoreState.PARTIAL and detail.score.value is not None:
            word = f"{word} {detail.score.value:.2f}"
        self.chip.show_state(word, look.icon_name, look.ink)
        self.chip.setToolTip(score_meaning(state))
        self._say(self.read, _prefixed(self.tr("Read: %1"), detail.read_words))
        self._say(self.right, _prefixed(self.tr("Right: %1"), detail.right_words))
        self._say(self.rule, reading_sentence(answer, detail.corrector))
        self.correct_button.setVisible(answer.state in _READABLE)
        self._say(self.facts, self._facts(detail))
        error = str(answer.details.get("error", ""))
        self.text.show_reply(answer.raw_text or error, detail.span)
        self._show_thinking(detail.thinking)
        self.setCurrentIndex(1)

    def _show_question(self, detail: ReplyDetail) -> None:
        self.question.show_question(
            detail.blind,
            order=detail.answer.option_order,
            chosen=detail.answer.response,
            right=detail.right,
        )

    def clear(self) -> None:
        """Show nothing."""
        self._detail = None
        self.setCurrentWidget(self.empty)

    def _facts(self, detail: ReplyDetail) -> str:
        answer = detail.answer
        facts = [f"{answer.elapsed_s:.1f} s"] if answer.elapsed_s else []
        sent, came = (answer.details.get(f"{one}_tokens") for one in ("prompt", "completion"))
        if sent or came:
            counts = self.tr("%1 tokens in, %2 out")
            facts.append(counts.replace("%1", f"{sent or 0:,}").replace("%2", f"{came or 0:,}"))
        attempts = int(answer.details.get("attempts", 1))
        if attempts > 1:
            facts.append(self.tr("%1 attempts").replace("%1", str(attempts)))
        return _FACTS.join(facts)

    def _show_thinking(self, thinking: str) -> None:
        self.thinking.show_reply(thinking)
        self.tabs.setTabVisible(1, bool(thinking))

    def _lay_out(self) -> QWidget:
        head = QHBoxLayout()
        head.setSpacing(theme.space(2))
        head.addWidget(self.chip)
        head.addStretch(1)
        head.addWidget(self.correct_button)
        head.addWidget(self.library_button)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(self.tr("Reply and thinking"))
        self.tabs.addTab(self.text, self.tr("Reply"))
        self.tabs.addTab(self.thinking, self.tr("Thinking"))
        said = QWidget(self)
        self.said_column = QVBoxLayout(said)
        self.said_column.setContentsMargins(theme.space(2), 0, 0, 0)
        self.said_column.setSpacing(theme.space(2))
        self.said_column.addLayout(head)
        for widget in (self.read, self.right, self.correction, self.tabs, self.rule, self.facts):
            self.said_column.addWidget(widget, 1 if widget is self.tabs else 0)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.question)
        split.addWidget(said)
        split.setChildrenCollapsible(False)
        split.setSizes([_QUESTION_PX, _REPLY_PX])
        return split

    def _say(self, label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    def _on_correct_clicked(self) -> None:
        if self._detail is not None:
            answer, body = self._detail.answer, self._detail.blind.body
            self.correction.ask(body.asked, answer.option_order, answer.response)
            if isinstance(body.asked, Localization):
                self.correction.draw_on(self.question.images, body.images)

    def _on_correction_closed(self) -> None:
        self.correct_button.setFocus()
        if self._detail is not None:
            self._show_question(self._detail)

    def _on_correction_confirmed(self, response: object, state: object, reason: str) -> None:
        if self._detail is not None:
            self.correction_requested.emit(self._detail.answer.id, response, state, reason)

    def _on_library_clicked(self) -> None:
        if self._detail is not None:
            self.library_requested.emit(self._detail.answer.question)


def _prefixed(pattern: str, words: str) -> str:
    return pattern.replace("%1", words) if words else ""


def _line(role: str, parent: QWidget) -> QLabel:
    label = QLabel(parent)
    if role:
        theme.set_role(label, role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
