"""Editor of a number with unit and tolerance."""

from decimal import Decimal, InvalidOperation

from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.domain.body import Asked, Numeric
from core.domain.key import KeyPart, NumericKey
from reviewer_app import theme
from reviewer_app.widgets.editors.base import FormatEditor
from reviewer_app.widgets.form import Field, LineText


def read_number(text: str) -> Decimal | None:
    """Return the finite number in a text, with a point or one comma, or None."""
    try:
        value = Decimal(text.strip().replace(",", ".", 1))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


class NumericEditor(FormatEditor):
    """Value, tolerance and unit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value = LineText(self.tr("Right value"), self)
        self.tolerance = LineText(self.tr("Tolerance"), self)
        self.unit = LineText(self.tr("Unit"), self)
        self.tolerance.setPlaceholderText("0")
        self.unit.setToolTip(self.tr("For example mm or HU; leave it empty for counts"))
        self.unit.setPlaceholderText(self.tr("mm, HU …"))
        self._fields = {
            "value": Field(self.tr("Right value"), self.value, self),
            "tolerance": Field(self.tr("Tolerance ±"), self.tolerance, self),
            "unit": Field(self.tr("Unit asked for"), self.unit, self),
        }
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        for field in self._fields.values():
            row.addWidget(field, 1)
        self.column.addLayout(row)
        for widget in (self.value, self.tolerance, self.unit):
            widget.edited.connect(self._on_edited)

    def show_parts(self, asked: Asked, right: KeyPart) -> None:
        if not isinstance(right, NumericKey) or not isinstance(asked, Numeric):
            return
        self.unit.show_text(asked.unit)
        if right.value != read_number(self.value.text()):
            self.value.show_text("" if right.value is None else str(right.value))
        if right.tolerance != (read_number(self.tolerance.text()) or Decimal(0)):
            self.tolerance.show_text(str(right.tolerance))

    def show_problems(self, problems: dict[str, str]) -> None:
        sentence = problems.get("key", "")
        is_value = read_number(self.value.text()) is None
        self._fields["value"].show_problem(sentence if is_value else "")
        self._fields["tolerance"].show_problem("" if is_value else sentence)
        self._show_unreadable()

    def focus_field(self, field: str) -> None:
        is_value = read_number(self.value.text()) is None
        (self.value if is_value else self.tolerance).setFocus()

    def _on_edited(self, _: str) -> None:
        key = NumericKey(
            read_number(self.value.text()), read_number(self.tolerance.text()) or Decimal(0)
        )
        self._show_unreadable()
        self.edited.emit(Numeric(self.unit.text().strip()), key, "key")

    def _show_unreadable(self) -> None:
        """A text that is no number is told at once: it would be lost without a word."""
        for name, widget in (("value", self.value), ("tolerance", self.tolerance)):
            text = widget.text().strip()
            if text and read_number(text) is None:
                sentence = self.tr("“%1” is not a number.").replace("%1", text)
                self._fields[name].show_problem(sentence)
            elif self._fields[name].problem().startswith("“"):
                self._fields[name].show_problem("")
