"""The Exchange page: import with a preview on the left, export on the right."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.changes import Changes
from core.domain.people import Role
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.pages.base import Page
from reviewer_app.pages.exchange.export_panel import ExportPanel
from reviewer_app.pages.exchange.import_panel import ImportPanel
from reviewer_app.pages.exchange.presenter import ExchangePresenter, Leaving
from reviewer_app.wording import question_count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.domain.plain import Plain
    from core.errors import CoreError
    from core.services.exchange.service import ExportReport, ImportReport

_IMPORT: Final = ("exchange.import", "")
_EXPORT: Final = ("exchange.export", "")


class ExchangePage(Page):
    """Bring questions in from files and let sets leave."""

    name = "exchange"
    title = "Exchange"
    icon = "mdi6.swap-horizontal"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme.set_role(self, "page")
        self.presenter = ExchangePresenter(context, self)
        self.importing = ImportPanel(self)
        self.exporting = ExportPanel(self)
        self._lay_out()
        self._connect()

    def activate(self) -> None:
        # A set holds everybody's keys; an author brings questions in and takes none out.
        self.exporting.setVisible(self.context.me().has_role(Role.LEAD))
        self._suggest_folder()
        if self.presenter.is_stale:
            self.presenter.refresh()
        self.filled.emit()

    def apply_changes(self, changes: Changes) -> None:
        if self.presenter.note_changes(changes) and self.isVisible():
            self.presenter.refresh()

    def unsent(self) -> dict[tuple[str, str], Plain]:
        preview = self.presenter.preview
        is_in = preview is not None and not preview.added and not preview.problems
        coming = {} if is_in else self.importing.unsent()
        found = {_IMPORT: coming, _EXPORT: self.exporting.unsent()}
        return {key: entered for key, entered in found.items() if entered}

    def take_unsent(self, unsent: Mapping[tuple[str, str], Plain]) -> None:
        if _IMPORT in unsent:
            self.importing.take_unsent(unsent[_IMPORT])
        if _EXPORT in unsent:
            self.exporting.take_unsent(unsent[_EXPORT])

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Exchange"), self)
        theme.set_role(title, "title")
        purpose = QLabel(
            self.tr("Questions come in from files; verified sets leave with their checksums."), self
        )
        theme.set_role(purpose, "hint")
        head = QHBoxLayout()
        head.setSpacing(theme.space(4))
        head.addWidget(title)
        head.addWidget(purpose, 1)
        body = QHBoxLayout()
        body.setSpacing(theme.space(4))
        body.addWidget(self.importing, 3)
        body.addWidget(self.exporting, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(4), theme.space(4), theme.space(4), theme.space(2))
        column.setSpacing(theme.space(3))
        column.addLayout(head)
        column.addLayout(body, 1)

    def _connect(self) -> None:
        presenter = self.presenter
        self.importing.changed.connect(presenter.choose)
        self.importing.import_requested.connect(presenter.start_import)
        self.exporting.export_requested.connect(self._on_export_requested)
        self.exporting.stage_box.activated.connect(self._show_state)
        presenter.preview_changed.connect(self._show_state)
        presenter.busy_changed.connect(self._show_state)
        presenter.counts_changed.connect(self._show_state)
        presenter.imported.connect(self._on_imported)
        presenter.predictions_imported.connect(self._on_predictions_imported)
        presenter.exported.connect(self._on_exported)
        presenter.export_failed.connect(self._on_export_failed)
        self._show_state()

    def _suggest_folder(self) -> None:
        workspace = self.context.workspace
        name = f"{workspace.name}-set-{date.today().isoformat()}"
        folder, number = workspace.path.parent / name, 1
        while folder.exists():
            number += 1
            folder = workspace.path.parent / f"{name}-{number}"
        self.exporting.suggest(folder)

    @Slot()
    def _show_state(self) -> None:
        self.importing.show_state(self.presenter)
        self.exporting.show_state(self.presenter)

    @Slot(object)
    def _on_imported(self, report: ImportReport) -> None:
        if report.problems:
            self.context.messages.warn(
                self.tr("Nothing was imported: the file was changed meanwhile.")
            )
            return
        self.context.messages.done(
            self.tr("Imported as drafts: %1.").replace("%1", question_count(report.added))
        )

    @Slot(int)
    def _on_predictions_imported(self, runs: int) -> None:
        if not runs:
            self.context.messages.warn(
                self.tr("Nothing was imported: the file was changed meanwhile.")
            )
            return
        self.context.messages.done(
            self.tr("Imported as runs: %1. They stand under Results.").replace("%1", str(runs))
        )

    @Slot(object)
    def _on_export_requested(self, leaving: Leaving) -> None:
        self.presenter.start_export(leaving)

    @Slot(object)
    def _on_exported(self, report: ExportReport) -> None:
        self.exporting.show_report(report)
        self._suggest_folder()

    @Slot(object)
    def _on_export_failed(self, error: CoreError) -> None:
        self.exporting.show_problem(error)
