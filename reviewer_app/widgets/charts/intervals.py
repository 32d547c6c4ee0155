"""A dot for each respondent with its interval, people beside models, over one line of chance."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from reviewer_app import theme
from reviewer_app.widgets.charts.chart import (
    Chart,
    ChartColors,
    number_font,
    paint_row_name,
    widest_name_px,
)

_ROW_PX: Final = 34
_AXIS_PX: Final = 34
_MARK_PX: Final = 6.0
_TICK_COUNT: Final = 5


class Mark(StrEnum):
    """The shape of a dot, so that kinds differ without color."""

    CIRCLE = "circle"
    DIAMOND = "diamond"
    SQUARE = "square"
    TRIANGLE = "triangle"


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """A figure with the ends of its interval, and both in words; `key` is for who opens it."""

    key: str
    name: str
    mark: Mark
    value: float | None
    low: float | None
    high: float | None
    note: str
    words: str


@dataclass(frozen=True, slots=True)
class IntervalTable:
    """Rows from top to bottom; `line` is drawn through all of them with its name."""

    rows: tuple[IntervalRow, ...]
    line: float | None = None
    line_name: str = ""
    axis_name: str = ""
    axis_low: float = 0.0
    axis_high: float = 1.0
    has_signs: bool = False


class IntervalPlot(Chart):
    """Shows an `IntervalTable`; every row can be opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = IntervalTable(())

    def set_table(self, table: IntervalTable) -> None:
        """Show other rows."""
        self._table = table
        self.forget_current_cell()
        self.updateGeometry()
        self.update()

    @property
    def table(self) -> IntervalTable:
        """What is shown."""
        return self._table

    def grid(self) -> tuple[int, int]:
        return len(self._table.rows), 1

    def describe(self, row: int, column: int) -> str:
        return f"{self._table.rows[row].name}: {self._table.rows[row].words}"

    def cell_rect(self, row: int, column: int) -> QRectF:
        return QRectF(0, self._top_px() + row * _ROW_PX, self._full_width(), _ROW_PX)

    def sizeHint(self) -> QSize:
        rows = len(self._table.rows)
        return QSize(720, int(self._top_px() + rows * _ROW_PX + _AXIS_PX + theme.space(5)))

    def minimumSizeHint(self) -> QSize:
        return QSize(480, self.sizeHint().height())

    def paint_chart(self, painter: QPainter, colors: ChartColors) -> None:
        if not self._table.rows:
            return
        self._paint_axis(painter, colors)
        self._paint_line(painter, colors)
        for row, one in enumerate(self._table.rows):
            self._paint_row(painter, colors, row, one)

    def _paint_axis(self, painter: QPainter, colors: ChartColors) -> None:
        top, bottom = self._top_px(), self._bottom_px()
        painter.setFont(number_font("small"))
        low, high = self._table.axis_low, self._table.axis_high
        for step in range(_TICK_COUNT):
            tick = low + (high - low) * step / (_TICK_COUNT - 1)
            x = self._x(tick)
            painter.setPen(QPen(colors.of("line"), 1))
            painter.drawLine(QPointF(x, top), QPointF(x, bottom))
            painter.setPen(colors.of("text_muted"))
            room = QRectF(x - 40, bottom + theme.space(1), 80, 18)
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, self._tick_text(tick))
        room = QRectF(self._x(low), bottom + 20, self._x(high) - self._x(low), 18)
        painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, self._table.axis_name)

    def _paint_line(self, painter: QPainter, colors: ChartColors) -> None:
        if self._table.line is None:
            return
        x = self._x(self._table.line)
        painter.setPen(QPen(colors.of("conflict"), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, self._top_px()), QPointF(x, self._bottom_px()))
        painter.setPen(colors.of("conflict"))
        painter.setFont(theme.scaled_font("small"))
        room = QRectF(x - 80, 0, 160, self._top_px())
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._table.line_name)

    def _paint_row(
        self, painter: QPainter, colors: ChartColors, row: int, one: IntervalRow
    ) -> None:
        rect = self.cell_rect(row, 0)
        room = QRectF(0, rect.top(), self._left_px() - theme.space(3), rect.height())
        paint_row_name(painter, colors, room, one.name)
        painter.setFont(number_font("small"))
        painter.setPen(colors.of("text_muted"))
        right = QRectF(
            self._x(self._table.axis_high) + theme.space(4), rect.top(), 200, rect.height()
        )
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter, one.note)
        if one.value is not None:
            self._paint_mark(painter, colors, one, rect.center().y())

    def _paint_mark(
        self, painter: QPainter, colors: ChartColors, one: IntervalRow, y: float
    ) -> None:
        ink = colors.of("text_muted" if one.mark is Mark.TRIANGLE else "accent")
        painter.setPen(QPen(ink, 2))
        if one.low is not None and one.high is not None:
            low, high = self._x(one.low), self._x(one.high)
            painter.drawLine(QPointF(low, y), QPointF(high, y))
            for x in (low, high):
                painter.drawLine(QPointF(x, y - 4), QPointF(x, y + 4))
        painter.setBrush(ink if one.mark is not Mark.CIRCLE else colors.of("window"))
        center = QPointF(self._x(one.value or 0.0), y)
        if one.mark is Mark.CIRCLE:
            painter.drawEllipse(center, _MARK_PX, _MARK_PX)
        else:
            painter.drawPolygon(_shape(one.mark, center))

    def _tick_text(self, tick: float) -> str:
        if not self._table.has_signs:
            return f"{tick:.0%}"
        return f"{100 * tick:+.0f}".replace("-", "−")

    def _x(self, value: float) -> float:
        low, high = self._table.axis_low, self._table.axis_high
        left, right = self._left_px(), self._full_width() - self._note_px()
        return left + (value - low) / (high - low) * (right - left)

    def _left_px(self) -> float:
        return widest_name_px(one.name for one in self._table.rows) + theme.space(3)

    def _note_px(self) -> float:
        metrics = QFontMetrics(number_font("small"))
        notes = [one.note for one in self._table.rows]
        return max((metrics.horizontalAdvance(note) for note in notes), default=0) + theme.space(8)

    def _top_px(self) -> float:
        return theme.space(5)

    def _bottom_px(self) -> float:
        return self._top_px() + len(self._table.rows) * _ROW_PX

    def _full_width(self) -> float:
        return max(self.width(), self.minimumSizeHint().width())


def _shape(mark: Mark, center: QPointF) -> QPolygonF:
    reach = _MARK_PX
    corners = {
        Mark.DIAMOND: ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
        Mark.SQUARE: ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
        Mark.TRIANGLE: ((0, -1), (1, 0.9), (-1, 0.9)),
    }[mark]
    return QPolygonF([QPointF(center.x() + reach * x, center.y() + reach * y) for x, y in corners])
