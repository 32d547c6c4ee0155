"""A heat map: darker is more, few cases are striped, missing cells stay empty."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from reviewer_app import theme
from reviewer_app.colors import Scheme, contrast
from reviewer_app.widgets.charts.chart import (
    Chart,
    ChartColors,
    number_font,
    paint_row_name,
    widest_name_px,
)

# One hue from light to dark, so that only lightness carries the value (color-blind safe). The
# dark theme starts lower: a white cell would dazzle in a reading room.
_RAMPS: Final[dict[Scheme, tuple[str, str]]] = {
    Scheme.LIGHT: ("#f4f8fd", "#0b3266"),
    Scheme.DARK: ("#c3d7ee", "#123f78"),
}
_INKS: Final = ("#000000", "#ffffff")
_AMPLE_CONTRAST: Final = 8.0
_ROW_PX: Final = 38
_MIN_COLUMN_PX: Final = 58
_MAX_COLUMN_PX: Final = 132
_GAP_PX: Final = 2
_MAX_TURNED_PX: Final = 160
_LEGEND_PX: Final = 34


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell: `value` from 0 to 1 (None: nothing there), two lines of text, and it in words."""

    value: float | None
    label: str
    note: str
    words: str
    is_small: bool = False
    is_shaded: bool = True
    """Whether the value is shown as darkness; figures of another kind are only printed."""


