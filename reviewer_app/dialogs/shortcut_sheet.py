"""All keys on one sheet."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from reviewer_app import theme
from reviewer_app.actions import FIXED_KEYS, WINDOW_KEYS


class ShortcutSheet(QDialog):
    """Shows every key; `keys` are the chosen ones of the window by action name."""

    def __init__(self, keys: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Shortcuts"))
        row = QHBoxLayout(self)
        row.setContentsMargins(*(theme.space(6),) * 4)
        row.setSpacing(theme.space(8))
        window = [
            (
                QKeySequence(keys[one.name]).toString(QKeySequence.SequenceFormat.NativeText),
                one.display_text,
            )
            for one in WINDOW_KEYS
        ]
        row.addLayout(self._group(self.tr("Window"), window))
        column = QVBoxLayout()
        column.setSpacing(theme.space(4))
        for group in FIXED_KEYS:
            lines = [
                (keys, QCoreApplication.translate("actions", text)) for keys, text in group.keys
            ]
            column.addLayout(self._group(QCoreApplication.translate("actions", group.title), lines))
        column.addStretch(1)
        row.addLayout(column)

    def _group(self, title: str, lines: list[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(4))
        grid.setVerticalSpacing(theme.space(2))
        heading = QLabel(title, self)
        theme.set_role(heading, "heading")
        grid.addWidget(heading, 0, 0, 1, 2)
        for number, (keys, text) in enumerate(lines, 1):
            key = QLabel(keys or "–", self)
            theme.set_role(key, "key")
            grid.addWidget(key, number, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(QLabel(text, self), number, 1)
        grid.setRowStretch(len(lines) + 1, 1)
        grid.setColumnStretch(1, 1)
        return grid
