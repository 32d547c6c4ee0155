"""Marks in words, for menus and for screen readers."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication

from core.domain.region import Region, RegionKind

_MOST_SPOKEN: Final = 10


def kind_name(kind: RegionKind) -> str:
    """Return the name of a kind, as a menu has it."""
    translate = QCoreApplication.translate
    names = {
        RegionKind.POINT: translate("Marks", "Point"),
        RegionKind.ARROW: translate("Marks", "Arrow"),
        RegionKind.BOX: translate("Marks", "Box"),
        RegionKind.ELLIPSE: translate("Marks", "Ellipse"),
        RegionKind.POLYGON: translate("Marks", "Polygon"),
        RegionKind.FREEHAND: translate("Marks", "Freehand"),
        RegionKind.MASK: translate("Marks", "Brush mask"),
    }
    return names[kind]


def mark_name(mark: Region) -> str:
    """Return kind and label."""
    name = kind_name(mark.kind)
    return f"{name} “{mark.label}”" if mark.label else name


def spoken_marks(marks: Sequence[Region]) -> tuple[str, ...]:
    """Return what a screen reader is told of the marks on a frame."""
    if not marks:
        return ()
    count = QCoreApplication.translate("Marks", "Marks: %1").replace("%1", str(len(marks)))
    return (count, *(mark_name(mark) for mark in marks[:_MOST_SPOKEN]))


def spoken_choice(mark: Region, handle: int | None) -> str:
    """Return what a screen reader is told of the chosen mark."""
    translate = QCoreApplication.translate
    words = [translate("Marks", "Chosen: %1").replace("%1", mark_name(mark))]
    if mark.is_locked:
        words.append(translate("Marks", "locked"))
    if handle is not None:
        words.append(translate("Marks", "handle %1").replace("%1", str(handle + 1)))
    if mark.points:
        places = (f"{x:.0f}, {y:.0f}" for x, y in mark.points[:2])
        words.append(translate("Marks", "at %1").replace("%1", " – ".join(places)))
    return " ".join(words)
