"""Choosing the questions that serve as solved examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.services.prompts.examples import ExampleLine
from reviewer_app import theme
from reviewer_app.wording import format_name

_SIZE_PX: Final = (640, 520)
_LINE: Final = Qt.ItemDataRole.UserRole


class ExamplesDialog(QDialog):
    """A list of questions with a check mark each; typing finds, Space marks.

    Signals: `examples_chosen(tuple, int)`, the numbers, and how many one format has at most.
    """

    examples_chosen = Signal(object, int)

    def __init__(
        self,
        lines: Sequence[ExampleLine],
        chosen: Collection[int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Solved examples"))
        self.resize(*map(theme.text_px, _SIZE_PX))
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Number, format or words of the question"))
        self.search.setAccessibleName(self.tr("Find a question"))
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Questions that can serve as examples"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for line in lines:
            self.list.addItem(_item(line, is_chosen=line.number in chosen))
        self.count = QLabel(self)
        theme.set_role(self.count, "hint")
        self.count.setWordWrap(True)
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel, self)
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(2))
        note = QLabel(
            self.tr("Their right answers are shown to the model; they are not asked themselves."),
            self,
        )
        note.setWordWrap(True)
        for widget in (note, self.search, self.list, self.count, self.buttons):
            column.addWidget(widget)
        self.search.textChanged.connect(self._on_searched)
        self.list.itemChanged.connect(self._show_count)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)
        self._show_count()
        self.search.setFocus()

    def chosen(self) -> list[ExampleLine]:
        """Return the questions that are marked, by number."""
        items = (self.list.item(row) for row in range(self.list.count()))
        marked = (one for one in items if one.checkState() is Qt.CheckState.Checked)
        return [one.data(_LINE) for one in marked]

    @Slot(str)
    def _on_searched(self, text: str) -> None:
        words = text.casefold().split()
        for row in range(self.list.count()):
            item = self.list.item(row)
            said = item.text().casefold()
            item.setHidden(not all(word in said for word in words))

    @Slot()
    def _show_count(self) -> None:
        counts = Counter(line.format for line in self.chosen())
        parts = [f"{format_name(one)} {count}" for one, count in sorted(counts.items())]
        words = self.tr("%1 chosen: %2. A question gets those of its own format.")
        named = words.replace("%1", str(counts.total())).replace("%2", ", ".join(parts))
        self.count.setText(named if parts else self.tr("None chosen: the model gets no example."))

    @Slot()
    def _on_accepted(self) -> None:
        chosen = self.chosen()
        most = max(Counter(line.format for line in chosen).values(), default=0)
        self.examples_chosen.emit(tuple(line.number for line in chosen), most)
        self.accept()


def _item(line: ExampleLine, *, is_chosen: bool) -> QListWidgetItem:
    item = QListWidgetItem(f"{line.number} · {format_name(line.format)} · {line.stem}")
    item.setToolTip(line.stem)
    item.setData(_LINE, line)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)
    return item
