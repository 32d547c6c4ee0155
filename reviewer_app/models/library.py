"""The library as a table: one row per question."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from core.domain.ids import QuestionId
from core.domain.question import QuestionSummary
from core.domain.stage import Stage
from core.domain.taxonomy import CAPACITY, MODALITY, SPECIALTY, value_on
from reviewer_app import theme
from reviewer_app.wording import format_name, moment

_Index = QModelIndex | QPersistentModelIndex
_STAGE_ORDER: Final = {stage: place for place, stage in enumerate(Stage)}


class LibraryColumn(IntEnum):
    """Columns in their order on screen."""

    NUMBER = 0
    STAGE = 1
    FORMAT = 2
    STEM = 3
    SPECIALTY = 4
    CAPACITY = 5
    MODALITY = 6
    IMAGES = 7
    REVISION = 8
    VERIFICATIONS = 9
    UPDATED = 10
    FLAGS = 11
    """What readers flagged; known to a lead alone, and so not part of a line."""


@dataclass(frozen=True, slots=True)
class _Column:
    text: Callable[[QuestionSummary], str]
    order: Callable[[QuestionSummary], Any]  # anything that compares with its like
    is_number: bool = False


def _label_column(axis: str) -> _Column:
    def text(line: QuestionSummary) -> str:
        return value_on(line.labels, axis)

    return _Column(text, text)


_COLUMNS: Final[dict[int, _Column]] = {
    LibraryColumn.NUMBER: _Column(
        lambda line: str(line.number), lambda line: line.number, is_number=True
    ),
    LibraryColumn.STAGE: _Column(
        lambda line: line.stage.display_name, lambda line: _STAGE_ORDER[line.stage]
    ),
    LibraryColumn.FORMAT: _Column(lambda line: format_name(line.format), lambda line: line.format),
    LibraryColumn.STEM: _Column(
        lambda line: " ".join(line.stem.split()), lambda line: line.stem.casefold()
    ),
    LibraryColumn.SPECIALTY: _label_column(SPECIALTY),
    LibraryColumn.CAPACITY: _label_column(CAPACITY),
    LibraryColumn.MODALITY: _label_column(MODALITY),
    LibraryColumn.IMAGES: _Column(
        lambda line: str(line.image_count), lambda line: line.image_count, is_number=True
    ),
    LibraryColumn.REVISION: _Column(
        lambda line: str(line.revision_number) if line.revision_number else "–",
        lambda line: line.revision_number,
        is_number=True,
    ),
    LibraryColumn.VERIFICATIONS: _Column(
        lambda line: str(line.verification_count),
        lambda line: line.verification_count,
        is_number=True,
    ),
    LibraryColumn.UPDATED: _Column(
        lambda line: moment(line.updated_at), lambda line: line.updated_at, is_number=True
    ),
    LibraryColumn.FLAGS: _Column(lambda _: "", lambda _: 0, is_number=True),
}


class LibraryTableModel(QAbstractTableModel):
    """Rows are question summaries; sorting is done here, filtering by the presenter."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[QuestionSummary] = []
        self._flags: Mapping[QuestionId, int] = {}
        self._sort_column = int(LibraryColumn.NUMBER)
        self._sort_order = Qt.SortOrder.AscendingOrder

    def set_lines(self, lines: list[QuestionSummary]) -> None:
        """Show other questions, in the sort order in force."""
        self.beginResetModel()
        self._lines = self._sorted(lines)
        self.endResetModel()

    def set_flags(self, flags: Mapping[QuestionId, int]) -> None:
        """Say how many readers flagged which questions; the lines have to be set after it."""
        self._flags = flags

    def has_flags(self) -> bool:
        """Tell whether any question is flagged."""
        return bool(self._flags)

    def line_at(self, row: int) -> QuestionSummary:
        """Return the question in a row."""
        return self._lines[row]

    def row_of(self, question_id: str) -> int | None:
        """Return the row of a question, or None when it is not shown."""
        rows = (row for row, line in enumerate(self._lines) if line.id == question_id)
        return next(rows, None)

    def rows_of(self, wanted: Collection[str]) -> list[int]:
        """Return the rows of those questions that are shown."""
        return [row for row, line in enumerate(self._lines) if line.id in wanted]

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(LibraryColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # Qt's variant
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._title(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # Qt's variant
        line, column = self._lines[index.row()], index.column()
        if column == LibraryColumn.FLAGS:
            return self._flag_data(self._flags.get(line.id, 0), role)
        match role:
            case Qt.ItemDataRole.AccessibleTextRole if _is_marked(line, column):
                return f"{_COLUMNS[column].text(line)} ({self._changed_words()})"
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                if column == LibraryColumn.STEM and not line.stem.strip():
                    return self.tr("(no question written yet)")
                return _COLUMNS[column].text(line)
            case Qt.ItemDataRole.ForegroundRole if (
                column == LibraryColumn.STEM and not line.stem.strip()
            ):
                return theme.color("text_muted")
            case Qt.ItemDataRole.DecorationRole if _is_marked(line, column):
                return theme.icon("mdi6.autorenew", "waiting")
            case Qt.ItemDataRole.ToolTipRole if _is_marked(line, column):
                return f"{self._changed_words()}\n{line.stem}"
            case Qt.ItemDataRole.UserRole:
                return line.stage if column == LibraryColumn.STAGE else line.id
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.FontRole if _COLUMNS[column].is_number:
                return theme.tabular_font()
            case Qt.ItemDataRole.ToolTipRole if column == LibraryColumn.STEM:
                return line.stem
            case _:
                return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sort_column, self._sort_order = column, order
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [(self._lines[one.row()].id, one.column()) for one in before]
        self._lines = self._sorted(self._lines)
        rows = {line.id: row for row, line in enumerate(self._lines)} if held else {}
        after = [self.index(rows[question], place) for question, place in held]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _sorted(self, lines: list[QuestionSummary]) -> list[QuestionSummary]:
        is_descending = self._sort_order is Qt.SortOrder.DescendingOrder
        order = _COLUMNS[self._sort_column].order
        if self._sort_column == LibraryColumn.FLAGS:
            order = self._flag_count
        return sorted(lines, key=order, reverse=is_descending)

    def _flag_count(self, line: QuestionSummary) -> int:
        return self._flags.get(line.id, 0)

    def _flag_data(self, count: int, role: int) -> Any:  # Qt's variant
        match role:
            case Qt.ItemDataRole.DisplayRole if count:
                return str(count)
            case Qt.ItemDataRole.DecorationRole if count:
                return theme.icon("mdi6.flag", "waiting")
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole if count:
                one, many = self.tr("One reader flagged it"), self.tr("%1 readers flagged it")
                return one if count == 1 else many.replace("%1", str(count))
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(LibraryColumn.FLAGS)
            case Qt.ItemDataRole.FontRole:
                return theme.tabular_font()
            case _:
                return None

    def _changed_words(self) -> str:
        return self.tr("Changed since it was verified; it has to be verified anew")

    def _title(self, section: int) -> str:
        return {
            LibraryColumn.NUMBER: self.tr("No."),
            LibraryColumn.STAGE: self.tr("Stage"),
            LibraryColumn.FORMAT: self.tr("Format"),
            LibraryColumn.STEM: self.tr("Question"),
            LibraryColumn.SPECIALTY: self.tr("Specialty"),
            LibraryColumn.CAPACITY: self.tr("Capacity"),
            LibraryColumn.MODALITY: self.tr("Modality"),
            LibraryColumn.IMAGES: self.tr("Images"),
            LibraryColumn.REVISION: self.tr("Rev."),
            LibraryColumn.VERIFICATIONS: self.tr("Verified by"),
            LibraryColumn.UPDATED: self.tr("Updated"),
            LibraryColumn.FLAGS: self.tr("Flags"),
        }[LibraryColumn(section)]


def _is_marked(line: QuestionSummary, column: int) -> bool:
    return line.needs_reverification and column == LibraryColumn.STEM


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if _COLUMNS[column].is_number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
