"""The row of marks: what is drawn, the name of the chosen mark, how the brush paints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QWidget,
)

from core.domain.region import RegionKind
from reviewer_app import theme
from reviewer_app.widgets.buttons import icon_button
from reviewer_app.widgets.form import LineText
from reviewer_app.widgets.images.keys import MARK_KEYS, ImageKey, ImageKeys
from reviewer_app.widgets.marks.brush import LEAST_PX, MOST_PX, BrushSettings
from reviewer_app.widgets.marks.marking import MarkingView
from reviewer_app.widgets.marks.words import kind_name

_ICONS: Final = {
    RegionKind.POINT: "mdi6.circle-double",
    RegionKind.ARROW: "mdi6.arrow-top-left",
    RegionKind.BOX: "mdi6.rectangle-outline",
    RegionKind.ELLIPSE: "mdi6.ellipse-outline",
    RegionKind.POLYGON: "mdi6.vector-polygon",
    RegionKind.FREEHAND: "mdi6.lasso",
    RegionKind.MASK: "mdi6.brush",
}
_WIDEST_SPAN: Final = 65_535.0
_USUAL_SPAN: Final = 100.0


class MarkBar(QWidget):
    """Shows and changes tool, chosen mark and brush of one `MarkingView`."""

    def __init__(self, view: MarkingView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._span = _USUAL_SPAN
        self.tools = {kind: self._tool_button(kind) for kind in RegionKind}
        self.name_ = _NameField(self.tr("Name of the mark"), self)
        self.name_.setPlaceholderText(self.tr("Name"))
        self.lock = icon_button("mdi6.lock-outline", self)
        self.lock.setCheckable(True)
        self.copy = icon_button("mdi6.content-copy", self)
        self.remove = icon_button("mdi6.delete-outline", self, self.tr("Remove the mark (Del)"))
        self.size_ = QSpinBox(self)
        self.eraser = icon_button("mdi6.eraser", self)
        self.eraser.setCheckable(True)
        self.limit = icon_button(
            "mdi6.contrast-box",
            self,
            self.tr("Paint only stored values near the one where the brush goes down"),
        )
        self.limit.setCheckable(True)
        self.span = QDoubleSpinBox(self)
        self._set_up_numbers()
        self.show_keys(ImageKeys())
        self._lay_out()
        self._connect()
        self._bind()

    def bind(self, view: MarkingView) -> None:
        """Belong to another view from now on."""
        if view is not self._view:
            self._unbind()
            brush, self._view = self._view.brush(), view
            view.set_brush(brush)
            self._bind()

    @Slot()
    def refresh(self) -> None:
        """Show the state of the view."""
        kind, chosen = self._view.kind(), self._view.chosen()
        for one, button in self.tools.items():
            button.setVisible(one in self._view.kinds())
            button.setChecked(one is kind)
        is_brush = kind is RegionKind.MASK
        for widget in (self.size_, self.eraser, self.limit, self.span):
            widget.setVisible(is_brush)
        for button in (self.lock, self.copy, self.remove):
            button.setVisible(not is_brush)
            button.setEnabled(chosen is not None)
        is_last = self._view.place() + 1 >= self._view.frame_count()
        self.copy.setEnabled(chosen is not None and not is_last)
        self.remove.setEnabled(chosen is not None and not chosen.is_locked)
        self.lock.setChecked(chosen is not None and chosen.is_locked)
        self.name_.setVisible(not self._view.is_answer())
        self.name_.setEnabled(chosen is not None)
        self.name_.show_text(chosen.label if chosen is not None else "")
        self._show_brush(self._view.brush())

    def show_keys(self, keys: ImageKeys) -> None:
        """Name the keys that hold now."""
        tips = {
            self.lock: keys.tip(self.tr("Lock the mark"), ImageKey.MARK_LOCK),
            self.copy: keys.tip(self.tr("Copy to the next frame"), ImageKey.MARK_COPY),
            self.eraser: keys.tip(self.tr("Erase instead of paint"), ImageKey.BRUSH_ERASE),
        }
        for kind, button in self.tools.items():
            tips[button] = keys.tip(kind_name(kind), MARK_KEYS[kind])
        for button, text in tips.items():
            button.setToolTip(text)
            button.setAccessibleName(text)
        name = self.tr("Name of the chosen mark; readers and models see it")
        self.name_.setToolTip(keys.tip(name, ImageKey.MARK_NAME))
        size = self.tr("Width of the brush in image pixels")
        self.size_.setToolTip(keys.tip(size, ImageKey.BRUSH_SMALLER, ImageKey.BRUSH_LARGER))

    def focus_name(self) -> None:
        """Put the cursor into the name of the chosen mark."""
        self.name_.setFocus()
        self.name_.selectAll()

    def _show_brush(self, brush: BrushSettings) -> None:
        for box in (self.size_, self.span):
            box.blockSignals(True)
        self.size_.setValue(brush.size_px)
        self._span = self._span if brush.span is None else brush.span
        self.span.setValue(self._span)
        for box in (self.size_, self.span):
            box.blockSignals(False)
        self.eraser.setChecked(brush.is_erasing)
        is_gray = self._view.shown_window() is not None
        self.limit.setEnabled(is_gray)
        self.limit.setChecked(brush.span is not None)
        self.span.setEnabled(is_gray and brush.span is not None)

    def _change_brush(self, **values: object) -> None:
        # The values are those of the one setting that a widget changes.
        brush = replace(self._view.brush(), **values)  # type: ignore[arg-type]
        self._view.set_brush(brush)

    def _connect(self) -> None:
        for kind, button in self.tools.items():
            button.clicked.connect(partial(self._choose, kind))
        self.name_.edited.connect(lambda text: self._view.rename_chosen(text))
        self.name_.left.connect(lambda: self._view.focus_hand())
        for button, then in (
            (self.lock, lambda: self._view.toggle_lock()),
            (self.copy, lambda: self._view.copy_to_next()),
            (self.remove, lambda: self._view.remove_chosen()),
        ):
            self._connect_button(button, then)
        self.size_.valueChanged.connect(lambda size: self._change_brush(size_px=size))
        self.eraser.clicked.connect(lambda is_on: self._change_brush(is_erasing=is_on))
        self.limit.clicked.connect(
            lambda is_on: self._change_brush(span=self._span if is_on else None)
        )
        self.span.valueChanged.connect(self._on_span_changed)

    def _connect_button(self, button: QToolButton, then: Callable[[], None]) -> None:
        def act() -> None:
            then()
            self.refresh()
            self._view.focus_hand()

        button.clicked.connect(lambda: act())

    def _choose(self, kind: RegionKind) -> None:
        self._view.set_kind(kind)
        self.refresh()
        self._view.focus_hand()

    def _bind(self) -> None:
        self._view.choice_changed.connect(self.refresh)
        self._view.kind_changed.connect(self._on_changed)
        self._view.brush_changed.connect(self._on_changed)
        self._view.label_wanted.connect(self.focus_name)
        self.refresh()

    def _unbind(self) -> None:
        self._view.choice_changed.disconnect(self.refresh)
        self._view.kind_changed.disconnect(self._on_changed)
        self._view.brush_changed.disconnect(self._on_changed)
        self._view.label_wanted.disconnect(self.focus_name)

    @Slot(object)
    def _on_changed(self, _: object) -> None:
        self.refresh()

    @Slot(float)
    def _on_span_changed(self, span: float) -> None:
        self._span = span
        self._change_brush(span=span)

    def _set_up_numbers(self) -> None:
        self.size_.setRange(LEAST_PX, MOST_PX)
        self.size_.setSuffix(self.tr(" px"))
        self.size_.setAccessibleName(self.tr("Width of the brush"))
        self.span.setRange(0, _WIDEST_SPAN)
        self.span.setDecimals(0)
        self.span.setPrefix("± ")
        self.span.setAccessibleName(self.tr("Range of stored values that are painted"))
        self.span.setToolTip(
            self.tr("How far stored values may be from the one where the brush goes down")
        )
        for box, longest in ((self.size_, "400 px"), (self.span, "± 65535")):
            box.setKeyboardTracking(False)
            box.setFont(theme.tabular_font())
            box.setFixedWidth(box.fontMetrics().horizontalAdvance(longest) + theme.space(9))
            theme.indent_number(box)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(2), 0, theme.space(2), theme.space(1))
        row.setSpacing(theme.space(1))
        for button in self.tools.values():
            row.addWidget(button)
        row.addSpacing(theme.space(1))
        row.addWidget(self.name_, 1)
        for own in (self.lock, self.copy, self.remove):
            row.addWidget(own)
        for widget in (self.size_, self.eraser, self.limit, self.span):
            row.addWidget(widget)
        row.addStretch()  # where the name is hidden, buttons keep together
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _tool_button(self, kind: RegionKind) -> QToolButton:
        button = icon_button(_ICONS[kind], self)
        button.setCheckable(True)
        return button


class _NameField(LineText):
    """A name that Enter and Escape leave; `left()` tells that."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.left.emit()
            return
        super().keyPressEvent(event)
