"""A few words."""

from PySide6.QtWidgets import QLineEdit

from reviewer_app.widgets.answer_widgets.text import TextAnswer


class ShortTextAnswer(TextAnswer):
    """One line of text."""

    def problem(self) -> str:
        """Say that nothing is written yet."""
        return "" if self.response() is not None else self.tr("Write an answer first.")

    def key_hint(self) -> str:
        """Say how to submit."""
        return self.tr("Write a few words, then Enter.")

    def _make_field(self) -> QLineEdit:
        field = QLineEdit(self)
        field.setAccessibleName(self.tr("Your answer"))
        field.setPlaceholderText(self.tr("Your answer in a few words"))
        field.setToolTip(self.tr("Write a few words; Enter submits"))
        field.setMinimumHeight(36)
        field.setMaxLength(400)
        return field
