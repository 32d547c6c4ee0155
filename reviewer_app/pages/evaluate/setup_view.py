"""Setting up a run: the form on the left, what would be sent on the right."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from reviewer_app import theme
from reviewer_app.pages.evaluate.form import FormPanel
from reviewer_app.pages.evaluate.preview import PreviewPanel

_FORM_PX: Final = 372


class SetupView(QWidget):
    """Form and prompt."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = FormPanel(self)
        self.preview = PreviewPanel(self)
        self.form.setFixedWidth(theme.text_px(_FORM_PX))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(4))
        row.addWidget(self.form)
        row.addWidget(self.preview, 1)
