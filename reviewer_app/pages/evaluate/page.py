"""The Evaluate page: a form on the left, prompt and replies beside it, all runs below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from core.changes import Changes, Kind
from core.services.evaluation_records import PromptPreview, RunSummary, Watch
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.pages.base import Page
from reviewer_app.pages.evaluate.form import FormPanel
from reviewer_app.pages.evaluate.presenter import EvaluatePresenter, RunForm
from reviewer_app.pages.evaluate.preview import PreviewPanel
from reviewer_app.pages.evaluate.replies import RepliesPanel
from reviewer_app.pages.evaluate.runs import RunsPanel
from reviewer_app.pages.evaluate.wording import condition_name
from reviewer_app.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from core.errors import ValidationError
    from core.services.evaluation_records import LatestReply, Preparation

_ENTRY_PAUSE_MS = 300
_FORM_PX = 372


class EvaluatePage(Page):
    """Ask language models the questions of this workspace."""

    name = "evaluate"
    title = "Evaluate"
    icon = "mdi6.robot-outline"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme.set_role(self, "page")
        self.presenter = EvaluatePresenter(context, self)
        self.form = FormPanel(self)
        self.preview = PreviewPanel(self)
        self.replies = RepliesPanel(self)
        self.runs = RunsPanel(self)
        self._is_filled = False
        self._entry_pause = QTimer(self)
        self._entry_pause.setSingleShot(True)
        self._entry_pause.setInterval(_ENTRY_PAUSE_MS)
        self._entry_pause.timeout.connect(self.presenter.look)
        self._lay_out()
        self._connect()

    def activate(self) -> None:
        if not self._is_filled:
            self._is_filled = True
            last = self.presenter.last_form()
            if last is not None:
                self.form.show_form(last)
            else:
                self.presenter.set_form(self.form.form())
        self.presenter.refresh()
        self._stack.setCurrentWidget(self._body if self.presenter.has_questions else self.empty)

    def apply_changes(self, changes: Changes) -> None:
        if not self.isVisible():
            return
        if self.presenter.concerns(changes):
            self.presenter.refresh()
        elif changes.concerns(Kind.RUN, Kind.ANSWER):
            self.presenter.refresh_runs()

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Evaluate"), self)
        theme.set_role(title, "title")
        purpose = QLabel(
            self.tr("Ask a language model the questions, without keys and patient data."), self
        )
        theme.set_role(purpose, "hint")
        head = QHBoxLayout()
        head.setSpacing(theme.space(4))
        head.addWidget(title)
        head.addWidget(purpose, 1, Qt.AlignmentFlag.AlignBottom)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(self.tr("Prompt and replies"))
        self.tabs.addTab(self.preview, self.tr("Prompt"))
        self.tabs.addTab(self.replies, self.tr("Replies"))
        right = QSplitter(Qt.Orientation.Vertical, self)
        right.addWidget(self.tabs)
        right.addWidget(self.runs)
        right.setStretchFactor(0, 3)
        right.setStretchFactor(1, 2)
        right.setChildrenCollapsible(False)
        self.form.setFixedWidth(theme.text_px(_FORM_PX))
        self._body = QWidget(self)
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(4))
        row.addWidget(self.form)
        row.addWidget(right, 1)
        self.empty = EmptyState(
            "mdi6.robot-outline",
            self.tr("No questions to ask yet"),
            self.tr(
                "Here a language model answers the questions of this workspace, beside the "
                "physicians. Write one first, or bring questions in on the Exchange page."
            ),
            parent=self,
        )
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._body)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(4), theme.space(4), theme.space(4), theme.space(2))
        column.setSpacing(theme.space(3))
        column.addLayout(head)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        presenter = self.presenter
        self.form.changed.connect(self._on_form_changed)
        self.form.test_requested.connect(presenter.test_endpoint)
        self.form.start_requested.connect(self._on_start_requested)
        self.form.forget_requested.connect(presenter.forget_key)
        self.preview.step_requested.connect(presenter.step_preview)
        self.replies.cancel_requested.connect(presenter.cancel)
        self.runs.chosen.connect(self._on_run_chosen)
        self.runs.resume_requested.connect(self._on_resume_requested)
        presenter.prepared.connect(self._on_prepared)
        presenter.previewed.connect(self._on_previewed)
        presenter.key_found.connect(self.form.show_key_origin)
        presenter.tested.connect(self.form.show_test)
        presenter.runs_changed.connect(self._on_runs_changed)
        presenter.watched.connect(self._on_watched)
        presenter.running_changed.connect(self._on_running_changed)
        presenter.stopped.connect(self.replies.show_stopped)
        presenter.replies_changed.connect(self._on_replies_changed)

    @Slot(object)
    def _on_form_changed(self, form: RunForm) -> None:
        self.presenter.set_form(form)
        self._entry_pause.start()

    @Slot(object, object)
    def _on_prepared(self, preparation: Preparation | None, error: ValidationError | None) -> None:
        self.form.show_preparation(preparation, error)
        self.form.show_running(is_running=self.presenter.is_running)

    @Slot(object, int, int)
    def _on_previewed(self, preview: PromptPreview | None, place: int, total: int) -> None:
        self.preview.show_preview(preview, place, total)

    @Slot(object)
    def _on_runs_changed(self, runs: list[RunSummary]) -> None:
        self.runs.show_runs(runs)
        self.filled.emit()

    @Slot(object)
    def _on_watched(self, moment: Watch) -> None:
        self.replies.show_watch(moment)
        self.runs.show_watch(moment)

    @Slot(bool)
    def _on_running_changed(self, is_running: bool) -> None:
        self.form.show_running(is_running=is_running)
        self.replies.show_running(is_running=is_running)
        self.runs.show_running(is_running=is_running)

    @Slot(object, object)
    def _on_replies_changed(self, summary: RunSummary, replies: list[LatestReply]) -> None:
        self.replies.show_run(summary, replies)

    @Slot()
    def _on_start_requested(self) -> None:
        form = self.presenter.form
        self._show_replies(form.llm, condition_name(form.condition))
        self.presenter.start()

    @Slot(object)
    def _on_resume_requested(self, summary: RunSummary) -> None:
        spec = summary.run.spec
        self._show_replies(spec.llm, condition_name(spec.condition))
        self.presenter.resume(summary)

    @Slot(object)
    def _on_run_chosen(self, summary: RunSummary) -> None:
        self.tabs.setCurrentWidget(self.replies)
        if not self.presenter.is_running:
            self.replies.show_stopped("")
        self.presenter.choose_run(summary)

    def _show_replies(self, llm: str, condition: str) -> None:
        self.replies.show_stopped("")
        self.replies.show_title(llm, condition)
        self.tabs.setCurrentWidget(self.replies)
