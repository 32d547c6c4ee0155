"""What the Evaluate page knows about a run to be: the form, the prompt, what would be sent."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from PySide6.QtCore import QObject, Signal

from core import secrets
from core.changes import Changes, Kind
from core.errors import CoreError
from core.services.evaluation.calls import require_key
from core.services.evaluation.records import Preparation, PromptPreview
from reviewer_app.pages.evaluate.background import while_alive
from reviewer_app.pages.evaluate.endpoints_presenter import models_of
from reviewer_app.pages.evaluate.run_form import RunForm

if TYPE_CHECKING:
    from core.changes import Outcome
    from core.domain.ids import RevisionId
    from core.services.evaluation.batch import BatchProgress
    from core.services.evaluation.preflight import Preflight
    from core.services.evaluation.profiles import EndpointProfile
    from core.services.prompts.examples import ExampleLine
    from core.tasks import CancelToken, ProgressCallback
    from reviewer_app.context import AppContext
    from reviewer_app.tasks import Job

Value = TypeVar("Value")


class Look(NamedTuple):
    """What a look at the questions found for a form."""

    form: RunForm
    preflight: Preflight | None = None
    error: CoreError | None = None
    """What is wrong with the form."""
    hindrance: CoreError | None = None
    """Why the endpoint must not or cannot be asked, though the form is right."""

    @property
    def preparation(self) -> Preparation | None:
        """What could be started; None while something stands in the way."""
        if self.preflight is None or self.hindrance is not None:
            return None
        return self.preflight.preparation


class SetupPresenter(QObject):
    """State of the form.

    Signals: `looked(Look | None)`, None while that is not known; `previewed(PromptPreview | None,
    place, total)`; `key_found(KeyOrigin)`; `tested(str, bool)`, a sentence and whether the
    endpoint answered; `offered(Offered)`, its models.
    """

    looked = Signal(object)
    previewed = Signal(object, int, int)
    key_found = Signal(object)
    tested = Signal(str, bool)
    offered = Signal(object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._evaluation = context.workspace.evaluation
        self._questions: tuple[RevisionId, ...] = ()
        self._place = 0
        self._looking: Job[Look] | None = None
        self.form = RunForm()
        self.found: Look | None = None
        self._is_warm = False
        self.has_questions = False
        self.is_unverified = False

    @property
    def preparation(self) -> Preparation | None:
        """What could be started now."""
        return None if self.found is None else self.found.preparation

    @property
    def is_looking(self) -> bool:
        """Whether a look at the questions is under way."""
        return self._looking is not None

    def refresh(self) -> None:
        """Fetch questions, the preview, and what would be sent."""
        found = self._context.operations.ask(
            self.tr("Looking for questions"), self._evaluation.questions
        )
        if found is None:
            return
        self._questions, self.is_unverified = found
        self.has_questions = bool(self._questions)
        self.show_preview(self._place)
        self.look()

    def concerns(self, changes: Changes) -> bool:
        """Tell whether the questions may have changed."""
        return changes.concerns(
            Kind.QUESTION, Kind.BLINDING, Kind.VERIFICATION, Kind.MEDIA, Kind.DRAFT
        )

    def set_form(self, form: RunForm) -> bool:
        """Take what was entered; return whether a new `look` is needed."""
        if self.found is not None and not self.is_looking and _is_same_look(form, self.form):
            self.form = form
            self._take_look(self.found._replace(form=form))
            return False
        is_other_prompt = _prompt_of(form) != _prompt_of(self.form)
        is_other_address = form.endpoint.base_url != self.form.endpoint.base_url
        is_other = form != self.form
        self.form = form
        if is_other:
            self._take_look(None)
        if is_other_prompt:
            self.show_preview(self._place)
        if is_other_address:
            self.find_key()
        return True

    def look(self) -> None:
        """Find out in the background what would be sent."""
        if self._looking is not None:
            self._looking.token.cancel()
            self._looking = None
        if not self.form.is_complete or not self.has_questions:
            self._take_look(None)
            return
        form = self.form
        # Quiet: a field that is wrong is said beside the form, not in the message bar.
        self._looking = self._context.operations.ask_later(
            "",
            lambda token, report: self._look(form, token, report),
            on_done=while_alive(self, self._take_found),
            on_error=lambda _: None,
        )

    def show_preview(self, place: int) -> None:
        """Show what would be read about the question at a place of the list."""
        if not self._questions:
            self.previewed.emit(None, 0, 0)
            return
        self._place = place % len(self._questions)
        revision, form = self._questions[self._place], self.form
        shown: PromptPreview | None = None
        # What is wrong with examples or language is said below the form.
        with suppress(CoreError):
            setup = form.request(self._context.workspace.examples).setup
            shown = self._evaluation.preview(revision, form.condition, form.prompt, setup=setup)
        self.previewed.emit(shown, self._place, len(self._questions))

    def step_preview(self, steps: int) -> None:
        """Show the prompt of another question."""
        self.show_preview(self._place + steps)

    def find_key(self) -> None:
        """Find out where the key for this address would come from."""
        base_url = self.form.address
        if base_url:
            self._later(lambda _token, _report: secrets.key_origin(base_url), self.key_found.emit)

    def forget_key(self) -> None:
        """Remove the key for this address from the keyring."""
        base_url = self.form.address

        def forget(_token: CancelToken, _report: ProgressCallback) -> None:
            secrets.delete_key(base_url)

        self._context.operations.ask_later(
            self.tr("Removing the key"),
            forget,
            on_done=while_alive(self, lambda _: self.find_key()),
        )

    def test_endpoint(self) -> None:
        """Ask the endpoint for one word."""
        form = self.form

        def test(_token: CancelToken, _report: ProgressCallback) -> tuple[str, bool]:
            try:
                form.endpoint.require_allowed()
                keep_key(form)
                request = form.endpoint.request()
                check = self._evaluation.check_request(request, form.calling())
            except CoreError as error:
                return str(error), False
            return (
                self.tr("%1 answered in %2 s.")
                .replace("%1", check.llm)
                .replace("%2", f"{check.elapsed_s:.1f}"),
                True,
            )

        self._later(test, lambda result: self._take_test(*result))

    def example_lines(self) -> list[ExampleLine]:
        """Return the questions that can serve as examples."""
        found = self._context.operations.ask(
            self.tr("Looking for examples"), self._context.workspace.examples.offered
        )
        return found or []

    def find_models(self, endpoint: EndpointProfile, key: str) -> None:
        """Ask the endpoint which models it has."""
        self._later(lambda _token, _report: models_of(endpoint, key), self.offered.emit)

    def hand_in(self) -> None:
        """Hand the run in as a batch, or collect what the endpoint has done of it."""
        preparation, form = self.preparation, self.form
        if preparation is None:
            return

        def work(_token: CancelToken, _report: ProgressCallback) -> Outcome[BatchProgress]:
            form.endpoint.require_allowed()
            keep_key(form)
            return self._evaluation.batch(preparation, form.calling())

        self._context.operations.perform_later(
            self.tr("Asking %1 for a batch").replace("%1", form.llm),
            work,
            on_done=while_alive(self, self._take_batch),
        )

    def _take_batch(self, found: BatchProgress) -> None:
        if found.is_waiting:
            words = self.tr("The endpoint has done %1 of %2 of the batch so far.")
            words = words.replace("%1", f"{found.done:,}").replace("%2", f"{found.total:,}")
            hint = self.tr("Collect it later with the same button.")
            if found.held_back:
                more = self.tr("Then hand in the %1 calls that the ceiling held back.")
                hint = f"{hint} {more.replace('%1', f'{found.held_back:,}')}"
            self._context.messages.note(words, hint)
        else:
            words = self.tr("%1 replies of the batch are stored.")
            self._context.messages.done(words.replace("%1", f"{found.stored:,}"))
        self.look()

    def _look(self, form: RunForm, token: CancelToken, report: ProgressCallback) -> Look:
        try:
            request = form.request(self._context.workspace.examples)
            found = self._evaluation.preflight(
                request, form.calling(), cancel=token, progress=report
            )
        except CoreError as error:
            return Look(form, error=error)
        try:
            form.endpoint.require_allowed()
            require_key(request.base_url, form.calling())
        except CoreError as error:
            return Look(form, found, hindrance=error)
        return Look(form, found)

    def _warm_up(self) -> None:
        """Get ready to call while the form is read."""
        if not self._is_warm:
            self._is_warm = True
            self._later(lambda *_: self._evaluation.warm_up(), lambda _: None)

    def _take_found(self, found: Look) -> None:
        if found.form == self.form:
            self._looking = None
            self._take_look(found)
            self._warm_up()

    def _take_look(self, found: Look | None) -> None:
        self.found = found
        self.looked.emit(found)

    def _take_test(self, sentence: str, has_answered: bool) -> None:
        self.tested.emit(sentence, has_answered)
        self.find_key()

    def _later(
        self,
        work: Callable[[CancelToken, ProgressCallback], Value],
        on_done: Callable[[Value], None],
    ) -> None:
        self._context.operations.ask_later("", work, on_done=while_alive(self, on_done))


def _prompt_of(form: RunForm) -> tuple[object, ...]:
    return form.condition, form.prompt, form.setup, form.examples


def _is_same_look(form: RunForm, other: RunForm) -> bool:
    """Tell whether two forms differ in nothing that a look depends on."""
    return replace(form, ceiling=None, keeps_key=False) == replace(
        other, ceiling=None, keeps_key=False
    )


def keep_key(form: RunForm) -> None:
    """Put the entered key into the keyring, where that is wanted."""
    if form.keeps_key and form.api_key.strip():
        secrets.store_key(form.address, form.api_key)
