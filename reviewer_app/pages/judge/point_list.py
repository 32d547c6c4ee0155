"""The points of a rubric as rows: true of the answer or not, by keys alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.rubric_points import RubricPoint
from reviewer_app import theme
from reviewer_app.widgets.buttons import show_icon
from reviewer_app.widgets.current_row import CurrentRow
from reviewer_app.widgets.keys import add_keys

KEYS: Final = {True: "Y", False: "N"}


class PointRow(CurrentRow):
    """One statement about the answer.

    Signal: `decided()` by the user.
    """

    decided = Signal()

    def __init__(self, number: int, point: RubricPoint, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        statement = QLabel(f"{number}. {point.text}", self)
        statement.setWordWrap(True)
        statement.setTextFormat(Qt.TextFormat.PlainText)
        weight = QLabel(f"{point.weight:+d}".replace("-", "−"), self)
        weight.setFont(theme.tabular_font())
        weight.setToolTip(
            self.tr("Counts for the answer") if point.is_positive else self.tr("Counts against it")
        )
        theme.set_role(weight, "hint")
        self._group = QButtonGroup(self)
        self.buttons = {value: self._make_button(value, point) for value in KEYS}
        said = QHBoxLayout()
        said.setSpacing(theme.space(2))
        said.addWidget(statement, 1)
        said.addWidget(weight, 0, Qt.AlignmentFlag.AlignTop)
        decisions = QHBoxLayout()
        decisions.setSpacing(theme.space(2))
        decisions.addStretch(1)
        for button in self.buttons.values():
            decisions.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.space(2)] * 4)
        column.setSpacing(theme.space(1))
        column.addLayout(said)
        column.addLayout(decisions)
        self._update_looks()

    def value(self) -> bool | None:
        """Return what was decided, or None."""
        return next((one for one, button in self.buttons.items() if button.isChecked()), None)

    def show_value(self, value: bool | None) -> None:
        """Show a decision, or none."""
        self._group.setExclusive(False)
        for one, button in self.buttons.items():
            button.setChecked(one is value)
        self._group.setExclusive(True)
        self._update_looks()

    def _make_button(self, value: bool, point: RubricPoint) -> QPushButton:
        name = self.tr("True") if value else self.tr("Not true")
        button = QPushButton(f"{name} ({KEYS[value]})", self)
        button.setCheckable(True)
        button.setAccessibleName(f"{point.text}: {name}")
        button.setToolTip(self.tr("Key %1").replace("%1", KEYS[value]))
        button.installEventFilter(self)
        theme.set_kind(button, "chip")
        self._group.addButton(button)
        button.clicked.connect(self._on_clicked)
        return button

    def _on_clicked(self) -> None:
        self._update_looks()
        self.decided.emit()

    def _update_looks(self) -> None:
        for value, button in self.buttons.items():
            # A shape beside the color: a decision must not be told by color alone.
            ink = "on_selection" if button.isChecked() else "text_disabled"
            show_icon(button, "mdi6.check" if value else "mdi6.close", ink)


class PointList(QWidget):
    """All points; Y and N decide the marked one and go on, arrows move.

    Signals: `changed()` after a decision; `completed()` when the last open point was decided.
    """

    changed = Signal()
    completed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[PointRow] = []
        self._current = 0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        for value, key in KEYS.items():
            add_keys(self, (key,), partial(self._decide_current, value))

    def show_points(self, points: Sequence[RubricPoint], met: Sequence[bool | None]) -> None:
        """Show points with what is decided about them."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [PointRow(n, point, self) for n, point in enumerate(points, start=1)]
        for place, row in enumerate(self.rows):
            row.show_value(met[place] if place < len(met) else None)
            row.decided.connect(partial(self._on_decided, place))
            row.entered.connect(partial(self._set_current, place))
            self._column.addWidget(row)
        self._set_current(self._first_open() or 0)

    def met(self) -> tuple[bool | None, ...]:
        """Return what is decided, None for each open point."""
        return tuple(row.value() for row in self.rows)

    def is_complete(self) -> bool:
        """Tell whether every point is decided."""
        return bool(self.rows) and None not in self.met()

    def focus_open(self) -> None:
        """Put the focus on the first open point, else the first."""
        if self.rows:
            self._go_to(self._first_open() or 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between rows."""
        step = {int(Qt.Key.Key_Up): -1, int(Qt.Key.Key_Down): 1}.get(event.key())
        if step is None or not self.rows:
            super().keyPressEvent(event)
            return
        self._go_to(min(max(self._current + step, 0), len(self.rows) - 1))

    def _decide_current(self, value: bool) -> None:
        if self.rows:
            self.rows[self._current].buttons[value].click()

    def _on_decided(self, place: int) -> None:
        self._set_current(place)
        self.changed.emit()
        following = self._first_open(after=place)
        if following is None:
            self.completed.emit()
        else:
            self._go_to(following)

    def _first_open(self, *, after: int = -1) -> int | None:
        places = [*range(after + 1, len(self.rows)), *range(after + 1)]
        return next((one for one in places if self.rows[one].value() is None), None)

    def _go_to(self, place: int) -> None:
        self._set_current(place)
        row = self.rows[place]
        row.buttons[row.value() is not False].setFocus()

    def _set_current(self, place: int) -> None:
        self._current = place
        for one, row in enumerate(self.rows):
            row.set_current(is_current=one == place)
