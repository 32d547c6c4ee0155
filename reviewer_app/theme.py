"""One look: palette, style sheet, type scale, spacing and icons from named tokens.

Widgets say what they are, the style sheet says how that looks. Set before showing:

QPushButton    kind="primary" (one per view), "danger", "quiet" (no frame); none: ordinary.
QToolButton    kind="quiet" is the default look; kind="rail" belongs to the rail.
QLabel         role="title" (page), "heading" (section), "hint" (muted, small), "error" (in place),
               "mono" (ids, keys), "caption" (small capitals over a group), "key" (a keyboard key),
               "number" (large figure), "overlay" (text on an image).
QFrame         role="card" (raised group), "panel" (side area), "line" (1 px rule),
               "note" / "warning" / "error" / "done" (message in place), "image" (black ground).
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox…   invalid=True marks a wrong field.
QTableView     rows have `ROW_PX`; numbers go right-aligned with `tabular_font()`.
any QWidget    role="page" (a page's own ground).

`set_role(widget, role)`, `set_kind(button, kind)` and `mark_invalid(widget, wrong=…)` set these
properties and repaint. `color(name)` gives a token of the current theme (names in
`colors.COLORS`), `icon("mdi6.…", color_role)` an icon that follows the theme,
`StageChip` and `StatusChip` in `reviewer_app.widgets.status` the state chips.
Distances are multiples of `STEP`: `space(2)` is 8 px.
"""

from string import Template
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QWidget

from core.paths import resources_folder
from reviewer_app.colors import COLORS, Scheme
from reviewer_app.icons import make_icon

STEP: Final = 4
ROW_PX: Final = 32
CONTROL_PX: Final = 32
ICON_PX: Final = 20
RADIUS_PX: Final = 6
SCALE: Final[dict[str, float]] = {
    "small": 0.9,
    "body": 1.0,
    "reading": 1.15,
    "heading": 1.15,
    "title": 1.5,
    "number": 2.0,
}
"""The one type scale, as factors of the system's font size."""

_MOST_WIDENING: Final = 1.6
_SCHEME_PROPERTY: Final = "asclepius_scheme"
_BASE_SIZE_PROPERTY: Final = "asclepius_base_pt"
_STYLES: Final = resources_folder() / "styles"


def current_scheme() -> Scheme:
    """Return the theme in use; dark until `apply` was called."""
    app = QApplication.instance()
    name = None if app is None else app.property(_SCHEME_PROPERTY)
    return Scheme(name) if name else Scheme.DARK


def system_scheme() -> Scheme:
    """Return the theme the desktop asks for; dark when it does not say."""
    asked = QGuiApplication.styleHints().colorScheme()
    return Scheme.LIGHT if asked is Qt.ColorScheme.Light else Scheme.DARK


def apply(app: QApplication, scheme: Scheme, *, text_percent: int = 100) -> None:
    """Give the whole program a theme and a text size; may be called again while it runs."""
    app.setProperty(_SCHEME_PROPERTY, scheme.value)
    base = app.property(_BASE_SIZE_PROPERTY) or app.font().pointSizeF()
    app.setProperty(_BASE_SIZE_PROPERTY, base)
    font = app.font()
    font.setPointSizeF(base * text_percent / 100)
    sheet = make_style_sheet(scheme, font.pointSizeF())
    before = app.styleSheet()
    if sheet == before:
        return  # the same sheet again would polish every widget anew
    app.setFont(font)
    if not before:  # under a style sheet, the style no longer tells its name
        app.setStyle("Fusion")
    app.setPalette(make_palette(scheme))
    app.setStyleSheet(sheet)


def color(name: str) -> QColor:
    """Return a named color of the current theme."""
    return QColor(COLORS[current_scheme()][name])


def icon(name: str, color_role: str = "text_muted") -> QIcon:
    """Return an icon of the font; it follows theme and scaling."""
    return make_icon(name, color_role, color)


def space(steps: int) -> int:
    """Return a distance in pixels."""
    return STEP * steps


def text_px(width_px: int) -> int:
    """Return a width that holds text, wider with larger text, but leaving room for the rest."""
    app = QApplication.instance()
    base = None if app is None else app.property(_BASE_SIZE_PROPERTY)
    factor = QApplication.font().pointSizeF() / base if base else 1.0
    return round(width_px * min(max(factor, 1.0), _MOST_WIDENING))


def scaled_font(level: str, *, bold: bool = False) -> QFont:
    """Return the system's font at a level of the type scale."""
    font = QApplication.font()
    font.setPointSizeF(font.pointSizeF() * SCALE[level])
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def tabular_font(level: str = "body") -> QFont:
    """Return a font whose figures are all of one width, for columns of numbers."""
    font = scaled_font(level)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def set_role(widget: QWidget, role: str) -> None:
    """Say what a label or frame is."""
    _set_property(widget, "role", role)


def set_kind(widget: QWidget, kind: str) -> None:
    """Say what kind of button this is."""
    _set_property(widget, "kind", kind)


def mark_invalid(widget: QWidget, *, wrong: bool) -> None:
    """Mark a field as wrong, or take the mark away."""
    _set_property(widget, "invalid", wrong)


def indent_number(box: QAbstractSpinBox) -> None:
    """Give the number the distance from its frame that other fields have.

    The style sheet's padding does not reach the text of a spin box.
    """
    box.lineEdit().setTextMargins(space(2), 0, 0, 0)


def make_palette(scheme: Scheme) -> QPalette:
    """Return the palette of a theme."""
    tokens = COLORS[scheme]
    role = QPalette.ColorRole
    names = {
        role.Window: "window",
        role.WindowText: "text",
        role.Base: "field",
        role.AlternateBase: "panel",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.PlaceholderText: "text_muted",
        role.Text: "text",
        role.Button: "raised",
        role.ButtonText: "text",
        role.BrightText: "error",
        role.Light: "hover",
        role.Midlight: "hover",
        role.Dark: "line",
        role.Mid: "line",
        role.Shadow: "rail",
        role.Highlight: "selection",
        role.HighlightedText: "on_selection",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.Accent: "accent",
    }
    palette = QPalette()
    for one, name in names.items():
        palette.setColor(one, QColor(tokens[name]))
    for one in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, QColor(tokens["text_disabled"]))
    return palette


def make_style_sheet(scheme: Scheme, base_pt: float) -> str:
    """Return the style sheet of a theme for a font size in points."""
    sizes = {f"{name}_pt": f"{base_pt * factor:.1f}pt" for name, factor in SCALE.items()}
    template = Template((_STYLES / "asclepius.qss").read_text("utf-8"))
    images = (_STYLES / scheme.value).as_posix()
    return template.substitute(
        COLORS[scheme],
        **sizes,
        images=images,
        radius=f"{RADIUS_PX}px",
        control=f"{CONTROL_PX - 2}px",
    )


def _set_property(widget: QWidget, name: str, value: object) -> None:
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    # A style sheet looks at properties only when a widget is polished; the first showing does it.
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()
