"""Editor of a short text."""

from PySide6.QtWidgets import QWidget

from core.domain.body import Asked, ShortText
from core.domain.key import KeyPart, ShortTextKey
from reviewer_app.widgets.editors.base import FormatEditor
from reviewer_app.widgets.form import Field, GrowingText, LineText


class ShortTextEditor(FormatEditor):
    """The right wording, and others that are as right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reference = LineText(self.tr("Right answer"), self)
        self.variants = GrowingText(self.tr("Other accepted wordings"), self, least=2, most=8)
        self._reference_field = Field(self.tr("Right answer"), self.reference, self)
        self.column.addWidget(self._reference_field)
        self.column.addWidget(
            Field(
                self.tr("Other accepted wordings"),
                self.variants,
                self,
                hint=self.tr("One on each line: synonyms, abbreviations, other languages."),
            )
        )
        self.reference.edited.connect(self._on_edited)
        self.variants.edited.connect(self._on_edited)

    def show_parts(self, asked: Asked, right: KeyPart) -> None:
        if not isinstance(right, ShortTextKey):
            return
        self.reference.show_text(right.reference)
        if right.variants != self._variants():
            self.variants.show_text("\n".join(right.variants))

    def show_problems(self, problems: dict[str, str]) -> None:
        self._reference_field.show_problem(problems.get("key", ""))

    def focus_field(self, field: str) -> None:
        self.reference.setFocus()

    def _variants(self) -> tuple[str, ...]:
        lines = (line.strip() for line in self.variants.text().splitlines())
        return tuple(line for line in lines if line)

    def _on_edited(self, _: str) -> None:
        key = ShortTextKey(self.reference.text(), self._variants())
        self.edited.emit(ShortText(), key, "key")
