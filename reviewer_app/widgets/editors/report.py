"""Editor of a report."""

from PySide6.QtWidgets import QWidget

from core.domain.body import Asked, Report
from core.domain.key import KeyPart, ReportKey
from reviewer_app.widgets.editors.base import FormatEditor
from reviewer_app.widgets.form import Field, GrowingText


class ReportEditor(FormatEditor):
    """The reference report."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reference = GrowingText(self.tr("Reference report"), self, least=5, most=16)
        self._field = Field(
            self.tr("Reference report"),
            self.reference,
            self,
            hint=self.tr("Answers are compared with it word by word (ROUGE-L)."),
        )
        self.column.addWidget(self._field)
        self.reference.edited.connect(
            lambda text: self.edited.emit(Report(), ReportKey(text), "key")
        )

    def show_parts(self, asked: Asked, right: KeyPart) -> None:
        if isinstance(right, ReportKey):
            self.reference.show_text(right.reference)

    def show_problems(self, problems: dict[str, str]) -> None:
        self._field.show_problem(problems.get("key", ""))

    def focus_field(self, field: str) -> None:
        self.reference.setFocus()
