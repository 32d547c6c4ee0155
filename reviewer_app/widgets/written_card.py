"""What was written, where it lies, and the way there."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from reviewer_app import theme
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.keys import add_button_keys
from reviewer_app.widgets.words import make_selectable, words_label


class WrittenCard(QFrame):
    """Hidden until something was written; widgets added to `details` stand above the button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "done")
        self.title = words_label(self, "heading")
        self.place = words_label(self)
        make_selectable(self.place)
        self.note = words_label(self, "hint")
        self.details = QVBoxLayout()
        self.show_button = make_button(
            self.tr("Show in folder (L)"),
            self,
            icon="mdi6.folder-open-outline",
            tip=self.tr("Show it in the file manager"),
        )
        self.show_button.clicked.connect(self._on_show_wanted)
        add_button_keys(self.show_button, "L")
        self._folder: Path | None = None
        column = QVBoxLayout(self)
        for widget in (self.title, self.place, self.note):
            column.addWidget(widget)
        column.addLayout(self.details)
        column.addWidget(self.show_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_written(
        self, title: str, folder: Path | None, *, place: str = "", note: str = ""
    ) -> None:
        """Say what was written; without a folder nothing was, and there is no way to it."""
        self._folder = folder
        for label, text in ((self.title, title), (self.place, place), (self.note, note)):
            label.setText(text)
            label.setVisible(bool(text))
        self.show_button.setVisible(folder is not None)
        self.show()
        if folder is not None:
            self.show_button.setFocus()

    @Slot()
    def _on_show_wanted(self) -> None:
        if self._folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
