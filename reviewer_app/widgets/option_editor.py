"""Options: write, mark the right ones, drag or move by key, add and remove."""

from collections.abc import Sequence
from itertools import pairwise
from uuid import uuid4

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.body import Option, free_option_id
from core.domain.body.options import MAX_OPTIONS, MIN_OPTIONS
from core.domain.ids import OptionId
from reviewer_app import theme
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.form import GrowingText
from reviewer_app.wording import letter


class _Grip(QLabel):
    """The handle by which a row is dragged."""

    dragged = Signal(QPoint)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPixmap(theme.icon("mdi6.drag-vertical").pixmap(16, 16))
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self.setToolTip(self.tr("Drag to change the order (Alt+Up, Alt+Down)"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.dragged.emit(event.globalPosition().toPoint())


class _OptionText(GrowingText):
    move_pressed = Signal(int)
    removal_pressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and key in steps:
            self.move_pressed.emit(steps[key])
            return
        if key is Qt.Key.Key_Backspace and not self.text():
            self.removal_pressed.emit()
            return
        super().keyPressEvent(event)


class _Row(QWidget):
    def __init__(
        self, option_id: OptionId, *, is_exclusive: bool, is_ordered: bool, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.option_id = option_id
        self._is_ordered = is_ordered
        self.grip = _Grip(self)
        self.mark: QAbstractButton = QRadioButton(self) if is_exclusive else QCheckBox(self)
        self.mark.setAutoExclusive(False)
        self.mark.setVisible(not is_ordered)
        self.letter = QLabel(self)
        self.letter.setFixedWidth(theme.space(4))
        self.letter.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text = _OptionText("", self, least=1, most=6, enter_is_new_line=False)
        self.remove = QToolButton(self)
        self.remove.setIcon(theme.icon("mdi6.close"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(1))
        for widget in (self.grip, self.mark, self.letter):
            row.addWidget(widget)
        row.addWidget(self.text, 1)
        row.addWidget(self.remove)

    def show_place(self, index: int, *, can_be_removed: bool) -> None:
        name = str(index + 1) if self._is_ordered else letter(index)
        self.letter.setText(f"{name}." if self._is_ordered else name)
        self.text.setAccessibleName(self.tr("Option %1").replace("%1", name))
        self.text.setPlaceholderText(self.tr("Option %1").replace("%1", name))
        self.mark.setAccessibleName(self.tr("Option %1 is right").replace("%1", name))
        self.mark.setToolTip(self.tr("Mark option %1 as right (Space)").replace("%1", name))
        self.remove.setAccessibleName(self.tr("Remove option %1").replace("%1", name))
        self.remove.setToolTip(self.tr("Remove option %1").replace("%1", name))
        self.remove.setEnabled(can_be_removed)


def fresh_option() -> Option:
    """Return an empty option whose id tells nothing about when it was written."""
    return Option(OptionId(f"o{uuid4().hex[:8]}"), "")


class OptionEditor(QWidget):
    """Edits options and which of them are right; one of them if `is_exclusive`.

    If `is_ordered` no option is marked: their order is what is right.

    Enter adds an option below, Alt+Up and Alt+Down move it, Backspace in an empty one removes it.
    Signals: `edited(options, right_ids, field)`; the field is "options" or "key".
    """

    edited = Signal(object, object, str)

    def __init__(
        self, parent: QWidget | None = None, *, is_exclusive: bool, is_ordered: bool = False
    ) -> None:
        super().__init__(parent)
        self._is_exclusive = is_exclusive
        self._is_ordered = is_ordered
        self._options: tuple[Option, ...] = ()
        self._right: frozenset[OptionId] = frozenset()
        self._rows: list[_Row] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.space(1))
        column.addLayout(self._list)
        self.add_button = make_button(
            self.tr("Add an option"),
            self,
            icon="mdi6.plus",
            kind="quiet",
            tip=self.tr("Add an option (Enter in an option)"),
        )
        self.add_button.clicked.connect(lambda: self._add_after(len(self._options) - 1))
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_options(self, options: Sequence[Option], right: frozenset[OptionId]) -> None:
        """Show options without a signal; rows of known options stay, with their cursor."""
        self._options, self._right = tuple(options), right
        known = {row.option_id: row for row in self._rows}
        self._rows = [
            known.pop(one.id) if one.id in known else self._make_row(one.id)
            for one in self._options
        ]
        for row in known.values():
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        for index, (row, option) in enumerate(zip(self._rows, self._options, strict=True)):
            if self._list.indexOf(row) != index:
                self._list.removeWidget(row)
                self._list.insertWidget(index, row)
            row.text.show_text(option.text)
            row.mark.setChecked(option.id in right)
            row.show_place(index, can_be_removed=len(self._options) > MIN_OPTIONS)
        self.add_button.setEnabled(len(self._options) < MAX_OPTIONS)
        self._order_tabs()

    def shown_options(self) -> tuple[Option, ...]:
        """Return the options in the order shown."""
        return self._options

    def row_widgets(self, index: int) -> tuple[GrowingText, QAbstractButton, QToolButton]:
        """Return text, mark and removal of one row."""
        row = self._rows[index]
        return row.text, row.mark, row.remove

    def grip(self, index: int) -> QWidget:
        """Return the handle of one row."""
        return self._rows[index].grip

    def focus_first_gap(self) -> None:
        """Put the cursor into the first empty option, else the first one."""
        empty = [row for row in self._rows if not row.text.text().strip()]
        for row in (*empty, *self._rows):
            row.text.setFocus()
            return

    def focus_marks(self) -> None:
        """Put the focus on the first mark."""
        if self._rows:
            self._rows[0].mark.setFocus()

    def mark_gaps(self, *, wrong: bool) -> None:
        """Mark empty options and repeated ones."""
        texts = [option.text.strip().casefold() for option in self._options]
        for row, text in zip(self._rows, texts, strict=True):
            theme.mark_invalid(row.text, wrong=wrong and (not text or texts.count(text) > 1))

    def _make_row(self, option_id: OptionId) -> _Row:
        row = _Row(
            option_id,
            is_exclusive=self._is_exclusive,
            is_ordered=self._is_ordered,
            parent=self,
        )
        row.text.edited.connect(lambda text: self._set_text(option_id, text))
        row.text.enter_pressed.connect(lambda: self._add_after(self._place(option_id)))
        row.text.move_pressed.connect(
            lambda step: self._move(option_id, self._place(option_id) + step)
        )
        row.text.removal_pressed.connect(lambda: self._remove(option_id))
        row.mark.clicked.connect(lambda checked: self._set_mark(option_id, is_right=checked))
        row.remove.clicked.connect(lambda: self._remove(option_id))
        row.grip.dragged.connect(lambda where: self._drag(option_id, where))
        self._group.addButton(row.mark)
        return row

    def _place(self, option_id: OptionId) -> int:
        return next(place for place, one in enumerate(self._options) if one.id == option_id)

    def _set_text(self, option_id: OptionId, text: str) -> None:
        options = tuple(
            Option(one.id, text) if one.id == option_id else one for one in self._options
        )
        self._change(options, self._right, "options")

    def _set_mark(self, option_id: OptionId, *, is_right: bool) -> None:
        if self._is_exclusive:
            right = frozenset({option_id})
        else:
            right = self._right | {option_id} if is_right else self._right - {option_id}
        self._change(self._options, right, "key")

    def _add_after(self, place: int) -> None:
        if len(self._options) >= MAX_OPTIONS:
            return
        added = fresh_option() if self._is_ordered else Option(free_option_id(self._options), "")
        options = (*self._options[: place + 1], added, *self._options[place + 1 :])
        self._change(options, self._right, "options")
        self._rows[place + 1].text.setFocus()

    def _remove(self, option_id: OptionId) -> None:
        if len(self._options) <= MIN_OPTIONS:
            return
        place = self._place(option_id)
        options = tuple(one for one in self._options if one.id != option_id)
        self._change(options, self._right - {option_id}, "options")
        neighbor = self._rows[max(0, place - 1)].text
        neighbor.setFocus()
        neighbor.move_to_end()

    def _drag(self, option_id: OptionId, where: QPoint) -> None:
        height = self.mapFromGlobal(where).y()
        middles = [row.geometry().center().y() for row in self._rows if row.option_id != option_id]
        self._move(option_id, sum(1 for middle in middles if height > middle))

    def _move_by(self, option_id: OptionId, step: int) -> None:
        self._move(option_id, self._place(option_id) + step)

    def _move(self, option_id: OptionId, target: int) -> None:
        place = self._place(option_id)
        if target == place or not 0 <= target < len(self._options):
            return
        options = [one for one in self._options if one.id != option_id]
        options.insert(target, self._options[place])
        had_focus = self._rows[place].text.hasFocus()
        self._change(tuple(options), self._right, "options")
        if had_focus:
            self._rows[target].text.setFocus()

    def _change(self, options: tuple[Option, ...], right: frozenset[OptionId], field: str) -> None:
        self.show_options(options, right)
        self.edited.emit(options, right, field)

    def _order_tabs(self) -> None:
        order = [widget for row in self._rows for widget in (row.mark, row.text, row.remove)]
        order.append(self.add_button)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
