"""The packages that are to be merged: dropped or chosen, with their signers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.package import PACKAGE_SUFFIX
from reviewer_app import theme
from reviewer_app.arrivals import packages_of
from reviewer_app.package_words import kind_title, trust_name
from reviewer_app.widgets.dropping import DropFrame
from reviewer_app.widgets.keys import add_button_keys, add_keys

if TYPE_CHECKING:
    from reviewer_app.pages.packages.merge_presenter import MergePresenter

_PATH = Qt.ItemDataRole.UserRole


class FilesCard(DropFrame):
    """Takes several packages.

    Signals: `chosen(tuple[Path, ...])`, dropped here or chosen; `removed(Path)`.
    """

    chosen = Signal(object)
    removed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(packages_of, parent)
        self.dropped.connect(self.chosen)
        picture = QLabel(self)
        picture.setPixmap(theme.icon("mdi6.package-down").pixmap(32, 32))
        self.title = QLabel(self.tr("Drop packages here"), self)
        theme.set_role(self.title, "heading")
        hint = QLabel(self.tr("Work that people sent back, one file or several at once."), self)
        hint.setWordWrap(True)
        theme.set_role(hint, "hint")
        self.choose_button = QPushButton(self.tr("Choose files… (O)"), self)
        self.choose_button.clicked.connect(self._on_choose_wanted)
        add_button_keys(self.choose_button, "O")
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Packages to merge"))
        self.list.setWordWrap(True)
        self.list.setMinimumHeight(3 * theme.ROW_PX)
        self.remove_button = QPushButton(self.tr("Remove (Del)"), self)
        self.remove_button.setToolTip(self.tr("Take the marked file off this list; it stays"))
        self.remove_button.clicked.connect(self._on_remove_wanted)
        for key in add_keys(self.list, ("Delete",), self._on_remove_wanted):
            key.setContext(Qt.ShortcutContext.WidgetShortcut)
        self._lay_out(picture, hint)
        self.list.currentRowChanged.connect(self._show_button)
        self.show_files(None)

    def show_files(self, presenter: MergePresenter | None) -> None:
        """Show the files and what is known of each."""
        row = self.list.currentRow()
        self.list.clear()
        files = presenter.files if presenter is not None else ()
        known = presenter.preview.files if presenter is not None and presenter.preview else ()
        for place, path in enumerate(files):
            text = path.name
            if place < len(known):
                line = known[place]
                name = line.facts.sender.name
                words = f"{name} · {trust_name(line.trust)} · {kind_title(line.facts.kind)}"
                text = f"{path.name}\n{words}"
            item = QListWidgetItem(text)
            item.setData(_PATH, path)
            item.setToolTip(str(path))
            self.list.addItem(item)
        self.list.setVisible(bool(files))
        self.remove_button.setVisible(bool(files))
        if files:
            self.list.setCurrentRow(min(max(row, 0), len(files) - 1))
        self._show_button()

    def _lay_out(self, picture: QLabel, hint: QLabel) -> None:
        words = QVBoxLayout()
        words.setSpacing(theme.space(1))
        words.addWidget(self.title)
        words.addWidget(hint)
        head = QHBoxLayout()
        head.setSpacing(theme.space(3))
        head.addWidget(picture)
        head.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.choose_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.space(4),) * 4)
        column.setSpacing(theme.space(3))
        column.addLayout(head)
        column.addLayout(buttons)
        column.addWidget(self.list, 1)

    @Slot()
    def _show_button(self) -> None:
        self.remove_button.setEnabled(self.list.currentItem() is not None)

    @Slot()
    def _on_choose_wanted(self) -> None:
        kinds = f"{self.tr('Packages')} (*{PACKAGE_SUFFIX});;{self.tr('All files')} (*)"
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Choose packages"), "", kinds)
        if names:
            self.chosen.emit(tuple(Path(name) for name in names))

    @Slot()
    def _on_remove_wanted(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.removed.emit(item.data(_PATH))
