"""One field of two versions beside what both were made from, and the choice between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QLabel,
    QRadioButton,
    QWidget,
)

from core.domain.word_diff import DiffKind, DiffSpan
from reviewer_app import theme
from reviewer_app.widgets.word_diff import DiffPane

if TYPE_CHECKING:
    from core.domain.three_way import FieldDiff, Side

_LEAST_LINES = 2
_MOST_LINES = 8


class FieldRow(QFrame):
    """Base, mine and theirs side by side.

    Signals: `picked(str, Side)`, take this field from that side.
    """

    picked = Signal(str, object)

    def __init__(self, diff: FieldDiff, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from core.domain.three_way import Side

        theme.set_role(self, "card")
        self.setAccessibleName(name)
        self.diff = diff
        self.title = QLabel(name, self)
        theme.set_role(self.title, "heading")
        self.state = QLabel(self._state_words(), self)
        theme.set_role(self.state, "hint")
        # Struck words show what a version left out, so a pane hides nothing.
        self.base = DiffPane(DiffKind.ADDED, self.tr("%1 before").replace("%1", name), self)
        self.mine = DiffPane(None, self.tr("%1, mine").replace("%1", name), self)
        self.theirs = DiffPane(None, self.tr("%1, theirs").replace("%1", name), self)
        self.base.show_spans((DiffSpan(DiffKind.SAME, diff.base),))
        self.mine.show_spans(diff.mine)
        self.theirs.show_spans(diff.theirs)
        self.buttons: Mapping[Side, QRadioButton] = {
            Side.MINE: QRadioButton(self.tr("Take mine"), self),
            Side.THEIRS: QRadioButton(self.tr("Take theirs"), self),
        }
        group = QButtonGroup(self)
        for side, button in self.buttons.items():
            button.setAccessibleName(f"{name}: {button.text()}")
            button.clicked.connect(lambda _=False, side=side: self.picked.emit(diff.field, side))
            group.addButton(button)
        self._lay_out()

    def show_pick(self, side: Side | None) -> None:
        """Show which side is taken."""
        for one, button in self.buttons.items():
            button.setChecked(one is side)

    def _state_words(self) -> str:
        from core.domain.three_way import Side

        if self.diff.is_contested:
            return self.tr("both changed it: choose")
        if self.diff.changed_by is Side.MINE:
            return self.tr("only mine changed it")
        return self.tr("only theirs changed it")

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(*(theme.space(3),) * 4)
        grid.setHorizontalSpacing(theme.space(3))
        grid.setVerticalSpacing(theme.space(1))
        grid.addWidget(self.title, 0, 0)
        grid.addWidget(
            self.state, 0, 1, 1, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        before = QLabel(self.tr("Before"), self)
        theme.set_role(before, "caption")
        grid.addWidget(before, 1, 0)
        for column, button in enumerate(self.buttons.values(), 1):
            grid.addWidget(button, 1, column)
        for column, pane in enumerate((self.base, self.mine, self.theirs)):
            grid.addWidget(pane, 2, column)
            grid.setColumnStretch(column, 1)
            pane.setFixedHeight(self._pane_px())

    def _pane_px(self) -> int:
        texts = ["".join(one.text for one in spans) for spans in (self.diff.mine, self.diff.theirs)]
        longest = max(self.diff.base, *texts, key=len)
        lines = longest.count("\n") + len(longest) // 42 + 1
        shown = max(_LEAST_LINES, min(lines, _MOST_LINES))
        return shown * self.fontMetrics().lineSpacing() + theme.space(5)
