"""Keys of the image views: what they do, which are chosen, and which one an event means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from core.domain.region import RegionKind
from reviewer_app.key_bindings import (
    BindingGroup,
    ChosenKeys,
    KeyBinding,
    KeyRing,
    noop,
    normal_keys,
)

PRESETS: Final = 9


class ImageKey(StrEnum):
    """What a key can do to images; the value is its name in the preferences."""

    RESET = "image_reset"
    INVERT = "image_invert"
    TYPE_WINDOW = "image_type_window"
    AUTO = "image_auto"
    FIT = "image_fit"
    ONE_TO_ONE = "image_one_to_one"
    TRUE_SIZE = "image_true_size"
    ZOOM_IN = "image_zoom_in"
    ZOOM_OUT = "image_zoom_out"
    TURN_RIGHT = "image_turn_right"
    TURN_LEFT = "image_turn_left"
    MIRROR = "image_mirror"
    SMOOTH = "image_smooth"
    OVERLAY = "image_overlay"
    PLAY = "image_play"
    FASTER = "image_faster"
    HIDE = "image_hide"
    ALONE = "image_alone"
    LAYOUT = "image_layout"
    COMPARE = "image_compare"
    BEFORE = "image_before"
    AFTER = "image_after"
    SECTIONS = "image_sections"
    THINNER = "image_thinner"
    THICKER = "image_thicker"
    SLAB_KIND = "image_slab_kind"
    LENGTH = "image_length"
    ANGLE = "image_angle"
    COBB = "image_cobb"
    ELLIPSE = "image_ellipse"
    OUTLINE = "image_outline"
    MARK_POINT = "image_mark_point"
    MARK_ARROW = "image_mark_arrow"
    MARK_BOX = "image_mark_box"
    MARK_ELLIPSE = "image_mark_ellipse"
    MARK_POLYGON = "image_mark_polygon"
    MARK_FREEHAND = "image_mark_freehand"
    MARK_MASK = "image_mark_mask"
    MARK_NAME = "image_mark_name"
    MARK_LOCK = "image_mark_lock"
    MARK_COPY = "image_mark_copy"
    BRUSH_SMALLER = "image_brush_smaller"
    BRUSH_LARGER = "image_brush_larger"
    BRUSH_ERASE = "image_brush_erase"


_FRAMES: Final = frozenset({"frames"})
_BOTH: Final = frozenset({"frames", "sections"})
_SECTIONS: Final = frozenset({"sections", "brush"})
"""A slab is changed also while the brush is chosen."""
_ALL: Final = frozenset({"frames", "sections", "brush"})
_BRUSH: Final = frozenset({"brush"})
"""While the brush is chosen, its keys go before those of the image."""

MARK_KEYS: Final = {
    RegionKind.POINT: ImageKey.MARK_POINT,
    RegionKind.ARROW: ImageKey.MARK_ARROW,
    RegionKind.BOX: ImageKey.MARK_BOX,
    RegionKind.ELLIPSE: ImageKey.MARK_ELLIPSE,
    RegionKind.POLYGON: ImageKey.MARK_POLYGON,
    RegionKind.FREEHAND: ImageKey.MARK_FREEHAND,
    RegionKind.MASK: ImageKey.MARK_MASK,
}
"""Which keys choose a tool while marks can be drawn."""

IMAGE_KEYS: Final = (
    BindingGroup(
        noop("Images"),
        (
            KeyBinding(ImageKey.RESET, noop("Reset the view"), "R", _ALL),
            KeyBinding(ImageKey.INVERT, noop("Invert"), "I", _ALL),
            KeyBinding(ImageKey.TYPE_WINDOW, noop("Window as numbers"), "W", _ALL),
            KeyBinding(ImageKey.AUTO, noop("Automatic window"), "A", _BOTH),
            KeyBinding(ImageKey.FIT, noop("Fit"), "Shift+Z", _BOTH),
            KeyBinding(ImageKey.ONE_TO_ONE, noop("Whole image or 1:1"), "Z", _FRAMES),
            KeyBinding(ImageKey.TRUE_SIZE, noop("True size"), "S", _FRAMES),
            KeyBinding(ImageKey.ZOOM_IN, noop("Larger"), "+", _BOTH),
            KeyBinding(ImageKey.ZOOM_OUT, noop("Smaller"), "-", _BOTH),
            KeyBinding(ImageKey.TURN_RIGHT, noop("Turn right"), "T", _FRAMES),
            KeyBinding(ImageKey.TURN_LEFT, noop("Turn left"), "Shift+T", _FRAMES),
            KeyBinding(ImageKey.MIRROR, noop("Mirror"), "M", _FRAMES),
            KeyBinding(ImageKey.SMOOTH, noop("Pixels or smooth"), "P", _FRAMES),
            KeyBinding(ImageKey.OVERLAY, noop("Overlay of the file"), "L", _FRAMES),
            KeyBinding(ImageKey.PLAY, noop("Play or stop the slices"), "K", _FRAMES),
            KeyBinding(ImageKey.FASTER, noop("Play faster"), "Shift+K", _FRAMES),
            KeyBinding(ImageKey.HIDE, noop("Hide marks, measures and text"), "H", _BOTH),
            KeyBinding(ImageKey.ALONE, noop("One image alone"), "X", _BOTH),
            KeyBinding(ImageKey.LAYOUT, noop("Next layout"), "G", _ALL),
            KeyBinding(ImageKey.COMPARE, noop("Current beside prior"), "J", _ALL),
            KeyBinding(ImageKey.BEFORE, noop("Image before"), "Ctrl+PgUp", _ALL),
            KeyBinding(ImageKey.AFTER, noop("Image after"), "Ctrl+PgDown", _ALL),
        ),
    ),
    BindingGroup(
        noop("Window presets"),
        tuple(
            KeyBinding(f"image_preset_{number}", noop("Preset {0}"), f"Alt+{number}", _ALL)
            for number in range(1, PRESETS + 1)
        ),
    ),
    BindingGroup(
        noop("Measures"),
        (
            KeyBinding(ImageKey.LENGTH, noop("Length"), "D", _FRAMES),
            KeyBinding(ImageKey.ANGLE, noop("Angle"), "Q", _FRAMES),
            KeyBinding(ImageKey.COBB, noop("Cobb angle"), "B", _FRAMES),
            KeyBinding(ImageKey.ELLIPSE, noop("Values in an ellipse"), "E", _FRAMES),
            KeyBinding(ImageKey.OUTLINE, noop("Values in an outline"), "O", _FRAMES),
        ),
    ),
    BindingGroup(
        noop("Marks on images"),
        (
            KeyBinding(ImageKey.MARK_POINT, noop("Draw a point"), "Shift+P", _ALL),
            KeyBinding(ImageKey.MARK_ARROW, noop("Draw an arrow"), "Shift+A", _ALL),
            KeyBinding(ImageKey.MARK_BOX, noop("Draw a box"), "Shift+B", _ALL),
            KeyBinding(ImageKey.MARK_ELLIPSE, noop("Draw an ellipse"), "Shift+E", _ALL),
            KeyBinding(ImageKey.MARK_POLYGON, noop("Draw a polygon"), "Shift+G", _ALL),
            KeyBinding(ImageKey.MARK_FREEHAND, noop("Draw freehand"), "Shift+F", _ALL),
            KeyBinding(ImageKey.MARK_MASK, noop("Paint with the brush"), "Shift+M", _ALL),
            KeyBinding(ImageKey.MARK_NAME, noop("Name the mark"), "F2", _ALL),
            KeyBinding(ImageKey.MARK_LOCK, noop("Lock the mark"), "Shift+L", _ALL),
            KeyBinding(ImageKey.MARK_COPY, noop("Copy to the next frame"), "Shift+C", _ALL),
            KeyBinding(ImageKey.BRUSH_SMALLER, noop("Smaller brush"), "[", _BRUSH),
            KeyBinding(ImageKey.BRUSH_LARGER, noop("Larger brush"), "]", _BRUSH),
            KeyBinding(ImageKey.BRUSH_ERASE, noop("Erase with the brush"), "X", _BRUSH),
        ),
    ),
    BindingGroup(
        noop("Sections of a volume"),
        (
            KeyBinding(ImageKey.SECTIONS, noop("Sections, or the frames again"), "V", _ALL),
            KeyBinding(ImageKey.THINNER, noop("Thinner slab"), ",", _SECTIONS),
            KeyBinding(ImageKey.THICKER, noop("Thicker slab"), ".", _SECTIONS),
            KeyBinding(ImageKey.SLAB_KIND, noop("Brightest, mean, darkest"), "M", _SECTIONS),
        ),
    ),
)
"""All keys of images that can be chosen, as the settings list them."""
STAGE_KEYS: Final = (
    KeyBinding("images_screen", noop("Images over the whole screen"), "F12"),
    KeyBinding("images_apart", noop("Images in their own window"), "Shift+F12"),
)
"""Keys of the window, which are told where images are, too."""
IMAGE_BINDINGS: Final = tuple(one for group in IMAGE_KEYS for one in group.bindings)
KEPT_KEYS: Final = frozenset(
    normal_keys(text)
    for text in (
        *"123456789YNUC",
        *("Return", "Enter", "Space", "Esc", "Tab", "Shift+Tab", "Del", "Backspace"),
        *("Up", "Down", "Left", "Right", "PgUp", "PgDown", "Home", "End"),
        *("Shift+Up", "Shift+Down", "Shift+Left", "Shift+Right"),
        *("Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+S", "Ctrl+Return", "Ctrl+Enter"),
        *("Ctrl+T", "Ctrl+P"),
    )
)
"""Keys by which questions are answered and rated, frames gone through and steps undone.

