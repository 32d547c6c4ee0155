"""A number in a stated unit."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from core.domain.body import Asked, Measured, Numeric, Option, Response
from core.domain.plain import Plain
from reviewer_app.widgets.answer_widgets.base import AnswerWidget

_NUMBER: Final = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
_AMBIGUOUS: Final = re.compile(r"[+-]?(?!0)\d{1,3},\d{3}")
"""“1,250” is one and a quarter in half of the world and a thousand in the other half."""


def read_number(text: str) -> Decimal | None:
    """Return the number a person typed, or None when it is none or could be two."""
    typed = text.strip().replace("−", "-")
    if not _NUMBER.fullmatch(typed) or _AMBIGUOUS.fullmatch(typed):
        return None
    return Decimal(typed.replace(",", "."))


class NumericAnswer(AnswerWidget):
    """One line for a number, its unit behind it."""

    def __init__(
        self, asked: Asked, options: Sequence[Option] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(asked, options, parent)
        unit = asked.unit if isinstance(asked, Numeric) else ""
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.field = QLineEdit(self)
        named = self.tr("Your answer, a number in %1").replace("%1", unit)
        self.field.setAccessibleName(named if unit else self.tr("Your answer, a number"))
        self.field.setToolTip(self.tr("Write a number; Enter submits"))
        self.field.setMinimumHeight(36)
        self.field.setMaximumWidth(200)
        self.field.setMaxLength(40)
        self.field.textChanged.connect(lambda _: self.changed.emit())
        layout.addWidget(self.field)
        layout.addWidget(QLabel(unit, self))
        layout.addStretch(1)
        self.setFocusProxy(self.field)

    def response(self) -> Response | None:
        """Return the number in the unit asked for."""
        value = read_number(self.field.text())
        return None if value is None else Measured(value)

    def show_response(self, response: Response | None) -> None:
        """Show an earlier number."""
        self.field.setText(str(response.value) if isinstance(response, Measured) else "")

    def unsent(self) -> Plain | None:
        """Return what stands in the line, be it a number or not yet."""
        return {"text": self.field.text()} if self.field.text() else None

    def show_unsent(self, entered: Plain) -> None:
        """Show what stood in the line."""
        self.field.setText(str(entered.get("text", "")))

    def problem(self) -> str:
        """Say why what stands there is no number."""
        typed = self.field.text().strip()
        if read_number(typed) is not None:
            return ""
        if _AMBIGUOUS.fullmatch(typed):
            sentence = self.tr("“%1” can be read in two ways: write %2 or %3.")
            fraction, thousands = typed.replace(",", "."), typed.replace(",", "")
            parts = {"%1": typed, "%2": fraction, "%3": thousands}
            for mark, part in parts.items():
                sentence = sentence.replace(mark, part)
            return sentence
        return self.tr("Write a number, for example 12.5.")

    def key_hint(self) -> str:
        """Say how to submit."""
        return self.tr("Write a number, then Enter.")

    def set_locked(self, *, is_locked: bool) -> None:
        """Keep the number selectable."""
        self.field.setReadOnly(is_locked)
