"""Buttons: words with an icon at one distance from them, or an icon alone, and what they do."""

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton, QWidget

from reviewer_app import theme

# Qt puts 4 px between icon and words, too little for a glyph that fills its square; the glyph
# stands at the leading edge of a wider place.
_ICON_PX: Final = QSize(19, 16)
_INKS: Final = {"primary": "on_accent", "danger": "on_danger"}


def make_button(
    text: str, parent: QWidget, *, icon: str = "", kind: str = "", tip: str = ""
) -> QPushButton:
    """Return a button; `icon` is a name of the icon font, `kind` one of the theme's."""
    button = QPushButton(text, parent)
    if kind:
        theme.set_kind(button, kind)
    if icon:
        show_icon(button, icon, _INKS.get(kind, "text"))
    if tip:
        button.setToolTip(tip)
    return button


def icon_button(icon: str, parent: QWidget, text: str = "") -> QToolButton:
    """Return a button without words; `text` is what it says to those who point or listen."""
    button = QToolButton(parent)
    button.setIcon(theme.icon(icon, "text"))
    button.setIconSize(QSize(theme.ICON_PX, theme.ICON_PX))
    button.setToolTip(text)
    button.setAccessibleName(text)
    return button


def show_icon(button: QAbstractButton, name: str, ink: str) -> None:
    """Show another icon beside the words."""
    button.setIconSize(_ICON_PX)
    button.setIcon(theme.icon(name, ink))
