"""Icons of the Material Design font, drawn as glyphs so that every scaling stays sharp."""

import json
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPixmap,
)

_FONT = "materialdesignicons6-webfont-6.9.96.ttf"
_CHARACTERS = "materialdesignicons6-webfont-charmap-6.9.96.json"


def make_icon(name: str, color_role: str, color: Callable[[str], QColor]) -> QIcon:
    """Return the icon `mdi6.name`; `color` is asked for the role when it is drawn."""
    return QIcon(_GlyphEngine(_glyph(name.removeprefix("mdi6.")), color_role, color))


class _GlyphEngine(QIconEngine):
    def __init__(self, glyph: str, color_role: str, color: Callable[[str], QColor]) -> None:
        super().__init__()
        self._glyph = glyph
        self._color_role = color_role
        self._color = color

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        role = "text_disabled" if mode is QIcon.Mode.Disabled else self._color_role
        font = QFont(_family())
        side = max(1, min(rect.width(), rect.height()))
        font.setPixelSize(side)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(font)
        painter.setPen(self._color(role))
        painter.drawText(_leading(rect, side), Qt.AlignmentFlag.AlignCenter, self._glyph)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        if size.isEmpty():
            return QPixmap()
        picture = QPixmap(size)
        picture.fill(QColor(0, 0, 0, 0))
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._glyph, self._color_role, self._color)


def _leading(rect: QRect, side: int) -> QRect:
    """Return the square at the leading edge of a wide place; the rest of it is distance."""
    is_mirrored = QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    left = rect.right() + 1 - side if is_mirrored else rect.left()
    return QRect(left, rect.top(), side, rect.height())


# The package `qtawesome` is used for its font only: importing it reads twelve fonts, which costs
# more than half of what the whole window may take to start.
@cache
def _fonts_folder() -> Path:
    found = find_spec("qtawesome")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("The package QtAwesome, which carries the icons, is missing.")
    return Path(found.origin).parent / "fonts"


@cache
def _family() -> str:
    loaded = QFontDatabase.addApplicationFont(str(_fonts_folder() / _FONT))
    return QFontDatabase.applicationFontFamilies(loaded)[0]


@cache
def _characters() -> dict[str, str]:
    characters: dict[str, str] = json.loads((_fonts_folder() / _CHARACTERS).read_text("utf-8"))
    return characters


def _glyph(name: str) -> str:
    return chr(int(_characters()[name], 16))
