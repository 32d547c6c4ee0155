"""The gates of a verification as rows: yes, no or not sure, each with a comment."""

from collections.abc import Iterable
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.verification import Gate, GateRating, Rating
from reviewer_app import theme
from reviewer_app.widgets.buttons import show_icon
from reviewer_app.widgets.current_row import CurrentRow
from reviewer_app.widgets.keys import add_keys

RATING_KEYS: Final = {Rating.YES: "Y", Rating.NO: "N", Rating.NOT_SURE: "U"}
COMMENT_KEY: Final = "C"
_MOST_CHIPS_PX: Final = 320
"""Wider ones leave a statement beside them less than a third of the panel."""


class GateRow(CurrentRow):
    """One gate.

    Signals: `rated(Rating)` by the user; `comment_finished()` when Enter or Escape left its
    comment.
    """

    rated = Signal(object)
    comment_finished = Signal()

    def __init__(self, gate: Gate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gate = gate
        self._names = {
            Rating.YES: self.tr("Yes"),
            Rating.NO: self.tr("No"),
            Rating.NOT_SURE: self.tr("Unsure"),
        }
        self.comment = QLineEdit(self)
        self.comment.setPlaceholderText(
            self.tr("Comment on words or image part (%1)").replace("%1", COMMENT_KEY)
        )
        self.comment.setAccessibleName(self.tr("Comment: %1").replace("%1", gate.display_name))
        self.comment.setToolTip(self.tr("Key %1; Enter goes on").replace("%1", COMMENT_KEY))
        self.comment.installEventFilter(self)
        self._group = QButtonGroup(self)
        self.buttons: dict[Rating, QPushButton] = {}
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(theme.space(1))
        statement = QLabel(gate.display_name, self)
        statement.setWordWrap(True)
        self._line.addWidget(statement, 1)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(theme.space(1))
        for rating in Rating:
            self._chips.addWidget(self._make_button(rating))
        self._chips.addStretch()
        self._line.addLayout(self._chips)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.space(2), theme.space(1), theme.space(1), theme.space(1))
        layout.setSpacing(theme.space(1))
        layout.addLayout(self._line)
        layout.addWidget(self.comment)
        self.comment.textChanged.connect(lambda _: self._update_comment())
        self._update_looks()
        self.set_current(is_current=False)

    def showEvent(self, event: QShowEvent) -> None:
        """Put ratings below their statement where large text leaves it too little room."""
        super().showEvent(event)
        directions = QBoxLayout.Direction
        is_large = self._chips.sizeHint().width() > _MOST_CHIPS_PX
        self._line.setDirection(directions.TopToBottom if is_large else directions.LeftToRight)

    def rating(self) -> Rating | None:
        """Return the rating, or None."""
        return next((one for one, button in self.buttons.items() if button.isChecked()), None)

    def rate(self, rating: Rating) -> None:
        """Rate as if the button had been clicked."""
        self.buttons[rating].click()

    def show_rating(self, rating: Rating | None, comment: str = "") -> None:
        """Show a rating given earlier, or none."""
        self._group.setExclusive(False)
        for one, button in self.buttons.items():
            button.setChecked(one is rating)
        self._group.setExclusive(True)
        self.comment.setText(comment)
        self._update_looks()

    def focus_row(self) -> None:
        """Put the focus on the chosen button, or the first."""
        rating = self.rating()
        self.buttons[rating or Rating.YES].setFocus()

    def open_comment(self) -> None:
        """Show the comment with the cursor in it."""
        self.comment.show()
        self.comment.setFocus()

    def set_current(self, *, is_current: bool) -> None:
        """Mark the row that the keys rate."""
        super().set_current(is_current=is_current)
        self._update_comment()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter and Escape leave the comment."""
        is_key = event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
        if watched is self.comment and is_key and isinstance(event, QKeyEvent):
            leaves = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
            if event.key() in leaves and not event.modifiers():
                event.accept()
                if event.type() is QEvent.Type.KeyPress:
                    self.focus_row()
                    self._update_comment()
                    self.comment_finished.emit()
                return True
        return super().eventFilter(watched, event)

    def _make_button(self, rating: Rating) -> QPushButton:
        key = RATING_KEYS[rating]
        button = QPushButton(f"{self._names[rating]} ({key})", self)
        button.setCheckable(True)
        button.setAccessibleName(f"{self.gate.display_name}: {self._names[rating]}")
        button.setToolTip(self.tr("Key %1").replace("%1", key))
        button.installEventFilter(self)
        theme.set_kind(button, "chip")
        self._group.addButton(button)
        button.clicked.connect(lambda: self._on_clicked(rating))
        self.buttons[rating] = button
        return button

    def _on_clicked(self, rating: Rating) -> None:
        self._update_looks()
        self.rated.emit(rating)

    def _update_looks(self) -> None:
        shapes = {Rating.YES: "mdi6.check", Rating.NO: "mdi6.close", Rating.NOT_SURE: "mdi6.help"}
        for rating, button in self.buttons.items():
            # A shape beside the color: a rating must not be told by color alone.
            ink = "on_selection" if button.isChecked() else "text_disabled"
            show_icon(button, shapes[rating], ink)
        self._update_comment()

    def _update_comment(self) -> None:
        # Rows keep their place while all is well: only a "no" or C opens the line.
        is_denied = self.rating() is Rating.NO
        is_wanted = is_denied or self.comment.hasFocus() or bool(self.comment.text())
        self.comment.setVisible(is_wanted)


class GateTable(QWidget):
    """All gates; Y and U rate the marked row and go on, N asks for a comment first.

    C comments, arrows move, Enter in a comment goes on.
    Signals: `changed()` after a rating; `moved(Gate)` when the keys rate another row;
    `completed()` when the last open gate was rated.
    """

    changed = Signal()
    moved = Signal(object)
    completed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = {gate: GateRow(gate, self) for gate in Gate}
        self._current = next(iter(Gate))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for gate, row in self.rows.items():
            layout.addWidget(row)
            row.rated.connect(partial(self._on_rated, gate))
            row.entered.connect(partial(self._set_current, gate))
            row.comment_finished.connect(partial(self._go_on_from, gate))
        for rating, key in RATING_KEYS.items():
            add_keys(self, (key,), partial(self._rate_current, rating))
        add_keys(self, (COMMENT_KEY,), lambda: self.rows[self._current].open_comment())
        self._set_current(self._current)

    @property
    def current_gate(self) -> Gate:
        """The gate that the keys rate."""
        return self._current

    def said(self) -> str:
        """Return the gate that the keys rate and its rating, in words."""
        row = self.rows[self._current]
        rating = row.rating()
        return (
            f"{row.gate.display_name}: ?"
            if rating is None
            else row.buttons[rating].accessibleName()
        )

    def ratings(self) -> tuple[GateRating, ...]:
        """Return the gates rated so far, in order."""
        rated = ((row, row.rating()) for row in self.rows.values())
        return tuple(
            GateRating(row.gate, rating, row.comment.text().strip())
            for row, rating in rated
            if rating is not None
        )

    def remarks(self) -> tuple[tuple[Gate, str], ...]:
        """Return comments on gates that are not rated yet, as typed."""
        return tuple(
            (row.gate, row.comment.text())
            for row in self.rows.values()
            if row.rating() is None and row.comment.text()
        )

    def open_count(self) -> int:
        """Return how many gates are not rated yet."""
        return sum(row.rating() is None for row in self.rows.values())

    def show_ratings(
        self, ratings: Iterable[GateRating], remarks: Iterable[tuple[Gate, str]] = ()
    ) -> None:
        """Show earlier ratings; gates without one become open, with what was remarked on them."""
        known = {one.gate: one for one in ratings}
        begun = dict(remarks)
        for gate, row in self.rows.items():
            one = known.get(gate)
            comment = one.comment if one else begun.get(gate, "")
            row.show_rating(one.rating if one else None, comment)
        self._set_current(next(iter(Gate)))

    def focus_open(self) -> None:
        """Go to the first gate that is not rated yet."""
        gate = self._next_open(next(iter(Gate)), from_here=True)
        self._go_to(gate or self._current)

    def focus_gate(self, gate: Gate) -> None:
        """Go to one gate."""
        self._go_to(gate)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between rows."""
        steps = {int(Qt.Key.Key_Up): -1, int(Qt.Key.Key_Down): 1}
        step = steps.get(event.key())
        if step is None:
            super().keyPressEvent(event)
            return
        gates = list(Gate)
        place = min(max(gates.index(self._current) + step, 0), len(gates) - 1)
        self._go_to(gates[place])

    def _rate_current(self, rating: Rating) -> None:
        self.rows[self._current].rate(rating)

    def _on_rated(self, gate: Gate, rating: Rating) -> None:
        self.changed.emit()
        if rating is Rating.NO:
            self.rows[gate].open_comment()
            return
        self._go_on_from(gate)

    def _go_on_from(self, gate: Gate) -> None:
        following = self._next_open(gate)
        if following is not None:
            self._go_to(following)
        else:
            self.completed.emit()

    def _next_open(self, gate: Gate, *, from_here: bool = False) -> Gate | None:
        gates = list(Gate)
        place = gates.index(gate) + (0 if from_here else 1)
        order = gates[place:] + gates[:place]
        return next((one for one in order if self.rows[one].rating() is None), None)

    def _go_to(self, gate: Gate) -> None:
        self._set_current(gate)
        self.rows[gate].focus_row()

    def _set_current(self, gate: Gate) -> None:
        self._current = gate
        for one, row in self.rows.items():
            row.set_current(is_current=one is gate)
        self.moved.emit(gate)
