"""Editor of a long text."""

from PySide6.QtWidgets import QWidget

from core.domain.body import Asked, LongText
from core.domain.key import KeyPart, LongTextKey
from reviewer_app.widgets.editors.base import FormatEditor
from reviewer_app.widgets.form import Field, GrowingText


class LongTextEditor(FormatEditor):
    """The reference answer; the points to grade by are the rubric of the form."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reference = GrowingText(self.tr("Reference answer"), self, least=4, most=14)
        self._field = Field(
            self.tr("Reference answer"),
            self.reference,
            self,
            hint=self.tr("Answers are graded by the points below; ROUGE-L stands beside it."),
        )
        self.column.addWidget(self._field)
        self.reference.edited.connect(
            lambda text: self.edited.emit(LongText(), LongTextKey(text), "key")
        )

    def show_parts(self, asked: Asked, right: KeyPart) -> None:
        if isinstance(right, LongTextKey):
            self.reference.show_text(right.reference)

    def show_problems(self, problems: dict[str, str]) -> None:
        self._field.show_problem(problems.get("key", ""))

    def focus_field(self, field: str) -> None:
        self.reference.setFocus()
