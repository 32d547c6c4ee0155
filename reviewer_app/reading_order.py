"""Tab goes through the window in the order in which it is read, whenever widgets were made."""

from collections.abc import Iterator
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
    for place in _places(layout):
        item = layout.itemAt(place)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _in_layout(inner)


def _places(layout: QLayout) -> list[int]:
    """Return the places of a layout's items, of a grid row by row."""
    places = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        # A tuple of row, column and spans; the stub calls it an object.
        cells: list[Any] = [layout.getItemPosition(place) for place in places]
        places.sort(key=lambda place: tuple(cells[place][:2]))
    return places


def _children(widget: QWidget) -> Iterator[QWidget]:
    for child in widget.children():
        if isinstance(child, QWidget) and not child.isWindow():
            yield child
