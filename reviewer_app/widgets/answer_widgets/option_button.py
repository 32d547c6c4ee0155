"""An option as a whole row to click: key, mark and text that wraps."""

import math
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QWidget

from reviewer_app import theme

_PADDING: Final = 12
_GAP: Final = 10
_MARK_PX: Final = 18
_MIN_HEIGHT_PX: Final = 44
_RADIUS_PX: Final = 6
_LEADING: Final = Qt.AlignmentFlag.AlignLeft


class OptionButton(QAbstractButton):
    """A checkable row; `key` is printed in front, a round mark means one, a square one several."""

    def __init__(
        self, text: str, *, key: str, is_exclusive: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text)
        self.key = key
        self._is_exclusive = is_exclusive
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Return the size of the text on one line of at most 480 pixels."""
        natural = (
            self.fontMetrics().horizontalAdvance(self.text()) + self._left_of_text() + _PADDING
        )
        width = min(natural, 480)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the height the text needs at the present width."""
        return QSize(160, self.heightForWidth(max(self.width(), 160)))

    def hasHeightForWidth(self) -> bool:
        """Text wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height for the wrapped text."""
        available = max(width - self._left_of_text() - _PADDING, 40)
        return max(
            math.ceil(self._lines(available).boundingRect().height()) + 2 * _PADDING, _MIN_HEIGHT_PX
        )

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the hover color."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Drop the hover color."""
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint frame, key, mark and text from the palette."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        self._paint_frame(painter)
        left = _PADDING
        if self.key:
            self._paint_key(painter, self._placed(QRect(left, 0, _MARK_PX + 6, self.height())))
            left += _MARK_PX + 6 + _GAP
        self._paint_mark(painter, self._placed(QRect(left, 0, _MARK_PX, self.height())))
        left = self._left_of_text()
        width = self.width() - left - _PADDING
        painter.setPen(self._ink())
        text, lines = self._placed(QRect(left, 0, width, self.height())), self._lines(width)
        shape = lines.boundingRect()
        lines.draw(painter, QPointF(text.left(), text.center().y() + 0.5 - shape.height() / 2))

    def _lines(self, width: int) -> QTextLayout:
        option = QTextOption(QStyle.visualAlignment(self.layoutDirection(), _LEADING))
        option.setTextDirection(self.layoutDirection())
        # Between words; within one only where it is longer than the row.
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout = QTextLayout(self.text(), self.font())
        layout.setTextOption(option)
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, top))
            top += line.height()
        layout.endLayout()
        return layout

    def _left_of_text(self) -> int:
        key_width = _MARK_PX + 6 + _GAP if self.key else 0
        return _PADDING + key_width + _MARK_PX + _GAP

    def _placed(self, box: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), box)

    def _paint_frame(self, painter: QPainter) -> None:
        is_marked = self.isChecked() or self.hasFocus()
        painter.setBrush(self._ground())
        edge = "accent" if is_marked else "line_strong"
        painter.setPen(QPen(theme.color(edge), 2 if is_marked else 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _RADIUS_PX, _RADIUS_PX)
        if self.hasFocus() and self.isChecked():
            dotted = QPen(theme.color("text_muted"), 1)
            dotted.setStyle(Qt.PenStyle.DotLine)
            painter.setPen(dotted)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 4, 4)

    def _ground(self) -> QColor:
        if self.isChecked():
            return theme.color("selection")
        if not self.isEnabled():
            return theme.color("panel")
        return theme.color("hover" if self.underMouse() else "field")

    def _ink(self) -> QColor:
        if self.isChecked():
            return theme.color("on_selection")
        return theme.color("text" if self.isEnabled() else "text_disabled")

    def _paint_key(self, painter: QPainter, box: QRect) -> None:
        side = _MARK_PX + 6
        chip = QRectF(box.left(), box.center().y() - side / 2 + 0.5, side, side)
        painter.setPen(QPen(theme.color("line_strong"), 1))
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(chip, 4, 4)
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(theme.color("text" if self.isEnabled() else "text_disabled"))
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter.value), self.key)

    def _paint_mark(self, painter: QPainter, box: QRect) -> None:
        is_on = self.isChecked()
        mark = QRectF(box.left(), box.center().y() - _MARK_PX / 2 + 0.5, _MARK_PX, _MARK_PX)
        painter.setPen(QPen(theme.color("accent" if is_on else "line_strong"), 1.5))
        painter.setBrush(theme.color("accent_fill" if is_on else "field"))
        if self._is_exclusive:
            painter.drawEllipse(mark)
        else:
            painter.drawRoundedRect(mark, 3, 3)
        if is_on:
            self._paint_filled(painter, mark)

    def _paint_filled(self, painter: QPainter, mark: QRectF) -> None:
        if self._is_exclusive:
            painter.setBrush(theme.color("on_accent"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(mark.center(), 4, 4)
            return
        painter.setPen(QPen(theme.color("on_accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        left, top = mark.left(), mark.top()
        tick = [
            QPointF(left + 4, top + 9),
            QPointF(left + 8, top + 13),
            QPointF(left + 14, top + 5),
        ]
        painter.drawPolyline(QPolygonF(tick))