@dataclass(frozen=True, slots=True)
class HeatTable:
    """Rows, columns and their cells; `legend` and `few` explain darkness and stripes."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[HeatCell, ...], ...]
    legend: str = ""
    few: str = ""


def shade(value: float, scheme: Scheme) -> QColor:
    """Return the color of a value from 0 to 1; the higher, the darker."""
    low, high = (QColor(one) for one in _RAMPS[scheme])
    part = min(max(value, 0.0), 1.0)
    return QColor.fromRgbF(
        low.redF() + (high.redF() - low.redF()) * part,
        low.greenF() + (high.greenF() - low.greenF()) * part,
        low.blueF() + (high.blueF() - low.blueF()) * part,
    )


def ink_on(ground: QColor) -> QColor:
    """Return black or white, whichever can be read on `ground`."""
    return QColor(max(_INKS, key=lambda ink: contrast(ink, ground.name())))


class HeatMap(Chart):
    """Shows a `HeatTable`; every cell can be opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = HeatTable((), (), ())

    def set_table(self, table: HeatTable) -> None:
        """Show other cells."""
        self._table = table
        self.forget_current_cell()
        self.updateGeometry()
        self.update()

    @property
    def table(self) -> HeatTable:
        """What is shown."""
        return self._table

    def grid(self) -> tuple[int, int]:
        return len(self._table.rows), len(self._table.columns)

    def describe(self, row: int, column: int) -> str:
        cell = self._table.cells[row][column]
        return f"{self._table.rows[row]}, {self._table.columns[column]}: {cell.words}"

    def cell_rect(self, row: int, column: int) -> QRectF:
        width = self._column_px()
        left = self._left_px() + column * width
        return QRectF(left, self._top_px() + row * _ROW_PX, width - _GAP_PX, _ROW_PX - _GAP_PX)

    def sizeHint(self) -> QSize:
        rows, columns = self.grid()
        width = self._left_px() + columns * max(_MIN_COLUMN_PX, self._wanted_column_px())
        return QSize(int(width), int(self._top_px() + rows * _ROW_PX + _LEGEND_PX))

    def minimumSizeHint(self) -> QSize:
        rows, columns = self.grid()
        width = self._left_px() + columns * _MIN_COLUMN_PX
        return QSize(int(width), int(self._top_px() + rows * _ROW_PX + _LEGEND_PX))

    def paint_chart(self, painter: QPainter, colors: ChartColors) -> None:
        self._paint_columns(painter, colors)
        for row, name in enumerate(self._table.rows):
            top = self._top_px() + row * _ROW_PX
            room = QRectF(0, top, self._left_px() - theme.space(3), _ROW_PX - _GAP_PX)
            paint_row_name(painter, colors, room, name)
            for column, cell in enumerate(self._table.cells[row]):
                self._paint_cell(painter, colors, self.cell_rect(row, column), cell)
        if self._table.rows:
            self._paint_legend(painter, colors)

    def _paint_columns(self, painter: QPainter, colors: ChartColors) -> None:
        painter.setFont(theme.scaled_font("small"))
        painter.setPen(colors.of("text_muted"))
        width = self._column_px() - _GAP_PX
        height = self._top_px() - theme.space(1)
        for column, name in enumerate(self._table.columns):
            left = self._left_px() + column * self._column_px()
            if not self._is_turned():
                room = QRectF(left, 0, width, height)
                flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
                painter.drawText(room, int(flags.value) | int(Qt.TextFlag.TextWordWrap.value), name)
                continue
            words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(height))
            painter.save()
            painter.translate(QPointF(left + width / 2, height))
            painter.rotate(-90)
            painter.drawText(
                QRectF(0, -width / 2, height, width), Qt.AlignmentFlag.AlignVCenter, words
            )
            painter.restore()

    def _paint_cell(
        self, painter: QPainter, colors: ChartColors, rect: QRectF, cell: HeatCell
    ) -> None:
        if cell.value is None:
            painter.setPen(QPen(colors.of("line_strong"), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            ink = colors.of("text_muted")
        elif not cell.is_shaded:
            painter.setPen(QPen(colors.of("line_strong"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            ink = colors.of("text")
        else:
            ground = shade(cell.value, colors.scheme)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(rect, 3, 3)
            ink = ink_on(ground)
            if cell.is_small:
                _paint_stripes(painter, rect, ground)
        self._paint_words(painter, rect, cell, ink)

    def _paint_words(self, painter: QPainter, rect: QRectF, cell: HeatCell, ink: QColor) -> None:
        painter.setPen(ink)
        half = rect.height() / 2
        upper = QRectF(rect.left(), rect.top() + 2, rect.width(), half)
        lower = QRectF(rect.left(), rect.top() + half - 1, rect.width(), half)
        if not cell.note:
            upper = rect
        painter.setFont(number_font("body", bold=True))
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, cell.label)
        painter.setFont(number_font("small"))
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, cell.note)

    def _paint_legend(self, painter: QPainter, colors: ChartColors) -> None:
        top = self._top_px() + len(self._table.rows) * _ROW_PX + theme.space(3)
        painter.setFont(theme.scaled_font("small"))
        metrics = painter.fontMetrics()
        left = self._left_px()
        for step in range(5):
            swatch = QRectF(left + step * 22, top, 20, 14)
            painter.setPen(QPen(colors.of("line_strong"), 1))
            painter.setBrush(shade(step / 4, colors.scheme))
            painter.drawRect(swatch)
        left += 5 * 22 + theme.space(2)
        painter.setPen(colors.of("text_muted"))
        baseline = top + metrics.ascent()
        painter.drawText(QPointF(left, baseline), self._table.legend)
        left += metrics.horizontalAdvance(self._table.legend) + theme.space(6)
        if self._table.few:
            swatch = QRectF(left, top, 20, 14)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shade(0.3, colors.scheme))
            painter.drawRect(swatch)
            _paint_stripes(painter, swatch, shade(0.3, colors.scheme))
            painter.setPen(colors.of("text_muted"))
            painter.drawText(QPointF(left + 20 + theme.space(2), baseline), self._table.few)

    def _left_px(self) -> float:
        return widest_name_px(self._table.rows) + theme.space(3)

    def _top_px(self) -> float:
        metrics = QFontMetrics(theme.scaled_font("small"))
        if self._is_turned():
            widths = [metrics.horizontalAdvance(name) for name in self._table.columns]
            return min(max(widths), _MAX_TURNED_PX) + theme.space(2)
        room = QRect(0, 0, int(self._column_px()) - _GAP_PX, 1000)
        wrap = int(Qt.TextFlag.TextWordWrap.value)
        heights = [metrics.boundingRect(room, wrap, name).height() for name in self._table.columns]
        return max(heights, default=0) + theme.space(2)

    def _is_turned(self) -> bool:
        """Tell whether a word of a heading is too wide to stand level."""
        return self._longest_word_px() > self._column_px() - theme.space(1)

    def _wanted_column_px(self) -> float:
        return min(self._longest_word_px() + theme.space(3), _MAX_COLUMN_PX)

    def _longest_word_px(self) -> float:
        metrics = QFontMetrics(theme.scaled_font("small"))
        words = [word for name in self._table.columns for word in name.split()]
        return max((metrics.horizontalAdvance(word) for word in words), default=0)

    def _column_px(self) -> float:
        columns = max(len(self._table.columns), 1)
        room = (self.width() - self._left_px()) / columns
        return min(max(room, _MIN_COLUMN_PX), _MAX_COLUMN_PX)


def _paint_stripes(painter: QPainter, rect: QRectF, ground: QColor) -> None:
    """Draw the mark of a cell over few questions, so that its figures can still be read."""
    ink = ink_on(ground)
    has_room = contrast(ink.name(), ground.name()) > _AMPLE_CONTRAST
    # On a middle shade stripes in the color of the figures would swallow them.
    stripes = QColor(ink if has_room else next(one for one in _INKS if one != ink.name()))
    stripes.setAlpha(70)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(stripes, Qt.BrushStyle.BDiagPattern))
    painter.drawRoundedRect(rect, 3, 3)
