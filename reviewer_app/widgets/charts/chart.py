"""What all charts share: colors, cells that can be walked with the keys, pictures to keep."""

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from core.errors import StorageError
from reviewer_app import theme
from reviewer_app.colors import COLORS, Scheme

NAME_BREAK: Final = " · "
_MAX_NAME_PX: Final = 240
PICTURE_SCALE: Final = 2
"""Exported bitmaps have this many pixels for each one on screen."""


@dataclass(frozen=True, slots=True)
class ChartColors:
    """The tokens of a theme as colors."""

    scheme: Scheme

    def of(self, name: str) -> QColor:
        """Return a named color."""
        return QColor(COLORS[self.scheme][name])


class Chart(QWidget):
    """A figure of cells in rows and columns that can be pointed at, walked and opened.

    Signals: `cell_opened(int, int)`, row and column, on a click, Enter or Space.
    """

    cell_opened = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current: tuple[int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    @abstractmethod
    def paint_chart(self, painter: QPainter, colors: ChartColors) -> None:
        """Draw the figure at the size of `sizeHint`."""

    @abstractmethod
    def cell_rect(self, row: int, column: int) -> QRectF:
        """Return where a cell lies."""

    @abstractmethod
    def grid(self) -> tuple[int, int]:
        """Return how many rows and columns there are."""

    @abstractmethod
    def describe(self, row: int, column: int) -> str:
        """Say a cell in words, for tooltip and screen reader."""

    def current_cell(self) -> tuple[int, int] | None:
        """Return the cell the keys stand on."""
        return self._current

    def set_current_cell(self, row: int, column: int) -> None:
        """Move the keys to a cell and tell a screen reader what it says."""
        self._current = (row, column)
        self.setAccessibleDescription(self.describe(row, column))
        changed = QAccessible.Event.DescriptionChanged
        QAccessible.updateAccessibility(QAccessibleEvent(self, changed))
        self.update()

    def save_png(self, path: Path) -> None:
        """Write the figure on white to a .png; raise `StorageError` when that fails."""
        image = QImage(self._picture_size() * PICTURE_SCALE, QImage.Format.Format_ARGB32)
        image.setDevicePixelRatio(PICTURE_SCALE)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        self._paint_picture(painter)
        painter.end()
        if not image.save(str(path)):
            raise _unwritable(path)

    def save_svg(self, path: Path) -> None:
        """Write the figure as vectors; raise `StorageError` when it cannot be written."""
        from PySide6.QtSvg import QSvgGenerator

        try:
            path.write_bytes(b"")  # The generator tells of no failure.
        except OSError as error:
            raise _unwritable(path) from error
        generator = QSvgGenerator()
        generator.setFileName(str(path))
        generator.setSize(self._picture_size())
        generator.setViewBox(QRectF(0, 0, *self._picture_size().toTuple()))
        generator.setTitle(self.accessibleName())
        painter = QPainter(generator)
        painter.setFont(self.font())
        self._paint_picture(painter)
        painter.end()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_chart(painter, ChartColors(theme.current_scheme()))
        if self.hasFocus() and self._current is not None:
            ring = QPen(theme.color("focus"), 2)
            painter.setPen(ring)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.cell_rect(*self._current).adjusted(0, 0, -1, -1), 3, 3)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows, columns = self.grid()
        if not rows or not columns:
            super().keyPressEvent(event)
            return
        row, column = self._current or (0, 0)
        steps = {
            Qt.Key.Key_Left: (row, column - 1),
            Qt.Key.Key_Right: (row, column + 1),
            Qt.Key.Key_Up: (row - 1, column),
            Qt.Key.Key_Down: (row + 1, column),
            Qt.Key.Key_Home: (row, 0),
            Qt.Key.Key_End: (row, columns - 1),
        }
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.cell_opened.emit(row, column)
        elif key in steps:
            next_row, next_column = steps[key]
            self.set_current_cell(
                min(max(next_row, 0), rows - 1), min(max(next_column, 0), columns - 1)
            )
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.cell_at(event.position().toPoint())
        if place is not None and event.button() is Qt.MouseButton.LeftButton:
            self.set_current_cell(*place)
            self.cell_opened.emit(*place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_over = self.cell_at(event.position().toPoint()) is not None
        shape = Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        rows, columns = self.grid()
        if self._current is None and rows and columns:
            self.set_current_cell(0, 0)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            place = self.cell_at(event.pos())
            words = "" if place is None else self.describe(*place)
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def cell_at(self, point: QPoint) -> tuple[int, int] | None:
        """Return the cell under a point, or None."""
        rows, columns = self.grid()
        for row in range(rows):
            for column in range(columns):
                if self.cell_rect(row, column).contains(point):
                    return row, column
        return None

    def forget_current_cell(self) -> None:
        """Let the keys start anew where the cells have changed."""
        rows, columns = self.grid()
        if self._current is None or self._current[0] >= rows or self._current[1] >= columns:
            self._current = None
            self.setAccessibleDescription("")

    def _picture_size(self) -> QSize:
        needed = self.minimumSizeHint()
        return QSize(max(needed.width(), self.width()), needed.height())

    def _paint_picture(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_chart(painter, ChartColors(Scheme.LIGHT))


def number_font(level: str, *, bold: bool = False) -> QFont:
    """Return a font with figures of one width."""
    font = theme.tabular_font(level)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def paint_row_name(painter: QPainter, colors: ChartColors, room: QRectF, name: str) -> None:
    """Draw a name against the trailing edge of `room`; what follows " · " stands below, muted."""
    first, _, rest = name.partition(NAME_BREAK)
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    upper, lower = QRectF(room), QRectF(room)
    if rest:
        upper.setBottom(room.center().y() + 1)
        lower.setTop(room.center().y() - 1)
    for font, token, place, words in (
        (theme.scaled_font("body"), "text", upper, first),
        (theme.scaled_font("small"), "text_muted", lower, rest),
    ):
        painter.setFont(font)
        painter.setPen(colors.of(token))
        elide = Qt.TextElideMode.ElideMiddle
        fitting = painter.fontMetrics().elidedText(words, elide, int(room.width()))
        painter.drawText(place, flags, fitting)


def widest_name_px(names: Iterable[str]) -> float:
    """Return the room that `paint_row_name` needs for the widest of these names."""
    body, small = (QFontMetrics(theme.scaled_font(level)) for level in ("body", "small"))
    parts = [name.partition(NAME_BREAK) for name in names]
    widths = [
        max(body.horizontalAdvance(first), small.horizontalAdvance(rest))
        for first, _, rest in parts
    ]
    return min(max(widths, default=0), _MAX_NAME_PX)


def _unwritable(path: Path) -> StorageError:
    return StorageError(
        f"The figure could not be written to {path.name}.",
        hint="Choose another folder, or make room on the disk.",
    )
