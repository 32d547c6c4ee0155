"""Who gets a package, and what would be in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from core.domain.ids import PersonId
from core.domain.people import Person
from reviewer_app import theme
from reviewer_app.package_words import size_words
from reviewer_app.widgets.tables import settle_table

if TYPE_CHECKING:
    from reviewer_app.pages.packages.make_presenter import Addressee

_NOTE_COLUMN = 4


class PeopleTable(QTableWidget):
    """One row for each person; Space or a click chooses.

    Signals: `choice_changed()`.
    """

    choice_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 5, parent)
        self._people: tuple[Addressee, ...] = ()
        self._refused: set[PersonId] = set()
        self.setAccessibleName(self.tr("Who gets a package"))
        self.setHorizontalHeaderLabels(
            [
                self.tr("Person"),
                self.tr("Questions"),
                self.tr("Images"),
                self.tr("About"),
                self.tr("Note"),
            ]
        )
        # By its contents the first column would forget the box beside the name.
        settle_table(self, stretched=(0, _NOTE_COLUMN))
        self.setMinimumHeight(4 * theme.ROW_PX)
        self.setToolTip(self.tr("Space chooses a person or leaves them out"))
        self.itemChanged.connect(self._on_item_changed)

    def chosen(self) -> tuple[Person, ...]:
        """Return the people who get a file."""
        return tuple(
            one.person
            for one in self._people
            if one.outline is not None and one.person.id not in self._refused
        )

    def left_out(self) -> frozenset[PersonId]:
        """Return the people whose box was cleared."""
        return frozenset(self._refused)

    def show_people(self, people: Sequence[Addressee]) -> None:
        """Show these people; who was left out before stays left out."""
        before = self.currentRow()
        is_blocked = self.blockSignals(True)
        self._people = tuple(people)
        self.setRowCount(len(people))
        for row, one in enumerate(people):
            self._fill(row, one)
        if people:
            self.setCurrentCell(min(max(before, 0), len(people) - 1), 0)
        self.blockSignals(is_blocked)

    def _fill(self, row: int, one: Addressee) -> None:
        outline = one.outline
        cells = [one.person.name, "–", "–", "–", one.problem]
        if outline is not None:
            cells[1:4] = [
                f"{outline.questions:,}",
                f"{outline.images:,}",
                size_words(outline.size_bytes),
            ]
            cells[_NOTE_COLUMN] = " ".join(outline.left_out)
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            if 0 < column < _NOTE_COLUMN:
                item.setFont(theme.tabular_font())
                item.setTextAlignment(
                    Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
                )
            if column == 0:
                is_chosen = outline is not None and one.person.id not in self._refused
                if outline is not None:
                    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                state = Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked
                item.setCheckState(state)
            if outline is None:
                item.setForeground(theme.color("text_muted"))
            self.setItem(row, column, item)

    def _on_item_changed(self, item: QTableWidgetItem) -> None:
        if item.column() != 0:
            return
        person = self._people[item.row()].person.id
        if item.checkState() is Qt.CheckState.Checked:
            self._refused.discard(person)
        else:
            self._refused.add(person)
        self.choice_changed.emit()
