"""All keys on one sheet."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt
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
from reviewer_app.dialogs.sheet_keys import WIDGET_KEYS, KeyLine
from reviewer_app.key_bindings import native_keys, say
from reviewer_app.widgets.answer_keys import AnswerKeys
from reviewer_app.widgets.images.keys import ImageKeys
from reviewer_app.window_keys import WINDOW_KEYS

_COLUMNS: Final = 3
"""At most."""
Group = tuple[str, list[tuple[str, str]]]


class ShortcutSheet(QDialog):
    """Shows every key; `keys` are the chosen ones of the window by action name."""

    def __init__(
        self,
        keys: Mapping[str, str],
        parent: QWidget | None = None,
        *,
        images: ImageKeys | None = None,
        answering: AnswerKeys | None = None,
    ) -> None:
        super().__init__(parent)
        self._images = images or ImageKeys()
        self._answering = answering or AnswerKeys()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Shortcuts"))
        sheet = self._fitting_sheet(self._groups(keys))
        area = QScrollArea(self)
        area.setAccessibleName(self.tr("All keys"))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(sheet)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        self.resize(self._fitting(sheet.sizeHint()))

    def _fitting_sheet(self, groups: Sequence[Group]) -> QWidget:
        """Return all groups in as many columns as the screen has room for: large text in fewer."""
        for count in range(_COLUMNS, 1, -1):
            sheet = self._sheet(_in_columns(groups, count))
            if sheet.sizeHint().width() <= self._fitting(sheet.sizeHint()).width() - self._bar():
                return sheet
            sheet.setParent(None)
        return self._sheet([list(groups)])

    def _sheet(self, columns: Iterable[Iterable[Group]]) -> QWidget:
        sheet = QWidget(self)
        sheet.setProperty("role", "scrolled")
        row = QHBoxLayout(sheet)
        row.setContentsMargins(*(theme.space(4),) * 4)
        row.setSpacing(theme.space(5))
        for groups in columns:
            column = QVBoxLayout()
            column.setSpacing(theme.space(4))
            for title, lines in groups:
                column.addLayout(self._group(title, lines, sheet))
            column.addStretch(1)
            row.addLayout(column)
        return sheet

    def _groups(self, keys: Mapping[str, str]) -> list[Group]:
        window = [(native_keys(keys[one.name]), one.display_text) for one in WINDOW_KEYS]
        others: list[Group] = [
            (say(group.title), [(self._keys_of(line), say(line.text)) for line in group.lines])
            for group in WIDGET_KEYS
        ]
        return [(self.tr("Window"), window), *others]

    def _keys_of(self, line: KeyLine) -> str:
        chosen = [self._told(name) for name in line.chosen]
        return line.joiner.join(filter(None, (*_without_repeats(chosen), line.fixed)))

    def _told(self, name: str) -> str:
        keys = self._answering if name in self._answering.defaults else self._images
        return keys.text(name)

    def _fitting(self, wanted: QSize) -> QSize:
        """Return a size with room for all, but never larger than the screen."""
        screen = self.screen().availableGeometry().size()
        return QSize(wanted.width() + self._bar(), wanted.height()).boundedTo(screen * 0.95)

    def _bar(self) -> int:
        return self.style().pixelMetric(self.style().PixelMetric.PM_ScrollBarExtent)

    def _group(self, title: str, lines: list[tuple[str, str]], parent: QWidget) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(2))
        grid.setVerticalSpacing(theme.space(1))
        heading = QLabel(title, parent)
        theme.set_role(heading, "heading")
        grid.addWidget(heading, 0, 0, 1, 2)
        for number, (keys, text) in enumerate(lines, 1):
            key = QLabel(keys or "–", parent)
            theme.set_role(key, "key")
            grid.addWidget(key, number, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(QLabel(text, parent), number, 1)
        grid.setRowStretch(len(lines) + 1, 1)
        grid.setColumnStretch(1, 1)
        return grid


def _in_columns(groups: Sequence[Group], count: int) -> list[list[Group]]:
    """Return groups in columns of much the same height, in their order."""
    rows = sum(len(lines) + 2 for _, lines in groups)
    columns: list[list[Group]] = [[] for _ in range(count)]
    done = 0
    for group in groups:
        height = len(group[1]) + 2
        place = min(count - 1, int((done + height / 2) * count / rows))
        columns[place].append(group)
        done += height
    return columns


def _without_repeats(keys: Sequence[str]) -> list[str]:
    """Return keys that share their modifiers with these told once: “Shift+P, A, B”."""
    prefix = keys[0][: keys[0].rfind("+", 0, -1) + 1] if keys else ""
    if not prefix or not all(one.startswith(prefix) and len(one) > len(prefix) for one in keys):
        return list(keys)
    return [keys[0], *(one.removeprefix(prefix) for one in keys[1:])]
