"""All keys on one sheet."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.actions import FIXED_KEYS, WINDOW_KEYS

_COLUMNS: Final = 3
Group = tuple[str, list[tuple[str, str]]]


class ShortcutSheet(QDialog):
    """Shows every key; `keys` are the chosen ones of the window by action name."""

    def __init__(self, keys: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Shortcuts"))
        sheet = QWidget(self)
        sheet.setProperty("role", "scrolled")
        row = QHBoxLayout(sheet)
        row.setContentsMargins(*(theme.space(5),) * 4)
        row.setSpacing(theme.space(6))
        for groups in _in_columns(self._groups(keys)):
            column = QVBoxLayout()
            column.setSpacing(theme.space(4))
            for title, lines in groups:
                column.addLayout(self._group(title, lines))
            column.addStretch(1)
            row.addLayout(column)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(sheet)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        self.resize(self._fitting(sheet.sizeHint()))

    def _groups(self, keys: Mapping[str, str]) -> list[Group]:
        native = QKeySequence.SequenceFormat.NativeText
        window = [
            (QKeySequence(keys[one.name]).toString(native), one.display_text) for one in WINDOW_KEYS
        ]
        fixed: list[Group] = [
            (_say(group.title), [(chosen, _say(text)) for chosen, text in group.keys])
            for group in FIXED_KEYS
        ]
        return [(self.tr("Window"), window), *fixed]

    def _fitting(self, wanted: QSize) -> QSize:
        """Return a size with room for all, but never larger than the screen."""
        screen = self.screen().availableGeometry().size()
        bar = self.style().pixelMetric(self.style().PixelMetric.PM_ScrollBarExtent)
        return QSize(wanted.width() + bar, wanted.height()).boundedTo(screen * 0.95)

    def _group(self, title: str, lines: list[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(3))
        grid.setVerticalSpacing(theme.space(1))
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


def _in_columns(groups: Sequence[Group]) -> list[list[Group]]:
    """Return groups in columns of much the same height, in their order."""
    rows = sum(len(lines) + 2 for _, lines in groups)
    columns: list[list[Group]] = [[] for _ in range(_COLUMNS)]
    done = 0
    for group in groups:
        height = len(group[1]) + 2
        place = min(_COLUMNS - 1, int((done + height / 2) * _COLUMNS / rows))
        columns[place].append(group)
        done += height
    return columns


def _say(text: str) -> str:
    return QCoreApplication.translate("actions", text)
