"""Thumbnails of a question's images: choose one, and where allowed move or remove it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QListWidget, QListWidgetItem, QWidget

from core.domain.media import ImageRole, ImageUse
from core.errors import CoreError
from reviewer_app import theme
from reviewer_app.widgets.images.loader import ImageLoader, Urgency

THUMBNAIL_PX: Final = 72
Thumbnailer = Callable[[ImageUse, int], bytes]
"""Gives the PNG of a use's first frame, at most so many pixels wide and high."""


class ImageStrip(QListWidget):
    """A row of thumbnails; arrow keys choose, Del removes and Ctrl+arrows move if `is_editable`.

    Signals: `image_chosen(int)`; `removal_requested(int)`; `move_requested(int, int)` from and to.
    """

    image_chosen = Signal(int)
    removal_requested = Signal(int)
    move_requested = Signal(int, int)

    def __init__(self, parent: QWidget | None = None, *, is_editable: bool = False) -> None:
        super().__init__(parent)
        self._is_editable = is_editable
        self._uses: tuple[ImageUse, ...] = ()
        self._loader = ImageLoader(self)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(THUMBNAIL_PX, THUMBNAIL_PX))
        self.setSpacing(theme.space(1))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setAccessibleName(self.tr("Images of this question"))
        self.currentRowChanged.connect(self._on_row_changed)
        self._size_items()

    def show_uses(self, uses: Sequence[ImageUse], thumbnailer: Thumbnailer) -> None:
        """Show these images, the first one chosen (without a signal); thumbnails follow."""
        self._loader.forget()
        self._uses = tuple(uses)
        self._size_items()
        self.blockSignals(True)
        self.clear()
        for number, use in enumerate(self._uses, start=1):
            self.addItem(self._item(number, use))
        self.setCurrentRow(0 if self._uses else -1)
        self.blockSignals(False)
        side = round(THUMBNAIL_PX * self.devicePixelRatioF())
        for index, use in enumerate(self._uses):
            self._loader.ask(
                partial(thumbnailer, use, side),
                partial(self._fill, self.item(index)),
                partial(self._mark_broken, self.item(index)),
                Urgency.THUMBNAIL,
            )

    def choose(self, index: int) -> None:
        """Choose an image, as a click would."""
        if 0 <= index < self.count():
            self.setCurrentRow(index)

    def is_filled(self) -> bool:
        """Tell whether every thumbnail is there."""
        return self._loader.is_idle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remove and move where allowed."""
        row, step = self.currentRow(), _STEPS.get(Qt.Key(event.key()), 0)
        is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self._is_editable and row >= 0 and event.key() == Qt.Key.Key_Delete:
            self.removal_requested.emit(row)
        elif self._is_editable and step and is_control:
            if 0 <= row + step < self.count():
                self.move_requested.emit(row, row + step)
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(4 * self.gridSize().width(), self.height_needed())

    def height_needed(self) -> int:
        """Return the height of one row with a scroll bar."""
        return self.gridSize().height() + self.horizontalScrollBar().sizeHint().height()

    def _size_items(self) -> None:
        metrics = self.fontMetrics()
        captions = (self._caption(number, use) for number, use in enumerate(self._uses, 1))
        longest = max(map(metrics.horizontalAdvance, captions), default=0) + theme.space(8)
        most = metrics.horizontalAdvance("2 · Prior · 300 frames") + theme.space(8)
        width = max(THUMBNAIL_PX + 48, min(longest, most))
        self.setGridSize(QSize(width, THUMBNAIL_PX + metrics.height() + 12))
        self.setFixedHeight(self.height_needed())

    def _item(self, number: int, use: ImageUse) -> QListWidgetItem:
        item = QListWidgetItem(self._caption(number, use))
        item.setIcon(self._on_black(QPixmap()))
        item.setToolTip(item.text())
        item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
        # Qt takes the width of the caption that came first for all of them.
        item.setSizeHint(self.gridSize() - QSize(theme.space(1), theme.space(1)))
        return item

    def _caption(self, number: int, use: ImageUse) -> str:
        parts = [f"{number}"]
        if use.role is ImageRole.PRIOR:
            parts.append(self.tr("Prior"))
        if use.caption:
            parts.append(use.caption)
        if len(use.frames) > 1:
            parts.append(self.tr("{0} frames").format(len(use.frames)))
        return " · ".join(parts)

    def _on_row_changed(self, row: int) -> None:
        if row >= 0:
            self.image_chosen.emit(row)

    def _fill(self, item: QListWidgetItem, png: bytes) -> None:
        picture = QPixmap()
        picture.loadFromData(png)
        item.setIcon(self._on_black(picture))

    def _on_black(self, picture: QPixmap) -> QIcon:
        return on_black(picture, THUMBNAIL_PX, self.devicePixelRatioF())

    def _mark_broken(self, item: QListWidgetItem, error: CoreError) -> None:
        side = round(THUMBNAIL_PX * self.devicePixelRatioF() / 3)
        broken = theme.icon("mdi6.image-broken-variant", "on_image").pixmap(side, side)
        item.setIcon(self._on_black(broken))
        item.setToolTip(error.sentence)


def on_black(picture: QPixmap, side_px: int, ratio: float) -> QIcon:
    """Return a square icon, so that captions stand in one line.

    Qt tints the icon of a selected item; an image must keep its grays.
    """
    side = round(side_px * ratio)
    square = QPixmap(side, side)
    square.fill(Qt.GlobalColor.black)
    picture.setDevicePixelRatio(1)
    painter = QPainter(square)
    painter.drawPixmap((side - picture.width()) // 2, (side - picture.height()) // 2, picture)
    painter.end()
    square.setDevicePixelRatio(ratio)
    icon = QIcon(square)
    icon.addPixmap(square, QIcon.Mode.Selected)
    return icon


_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
