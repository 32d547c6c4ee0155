"""Setting up a run: the form on the left, what would be sent on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QWidget

from reviewer_app import theme
from reviewer_app.pages.evaluate.form import FormPanel
from reviewer_app.pages.evaluate.preflight_panel import PreflightPanel
from reviewer_app.pages.evaluate.preview import PreviewPanel

_FORM_PX: Final = 384


class SetupView(QWidget):
    """Form, pre-flight and prompt."""

    def __init__(self, languages: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = FormPanel(languages, self)
        self.preflight = PreflightPanel(self)
        self.preview = PreviewPanel(self)
        self.form.setFixedWidth(theme.text_px(_FORM_PX))
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(self.tr("What would be sent"))
        self.tabs.addTab(self.preflight, self.tr("Before the first call"))
        self.tabs.addTab(self.preview, self.tr("Prompt"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(4))
        row.addWidget(self.form)
        row.addWidget(self.tabs, 1)
