"""The history of a question: its revisions, what changed between two, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFont, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from core.domain.word_diff import DiffKind
from reviewer_app import theme
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.word_diff import char_format, gathered
from reviewer_app.wording import moment

if TYPE_CHECKING:
    from datetime import datetime

    from core.domain.revision_diff import FieldDiff

DRAFT: Final = ""
"""Stands for the draft in place of the id of a revision."""
_MOST_ROWS: Final = 6
_THIN_SPACE: Final = "\u2009"
"""Between what went and what came, which would run into each other."""


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One line of the history; `id` is `DRAFT` for the working copy."""

    id: str
    number: int
    author: str
    at: datetime | None
    reason: str = ""


class FieldDiffView(QTextEdit):
    """What changed, field by field: struck words went, underlined words came."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._diffs: Sequence[FieldDiff] = ()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("What changed"))
        self.setPlaceholderText(self.tr("Nothing differs between these two."))

    def show_diffs(self, diffs: Sequence[FieldDiff]) -> None:
        """Show the fields that differ."""
        self._diffs = diffs
        self.clear()
        cursor = QTextCursor(self.document())
        heading = QTextCharFormat()
        heading.setFontWeight(QFont.Weight.DemiBold)
        heading.setForeground(theme.color("text_muted"))
        spaced = QTextBlockFormat()
        spaced.setTopMargin(theme.space(2))
        for place, diff in enumerate(diffs):
            if place:
                cursor.insertBlock(spaced)
            cursor.insertText(_field_name(diff.field), heading)
            cursor.insertBlock(QTextBlockFormat())
            before = DiffKind.SAME
            for span in gathered(diff.spans):
                if (before, span.kind) == (DiffKind.REMOVED, DiffKind.ADDED):
                    cursor.insertText(_THIN_SPACE, char_format(DiffKind.SAME))
                cursor.insertText(span.text, char_format(span.kind))
                before = span.kind
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.setAccessibleDescription("; ".join(_in_words(one) for one in diffs))

    def changeEvent(self, event: QEvent) -> None:
        """Repaint the marks in the colors of a new theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._diffs:
            self.show_diffs(self._diffs)


