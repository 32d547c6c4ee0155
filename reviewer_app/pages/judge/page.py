"""The Judge page: grading for physicians, judges for leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from core.changes import Changes, Kind
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.pages.base import Page
from reviewer_app.pages.judge.grade_tab import GradeTab
from reviewer_app.pages.judge.judges_tab import JudgesTab
from reviewer_app.pages.judge.presenter import JudgePresenter

if TYPE_CHECKING:
    from core.domain.plain import Plain

_FORM: Final = ("judge", "form")


class JudgePage(Page):
    """Grade answers, and decide which judge may do so, too."""

    name: ClassVar[str] = "judge"
    title: ClassVar[str] = "Judge"
    icon: ClassVar[str] = "mdi6.gavel"
    shows_images = True

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme.set_role(self, "page")
        self.presenter = JudgePresenter(context, self)
        self.grade_tab = GradeTab(context, self.presenter, self)
        self.judges_tab = JudgesTab(self.presenter, self)
        self.tabs = QTabWidget(self)
        for part in (self.tabs, self.tabs.tabBar()):
            part.setAccessibleName(self.tr("Grade or judges"))
        self.tabs.addTab(self.grade_tab, self.tr("Grade"))
        self.tabs.addTab(self.judges_tab, self.tr("Judges"))
        self.tabs.setDocumentMode(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.space(4)] * 4)
        layout.addWidget(self.tabs)
        self.presenter.tasks_changed.connect(self._on_tasks_changed)
        self.presenter.board_changed.connect(self.filled)

    def activate(self) -> None:
        self.tabs.setTabVisible(1, self.presenter.is_lead)
        self.presenter.refresh_tasks()
        self.presenter.refresh_board()
        if self.presenter.is_lead and not self.presenter.tasks:
            self.tabs.setCurrentWidget(self.judges_tab)
        if not self.presenter.is_lead:
            self.filled.emit()

    def take_focus(self) -> None:
        if self.tabs.currentWidget() is self.grade_tab and self.presenter.tasks:
            self.grade_tab.focus_points()
        else:
            super().take_focus()

    def apply_changes(self, changes: Changes) -> None:
        if changes.concerns(Kind.PERSON, Kind.SETTING):
            # Another person may sit here now: nothing of the one before stays on screen.
            self.grade_tab.forget()
        if self.presenter.concerns(changes):
            self.presenter.refresh_tasks()
            if self.isVisible():
                self.presenter.refresh_board()

    def position(self) -> Plain:
        is_grading = self.tabs.currentWidget() is self.grade_tab
        return {"tab": "grade" if is_grading else "judges"}

    def go_to(self, position: Plain) -> None:
        wants_judges = position.get("tab") == "judges" and self.presenter.is_lead
        self.tabs.setCurrentWidget(self.judges_tab if wants_judges else self.grade_tab)

    def unsent(self) -> dict[tuple[str, str], Plain]:
        form = self.judges_tab.form.unsent()
        kept: dict[tuple[str, str], Plain] = {_FORM: form} if any(form.values()) else {}
        return kept | self.grade_tab.unsent()

    def take_unsent(self, unsent: Mapping[tuple[str, str], Plain]) -> None:
        self.grade_tab.take_unsent(unsent)
        if _FORM in unsent:
            self.judges_tab.form.show_unsent(unsent[_FORM])

    def waiting_count(self) -> int:
        self.presenter.refresh_tasks()
        return self.presenter.open_count()

    @Slot()
    def _on_tasks_changed(self) -> None:
        count = self.presenter.open_count()
        self.tabs.setTabText(0, self.tr("Grade (%1)").replace("%1", str(count)))
        self.waiting_changed.emit(count)
