"""The Verify page: one's own queue, and deciding for leads and adjudicators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from core.changes import Changes, Kind
from core.domain.ids import QuestionId
from core.domain.plain import Plain
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.pages.base import Page
from reviewer_app.pages.verify.answer_panel import AnswerPanel
from reviewer_app.pages.verify.decide_presenter import DecidePresenter
from reviewer_app.pages.verify.decide_tab import DecideTab
from reviewer_app.pages.verify.presenter import QueuePresenter
from reviewer_app.pages.verify.queue_tab import QueueTab
from reviewer_app.undoing import add_undo_keys, redo_decision, undo_decision


class VerifyPage(Page):
    """Verification and adjudication."""

    name: ClassVar[str] = "verify"
    title: ClassVar[str] = "Verify"
    icon: ClassVar[str] = "mdi6.check-decagram-outline"
    shows_images = True

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme.set_role(self, "page")
        self.queue_presenter = QueuePresenter(context, self)
        self.decide_presenter = DecidePresenter(context, self)
        self.queue_tab = QueueTab(context, self.queue_presenter, self)
        self.decide_tab = DecideTab(context, self.decide_presenter, self)
        self.tabs = QTabWidget(self)
        for part in (self.tabs, self.tabs.tabBar()):
            part.setAccessibleName(self.tr("Verify or decide"))
        self.tabs.addTab(self.queue_tab, self.tr("My queue"))
        self.tabs.addTab(self.decide_tab, self.tr("Decide"))
        self.tabs.setDocumentMode(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.space(4)] * 4)
        layout.addWidget(self.tabs)
        add_undo_keys(self, self._undo, self._redo)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.queue_presenter.queue_changed.connect(self._on_waiting_changed)
        self.decide_presenter.board_changed.connect(self._on_waiting_changed)

    def activate(self) -> None:
        may_decide = self.decide_presenter.may_decide
        self.tabs.setTabVisible(1, may_decide)
        self.queue_tab.activate()
        if may_decide:
            self.decide_tab.activate()
            self._open_what_waits()

    def apply_changes(self, changes: Changes) -> None:
        if changes.concerns(Kind.PERSON, Kind.SETTING):
            # Another person may sit here now: nothing of the one before stays on screen.
            self.queue_presenter.close_desk()
            self.queue_tab.forget_entered()
            self.decide_tab.forget_entered()
            self.decide_presenter.close_desk()
            self.activate()
        elif changes.concerns(Kind.QUESTION, Kind.VERIFICATION):
            self._refresh()

    def position(self) -> Plain:
        is_queue = self.tabs.currentWidget() is self.queue_tab
        desk = self.queue_presenter.desk if is_queue else self.decide_presenter.desk
        record = "" if desk is None else desk.blind.question
        return {"tab": "queue" if is_queue else "decide", "record": record}

    def go_to(self, position: Plain) -> None:
        record = QuestionId(str(position.get("record") or ""))
        if position.get("tab") == "decide" and self.decide_presenter.may_decide:
            self.tabs.setCurrentWidget(self.decide_tab)
            if record in self.decide_presenter.conflicts():
                self.decide_presenter.open(record)
        elif record in {line.id for line in self.queue_presenter.queue}:
            self.tabs.setCurrentWidget(self.queue_tab)
            self.queue_presenter.open(record)

    def unsent(self) -> dict[tuple[str, str], Plain]:
        return self.queue_tab.unsent() | self.decide_tab.unsent()

    def take_unsent(self, unsent: Mapping[tuple[str, str], Plain]) -> None:
        self.queue_tab.take_unsent(unsent)
        self.decide_tab.take_unsent(unsent)

    def show_question(self, question_id: str) -> None:
        if question_id:
            self.tabs.setCurrentWidget(self.queue_tab)
            self.queue_presenter.open(QuestionId(question_id))

    def waiting_count(self) -> int:
        self._refresh()
        return self._count()

    def _undo(self) -> None:
        if self._answer().undo():
            return
        if self.tabs.currentWidget() is self.queue_tab:
            self.queue_tab.undo()
        else:
            undo_decision(self.context)

    def _redo(self) -> None:
        if not self._answer().redo():
            redo_decision(self.context)

    def _answer(self) -> AnswerPanel:
        is_queue = self.tabs.currentWidget() is self.queue_tab
        return (self.queue_tab if is_queue else self.decide_tab).answer

    @Slot(int)
    def _on_tab_changed(self, _index: int) -> None:
        self._refresh()

    @Slot()
    def _on_waiting_changed(self) -> None:
        count = len(self.queue_presenter.queue)
        self.tabs.setTabText(0, self.tr("My queue (%1)").replace("%1", str(count)))
        decidable = self._decidable()
        self.tabs.setTabText(1, self.tr("Decide (%1)").replace("%1", str(decidable)))
        self.waiting_changed.emit(self._count())

    def _open_what_waits(self) -> None:
        """Show the board when it waits and the own queue is empty."""
        if not self.queue_presenter.queue and self._decidable():
            self.tabs.setCurrentWidget(self.decide_tab)

    def _refresh(self) -> None:
        self.queue_presenter.refresh()
        if self.decide_presenter.may_decide:
            self.decide_presenter.refresh()

    def _decidable(self) -> int:
        return len(self.decide_presenter.unanimous()) + len(self.decide_presenter.conflicts())

    def _count(self) -> int:
        return len(self.queue_presenter.queue) + self._decidable()
