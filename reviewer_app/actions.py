"""Keys of the window: one table, changeable, clashes found."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QKeySequence

from reviewer_app.pages.registry import PAGES, SEND_BACK

_CONTEXT: Final = "actions"


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """An action with its name in the preferences, its text and its default key."""

    name: str
    text: str
    keys: str

    @property
    def display_text(self) -> str:
        """The text in the language of the window."""
        return QCoreApplication.translate(_CONTEXT, self.text)


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Keys that work in one place."""

    title: str
    keys: tuple[tuple[str, str], ...]


def _noop(text: str) -> str:
    return str(QT_TRANSLATE_NOOP(_CONTEXT, text))


WINDOW_KEYS: Final = (
    *(
        KeyBinding(f"page_{entry.name}", entry.title, f"Ctrl+{number}")
        for number, entry in enumerate(PAGES, 1)
    ),
    KeyBinding("page_sendback", SEND_BACK.title, "Ctrl+0"),
    KeyBinding("new_question", _noop("New question"), "Ctrl+N"),
    KeyBinding("find", _noop("Search the library"), "Ctrl+F"),
    KeyBinding("full_screen", _noop("Full screen"), "F11"),
    KeyBinding("images_screen", _noop("Images over the whole screen"), "F12"),
    KeyBinding("images_apart", _noop("Images in their own window"), "Shift+F12"),
    KeyBinding("backups", _noop("Backups…"), "Ctrl+Shift+B"),
    KeyBinding("settings", _noop("Settings"), "Ctrl+,"),
    KeyBinding("shortcut_sheet", _noop("Shortcut sheet"), "F1"),
    KeyBinding("dismiss_message", _noop("Dismiss the message"), "Ctrl+Shift+D"),
    KeyBinding("quit", _noop("Quit"), "Ctrl+Q"),
)

FIXED_KEYS: Final = (
    KeyGroup(
        _noop("Writing"),
        (
            ("Ctrl+Z", _noop("Undo")),
            ("Ctrl+Shift+Z", _noop("Redo")),
            ("Alt+Up / Alt+Down", _noop("Move an option up or down")),
            ("Enter", _noop("Add an option below")),
            ("Ctrl+Return", _noop("Finish the draft")),
            ("Ctrl+S", _noop("Save now")),
        ),
    ),
    KeyGroup(
        _noop("Library"),
        (
            ("Shift+Up / Shift+Down, Ctrl+A", _noop("Choose several questions, or all")),
            ("Delete", _noop("Move what is chosen to the bin")),
            ("Esc", _noop("Choose none")),
        ),
    ),
    KeyGroup(
        _noop("Answering"),
        (
            ("1 … 9", _noop("Choose an option")),
            ("Enter", _noop("Submit the answer")),
            ("Space", _noop("Go on to the next question")),
            ("F", _noop("Flag")),
            ("C", _noop("Comment")),
        ),
    ),
    KeyGroup(
        _noop("Grading"),
        (
            ("Y / N", _noop("True or not true of the answer")),
            ("Up / Down", _noop("Another point")),
            ("Enter", _noop("Save and go on")),
            ("B / G", _noop("Previous or next answer")),
        ),
    ),
    KeyGroup(
        _noop("Images"),
        (
            ("Up / Down, wheel, Ctrl+drag", _noop("Scroll slices")),
            ("Left drag", _noop("Window: sideways width, up and down level")),
            ("Ctrl+wheel", _noop("Zoom")),
            ("Middle drag", _noop("Pan")),
            ("Shift+left drag", _noop("Window from a region")),
            ("G, X", _noop("Next layout, one image alone (double click)")),
            ("J", _noop("Current beside prior")),
            ("W", _noop("Window as numbers: center, Tab, width, Enter")),
            ("R", _noop("Reset the view")),
            ("I", _noop("Invert")),
            ("A", _noop("Automatic window")),
            ("T / Shift+T, M", _noop("Turn, mirror")),
            ("Z, F, S", _noop("1:1, fit, true size")),
            ("P", _noop("Pixels or smooth")),
            ("L", _noop("Overlay of the file")),
            ("K, Shift+K", _noop("Play or stop the slices, faster")),
            ("D, N, B", _noop("Measure length, angle, Cobb angle")),
            ("E, O", _noop("Values in an ellipse, in an outline")),
            ("H", _noop("Hide marks, measures and text")),
            ("V", _noop("Axial, coronal and sagittal sections")),
            ("Alt+1 … Alt+9", _noop("Window presets")),
        ),
    ),
    KeyGroup(
        _noop("Marks on images"),
        (
            ("Shift+P, A, B, E", _noop("Point, arrow, box, ellipse")),
            ("Shift+G, F, M", _noop("Polygon, freehand, brush")),
            ("Enter", _noop("New in the middle, next handle")),
            ("Tab", _noop("Next mark")),
            ("Arrows, Shift+arrows", _noop("Move it by one, by ten")),
            ("F2, Del", _noop("Name the mark, remove it")),
            ("Shift+L, Shift+C", _noop("Lock it, copy to next frame")),
            ("[ / ], X", _noop("Smaller or larger brush, erase")),
            ("Esc", _noop("Leave the mark, then the tool")),
        ),
    ),
    KeyGroup(
        _noop("Sections of a volume"),
        (
            ("Left drag, arrows", _noop("Move the point where they meet")),
            ("Wheel, PgUp / PgDn", _noop("Through the sections")),
            ("Right or Shift+left drag", _noop("Window")),
            (", / .", _noop("Thinner, thicker slab")),
            ("M", _noop("Brightest, mean, darkest")),
            ("X, double click", _noop("One section alone, or all three")),
            ("Esc", _noop("Back to the frames")),
        ),
    ),
)
"""Keys that belong to widgets; shown on the sheet, not changeable."""


def find_clashes(keys: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return, for each key that several actions claim, the names of those actions."""
    users: dict[str, list[str]] = defaultdict(list)
    for name, text in keys.items():
        normal = QKeySequence(text).toString()
        if normal:
            users[normal].append(name)
    return {key: tuple(names) for key, names in users.items() if len(names) > 1}
