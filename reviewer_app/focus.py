"""Where the cursor is on a page, in words that find the same place in another window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QWidget

if TYPE_CHECKING:
    from core.domain.plain import Plain


def describe_focus(page: QWidget) -> Plain | None:
    """Return which control of `page` has the focus, and its caret; None when none has."""
    window = page.window()
    focused = window.focusWidget()
    if focused is None or not page.isAncestorOf(focused) or not _name(focused):
        return None
    alike = _alike(page, type(focused).__name__, _name(focused))
    found: Plain = {
        "kind": type(focused).__name__,
        "name": _name(focused),
        "nth": next((place for place, one in enumerate(alike) if one is focused), 0),
    }
    if isinstance(focused, QPlainTextEdit | QTextEdit):
        found["caret"] = focused.textCursor().position()
    elif isinstance(focused, QLineEdit):
        found["caret"] = focused.cursorPosition()
    return found


def restore_focus(page: QWidget, place: Plain) -> bool:
    """Put focus and caret there; False while there is no such control on screen."""
    alike = _alike(page, str(place.get("kind")), str(place.get("name")))
    nth = place.get("nth")
    if not isinstance(nth, int) or not 0 <= nth < len(alike):
        return False
    widget, caret = alike[nth], place.get("caret")
    widget.setFocus()
    if isinstance(caret, int) and isinstance(widget, QPlainTextEdit | QTextEdit):
        cursor = widget.textCursor()
        cursor.setPosition(max(0, min(caret, widget.document().characterCount() - 1)))
        widget.setTextCursor(cursor)
        widget.ensureCursorVisible()
    elif isinstance(caret, int) and isinstance(widget, QLineEdit):
        widget.setCursorPosition(caret)
    return True


def _alike(page: QWidget, kind: str, name: str) -> list[QWidget]:
    return [
        one
        for one in page.findChildren(QWidget)
        if type(one).__name__ == kind and _name(one) == name and one.isVisibleTo(page)
    ]


def _name(widget: QWidget) -> str:
    return widget.accessibleName() or widget.objectName()
