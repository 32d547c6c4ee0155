"""Tab goes through the window in the order in which it is read, whenever widgets were made."""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QGridLayout,
    QLayout,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QWidget,
)

_WHOLE = (QAbstractSpinBox, QComboBox, QAbstractItemView)
"""Their parts take the focus on their own terms."""


def focus_next(window: QWidget, *, forward: bool) -> bool:
    """Give the focus to the next widget in reading order, or the one before; False: none."""
    order = list(_walk(window, set()))
    stops = [widget for widget in order if _is_stop(widget)]
    if not stops:
        return False
    here = _place(order, window.focusWidget())
    if forward:
        reason = Qt.FocusReason.TabFocusReason
        goal = next((one for one in order[here + 1 :] if _is_stop(one)), stops[0])
    else:
        reason = Qt.FocusReason.BacktabFocusReason
        goal = next((one for one in order[:here][::-1] if _is_stop(one)), stops[-1])
    goal.setFocus(reason)
    return True


def tab_stops(window: QWidget) -> list[QWidget]:
    """Return what Tab can reach in a window, in reading order."""
    return [widget for widget in _walk(window, set()) if _is_stop(widget)]


def _is_stop(widget: QWidget) -> bool:
    takes_tab = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    if not takes_tab or not widget.isEnabled() or widget.focusProxy() is not None:
        return False
    # A scrolled form is reached by its fields; only a scrolled text needs the focus itself.
    inner = widget.widget() if isinstance(widget, QScrollArea) else None
    return inner is None or not tab_stops(inner)


def _place(order: list[QWidget], widget: QWidget | None) -> int:
    """Return where a widget or what it lies in comes; -1 without a focus."""
    while widget is not None and widget not in order:
        widget = widget.parentWidget()
    return -1 if widget is None else order.index(widget)


def _walk(widget: QWidget, seen: set[QWidget]) -> Iterator[QWidget]:
    if widget in seen or not widget.isVisible():
        return
    seen.add(widget)
    yield widget
    if isinstance(widget, _WHOLE):
        return
    for child in (*_laid_out(widget), *_children(widget)):
        yield from _walk(child, seen)


def _laid_out(widget: QWidget) -> Iterator[QWidget]:
    layout = widget.layout()
    if isinstance(widget, QSplitter):
        parts = (widget.widget(place) for place in range(widget.count()))
        yield from (part for part in parts if part is not None)
    elif isinstance(widget, QTabWidget):
        yield widget.tabBar()
    elif isinstance(widget, QScrollArea):
        yield from filter(None, (widget.widget(),))
    elif layout is not None:
        yield from _in_layout(layout)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    """Go through what a layout holds; not by `itemAt`, see `reviewer_app.widgets.emptying`."""
    parent = layout.parentWidget()
    widgets = [] if parent is None else list(_children(parent))
    inner = [one for one in layout.children() if isinstance(one, QLayout)]
    held: list[tuple[tuple[int, ...], QWidget | QLayout]] = [
        *((_read_at(layout, layout.indexOf(widget)), widget) for widget in widgets),
        *((_read_at(layout, layout.indexOf(nested)), nested) for nested in inner),
    ]
    for place, one in sorted(held, key=itemgetter(0)):
        if isinstance(one, QLayout):
            yield from _in_layout(one)
        elif place[-1] >= 0:
            yield one


def _read_at(layout: QLayout, place: int) -> tuple[int, ...]:
    """Return what sorts the places of a layout; a grid is read row by row."""
    if not isinstance(layout, QGridLayout) or place < 0:
        return (place,)
    # A tuple of row, column and spans; the stub calls it an object.
    cell: Any = layout.getItemPosition(place)
    return (cell[0], cell[1], place)


def _children(widget: QWidget) -> Iterator[QWidget]:
    for child in widget.children():
        if isinstance(child, QWidget) and not child.isWindow():
            yield child
