"""The name of a model: typed, or chosen from those that its endpoint offers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from reviewer_app import theme


class ModelChooser(QWidget):
    """A line for a name and a button that asks for the names to choose from.

    Signals: `models_wanted()`; what came is shown by `show_models` or `show_trouble`.
    """

    models_wanted = Signal()

    def __init__(self, line: QLineEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = line
        self.button = QPushButton(self.tr("Choose…"), self)
        self.button.setAccessibleName(self.tr("Choose a model"))
        self.button.setToolTip(self.tr("Ask the endpoint which models it has"))
        self.set_askable(can_ask=False)
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.hide()
        self._names = QStringListModel(self)
        self._completer = QCompleter(self._names, self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.setMaxVisibleItems(12)
        self.popup = QListView(self)
        self.popup.setAccessibleName(self.tr("Models of this endpoint"))
        self._completer.setPopup(self.popup)
        line.setCompleter(self._completer)
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        row.addWidget(line, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        column.addLayout(row)
        column.addWidget(self.note)
        self.setFocusProxy(line)
        self.button.clicked.connect(self._on_clicked)

    def names(self) -> list[str]:
        """Return the names that are offered."""
        return self._names.stringList()

    def set_askable(self, *, can_ask: bool) -> None:
        """Let it be asked only where there is somebody to ask."""
        self.button.setEnabled(can_ask)

    def forget(self) -> None:
        """Offer nothing: another endpoint is meant now."""
        self._names.setStringList([])
        self._say("", "hint")

    def show_models(self, names: Sequence[str]) -> None:
        """Open the list of names; typing shortens it."""
        self.button.setEnabled(True)
        self._names.setStringList(list(names))
        words = self.tr("%1 models; type a part of a name to find it.")
        none = self.tr("This endpoint has no model yet.")
        self._say(words.replace("%1", f"{len(names):,}") if names else none, "hint")
        if names and self.isVisible():
            self.line.setFocus()
            self._completer.setCompletionPrefix("")
            self._completer.complete()

    def show_trouble(self, sentence: str) -> None:
        """Say why there is no list."""
        self.button.setEnabled(True)
        self._names.setStringList([])
        self._say(sentence, "error")

    def _say(self, sentence: str, role: str) -> None:
        theme.set_role(self.note, role)
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    @Slot()
    def _on_clicked(self) -> None:
        self.button.setEnabled(False)
        self._say(self.tr("Asking…"), "hint")
        self.models_wanted.emit()
