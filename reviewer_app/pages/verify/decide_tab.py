"""Deciding: the board, and a desk where the adjudicator answers before seeing the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.domain.ids import QuestionId
from core.domain.key import right_response
from core.domain.plain import Plain
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.pages.verify.answer_panel import AnswerPanel
from reviewer_app.pages.verify.board import Board
from reviewer_app.pages.verify.candidates_panel import CandidatesPanel
from reviewer_app.pages.verify.decide_presenter import DecidePresenter
from reviewer_app.widgets.columns import centered
from reviewer_app.widgets.empty_state import EmptyState
from reviewer_app.widgets.images.beside import BesideImages
from reviewer_app.widgets.images.panel import ImagePanel
from reviewer_app.widgets.keys import add_button_keys
from reviewer_app.widgets.marks.regions_beside import show_regions

if TYPE_CHECKING:
    from core.services.adjudication import AdjudicationDesk

ANSWER: Final = "decide.answer"
DECISION: Final = "decide.reason"


class DecideTab(QWidget):
    """For leads and adjudicators."""

    def __init__(
        self, context: AppContext, presenter: DecidePresenter, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self.presenter = presenter
        self._entered: dict[tuple[str, str], Plain] = {}
        self._shown: tuple[str, str] | None = None
        self.board = Board(self)
        self.images = ImagePanel(self)
        self.answer = AnswerPanel(
            self.tr("Answer first yourself. Then you see the key and what the others said."), self
        )
        self.answer.card.take_panel(self.images)
        self.candidates = CandidatesPanel(self)
        self.back_button = QPushButton(self.tr("Back to the board (Esc)"), self)
        self.back_button.setToolTip(self.tr("Escape; a locked answer stays locked"))
        theme.set_kind(self.back_button, "quiet")
        add_button_keys(self.back_button, "Escape")
        self.work = QStackedWidget(self)
        self.work.addWidget(self.answer)
        self.work.addWidget(self.candidates)
        self.empty = EmptyState(
            "mdi6.scale-balance",
            self.tr("Nothing is under verification"),
            self.tr(
                "Here you accept what all verifiers agree on and decide where they differ. "
                "Questions come here with their first verification."
            ),
            parent=self,
        )
        self._arrange()
        self._connect()

    def activate(self) -> None:
        """Read the board again."""
        self.presenter.refresh()
        self._show_agreement()

    def unsent(self) -> dict[tuple[str, str], Plain]:
        """Return answers that are not locked and decisions that are not made."""
        self._note_entered()
        return dict(self._entered)

    def take_unsent(self, unsent: Mapping[tuple[str, str], Plain]) -> None:
        """Take what was entered before the last end."""
        self._entered = {
            key: content for key, content in unsent.items() if key[0] in (ANSWER, DECISION)
        }

    def forget_entered(self) -> None:
        """Drop what was entered: another person may sit here now."""
        self._entered.clear()
        self._shown = None

    def _note_entered(self) -> None:
        if self._shown is None:
            return
        place, question = self._shown
        entered = self.answer.unsent() if place == ANSWER else self.candidates.unsent()
        if entered is None:
            self._entered.pop((place, question), None)
        else:
            self._entered[place, question] = entered

    def _show_entered(self, place: str, question: str) -> None:
        self._shown = (place, question)
        entered = self._entered.get((place, question))
        if entered is not None:
            panel = self.answer if place == ANSWER else self.candidates
            panel.show_unsent(entered)

    @Slot()
    def _on_board_changed(self) -> None:
        self.board.show_lines(self.presenter.board)
        if self.presenter.desk is None:
            has_lines = bool(self.presenter.board)
            self._stack.setCurrentWidget(self.board if has_lines else self.empty)

    @Slot()
    def _on_desk_changed(self) -> None:
        desk = self.presenter.desk
        self._note_entered()
        self._shown = None
        if desk is None:
            self.answer.card.clear()
            self._on_board_changed()
            return
        self._stack.setCurrentWidget(self._desk)
        body = desk.blind.body
        self.images.show_body(body.images, self.presenter.open_image, body.layout, body.links)
        self.images.setVisible(bool(desk.blind.body.images))
        if desk.own_answer is None:
            self.work.setCurrentWidget(self.answer)
            self.answer.show_question(desk.blind)
            self._show_entered(ANSWER, desk.blind.question)
        else:
            self.work.setCurrentWidget(self.candidates)
            self._show_regions(desk)
            self.candidates.show_desk(desk)
            self._show_entered(DECISION, desk.blind.question)

    def _show_regions(self, desk: AdjudicationDesk) -> None:
        """Draw the right regions, those of the candidates by letter, and the own ones."""
        named = [(one.letter, one.response) for one in desk.candidates]
        if desk.key is not None:
            named.insert(0, (self.tr("right"), right_response(desk.key)))
        if desk.own_answer is not None:
            named.append(("", desk.own_answer.response))
        show_regions(self.images, desk.blind.body, named)

    @Slot()
    def _on_accept_requested(self) -> None:
        self.presenter.accept(self.presenter.unanimous())

    @Slot(str)
    def _on_open_requested(self, question: str) -> None:
        self.presenter.open(QuestionId(question))

    @Slot(object)
    def _on_lock_requested(self, response: object) -> None:
        shown, self._shown = self._shown, None
        if self.presenter.lock(response):  # type: ignore[arg-type] # a signal's object
            self._entered.pop(shown or ("", ""), None)
        else:
            self._shown = shown

    @Slot(object, str)
    def _on_decide_requested(self, verdict: object, reason: str) -> None:
        shown, self._shown = self._shown, None
        if self.presenter.decide(verdict, reason):  # type: ignore[arg-type] # a signal's object
            self._entered.pop(shown or ("", ""), None)
        else:
            self._shown = shown

    @Slot(int)
    def _on_decided(self, number: int) -> None:
        self._context.messages.done(self.tr("Question %1 is decided.").replace("%1", str(number)))

    def _show_agreement(self) -> None:
        analysis = self._context.workspace.analysis
        self._context.operations.ask_later(
            "", lambda *_: analysis.agreement().reading, on_done=self.board.show_agreement
        )

    def _said(self) -> tuple[str, ...]:
        desk = self.presenter.desk
        if desk is None:
            return ()
        if self.work.currentWidget() is self.answer:
            return self.answer.said()
        number = self.tr("Question %1").replace("%1", str(desk.blind.number))
        return number, *self.candidates.verdict.said()

    def _arrange(self) -> None:
        # From the outside inwards: whatever gets another parent is styled anew with all it holds.
        self._stack = QStackedWidget(self)
        self._desk = QWidget(self._stack)
        splitter = QSplitter(Qt.Orientation.Horizontal, self._desk)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.images)
        splitter.addWidget(centered(self.work))
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 0)
        self.work.setMinimumWidth(376)
        splitter.setSizes([620, 440])
        top = QHBoxLayout()
        top.addWidget(self.back_button)
        top.addStretch(1)
        desk = QVBoxLayout(self._desk)
        desk.setContentsMargins(0, 0, 0, 0)
        desk.addLayout(top)
        desk.addWidget(splitter, 1)
        for widget in (self.empty, self.board, self._desk):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.space(3), 0, 0)
        layout.addWidget(self._stack)

    def _connect(self) -> None:
        self.presenter.board_changed.connect(self._on_board_changed)
        self.presenter.desk_changed.connect(self._on_desk_changed)
        self.presenter.decided.connect(self._on_decided)
        self.presenter.refused.connect(self.candidates.show_problem)
        self.board.accept_requested.connect(self._on_accept_requested)
        self.board.open_requested.connect(self._on_open_requested)
        self.answer.lock_requested.connect(self._on_lock_requested)
        self.candidates.decide_requested.connect(self._on_decide_requested)
        self.back_button.clicked.connect(self.presenter.close_desk)
        verdict = self.candidates.verdict
        say = BesideImages(self, self._said).refresh
        self.presenter.desk_changed.connect(say)
        self.presenter.refused.connect(say)
        for signal in (verdict.changed, verdict.submit.clicked):
            signal.connect(say)
        for signal in (self.answer.card.answer_changed, self.answer.button.clicked):
            signal.connect(say)