class RevisionHistory(QWidget):
    """Revisions, newest first: one marked is compared with the one before, two with each other.

    Signals: `restore_requested(str)`, make this revision the draft.
    """

    restore_requested = Signal(str)

    def __init__(
        self,
        compare: Callable[[str, str], Sequence[FieldDiff]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._compare = compare
        self._lines: tuple[RevisionLine, ...] = ()
        self._can_restore = False
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Revisions, newest first"))
        self.list.setToolTip(
            self.tr("Up and Down mark a revision, Shift or Ctrl marks two to compare")
        )
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._caption = QLabel(self)
        self._caption.setWordWrap(True)
        theme.set_role(self._caption, "caption")
        self.diff = FieldDiffView(self)
        self.diff.setMinimumHeight(theme.space(28))
        self._legend = QLabel(self)
        self._legend.setWordWrap(True)
        theme.set_role(self._legend, "hint")
        self.restore_button = make_button(
            "",
            self,
            icon="mdi6.history",
            tip=self.tr("Its content becomes the draft; undo takes it back, no revision is lost"),
        )
        buttons = QHBoxLayout()
        buttons.addWidget(self.restore_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        column.addWidget(self.list)
        column.addWidget(self._caption)
        column.addWidget(self.diff, 1)
        column.addWidget(self._legend)
        column.addLayout(buttons)
        self.list.itemSelectionChanged.connect(self._on_marked)
        self.restore_button.clicked.connect(self._on_restore_clicked)
        self._write_legend()

    def show_lines(self, lines: Sequence[RevisionLine], *, can_restore: bool) -> None:
        """Show a history, newest first; what was marked stays marked where it still is."""
        marked = {one.id for one in self._marked()}
        self._lines, self._can_restore = tuple(lines), can_restore
        self.list.blockSignals(True)
        self.list.clear()
        for line in self._lines:
            item = QListWidgetItem(self._text(line))
            item.setToolTip(self._text(line))
            self.list.addItem(item)
            item.setSelected(line.id in marked)
        if self._lines and not self.list.selectedItems():
            self.list.setCurrentRow(0)
        self.list.blockSignals(False)
        self._fit()
        self._on_marked()

    def compared(self) -> tuple[str, str] | None:
        """Return the ids of the older and the newer of the two that are compared, or None."""
        marked = self._marked()
        if not marked:
            return None
        newer = marked[0]
        place = self._lines.index(newer)
        older = marked[-1] if len(marked) > 1 else next(iter(self._lines[place + 1 :]), None)
        return None if older is None else (older.id, newer.id)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a new theme or text size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._write_legend()
        if event.type() is QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        rows = max(1, min(self.list.count(), _MOST_ROWS))
        height = self.list.sizeHintForRow(0) if self.list.count() else theme.ROW_PX
        self.list.setFixedHeight(rows * max(height, theme.ROW_PX) + 2 * self.list.frameWidth())

    def _marked(self) -> list[RevisionLine]:
        rows = sorted(index.row() for index in self.list.selectionModel().selectedRows())
        return [self._lines[row] for row in rows if row < len(self._lines)]

    @Slot()
    def _on_marked(self) -> None:
        pair, marked = self.compared(), self._marked()
        self.diff.setVisible(pair is not None)
        self._legend.setVisible(pair is not None)
        if pair is None:
            self._caption.setText(
                self.tr("This is the first revision; there is nothing before it to compare with.")
                if marked
                else ""
            )
        else:
            named = {one.id: self._name(one) for one in self._lines}
            text = self.tr("From %1 to %2").replace("%1", named[pair[0]])
            self._caption.setText(text.replace("%2", named[pair[1]]))
            self.diff.show_diffs(self._compare(*pair))
        chosen = marked[-1] if marked else None
        can_restore = self._can_restore and chosen is not None and chosen.id != DRAFT
        self.restore_button.setVisible(self._can_restore)
        self.restore_button.setEnabled(can_restore)
        name = "" if chosen is None or chosen.id == DRAFT else self._name(chosen)
        self.restore_button.setText(
            self.tr("Restore %1 as draft").replace("%1", name or self.tr("a revision"))
        )

    @Slot()
    def _on_restore_clicked(self) -> None:
        marked = self._marked()
        if marked and marked[-1].id != DRAFT:
            self.restore_requested.emit(marked[-1].id)

    def _name(self, line: RevisionLine) -> str:
        if line.id == DRAFT:
            return self.tr("the draft")
        return self.tr("revision %1").replace("%1", str(line.number))

    def _text(self, line: RevisionLine) -> str:
        if line.id == DRAFT:
            return self.tr("Draft, not finished yet")
        parts = [self._name(line).capitalize()]
        if line.at is not None:
            parts.append(moment(line.at))
        parts += [one for one in (line.author, line.reason) if one]
        return "  ·  ".join(parts)

    def _write_legend(self) -> None:
        gone, come = theme.color("removed_soft").name(), theme.color("added_soft").name()
        self._legend.setText(
            f'<s style="background:{gone}">&nbsp;{self.tr("struck")}&nbsp;</s> '
            f"{self.tr('went')} &nbsp;&nbsp; "
            f'<u style="background:{come}">&nbsp;{self.tr("underlined")}&nbsp;</u> '
            f"{self.tr('came')}"
        )


def _field_name(field: str) -> str:
    tr = QCoreApplication.translate
    names = {
        "format": tr("RevisionHistory", "Answer format"),
        "context": tr("RevisionHistory", "Context"),
        "stem": tr("RevisionHistory", "Question"),
        "options": tr("RevisionHistory", "Options"),
        "images": tr("RevisionHistory", "Images"),
        "marks": tr("RevisionHistory", "Marks on images"),
        "layout": tr("RevisionHistory", "Layout of images"),
        "links": tr("RevisionHistory", "What images do together"),
        "key": tr("RevisionHistory", "Right answer"),
        "explanation": tr("RevisionHistory", "Explanation"),
        "rubric": tr("RevisionHistory", "Rubric"),
    }
    return names.get(field, field)


def _in_words(diff: FieldDiff) -> str:
    gone = " ".join(one.text.strip() for one in diff.spans if one.kind is DiffKind.REMOVED)
    come = " ".join(one.text.strip() for one in diff.spans if one.kind is DiffKind.ADDED)
    return f"{_field_name(diff.field)}: – {gone} + {come}"
