"""My drafts as a list."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.domain.question import QuestionSummary
from reviewer_app import theme
from reviewer_app.wording import format_icon

_Index = QModelIndex | QPersistentModelIndex


class DraftsListModel(QAbstractListModel):
    """One line per draft: number, beginning of the question, whether it is finished."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[QuestionSummary] = []

    def set_lines(self, lines: list[QuestionSummary]) -> None:
        """Show other drafts."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def line_at(self, row: int) -> QuestionSummary:
        """Return the draft in a row."""
        return self._lines[row]

    def row_of(self, question_id: str) -> int | None:
        """Return the row of a question, or None."""
        rows = (row for row, line in enumerate(self._lines) if line.id == question_id)
        return next(rows, None)

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # Qt's variant
        line = self._lines[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                spoken = role == Qt.ItemDataRole.AccessibleTextRole
                stem = " ".join(line.stem.split()) or self.tr("(empty)")
                is_told = spoken and not line.has_open_draft
                state = self.tr("waits for blinding: ") if is_told else ""
                return f"{line.number}  {state}{stem}"
            case Qt.ItemDataRole.ToolTipRole:
                if line.has_open_draft:
                    return line.stem
                return self.tr("Finished, waits for blinding: %1").replace("%1", line.stem)
            case Qt.ItemDataRole.DecorationRole:
                if not line.has_open_draft:
                    return theme.icon("mdi6.check-circle-outline", "agreed")
                return theme.icon(format_icon(line.format))
            case Qt.ItemDataRole.ForegroundRole:
                return None if line.has_open_draft else theme.color("text_muted")
            case Qt.ItemDataRole.UserRole:
                return line.id
            case _:
                return None
