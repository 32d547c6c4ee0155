"""What the check of the workspace found, in plain words, and the way to a repair."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.tasks import Progress
from reviewer_app import theme
from reviewer_app.pages.backups.check_presenter import CheckPresenter
from reviewer_app.widgets.buttons import make_button

_LIST_PX = 180


class CheckPanel(QFrame):
    """Shown from the first check on, until it is put away."""

    def __init__(self, presenter: CheckPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        theme.set_role(self, "card")
        self.setAccessibleName(self.tr("The check of this workspace"))
        self.summary = QLabel(self)
        self.summary.setWordWrap(True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.findings = QListWidget(self)
        self.findings.setAccessibleName(self.tr("What is wrong"))
        self.findings.setWordWrap(True)
        self.findings.setMaximumHeight(_LIST_PX)
        self.findings.setSizeAdjustPolicy(QAbstractScrollArea.SizeAdjustPolicy.AdjustToContents)
        self.repair_button = make_button(
            self.tr("Repair…"),
            self,
            icon="mdi6.wrench-outline",
            kind="primary",
            tip=self.tr("Closes the workspace and says first what a repair does"),
        )
        self.repair_button.clicked.connect(presenter.repair)
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.cancel_button.clicked.connect(presenter.cancel)
        self.close_button = QPushButton(self.tr("Close"), self)
        self.close_button.clicked.connect(presenter.dismiss)
        for button in (self.cancel_button, self.close_button):
            theme.set_kind(button, "quiet")
        buttons = QHBoxLayout()
        buttons.addWidget(self.summary, 1)
        for button in (self.cancel_button, self.close_button, self.repair_button):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(3), theme.space(2), theme.space(3), theme.space(2))
        column.setSpacing(theme.space(2))
        column.addLayout(buttons)
        column.addWidget(self.progress)
        column.addWidget(self.findings)
        presenter.changed.connect(self._show_state)
        presenter.progressed.connect(self._show_progress)
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        presenter, report = self._presenter, self._presenter.report
        self.setVisible(presenter.is_running or report is not None)
        for widget in (self.progress, self.cancel_button):
            widget.setVisible(presenter.is_running)
        self.close_button.setVisible(not presenter.is_running)
        self.repair_button.setVisible(presenter.can_repair)
        sentences = presenter.sentences()
        self.findings.clear()
        self.findings.addItems(sentences)
        self.findings.setVisible(bool(sentences))
        if presenter.is_running:
            self.progress.setRange(0, 0)
            self.summary.setText(self.tr("Checking every record, image and backup …"))
        elif report is not None and report.is_clean:
            looked = ", ".join(f"{count:,} {what}" for what, count in report.counts.items())
            text = self.tr("Everything is whole: %1.")
            self.summary.setText(text.replace("%1", looked))
        elif report is not None:
            self.summary.setText(self._trouble(len(sentences)))

    @Slot(object)
    def _show_progress(self, step: Progress) -> None:
        self.progress.setRange(0, step.total)
        self.progress.setValue(step.done)
        self.summary.setText(self.tr("Checking: %1").replace("%1", step.what))

    def _trouble(self, count: int) -> str:
        what = self.tr("One thing is wrong.") if count == 1 else self.tr("%1 things are wrong.")
        text = what.replace("%1", f"{count:,}")
        if self._presenter.can_repair:
            return text
        return f"{text} {self.tr('It can be repaired where it is open for writing.')}"
