"""The Packages page: send out, bring together, settle what contradicts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from core.changes import Changes, Kind
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.package_words import counted
from reviewer_app.pages.base import Page
from reviewer_app.pages.packages.conflicts_presenter import ConflictsPresenter
from reviewer_app.pages.packages.conflicts_tab import ConflictsTab
from reviewer_app.pages.packages.make_presenter import MakePresenter
from reviewer_app.pages.packages.make_tab import MakeTab
from reviewer_app.pages.packages.merge_presenter import MergePresenter
from reviewer_app.pages.packages.merge_tab import MergeTab

if TYPE_CHECKING:
    from core.services.merging.service import MergePreview


class PackagesPage(Page):
    """Work travels in files."""

    name = "packages"
    title = "Packages"
    icon = "mdi6.package-variant-closed"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme.set_role(self, "page")
        self.make_presenter = MakePresenter(context, self)
        self.merge_presenter = MergePresenter(context, self)
        self.conflicts_presenter = ConflictsPresenter(context, self)
        self.make_tab = MakeTab(self.make_presenter, self)
        self.merge_tab = MergeTab(self.merge_presenter, self)
        self.conflicts_tab = ConflictsTab(self.conflicts_presenter, self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        for part in (self.tabs, self.tabs.tabBar()):
            part.setAccessibleName(self.tr("Send out, bring together, or settle conflicts"))
        self.tabs.addTab(self.make_tab, self.tr("Send out"))
        self.tabs.addTab(self.merge_tab, self.tr("Bring together"))
        self.tabs.addTab(self.conflicts_tab, self.tr("Conflicts"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme.space(4),) * 4)
        layout.addWidget(self.tabs)
        self.merge_presenter.merged.connect(self._on_merged)
        self.conflicts_presenter.conflicts_changed.connect(self._on_conflicts_changed)
        self.conflicts_presenter.settled.connect(self._on_settled)

    def activate(self) -> None:
        self.make_presenter.refresh()
        self.merge_tab.activate()
        self.conflicts_presenter.refresh()
        self.filled.emit()

    def apply_changes(self, changes: Changes) -> None:
        is_stale = self.make_presenter.note_changes(changes)
        if not self.isVisible():
            return
        if is_stale and not self.make_presenter.is_writing:
            self.make_presenter.refresh()
        if changes.concerns(Kind.QUESTION):
            self.conflicts_presenter.refresh()
        self.merge_presenter.refresh_last()

    def take_files(self, paths: Sequence[Path], passphrase: str) -> bool:
        self.tabs.setCurrentWidget(self.merge_tab)
        self.merge_presenter.add(paths, passphrase=passphrase)
        return True

    def waiting_count(self) -> int:
        return len(self.conflicts_presenter.conflicts)

    @Slot(object)
    def _on_merged(self, preview: MergePreview) -> None:
        words = counted(
            self.tr("1 new record came in."), self.tr("%1 new records came in."), preview.new
        )
        self.context.messages.done(f"{words} {self.tr('U undoes the merge.')}")
        self.conflicts_presenter.refresh()

    @Slot()
    def _on_conflicts_changed(self) -> None:
        count = len(self.conflicts_presenter.conflicts)
        self.tabs.setTabText(2, self.tr("Conflicts (%1)").replace("%1", str(count)))
        self.waiting_changed.emit(count)

    @Slot(int)
    def _on_settled(self, number: int) -> None:
        self.context.messages.done(
            self.tr(
                "Question %1 has one version again. If it was approved, it is a draft now and has "
                "to be looked at anew."
            ).replace("%1", str(number))
        )
