"""What others would show the same picture with: numpy and QImage alone, and pyqtgraph."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsPolygonItem, QWidget

from core.domain.media import Window
from core.domain.region import Region


class NumpyView(QWidget):
    """What is usually written: window the whole image with numpy, let Qt scale it."""

    def __init__(self, stored: np.ndarray, regions: tuple[Region, ...] = ()) -> None:
        super().__init__()
        self.stored = stored
        self.regions = regions
        self.window_ = Window(1000, 2000)
        self.seen = QRectF(0, 0, stored.shape[1], stored.shape[0])

    def paintEvent(self, _: QPaintEvent) -> None:
        low, width = self.window_.center - self.window_.width / 2, self.window_.width
        gray = np.clip((self.stored.astype(np.float32) - low) * (255 / width), 0, 255)
        pixels = gray.astype(np.uint8)
        height, columns = pixels.shape
        image = QImage(pixels.data, columns, height, columns, QImage.Format.Format_Grayscale8)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), image, self.seen)
        scale = self.width() / self.seen.width(), self.height() / self.seen.height()
        painter.scale(*scale)
        painter.translate(-self.seen.topLeft())
        painter.setPen(cosmetic_pen())
        for region in self.regions:
            painter.drawPolygon(polygon(region))
        painter.end()

    def zoom(self, factor: float) -> None:
        center = self.seen.center()
        self.seen.setSize(self.seen.size() / factor)
        self.seen.moveCenter(center)

    def pan(self, dx: float, dy: float) -> None:
        across, down = self.seen.width() / self.width(), self.seen.height() / self.height()
        self.seen.translate(-dx * across, -dy * down)


class PyqtgraphView:
    """pyqtgraph's ImageItem in a ViewBox, as its documentation shows it."""

    def __init__(self, stored: np.ndarray, regions: tuple[Region, ...] = ()) -> None:
        pyqtgraph = pytest.importorskip("pyqtgraph", reason="pyqtgraph is not installed")
        pyqtgraph.setConfigOptions(imageAxisOrder="row-major", antialias=False)
        self.widget = pyqtgraph.GraphicsLayoutWidget()
        self._box = self.widget.addViewBox(lockAspect=True, invertY=True)
        self._item = pyqtgraph.ImageItem(stored, levels=(0, 2000))
        self._box.addItem(self._item)
        for region in regions:
            item = QGraphicsPolygonItem(polygon(region))
            item.setPen(cosmetic_pen())
            self._box.addItem(item)

    def set_window(self, window: Window) -> None:
        half = window.width / 2
        self._item.setLevels((window.center - half, window.center + half))
        self.widget.viewport().repaint()

    def show(self, stored: np.ndarray) -> None:
        self._item.setImage(stored, autoLevels=False)
        self.widget.viewport().repaint()

    def zoom(self, factor: float) -> None:
        self._box.scaleBy((1 / factor, 1 / factor))
        self.widget.viewport().repaint()

    def pan(self, dx: float, dy: float) -> None:
        across, down = self._box.viewPixelSize()
        self._box.translateBy(x=-dx * across, y=-dy * down)
        self.widget.viewport().repaint()


def polygon(region: Region) -> QPolygonF:
    return QPolygonF([QPointF(*point) for point in region.points])


def cosmetic_pen() -> QPen:
    pen = QPen("yellow")
    pen.setCosmetic(True)
    pen.setWidth(2)
    return pen
