"""What the editors of both choice formats share: options with marks."""

from PySide6.QtWidgets import QWidget

from core.domain.body import Asked, Chosen, Option, options_of
from core.domain.ids import OptionId
from core.domain.key import KeyPart
from reviewer_app.widgets.editors.base import FormatEditor
from reviewer_app.widgets.form import Field
from reviewer_app.widgets.option_editor import OptionEditor


class ChoiceEditor(FormatEditor):
    """Options, and which are right."""

    def __init__(self, caption: str, *, is_exclusive: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.options = OptionEditor(self, is_exclusive=is_exclusive)
        self._field = Field(caption, self.options, self)
        self.options.edited.connect(self._on_options_edited)
        self.column.addWidget(self._field)

    def parts(
        self, options: tuple[Option, ...], right: frozenset[OptionId]
    ) -> tuple[Asked, KeyPart]:
        """Return the two parts for options and the right ones among them."""
        raise NotImplementedError

    def show_parts(self, asked: Asked, right: KeyPart) -> None:
        response = right.response()
        chosen = response.options if isinstance(response, Chosen) else frozenset[OptionId]()
        self.options.show_options(options_of(asked), chosen)

    def show_problems(self, problems: dict[str, str]) -> None:
        self._field.show_problem(problems.get("options") or problems.get("key", ""))
        self.options.mark_gaps(wrong="options" in problems)

    def focus_field(self, field: str) -> None:
        if field == "key":
            self.options.focus_marks()
        else:
            self.options.focus_first_gap()

    def _on_options_edited(
        self, options: tuple[Option, ...], right: frozenset[OptionId], field: str
    ) -> None:
        self.edited.emit(*self.parts(options, right), field)
