"""What the Evaluate page knows: the form, what would be sent, the run under way, all runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from core import secrets
from core.changes import Changes, Kind
from core.domain.ids import RevisionId, RunId
from core.domain.run import Condition, RunSpec, RunStatus
from core.errors import CoreError, ValidationError
from core.services.evaluation_records import (
    Calling,
    Preparation,
    PromptPreview,
    RunRequest,
    RunSummary,
    Watch,
)

if TYPE_CHECKING:
    from core.changes import Outcome
    from core.tasks import CancelToken, ProgressCallback
    from reviewer_app.context import AppContext
    from reviewer_app.tasks import Job

PROMPT: Final = "default-1"
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class RunForm:
    """What is entered; `api_key` stays in this session unless it goes to the keyring."""

    base_url: str = ""
    llm: str = ""
    api_key: str = field(default="", repr=False)
    keeps_key: bool = False
    condition: Condition = Condition.BOTH
    temperature: float | None = 0.0
    max_tokens: int = 512
    concurrency: int = 8

    @property
    def is_complete(self) -> bool:
        """Whether an endpoint is named."""
        return bool(self.base_url.strip() and self.llm.strip())

    def request(self) -> RunRequest:
        """Return the run that is asked for."""
        return RunRequest(
            self.llm,
            self.base_url,
            self.condition,
            temperature=self.temperature,
            max_tokens=self.max_tokens,
            prompt=PROMPT,
        )

    def calling(self) -> Calling:
        """Return how to reach the endpoint."""
        return Calling(self.concurrency, self.api_key.strip() or None)


class _Look(NamedTuple):
    """What a look at the questions found for a request."""

    request: RunRequest
    preparation: Preparation | None
    error: ValidationError | None


class EvaluatePresenter(QObject):
    """State of the page.

    Signals: `prepared(Preparation | None, ValidationError | None)`; `previewed(PromptPreview |
    None, place, total)`; `key_found(KeyOrigin)`; `tested(str, bool)`, a sentence and whether the
    endpoint answered; `runs_changed(list)`; `watched(Watch)`; `running_changed(bool)`;
    `stopped(str)`, why a run ended early; `replies_changed(RunSummary, list)`.
    """

    prepared = Signal(object, object)
    previewed = Signal(object, int, int)
    key_found = Signal(object)
    tested = Signal(str, bool)
    runs_changed = Signal(object)
    watched = Signal(object)
    running_changed = Signal(bool)
    stopped = Signal(str)
    replies_changed = Signal(object, object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._evaluation = context.workspace.evaluation
        self._questions: tuple[RevisionId, ...] = ()
        self._place = 0
        self._looking: Job[_Look] | None = None
        self._running: Job[Outcome[RunSummary]] | None = None
        self._chosen_run: RunId | None = None
        self._asked: RunSpec | None = None
        self._is_listed = False
        self.form = RunForm()
        self.preparation: Preparation | None = None
        self.watched.connect(self._on_watched)
        self.has_questions = False
        self.is_unverified = False

    @property
    def is_running(self) -> bool:
        """Whether a run is under way here."""
        return self._running is not None

    def refresh(self) -> None:
        """Fetch questions, runs, the preview, and what would be sent."""
        found = self._context.operations.ask(
            self.tr("Looking for questions"), self._evaluation.questions
        )
        if found is None:
            return
        self._questions, self.is_unverified = found
        self.has_questions = bool(self._questions)
        self.refresh_runs()
        self.show_preview(self._place)
        self.look()

    def refresh_runs(self) -> None:
        """Fetch the runs."""
        self._later(lambda _token, _report: self._evaluation.runs(), self._take_runs)

    def concerns(self, changes: Changes) -> bool:
        """Tell whether the questions may have changed."""
        return changes.concerns(
            Kind.QUESTION, Kind.BLINDING, Kind.VERIFICATION, Kind.MEDIA, Kind.DRAFT
        )

    def set_form(self, form: RunForm) -> None:
        """Take what was entered; what would be sent is out of date until `look`."""
        is_other_prompt = form.condition is not self.form.condition
        is_other_address = form.base_url != self.form.base_url
        self.form = form
        self._take_preparation(None)
        if is_other_prompt:
            self.show_preview(self._place)
        if is_other_address:
            self.find_key()

    def last_form(self) -> RunForm | None:
        """Return the form of the newest run, to start from; None while there is none."""
        runs = self._context.operations.ask(self.tr("Reading runs"), self._evaluation.runs)
        if not runs:
            return None
        spec = runs[0].run.spec
        return RunForm(
            spec.base_url,
            spec.llm,
            condition=spec.condition,
            temperature=spec.temperature,
            max_tokens=spec.max_tokens,
        )

    def look(self) -> None:
        """Find out in the background what would be sent."""
        if self._looking is not None:
            self._looking.token.cancel()
            self._looking = None
        if not self.form.is_complete or not self.has_questions:
            self._take_preparation(None)
            return
        request = self.form.request()
        # Quiet: a field that is wrong is said beside the form, not in the message bar.
        self._looking = self._context.operations.ask_later(
            "",
            lambda token, report: self._try_prepare(request, token, report),
            on_done=self._take_look,
            on_error=lambda _: None,
        )

    def show_preview(self, place: int) -> None:
        """Show what would be read about the question at a place of the list."""
        if not self._questions:
            self.previewed.emit(None, 0, 0)
            return
        self._place = place % len(self._questions)
        revision, condition = self._questions[self._place], self.form.condition
        shown: PromptPreview | None = self._context.operations.ask(
            self.tr("Rendering the prompt"),
            lambda: self._evaluation.preview(revision, condition, PROMPT),
        )
        self.previewed.emit(shown, self._place, len(self._questions))

    def step_preview(self, steps: int) -> None:
        """Show the prompt of another question."""
        self.show_preview(self._place + steps)

    def find_key(self) -> None:
        """Find out where the key for this address would come from."""
        base_url = self.form.base_url.strip().rstrip("/")
        if base_url:
            self._later(lambda _token, _report: secrets.key_origin(base_url), self.key_found.emit)

    def forget_key(self) -> None:
        """Remove the key for this address from the keyring."""
        base_url = self.form.base_url.strip().rstrip("/")

        def forget(_token: CancelToken, _report: ProgressCallback) -> None:
            secrets.delete_key(base_url)

        self._context.operations.ask_later(
            self.tr("Removing the key"), forget, on_done=lambda _: self.find_key()
        )

    def test_endpoint(self) -> None:
        """Ask the endpoint for one word."""
        form = self.form

        def test(_token: CancelToken, _report: ProgressCallback) -> tuple[str, bool]:
            try:
                self._keep_key(form)
                check = self._evaluation.check_endpoint(form.base_url, form.llm, form.calling())
            except CoreError as error:
                return str(error), False
            return (
                self.tr("%1 answered in %2 s.")
                .replace("%1", check.llm)
                .replace("%2", f"{check.elapsed_s:.1f}"),
                True,
            )

        self._later(test, lambda result: self._take_test(*result))

    def start(self) -> None:
        """Start or resume the run that the form describes."""
        preparation, form = self.preparation, self.form
        if preparation is None or self.is_running:
            return

        def work(token: CancelToken, report: ProgressCallback) -> Outcome[RunSummary]:
            self._keep_key(form)
            return self._evaluation.start(
                preparation,
                form.calling(),
                cancel=token,
                progress=report,
                watch=self._watcher(token),
            )

        self._run(preparation.spec, work)

    def resume(self, summary: RunSummary) -> None:
        """Go on with a run of the list."""
        if self.is_running:
            return
        spec, calling = summary.run.spec, self.form.calling()
        if spec.base_url != self.form.base_url.strip().rstrip("/"):
            # The key entered belongs to another address.
            calling = Calling(self.form.concurrency)

        def work(token: CancelToken, report: ProgressCallback) -> Outcome[RunSummary]:
            return self._evaluation.resume(
                summary.run.id, calling, cancel=token, progress=report, watch=self._watcher(token)
            )

        self._run(spec, work)

    def cancel(self) -> None:
        """Stop the run; what is finished is kept."""
        if self._running is not None:
            self._running.token.cancel()

    def choose_run(self, summary: RunSummary) -> None:
        """Show the replies of a run, unless one is being watched."""
        self._chosen_run = summary.run.id
        if self.is_running:
            return

        def take(replies: object) -> None:
            if self._chosen_run == summary.run.id and not self.is_running:
                self.replies_changed.emit(summary, replies)

        self._later(lambda _token, _report: self._evaluation.replies(summary.run.id), take)

    def _run(
        self,
        spec: RunSpec,
        work: Callable[[CancelToken, ProgressCallback], Outcome[RunSummary]],
    ) -> None:
        self._asked, self._is_listed = spec, False
        doing = self.tr("Asking %1").replace("%1", spec.llm)
        self._running = self._context.operations.perform_later(
            doing, work, on_done=self._take_end, on_error=self._take_stop
        )
        self.running_changed.emit(True)

    def _watcher(self, token: CancelToken) -> Callable[[Watch], None]:
        def watch(moment: Watch) -> None:
            try:
                self.watched.emit(moment)
            except RuntimeError:
                # The window closed and took this object along; the run is being stopped.
                token.cancel()

        return watch

    def _keep_key(self, form: RunForm) -> None:
        if form.keeps_key and form.api_key.strip():
            secrets.store_key(form.base_url.strip().rstrip("/"), form.api_key)

    def _try_prepare(
        self, request: RunRequest, token: CancelToken, report: ProgressCallback
    ) -> _Look:
        try:
            prepared = self._evaluation.prepare(request, cancel=token, progress=report)
        except ValidationError as error:
            return _Look(request, None, error)
        return _Look(request, prepared, None)

    def _take_look(self, found: _Look) -> None:
        if found.request == self.form.request():
            self._looking = None
            self._take_preparation(found.preparation, found.error)

    def _take_preparation(
        self, preparation: Preparation | None, error: ValidationError | None = None
    ) -> None:
        self.preparation = preparation
        self.prepared.emit(preparation, error)

    def _take_runs(self, runs: list[RunSummary]) -> None:
        self.runs_changed.emit(runs)
        if self._asked is not None and not self.is_running:
            # The run that just ended is shown with all its replies.
            ended = [one for one in runs if one.run.spec == self._asked]
            self._asked = None
            for summary in ended:
                self.choose_run(summary)

    def _take_test(self, sentence: str, has_answered: bool) -> None:
        self.tested.emit(sentence, has_answered)
        self.find_key()

    @Slot(object)
    def _on_watched(self, _moment: Watch) -> None:
        # Only now the run is stored and stands in the list.
        if not self._is_listed:
            self._is_listed = True
            self.refresh_runs()

    @Slot(object)
    def _take_end(self, summary: RunSummary) -> None:
        self._running = None
        self.running_changed.emit(False)
        if summary.run.status is RunStatus.FINISHED:
            self._context.messages.done(
                self.tr("%1 was asked all questions.").replace("%1", summary.run.spec.llm)
            )
        self.refresh_runs()
        self.look()

    @Slot(object)
    def _take_stop(self, error: BaseException) -> None:
        self._running = None
        self.running_changed.emit(False)
        if isinstance(error, CoreError):
            self.stopped.emit(str(error))
        self.refresh_runs()
        self.look()

    def _later(
        self,
        work: Callable[[CancelToken, ProgressCallback], Value],
        on_done: Callable[[Value], None],
    ) -> None:
        self._context.operations.ask_later("", work, on_done=on_done)
