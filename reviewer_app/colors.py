"""Named colors of both themes, and how far apart two of them are."""

from enum import StrEnum
from typing import Final


class Scheme(StrEnum):
    """The two themes; `DARK` is for reading rooms."""

    DARK = "dark"
    LIGHT = "light"


# Chrome is pure gray (red = green = blue), so that it does not tint the eye beside an image.
COLORS: Final[dict[Scheme, dict[str, str]]] = {
    Scheme.DARK: {
        "rail": "#0f0f0f",
        "window": "#171717",
        "panel": "#1f1f1f",
        "raised": "#2a2a2a",
        "field": "#121212",
        "hover": "#303030",
        "pressed": "#383838",
        "line": "#343434",
        "line_strong": "#7a7a7a",
        "text": "#ededed",
        "text_muted": "#adadad",
        "text_disabled": "#7c7c7c",
        "accent": "#79b8ff",
        "accent_fill": "#2a70bf",
        "accent_fill_hover": "#2565ab",
        "on_accent": "#ffffff",
        "selection": "#22405f",
        "on_selection": "#ffffff",
        "focus": "#79b8ff",
        "waiting": "#e3c567",
        "waiting_soft": "#37311d",
        "agreed": "#5fcfa5",
        "agreed_soft": "#17352a",
        "conflict": "#f2a65a",
        "conflict_soft": "#3d2c19",
        "error": "#ff9580",
        "error_soft": "#43231c",
        "danger_fill": "#b23a22",
        "on_danger": "#ffffff",
        "note": "#a8c7e8",
        "note_soft": "#22303e",
        "blinded": "#c5b3f2",
        "blinded_soft": "#2f2942",
        "added_soft": "#17352a",
        "removed_soft": "#43231c",
        "image": "#000000",
        "on_image": "#f2f2f2",
    },
    Scheme.LIGHT: {
        "rail": "#e4e4e4",
        "window": "#f3f3f3",
        "panel": "#fbfbfb",
        "raised": "#ffffff",
        "field": "#ffffff",
        "hover": "#e9e9e9",
        "pressed": "#dcdcdc",
        "line": "#d6d6d6",
        "line_strong": "#808080",
        "text": "#1b1b1b",
        "text_muted": "#575757",
        "text_disabled": "#8a8a8a",
        "accent": "#0a58a6",
        "accent_fill": "#0a58a6",
        "accent_fill_hover": "#0b66c2",
        "on_accent": "#ffffff",
        "selection": "#cfe3f8",
        "on_selection": "#0c2338",
        "focus": "#0a58a6",
        "waiting": "#6b5200",
        "waiting_soft": "#f6ecc9",
        "agreed": "#0b6148",
        "agreed_soft": "#d6efe5",
        "conflict": "#8a4300",
        "conflict_soft": "#fbe6d1",
        "error": "#a3260f",
        "error_soft": "#fbe1db",
        "danger_fill": "#a3260f",
        "on_danger": "#ffffff",
        "note": "#29506f",
        "note_soft": "#e2edf7",
        "blinded": "#533c94",
        "blinded_soft": "#e9e3f8",
        "added_soft": "#d6efe5",
        "removed_soft": "#fbe1db",
        "image": "#000000",
        "on_image": "#f2f2f2",
    },
}

_SURFACES: Final = ("rail", "window", "panel", "raised", "field")
_INKS: Final = ("text", "text_muted", "accent", "error")
_STATES: Final = ("waiting", "agreed", "conflict", "error", "note", "blinded")

TEXT_PAIRS: Final[tuple[tuple[str, str], ...]] = (
    *((ink, surface) for ink in _INKS for surface in _SURFACES),
    *((state, f"{state}_soft") for state in _STATES),
    *((state, surface) for state in _STATES for surface in ("window", "panel", "field")),
    ("text", "hover"),
    ("text", "pressed"),
    ("text_muted", "hover"),
    ("text", "note_soft"),
    ("text", "error_soft"),
    ("text", "waiting_soft"),
    ("text", "conflict_soft"),
    ("text", "agreed_soft"),
    ("on_accent", "accent_fill"),
    ("on_accent", "accent_fill_hover"),
    ("on_danger", "danger_fill"),
    ("on_selection", "selection"),
    ("on_image", "image"),
)
"""Every (ink, surface) pair that carries text; each reaches a contrast of 4.5."""

SHAPE_PAIRS: Final[tuple[tuple[str, str], ...]] = (
    *(("line_strong", surface) for surface in ("window", "panel", "field")),
    *(("focus", surface) for surface in _SURFACES),
)
"""Borders and focus rings that must be found by eye; each reaches a contrast of 3."""


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2.2 contrast ratio (1 to 21) of two `#rrggbb` colors."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(value: str) -> float:
    channels = (int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
