"""The Baseline page: plans for the lead, registration and sittings for the reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.changes import Changes, Kind
from core.domain.plain import Plain
from core.services.baseline import PlanRequest, SittingLine
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.pages.base import Page
from reviewer_app.pages.baseline.plan_form import PlanForm
from reviewer_app.pages.baseline.presenter import BaselinePresenter
from reviewer_app.pages.baseline.registration_form import RegistrationForm
from reviewer_app.pages.baseline.rules_view import RulesView
from reviewer_app.pages.baseline.sitting_list import SittingList
from reviewer_app.pages.baseline.sitting_presenter import SittingPresenter
from reviewer_app.pages.baseline.sitting_view import SittingView
from reviewer_app.widgets.empty_state import EmptyState
from reviewer_app.widgets.keys import add_button_keys

_PLAN: Final = "baseline.plan"
_REGISTRATION: Final = "baseline.registration"


class BaselinePage(Page):
    """Human baseline."""

    name: ClassVar[str] = "baseline"
    title: ClassVar[str] = "Baseline"
    icon: ClassVar[str] = "mdi6.account-clock-outline"
    shows_images = True

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme.set_role(self, "page")
        self.presenter = BaselinePresenter(context, self)
        self.sitting_presenter = SittingPresenter(context, self)
        self._chosen: SittingLine | None = None
        self.registration = RegistrationForm(context.workspace.specialties, self)
        self.sittings = SittingList(self)
        self.plan_form = PlanForm(self)
        self._plans = QLabel(self)
        self._plans.setWordWrap(True)
        self._plans.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self._plans, "hint")
        self.no_sitting = QLabel(self)
        self.no_sitting.setWordWrap(True)
        self.rules = RulesView(self)
        self.sitting_view = SittingView(self.sitting_presenter, self)
        self.end = EmptyState(
            "mdi6.flag-checkered",
            self.tr("All questions are answered"),
            self.tr("Thank you. Your answers are stored; nothing more is asked of you here."),
            action=self.tr("Back to my sittings (Space)"),
            on_action=self._show_home,
            parent=self,
        )
        add_button_keys(self.end.button, "Space", "Return", "Enter")
        self.home = self._make_home()
        self.stack = QStackedWidget(self)
        for widget in (self.home, self.rules, self.sitting_view, self.end):
            self.stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.space(4)] * 4)
        layout.addWidget(self.stack)
        self._connect()

    def activate(self) -> None:
        self.presenter.refresh()
        self.sittings.focus_first()

    def leave(self) -> None:
        self.sitting_view.pause()

    def apply_changes(self, changes: Changes) -> None:
        if self.sitting_presenter.is_running and not changes.concerns(Kind.SETTING):
            return  # A running sitting is not disturbed; the lists are read again at its end.
        if changes.concerns(Kind.SETTING):
            self.sitting_view.pause()
            self._show_home()
        elif changes.concerns(Kind.SITTING, Kind.QUESTION, Kind.PERSON):
            self.presenter.refresh()

    def position(self) -> Plain:
        is_running = self.sitting_presenter.is_running and self._chosen is not None
        return {"record": self._chosen.plan.id if is_running and self._chosen else ""}

    def go_to(self, position: Plain) -> None:
        record = position.get("record")
        lines = [one for one in self.presenter.lines if one.plan.id == record]
        if lines and not lines[0].is_finished and not self.presenter.needs_registration:
            self._chosen = lines[0]
            self.sitting_presenter.start(lines[0].plan.id)

    def unsent(self) -> dict[tuple[str, str], Plain]:
        found = self.sitting_view.unsent()
        entered = self.plan_form.entered() if self.presenter.is_lead else None
        if entered is not None:
            found[_PLAN, ""] = entered
        begun = self.registration.entered() if self.presenter.needs_registration else None
        if begun is not None:
            found[_REGISTRATION, ""] = begun
        return found

    def take_unsent(self, unsent: Mapping[tuple[str, str], Plain]) -> None:
        self.sitting_view.take_unsent(unsent)
        if (_REGISTRATION, "") in unsent:
            self.registration.take_entered(unsent[_REGISTRATION, ""])
        if (_PLAN, "") in unsent:
            self.plan_form.take_entered(unsent[_PLAN, ""])

    def waiting_count(self) -> int:
        self.presenter.refresh()
        return len(self.presenter.waiting)

    @Slot()
    def _on_changed(self) -> None:
        presenter = self.presenter
        self._reader_side.setVisible(presenter.is_reader)
        self._lead_side.setVisible(presenter.is_lead)
        self._nobody.setVisible(not presenter.is_reader and not presenter.is_lead)
        self.registration.setVisible(presenter.needs_registration)
        self.sittings.show_lines(presenter.lines, can_start=not presenter.needs_registration)
        self.no_sitting.setVisible(not presenter.lines)
        self.plan_form.show_choices(presenter.readers, presenter.verified_count)
        self._plans.setText("\n".join(self._plan_lines()))
        self._plans_caption.setVisible(bool(presenter.plans))
        self.verify_button.setVisible(presenter.verified_count == 0)
        self.waiting_changed.emit(len(presenter.waiting))

    @Slot(str)
    def _on_open_requested(self, plan: str) -> None:
        self._chosen = next((one for one in self.presenter.lines if one.plan.id == plan), None)
        if self._chosen is not None:
            self.stack.setCurrentWidget(self.rules)
            self.rules.show_line(self._chosen)

    @Slot()
    def _on_begin_requested(self) -> None:
        if self._chosen is not None:
            self.sitting_presenter.start(self._chosen.plan.id)

    @Slot()
    def _on_page_changed(self) -> None:
        if self.stack.currentWidget() is not self.sitting_view:
            self.stack.setCurrentWidget(self.sitting_view)
            self.sitting_view.card.focus_answer()

    @Slot()
    def _on_finished(self) -> None:
        self.presenter.refresh()
        self.stack.setCurrentWidget(self.end)
        self.end.button.setFocus()

    @Slot(object)
    def _on_plan_requested(self, request: PlanRequest) -> None:
        if self.presenter.make_plan(request):
            self.plan_form.clear()

    @Slot(str, int, dict)
    def _on_register_requested(
        self, specialty: str, years: int, confidence: dict[str, int]
    ) -> None:
        if self.presenter.register(
            specialty=specialty, years_in_practice=years, confidence=confidence
        ):
            self.sittings.focus_first()

    @Slot()
    def _show_home(self) -> None:
        self.stack.setCurrentWidget(self.home)
        self.presenter.refresh()
        self.sittings.focus_first()

    def _plan_lines(self) -> list[str]:
        lines = []
        for plan in self.presenter.plans:
            names = ", ".join(self.presenter.name_of(one) for one in plan.readers)
            text = self.tr("%1: %2 questions, seed %3, for %4")
            parts = {"%1": plan.name, "%2": str(len(plan.revisions)), "%3": str(plan.seed)}
            for mark, part in parts.items():
                text = text.replace(mark, part)
            lines.append(text.replace("%4", names))
        return lines

    def _make_home(self) -> QWidget:
        self._reader_side = self._side(
            self.tr("My sittings"), self.registration, self.sittings, self.no_sitting
        )
        self.no_sitting.setText(
            self.tr(
                "Here physicians answer verified questions under stated rules, so that language "
                "models have somebody to be compared with. No plan is dealt to you yet; "
                "the study lead makes one."
            )
        )
        self._plans_caption = QLabel(self.tr("Plans so far"), self)
        theme.set_role(self._plans_caption, "caption")
        self.verify_button = QPushButton(self.tr("Go to the Verify page (V)"), self)
        self.verify_button.setToolTip(self.tr("Key V; a reading draws from verified questions"))
        add_button_keys(self.verify_button, "V")
        self._lead_side = self._side(
            self.tr("For the study lead"),
            self.plan_form,
            self.verify_button,
            self._plans_caption,
            self._plans,
        )
        self._nobody = EmptyState(
            "mdi6.account-clock-outline",
            self.tr("Readings of physicians"),
            self.tr(
                "Here readers answer verified questions under stated rules. "
                "The study lead gives the role reader in the settings."
            ),
            parent=self,
        )
        return self._in_a_row(self._reader_side, self._lead_side, self._nobody)

    def _in_a_row(self, *sides: QWidget) -> QScrollArea:
        inner = QWidget()
        inner.setProperty("role", "scrolled")
        row = QHBoxLayout(inner)
        row.setContentsMargins(0, 0, theme.space(3), 0)
        row.setSpacing(theme.space(6))
        for side in sides:
            row.addWidget(side, 1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        return scroll

    def _side(self, title: str, *widgets: QWidget) -> QWidget:
        side = QWidget(self)
        heading = QLabel(title, side)
        theme.set_role(heading, "title")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(3))
        column.addWidget(heading)
        for widget in widgets:
            column.addWidget(widget)
        column.addStretch(1)
        side.setMaximumWidth(640)
        return side

    def _connect(self) -> None:
        self.presenter.changed.connect(self._on_changed)
        self.presenter.refused.connect(self.plan_form.show_problem)
        self.sitting_presenter.page_changed.connect(self._on_page_changed)
        self.sitting_presenter.finished.connect(self._on_finished)
        self.sitting_presenter.paused.connect(self._show_home)
        self.sittings.open_requested.connect(self._on_open_requested)
        self.plan_form.plan_requested.connect(self._on_plan_requested)
        self.registration.register_requested.connect(self._on_register_requested)
        self.verify_button.clicked.connect(lambda: self.context.open_question("verify", ""))
        self.rules.begin_requested.connect(self._on_begin_requested)
        self.rules.back_requested.connect(self._show_home)
