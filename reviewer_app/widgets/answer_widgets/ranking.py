"""All options in an order."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from core.domain.body import Asked, Option, Ranked, Response
from core.domain.ids import OptionId
from core.domain.plain import Plain, list_at
from reviewer_app import theme
from reviewer_app.widgets.answer_widgets.base import AnswerWidget
from reviewer_app.widgets.answer_widgets.choice import DIGITS
from reviewer_app.widgets.answer_widgets.rank_row import RankRow
from reviewer_app.widgets.keys import add_keys


class RankingAnswer(AnswerWidget):
    """Options move up as they get their place; those still to place wait below.

    A click or the option's digit gives the next place, or takes the place back; rows can be
    dragged, and Alt+Up and Alt+Down move them.
    """

    def __init__(
        self, asked: Asked, options: Sequence[Option], parent: QWidget | None = None
    ) -> None:
        super().__init__(asked, options, parent)
        self._order: list[OptionId] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._digits: list[QShortcut] = []
        self.rows: dict[OptionId, RankRow] = {}
        for index, option in enumerate(self.options):
            self.rows[option.id] = self._make_row(index, option)
        self.waiting = QLabel(self)
        theme.set_role(self.waiting, "hint")
        self._arrange()
        if self.options:
            self.setFocusProxy(self.rows[self.options[0].id])

    def response(self) -> Response | None:
        """Return the order, or None while an option has no place."""
        is_whole = bool(self._order) and len(self._order) == len(self.options)
        return Ranked(tuple(self._order)) if is_whole else None

    def show_response(self, response: Response | None) -> None:
        """Show the order of an earlier response."""
        given = response.order if isinstance(response, Ranked) else ()
        self._set_order([one for one in given if one in self.rows])

    def unsent(self) -> Plain | None:
        """Return the places given so far."""
        return {"order": list(self._order)} if self._order else None

    def show_unsent(self, entered: Plain) -> None:
        """Show the places given so far."""
        given = (OptionId(str(one)) for one in list_at(entered, "order"))
        self._set_order([one for one in dict.fromkeys(given) if one in self.rows])

    def problem(self) -> str:
        """Say how many options have no place yet."""
        missing = len(self.options) - len(self._order)
        if not missing:
            return ""
        return self.tr("Give every option its place; %1 to go.").replace("%1", str(missing))

    def key_hint(self) -> str:
        """Name the keys in use."""
        last = min(len(self.options), len(DIGITS))
        return self.tr(
            "Keys 1 to %1 give the next place; drag, or Alt+Up and Alt+Down, to move."
        ).replace("%1", str(last))

    def set_digits_resting(self, *, are_resting: bool) -> None:
        """Switch the digit keys off or on."""
        for shortcut in self._digits:
            shortcut.setEnabled(not are_resting)

    def focus_answer(self) -> None:
        """Put the focus on the first row."""
        if self.rows:
            self._shown()[0].setFocus()

    def toggle(self, option: OptionId) -> None:
        """Give an option the next place, or take its place back."""
        if option in self._order:
            self._set_order([one for one in self._order if one != option])
        else:
            self._set_order([*self._order, option])

    def _make_row(self, index: int, option: Option) -> RankRow:
        key = DIGITS[index] if index < len(DIGITS) else ""
        row = RankRow(option.text, key=key, parent=self)
        row.setToolTip(self.tr("Click for the next place; drag or Alt+Up, Alt+Down to move"))
        row.clicked.connect(lambda: self.toggle(option.id))
        row.dragged.connect(lambda where: self._drag(option.id, where))
        row.move_pressed.connect(lambda step: self._move_by(option.id, step))
        if key:
            self._digits.extend(add_keys(row, (key,), lambda: self._press(row)))
        return row

    def _press(self, row: RankRow) -> None:
        row.setFocus()
        row.click()

    def _move_by(self, option: OptionId, step: int) -> None:
        place = self._order.index(option) if option in self._order else len(self._order)
        if option in self._order or step < 0:
            self._move_to(option, place + step if option in self._order else place)

    def _move_to(self, option: OptionId, target: int) -> None:
        others = [one for one in self._order if one != option]
        if not 0 <= target <= len(others):
            return
        order = [*others[:target], option, *others[target:]]
        if order != self._order:
            self._set_order(order)

    def _drag(self, option: OptionId, where: QPoint) -> None:
        height = self.mapFromGlobal(where).y()
        others = [self.rows[one] for one in self._order if one != option]
        self._move_to(option, sum(height > row.geometry().center().y() for row in others))

    def _set_order(self, order: list[OptionId]) -> None:
        self._order = order
        self._arrange()
        self.changed.emit()

    def _shown(self) -> list[RankRow]:
        waiting = [option.id for option in self.options if option.id not in self._order]
        return [self.rows[one] for one in (*self._order, *waiting)]

    def _arrange(self) -> None:
        rows = self._shown()
        placed = len(self._order)
        widgets: list[QWidget] = [*rows[:placed], self.waiting, *rows[placed:]]
        for index, widget in enumerate(widgets):
            if self._layout.indexOf(widget) != index:
                self._layout.removeWidget(widget)
                self._layout.insertWidget(index, widget)
        for index, row in enumerate(rows):
            row.show_place(index + 1 if index < placed else 0)
        for before, after in pairwise(rows):
            QWidget.setTabOrder(before, after)
        self.waiting.setText(
            self.tr("Choose the first one:") if not placed else self.tr("Still to place:")
        )
        self.waiting.setVisible(placed < len(rows))
        self._layout.activate()
