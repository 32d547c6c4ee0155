"""The Evaluate page: set up runs, watch them, read what came back, compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.changes import Changes, Kind
from core.domain.ids import AnswerId, RevisionId, RunId
from core.domain.run import RunStatus
from core.domain.taxonomy import LANGUAGE
from core.services.evaluation.records import PromptPreview, RunSummary
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.pages.base import Page
from reviewer_app.pages.evaluate.compare_view import CompareView
from reviewer_app.pages.evaluate.endpoints_presenter import EndpointsPresenter
from reviewer_app.pages.evaluate.endpoints_view import EndpointsView
from reviewer_app.pages.evaluate.prompts_presenter import PromptsPresenter
from reviewer_app.pages.evaluate.prompts_view import PromptsView
from reviewer_app.pages.evaluate.queue_presenter import QueuePresenter
from reviewer_app.pages.evaluate.replies_presenter import RepliesPresenter, RunList
from reviewer_app.pages.evaluate.replies_view import RepliesView, Wanted
from reviewer_app.pages.evaluate.run_form import (
    RunForm,
    form_of,
)
from reviewer_app.pages.evaluate.runs_view import RunsView
from reviewer_app.pages.evaluate.setup_presenter import SetupPresenter
from reviewer_app.pages.evaluate.setup_view import SetupView
from reviewer_app.pages.evaluate.unsent import take_form, take_rest, unsent_form, unsent_rest
from reviewer_app.pages.evaluate.view_chips import View, ViewChips
from reviewer_app.pages.evaluate.watch_desk import WatchDesk
from reviewer_app.pages.evaluate.wiring import (
    connect_endpoints,
    connect_prompts,
    connect_queue,
    connect_replies,
    connect_setup,
)
from reviewer_app.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from core.domain.answer import AnswerState
    from core.domain.body import Response
    from core.domain.plain import Plain
    from reviewer_app.pages.evaluate.setup_presenter import Look

_ENTRY_PAUSE_MS: Final = 300


class EvaluatePage(Page):
    """Ask language models the questions of this workspace."""

    name = "evaluate"
    title = "Evaluate"
    icon = "mdi6.robot-outline"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme.set_role(self, "page")
        self.setup = SetupPresenter(context, self)
        self.queue = QueuePresenter(context, self)
        self.came_back = RepliesPresenter(context, self)
        opener = context.workspace.images.open
        self.endpoints = EndpointsPresenter(context, self)
        self.prompts = PromptsPresenter(context, self)
        # From the outside inwards: whatever gets another parent is styled anew with all it holds.
        self._stack = QStackedWidget(self)
        self._body = QWidget(self._stack)
        self._views = QStackedWidget(self._body)
        self.setup_view = SetupView(_languages(context), self._views)
        self.form, self.preview = self.setup_view.form, self.setup_view.preview
        self.preflight = self.setup_view.preflight
        self.endpoints_view = EndpointsView(self._views)
        self.prompts_view = PromptsView(self._views)
        self._desk = WatchDesk(self.queue, self.came_back, self._views)
        self.watch_view, self.queue_panel = self._desk.view, self._desk.panel
        self.runs = RunsView(self._views)
        self.replies = RepliesView(opener, self._views)
        self.comparison = CompareView(opener, self._views)
        self._is_filled = False
        self._given = self.form.form().without_key()
        self._entry_pause = QTimer(self)
        self._entry_pause.setSingleShot(True)
        self._entry_pause.setInterval(_ENTRY_PAUSE_MS)
        self._entry_pause.timeout.connect(self._look)
        self._lay_out()
        self._connect()
        self.show_view(View.SETUP)

    @property
    def view_chips(self) -> list[QPushButton]:
        """The chips that change the view, in their order."""
        return self._chips.chips

    @property
    def view(self) -> View:
        """What is shown."""
        return list(View)[self._views.currentIndex()]

    def activate(self) -> None:
        self.endpoints.refresh()
        self.setup.set_form(self.form.form())
        self.setup.refresh()
        self._on_looked(self.setup.found)
        self.came_back.refresh()
        self.prompts.refresh()
        self._stack.setCurrentWidget(self._body if self._has_content() else self.empty)

    def _with_profile(self, form: RunForm) -> RunForm:
        """Return the form with the named endpoint of its address and model, if there is one."""
        wanted = (form.address, form.llm)
        named = (one for one in self.endpoints.profiles if (one.base_url, one.llm) == wanted)
        return replace(form, endpoint=next(named, form.endpoint))

    def apply_changes(self, changes: Changes) -> None:
        if self.setup.concerns(changes):
            self.queue.forget_preparations()
            if self.isVisible():
                self.setup.refresh()
        if self.isVisible() and changes.concerns(Kind.RUN, Kind.ANSWER, Kind.SCORE):
            self.came_back.refresh()

    def show_view(self, view: View) -> None:
        """Bring a part of the page to the front."""
        self._views.setCurrentIndex(view.place)
        self._chips.mark(view)
        if view is View.REPLIES and self.replies.run is not None:
            self.came_back.show_run(self.replies.run)
        elif view is View.COMPARE:
            self.came_back.compare(self.comparison.runs)
        elif view is View.PROMPTS:
            self.prompts.refresh()

    def position(self) -> Plain:
        return {"view": self.view.value}

    def go_to(self, position: Plain) -> None:
        """Show a view; with `run` and `revision` the reply of a run to a question."""
        wanted = position.get("view")
        if wanted in list(View):
            self.show_view(View(wanted))
        if "run" in position:
            revision = position.get("revision")
            wanted_revision = RevisionId(revision) if revision else None
            self.open_replies(Wanted(RunId(position["run"]), wanted_revision))

    def open_replies(self, wanted: Wanted) -> None:
        """Show replies of a run."""
        self.replies.choose(wanted)
        self.show_view(View.REPLIES)
        self.replies.table.setFocus()

    def unsent(self) -> dict[tuple[str, str], Plain]:
        rest = unsent_rest(self.queue, self.prompts_view, self.endpoints_view)
        return unsent_form(self.form.form(), self._given) | rest

    def take_unsent(self, unsent: Mapping[tuple[str, str], Plain]) -> None:
        take_form(unsent, self.form)
        take_rest(unsent, self.queue, self.prompts_view, self.endpoints_view)
        if self.queue.items:
            self.show_view(View.WATCH)

    def waiting_count(self) -> int:
        return len(self.queue.items) if self.queue.can_go_on else 0

    def _has_content(self) -> bool:
        return self.setup.has_questions or bool(self.came_back.runs.runs)

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Evaluate"), self)
        theme.set_role(title, "title")
        self._chips = ViewChips(self)
        self._chips.view_chosen.connect(self.show_view)
        head = QHBoxLayout()
        head.setSpacing(theme.space(1))
        head.addWidget(title)
        head.addSpacing(theme.space(4))
        head.addWidget(self._chips, 1)
        for view in (
            self.setup_view,
            self._desk,
            self.runs,
            self.replies,
            self.comparison,
            self.endpoints_view,
            self.prompts_view,
        ):
            self._views.addWidget(view)
        self.empty = EmptyState(
            "mdi6.robot-outline",
            self.tr("No questions to ask yet"),
            self.tr(
                "Here a language model answers the questions of this workspace, beside the "
                "physicians. Write one first, or bring questions in on the Exchange page."
            ),
            parent=self,
        )
        inner = QVBoxLayout(self._body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.space(3))
        inner.addLayout(head)
        inner.addWidget(self._views, 1)
        self._stack.addWidget(self._body)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(4), theme.space(4), theme.space(4), theme.space(2))
        column.addWidget(self._stack)

    def _connect(self) -> None:
        setup, queue, came_back = self.setup, self.queue, self.came_back
        connect_setup(self.form, setup)
        connect_queue(self.queue_panel, queue)
        connect_replies(self.replies, self.comparison, came_back)
        connect_endpoints(self.endpoints_view, self.endpoints)
        connect_prompts(self.prompts_view, self.prompts)
        self.form.changed.connect(self._on_form_changed)
        self.form.start_requested.connect(self._on_start_requested)
        self.form.endpoints_requested.connect(lambda: self.show_view(View.ENDPOINTS))
        self.form.prompts_requested.connect(lambda: self.show_view(View.PROMPTS))
        self.preflight.ceiling_changed.connect(self._on_ceiling_changed)
        self.preview.step_requested.connect(setup.step_preview)
        setup.looked.connect(self._on_looked)
        setup.previewed.connect(self._on_previewed)
        self.endpoints_view.use_requested.connect(self._on_endpoint_wanted)
        self.endpoints.profiles_changed.connect(self._on_profiles_changed)
        self.prompts_view.use_requested.connect(self._on_prompt_wanted)
        self.prompts.templates_changed.connect(self._on_templates_changed)
        self._desk.replies_wanted.connect(self.open_replies)
        queue.queue_changed.connect(self._on_queue_changed)
        queue.watched.connect(self.runs.show_watch)
        queue.running_changed.connect(self._on_running_changed)
        queue.stopped.connect(self._look_again)
        queue.ended.connect(self._on_ended)
        self.runs.resume_requested.connect(self._on_resume_requested)
        self.runs.replies_requested.connect(self._on_replies_requested)
        self.runs.comparison_requested.connect(self._on_comparison_requested)
        self.runs.reading_requested.connect(lambda run: came_back.read_again(RunId(run)))
        self.replies.pane.correction_requested.connect(self._on_correction_requested)
        self.replies.pane.library_requested.connect(self._on_library_requested)
        self.comparison.reply_requested.connect(self._on_compared_reply_requested)
        came_back.runs_changed.connect(self._on_runs_changed)

    def _look(self) -> None:
        self.setup.look()
        self._on_looked(self.setup.found)

    @Slot(object)
    def _on_form_changed(self, form: RunForm) -> None:
        if self.setup.set_form(form):
            self._entry_pause.start()

    @Slot()
    def _on_ceiling_changed(self) -> None:
        self.form.set_ceiling(self.preflight.ceiling_value())

    @Slot(object)
    def _on_looked(self, found: Look | None) -> None:
        is_looking = self.setup.is_looking or self._entry_pause.isActive()
        self.form.show_look(found, is_looking=is_looking)
        self.form.show_running(is_running=self.queue.is_running)
        preflight = None if found is None else found.preflight
        # While it is looked at anew, the figures of a moment ago stay.
        if preflight is not None or not is_looking:
            self.preflight.show_preflight(preflight, is_looking=is_looking)

    @Slot()
    def _on_profiles_changed(self) -> None:
        self.form.show_profiles(self.endpoints.profiles)
        self.endpoints_view.show_profiles(self.endpoints.profiles)

    @Slot(str)
    def _on_endpoint_wanted(self, name: str) -> None:
        profile = self.endpoints.profile(name)
        if profile is not None:
            self.form.choose_endpoint(profile)
            self.show_view(View.SETUP)

    @Slot()
    def _on_templates_changed(self) -> None:
        templates = self.prompts.templates
        self.form.show_prompts([(one.name, one.about) for one in templates])
        self.prompts_view.show_templates(templates)

    @Slot(str)
    def _on_prompt_wanted(self, name: str) -> None:
        self.form.choose_prompt(name)
        self.show_view(View.SETUP)

    @Slot(object, int, int)
    def _on_previewed(self, preview: PromptPreview | None, place: int, total: int) -> None:
        self.preview.show_preview(preview, place, total)

    def _fill_from(self, runs: RunList) -> None:
        """Start from the newest run, once, unless something was entered."""
        if self._is_filled:
            return
        self._is_filled = True
        ours = (one.run.spec for one in runs.runs if not one.run.spec.is_imported)
        last = next(ours, None)
        if last is not None and not self.form.form().is_complete:
            self.form.show_form(self._with_profile(form_of(last)))
            self._given = self.form.form().without_key()
            self._look()

    @Slot(object)
    def _on_runs_changed(self, runs: RunList) -> None:
        self._fill_from(runs)
        self.runs.show_runs(runs)
        self.replies.show_runs(runs)
        self.comparison.show_runs(runs)
        self._desk.show_runs(runs)
        if self.view in (View.REPLIES, View.COMPARE):
            self.show_view(self.view)
        self.filled.emit()

    @Slot(bool)
    def _on_running_changed(self, is_running: bool) -> None:
        self.form.show_running(is_running=is_running)

    @Slot()
    def _on_queue_changed(self) -> None:
        self.waiting_changed.emit(self.waiting_count())

    @Slot(object)
    def _on_ended(self, summary: RunSummary) -> None:
        if summary.run.status is RunStatus.FINISHED:
            self.context.messages.done(
                self.tr("%1 was asked all questions.").replace("%1", summary.run.spec.llm)
            )
        self._look_again()

    def _look_again(self) -> None:
        self.came_back.refresh()
        self.setup.look()

    @Slot()
    def _on_start_requested(self) -> None:
        if self.setup.preparation is None:
            return
        if self.queue.holds(self.setup.form):
            self.context.messages.note(self.tr("This run is in the queue already."))
            return
        is_waiting = self.queue.is_running
        self.queue.add(self.setup.form, self.setup.preparation)
        if is_waiting:
            self.context.messages.done(
                self.tr("Added to the queue; runs go one after another."),
            )
        else:
            self.show_view(View.WATCH)
        self.setup.look()

    @Slot(object)
    def _on_resume_requested(self, summary: RunSummary) -> None:
        self.queue.resume(summary, self.form.form())
        self.show_view(View.WATCH)

    @Slot(object)
    def _on_comparison_requested(self, runs: tuple[RunId, ...]) -> None:
        self.comparison.choose(runs)
        self.show_view(View.COMPARE)
        self.comparison.table.setFocus()

    @Slot(str, str)
    def _on_replies_requested(self, run: str, state: str) -> None:
        self.open_replies(Wanted(RunId(run), state=state))

    @Slot(str, str)
    def _on_compared_reply_requested(self, run: str, revision: str) -> None:
        self.open_replies(Wanted(RunId(run), RevisionId(revision)))

    def _on_correction_requested(
        self, answer: str, response: Response | None, state: AnswerState, reason: str
    ) -> None:
        if self.came_back.correct(AnswerId(answer), response, state, reason):
            self.replies.pane.correction.close_box()
            self.replies.table.setFocus()
            self.came_back.refresh()

    @Slot(str)
    def _on_library_requested(self, question: str) -> None:
        self.context.open_question("library", question)


def _languages(context: AppContext) -> tuple[str, ...]:
    axes = (axis.leaves() for axis in context.workspace.axes if axis.name == LANGUAGE)
    return next(axes, ())
