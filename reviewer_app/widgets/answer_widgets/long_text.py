"""An answer in several sentences."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from core.domain.body import Asked, Option
from reviewer_app.widgets.answer_widgets.report import ReportAnswer


class LongTextAnswer(ReportAnswer):
    """Several lines of text, entered as a report is."""

    def __init__(
        self, asked: Asked, options: Sequence[Option] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(asked, options, parent)
        self.field.setAccessibleName(self.tr("Your answer"))
        self.field.setPlaceholderText(self.tr("Your answer in full sentences"))

    def problem(self) -> str:
        """Say that nothing is written yet."""
        return "" if self.response() is not None else self.tr("Write the answer first.")