They are not to be chosen: whoever measures must not rate a question by it.
"""
_ALSO: Final = {"=": "+"}
"""The key of the plus sign without Shift."""


@dataclass(frozen=True)
class ImageKeys(ChosenKeys):
    """The chosen key of each action of the image views.

    Those of `STAGE_KEYS` are only told: the window acts upon them.
    """

    defaults: ClassVar[Mapping[str, str]] = {
        one.name: one.keys for one in (*IMAGE_BINDINGS, *STAGE_KEYS)
    }
    _names: dict[str, list[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names: dict[str, list[str]] = defaultdict(list)
        for one in IMAGE_BINDINGS:
            names[normal_keys(self.keys(one.name))].append(one.name)
        object.__setattr__(self, "_names", names)

    def meant(self, event: QKeyEvent) -> tuple[str, ...]:
        """Return the actions that a key event stands for; their places tell which one."""
        found: tuple[str, ...] = ()
        for key in _keys_of(event):
            found += tuple(self._names.get(key, ()))
        return found


class ImageKeyRing(KeyRing[ImageKeys]):
    """The chosen keys of all image views of a window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(ImageKeys(), parent)


def preset_key(place: int) -> str:
    """Return the name of the action that takes a window preset, from 0."""
    return f"image_preset_{place + 1}"


def binding_text(binding: KeyBinding) -> str:
    """Return what a key does; presets are numbered."""
    return binding.display_text.format(binding.name.rpartition("_")[2])


def _keys_of(event: QKeyEvent) -> tuple[str, ...]:
    """Return the names of a key: by its place with modifiers, and by the sign that it types.

    Signs such as “[” and “+” need other modifiers on each keyboard.
    """
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    name = QKeySequence(modifiers.value | event.key()).toString()
    sign = event.text()
    is_sign = len(sign) == 1 and sign.isprintable() and not sign.isalnum() and sign != " "
    return tuple(dict.fromkeys((name, *((sign, _ALSO.get(sign, sign)) if is_sign else ()))))
