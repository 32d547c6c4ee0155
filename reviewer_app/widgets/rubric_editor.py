"""The points that a written answer is graded by: a weight and a statement each."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.rubric_points import RubricPoint, written_points
from reviewer_app import theme
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.flow import FlowLayout
from reviewer_app.widgets.form import GrowingText

MOST_WEIGHT: Final = 9


class WeightBox(QSpinBox):
    """A weight from -9 to +9 without 0, which would count for nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(-MOST_WEIGHT, MOST_WEIGHT)
        self.setValue(1)
        theme.indent_number(self)

    def textFromValue(self, value: int) -> str:
        return f"{value:+d}".replace("-", "\u2212")

    def valueFromText(self, text: str) -> int:
        return int(text.replace("\u2212", "-") or 1) or 1

    def stepBy(self, steps: int) -> None:
        super().stepBy(steps)
        if self.value() == 0:
            super().stepBy(1 if steps > 0 else -1)


class _PointText(GrowingText):
    removal_pressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.removal_pressed.emit()
            return
        super().keyPressEvent(event)


class _Row(QWidget):
    """One point."""

    def __init__(self, point: RubricPoint, parent: QWidget) -> None:
        super().__init__(parent)
        self.weight = WeightBox(self)
        self.weight.setToolTip(
            self.tr("What the point is worth; below zero it counts off where it holds")
        )
        self.text = _PointText("", self, least=1, most=5, enter_is_new_line=False)
        self.remove = QToolButton(self)
        self.remove.setIcon(theme.icon("mdi6.close"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(1))
        row.addWidget(self.weight, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        row.addWidget(self.remove)
        self.show_point(point)

    @property
    def point(self) -> RubricPoint:
        return RubricPoint(" ".join(self.text.text().split("\n")), self.weight.value())

    def show_point(self, point: RubricPoint) -> None:
        self.weight.blockSignals(True)
        self.weight.setValue(point.weight)
        self.weight.blockSignals(False)
        self.text.show_text(point.text)

    def show_number(self, number: int) -> None:
        name = str(number)
        self.weight.setAccessibleName(self.tr("Weight of point %1").replace("%1", name))
        self.text.setAccessibleName(self.tr("Point %1").replace("%1", name))
        self.text.setPlaceholderText(
            self.tr("What the answer says or does")
            if self.weight.value() > 0
            else self.tr("What the answer must not say or do")
        )
        self.remove.setAccessibleName(self.tr("Remove point %1").replace("%1", name))
        self.remove.setToolTip(self.tr("Remove point %1").replace("%1", name))


class RubricEditor(QWidget):
    """Edits a rubric, which is stored as text with one point a line.

    Enter adds a point, Backspace in an empty one removes it.
    Signals: `edited(str)`, by hand.
    """

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: str | None = None
        self.rows: list[_Row] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.space(1))
        self.add_button = self._button(
            self.tr("Add a point"), self.tr("A statement that a good answer makes true")
        )
        self.add_negative_button = self._button(
            self.tr("Add a point that counts off"),
            self.tr("A statement that should not hold, such as a dangerous advice"),
        )
        self.add_button.clicked.connect(lambda: self._add(len(self.rows), 1))
        self.add_negative_button.clicked.connect(lambda: self._add(len(self.rows), -1))
        self.sum_label = QLabel(self)
        theme.set_role(self.sum_label, "hint")
        buttons = FlowLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.add_negative_button)
        buttons.add_gap()
        buttons.addWidget(self.sum_label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        column.addLayout(self._list)
        column.addLayout(buttons)
        self._update()

    def text(self) -> str:
        """Return the rubric as it is stored."""
        return "\n".join(map(_line, (row.point for row in self.rows)))

    def show_text(self, text: str) -> None:
        """Show a rubric without a signal; points that did not change keep their cursor."""
        if text == self._shown:
            return
        self._shown = text
        self._show_points(written_points(text))

    def _button(self, text: str, tip: str) -> QPushButton:
        return make_button(text, self, icon="mdi6.plus", kind="quiet", tip=tip)

    def _show_points(self, points: Sequence[RubricPoint]) -> None:
        for row in self.rows[len(points) :]:
            self._drop(row)
        del self.rows[len(points) :]
        for row, point in zip(self.rows, points, strict=False):
            row.show_point(point)
        for point in points[len(self.rows) :]:
            self._insert(len(self.rows), point)
        self._update()

    def _insert(self, place: int, point: RubricPoint) -> _Row:
        row = _Row(point, self)
        row.text.edited.connect(lambda _: self._tell())
        row.weight.valueChanged.connect(lambda _: self._tell())
        row.text.enter_pressed.connect(lambda: self._add(self.rows.index(row) + 1, 1))
        row.text.removal_pressed.connect(lambda: self._remove(row))
        row.remove.clicked.connect(lambda: self._remove(row))
        self.rows.insert(place, row)
        self._list.insertWidget(place, row)
        row.show()
        return row

    def _add(self, place: int, weight: int) -> None:
        row = self._insert(place, RubricPoint("", weight))
        self._tell()
        row.text.setFocus()

    def _remove(self, row: _Row) -> None:
        place = self.rows.index(row)
        self.rows.remove(row)
        self._drop(row)
        self._tell()
        neighbor = self.rows[max(0, place - 1)].text if self.rows else self.add_button
        neighbor.setFocus()

    def _drop(self, row: _Row) -> None:
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _tell(self) -> None:
        self._update()
        self._shown = self.text()
        self.edited.emit(self._shown)

    def _update(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            row.show_number(number)
        self.setFocusProxy(self.rows[0].text if self.rows else self.add_button)
        points = [row.point for row in self.rows if row.point.text.strip()]
        best = sum(point.weight for point in points if point.is_positive)
        worst = -sum(point.weight for point in points if not point.is_positive)
        said = self.tr("Best: %1").replace("%1", str(best))
        if worst:
            said += "  ·  " + self.tr("can count off %1").replace("%1", str(worst))
        self.sum_label.setText(said if points else "")
        for before, after in pairwise(
            widget for row in self.rows for widget in (row.weight, row.text, row.remove)
        ):
            QWidget.setTabOrder(before, after)


def _line(point: RubricPoint) -> str:
    """Return a point as it is stored; a weight that is usual is not written."""
    if not point.text.strip():
        return ""
    return point.text if point.weight == 1 else f"{point.weight:+d} {point.text}"
