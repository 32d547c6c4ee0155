"""A report in full sentences."""

from PySide6.QtWidgets import QPlainTextEdit

from reviewer_app.widgets.answer_widgets.text import TextAnswer


class ReportAnswer(TextAnswer):
    """Several lines of text; Enter is a new line, Ctrl+Enter submits, Tab leaves the field."""

    def problem(self) -> str:
        """Say that nothing is written yet."""
        return "" if self.response() is not None else self.tr("Write the report first.")

    def key_hint(self) -> str:
        """Say how to submit."""
        return self.tr("Enter starts a new line; Ctrl+Enter submits.")

    def _make_field(self) -> QPlainTextEdit:
        field = QPlainTextEdit(self)
        field.setAccessibleName(self.tr("Your report"))
        field.setPlaceholderText(self.tr("Your report in full sentences"))
        field.setToolTip(self.tr("Enter starts a new line; Ctrl+Enter submits"))
        field.setTabChangesFocus(True)
        field.setMinimumHeight(160)
        return field
