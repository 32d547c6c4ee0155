"""The parts of a picture that something is painted on; what is empty need not be kept."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage


def drawn_parts(picture: QImage, cell_px: int) -> list[QRect]:
    """Return the cells of a picture of 32 bits that are not empty, joined along their row."""
    import numpy as np

    width, height = picture.width(), picture.height()
    pixels = np.frombuffer(picture.constBits(), np.uint32).reshape(height, width)
    starts, parts = range(0, width, cell_px), list[QRect]()
    for top in range(0, height, cell_px):
        columns = np.bitwise_or.reduce(pixels[top : top + cell_px], axis=0)
        cells = np.bitwise_or.reduceat(columns, starts) != 0
        edges = np.flatnonzero(np.diff(cells, prepend=False, append=False)) * cell_px
        for left, right in edges.reshape(-1, 2).tolist():
            size = min(right, width) - left, min(cell_px, height - top)
            parts.append(QRect(left, top, *size))
    return parts
