"""What the Evaluate page knows about prompts: the templates, the one being written, its preview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.domain.body import AnswerFormat
from core.domain.stage import Stage
from core.errors import BlindingError, CoreError, ValidationError
from reviewer_app.pages.evaluate.background import while_alive

if TYPE_CHECKING:
    from core.changes import Outcome
    from core.domain.plain import Plain
    from core.domain.question import QuestionSummary
    from core.llm.prompts import Prompt, Template
    from core.tasks import CancelToken, ProgressCallback
    from reviewer_app.context import AppContext


@dataclass(frozen=True, slots=True)
class Rendered:
    """What an endpoint would read about one question, or why it must not or cannot.

    `field` is the part of the template that is wrong; `is_leak`: it tells what only a key says.
    """

    place: int
    total: int
    number: int = 0
    format: AnswerFormat | None = None
    prompt: Prompt | None = None
    problem: str = ""
    field: str = ""
    is_leak: bool = False


class PromptsPresenter(QObject):
    """State of the prompt editor.

    Signals: `templates_changed()`; `rendered(Rendered)`; `saved(str)`, the name it got;
    `refused(CoreError)`, why it was not saved.
    """

    templates_changed = Signal()
    rendered = Signal(object)
    saved = Signal(str)
    refused = Signal(object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._prompts = context.workspace.prompts
        self._asked = 0
        self.templates: tuple[Template, ...] = ()
        self.place = 0

    def refresh(self) -> None:
        """Fetch the templates."""

        def take(templates: tuple[Template, ...]) -> None:
            self.templates = templates
            self.templates_changed.emit()

        self._context.operations.ask_later(
            "", lambda _token, _report: self._prompts.templates(), on_done=while_alive(self, take)
        )

    def template(self, name: str) -> Template | None:
        """Return a template by its name."""
        return next((one for one in self.templates if one.name == name), None)

    def render(self, data: Plain, wanted: AnswerFormat | None = None) -> None:
        """Show what `data` makes of the question in front; only the last wish is answered.

        With a format, the next question of that format comes to the front.
        """
        self._asked += 1
        number, place = self._asked, self.place

        def work(_token: CancelToken, _report: ProgressCallback) -> Rendered:
            return self._rendered(data, place, wanted)

        def take(rendered: Rendered) -> None:
            if number == self._asked:
                self.place = rendered.place
                self.rendered.emit(rendered)

        self._context.operations.ask_later("", work, on_done=while_alive(self, take))

    def step(self, steps: int) -> None:
        """Put another question in front; it is shown with the next `render`."""
        self.place += steps

    def save(self, data: Plain) -> None:
        """Store the template as a new version of its name."""

        def work(_token: CancelToken, _report: ProgressCallback) -> Outcome[Template] | CoreError:
            try:
                return self._prompts.save(data)
            except (BlindingError, ValidationError) as error:
                return error  # said beside the field, not in the message bar

        self._context.operations.ask_later("", work, on_done=while_alive(self, self._take_save))

    def _take_save(self, result: Outcome[Template] | CoreError) -> None:
        if isinstance(result, CoreError):
            self.refused.emit(result)
            return
        stored = self._context.operations.perform(self.tr("Keeping the prompt"), lambda: result)
        if stored is not None:
            self.saved.emit(stored.name)
            self.refresh()

    def _rendered(self, data: Plain, place: int, wanted: AnswerFormat | None) -> Rendered:
        lines = self._questions()
        if not lines:
            return Rendered(0, 0)
        place = _next_of(lines, place % len(lines), wanted)
        line = lines[place]
        try:
            template = self._prompts.draft(data)
            revision = self._context.workspace.authoring.current(line.id).id
            prompt = self._prompts.preview(revision, template)
        except CoreError as error:
            field = error.field if isinstance(error, ValidationError) else ""
            is_leak = isinstance(error, BlindingError)
            return Rendered(
                place,
                len(lines),
                line.number,
                line.format,
                problem=str(error),
                field=field,
                is_leak=is_leak,
            )
        return Rendered(place, len(lines), line.number, line.format, prompt)

    def _questions(self) -> list[QuestionSummary]:
        authoring = self._context.workspace.authoring
        verified = authoring.library(stage=Stage.VERIFIED)
        return verified or [one for one in authoring.library() if one.revision_number]


def _next_of(lines: list[QuestionSummary], place: int, wanted: AnswerFormat | None) -> int:
    """Return the first place from here on with the wanted format, else this one."""
    order = (*range(place, len(lines)), *range(place))
    return next((one for one in order if wanted in (None, lines[one].format)), place)
