"""Editor of a number with unit and tolerances."""

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
    """Value, unit, and how far an answer may be off: in the unit, or in percent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value = LineText(self.tr("Right value"), self)
        self.tolerance = LineText(self.tr("Tolerance"), self)
        self.percent = LineText(self.tr("Tolerance in percent of the value"), self)
        self.percent.setPlaceholderText("0")
        self.percent.setToolTip(self.tr("Of both tolerances the wider one counts"))
        self.unit = LineText(self.tr("Unit"), self)
        self.tolerance.setPlaceholderText("0")
        self.unit.setToolTip(self.tr("For example mm or HU; leave it empty for counts"))
        self.unit.setPlaceholderText(self.tr("mm, HU …"))
        self._fields = {
            "value": Field(self.tr("Right value"), self.value, self),
            "tolerance": Field(self.tr("Tolerance ±"), self.tolerance, self),
            "percent": Field(self.tr("or ± %"), self.percent, self),
            "unit": Field(self.tr("Unit asked for"), self.unit, self),
        }
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        for field in self._fields.values():
            row.addWidget(field, 1)
        self.column.addLayout(row)
        for widget in (self.value, self.tolerance, self.percent, self.unit):
            widget.edited.connect(self._on_edited)

    def show_parts(self, asked: Asked, right: KeyPart) -> None:
        if not isinstance(right, NumericKey) or not isinstance(asked, Numeric):
            return
        self.unit.show_text(asked.unit)
        if right.value != read_number(self.value.text()):
            self.value.show_text("" if right.value is None else str(right.value))
        for line, known in (
            (self.tolerance, right.tolerance),
            (self.percent, right.tolerance_percent),
        ):
            if known != (read_number(line.text()) or Decimal(0)):
                line.show_text(str(known))

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
        limits = (read_number(one.text()) or Decimal(0) for one in (self.tolerance, self.percent))
        key = NumericKey(read_number(self.value.text()), *limits)
        self._show_unreadable()
        self.edited.emit(Numeric(self.unit.text().strip()), key, "key")

    def _show_unreadable(self) -> None:
        """A text that is no number is told at once: it would be lost without a word."""
        for name, widget in (
            ("value", self.value),
            ("tolerance", self.tolerance),
            ("percent", self.percent),
        ):
            text = widget.text().strip()
            if text and read_number(text) is None:
                sentence = self.tr("“%1” is not a number.").replace("%1", text)
                self._fields[name].show_problem(sentence)
            elif self._fields[name].problem().startswith("“"):
                self._fields[name].show_problem("")
