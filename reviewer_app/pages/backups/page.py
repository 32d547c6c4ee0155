"""The page of backups: the time line on the left, what going back means on the right."""

from datetime import UTC, datetime

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.changes import Changes
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.pages.backups.check_panel import CheckPanel
from reviewer_app.pages.backups.check_presenter import CheckPresenter
from reviewer_app.pages.backups.presenter import BackupsPresenter
from reviewer_app.pages.backups.preview_panel import PreviewPanel
from reviewer_app.pages.backups.time_line import TimeLine
from reviewer_app.pages.base import Page
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.empty_state import EmptyState
from reviewer_app.widgets.keys import add_button_keys


class BackupsPage(Page):
    """Look at what was kept and go back to it."""

    name = "backups"
    title = "Backups"
    icon = "mdi6.backup-restore"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme.set_role(self, "page")
        self.presenter = BackupsPresenter(context, self)
        self.time_line = TimeLine(self)
        self.preview = PreviewPanel(self)
        self.back_up_button = make_button(
            self.tr("Back up now (B)"),
            self,
            icon="mdi6.content-save-outline",
            tip=self.tr("Keep a copy of how everything is now"),
        )
        self.back_up_button.clicked.connect(self.presenter.back_up_now)
        add_button_keys(self.back_up_button, "B")
        self.check = CheckPresenter(context, self)
        self.check_panel = CheckPanel(self.check, self)
        self.check_button = make_button(
            self.tr("Check this workspace (C)"),
            self,
            icon="mdi6.shield-search",
            tip=self.tr("Looks at every record, image and backup and says what is damaged"),
        )
        self.check_button.clicked.connect(self.check.check)
        add_button_keys(self.check_button, "C")
        self._lay_out()
        self._connect()

    def activate(self) -> None:
        self.presenter.refresh()
        self.time_line.setFocus()

    def apply_changes(self, changes: Changes) -> None:
        if self.isVisible():
            self.presenter.refresh()

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Backups"), self)
        theme.set_role(title, "title")
        purpose = QLabel(
            self.tr(
                "Taken when you open the workspace, every hour, and before whatever changes much."
            ),
            self,
        )
        theme.set_role(purpose, "hint")
        head = QHBoxLayout()
        head.setSpacing(theme.space(4))
        head.addWidget(title)
        head.addWidget(purpose, 1)
        head.addWidget(self.check_button)
        head.addWidget(self.back_up_button)
        self.empty = EmptyState(
            "mdi6.backup-restore",
            self.tr("No backup yet"),
            self.tr("The first one is taken a moment after the workspace was opened."),
            action=self.tr("Back up now"),
            on_action=self.presenter.back_up_now,
            parent=self,
        )
        both = QWidget(self)
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(4))
        row.addWidget(self.time_line, 3)
        row.addWidget(self.preview, 2)
        self._both = both
        self._stack = QStackedWidget(self)
        self._stack.addWidget(both)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(4), theme.space(4), theme.space(4), theme.space(2))
        column.setSpacing(theme.space(3))
        column.addLayout(head)
        column.addWidget(self.check_panel)
        column.addWidget(self._stack, 1)
        QWidget.setTabOrder(self.check_button, self.back_up_button)
        QWidget.setTabOrder(self.back_up_button, self.time_line)
        QWidget.setTabOrder(self.time_line, self.preview.restore_button)

    def _connect(self) -> None:
        self.presenter.backups_changed.connect(self._on_backups_changed)
        self.presenter.preview_changed.connect(self._show_preview)
        self.time_line.chosen.connect(self.presenter.choose)
        self.preview.restore_requested.connect(self.presenter.restore)
        self.check.changed.connect(lambda: self.check_button.setEnabled(not self.check.is_running))
        self._show_preview()

    @Slot()
    def _on_backups_changed(self) -> None:
        backups = self.presenter.backups
        self.time_line.show_backups(backups, datetime.now(UTC))
        if not self.time_line.current_name():
            self.time_line.choose_first()
        self._stack.setCurrentWidget(self._both if backups else self.empty)
        self.filled.emit()

    @Slot()
    def _show_preview(self) -> None:
        self.preview.show_state(self.presenter)
