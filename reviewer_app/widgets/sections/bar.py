"""The row over the sections: how thick they are, what a slab shows, back to the frames."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from core.imaging.mpr.sections import Slab
from reviewer_app import theme
from reviewer_app.widgets.buttons import icon_button
from reviewer_app.widgets.images.keys import ImageKey, ImageKeys
from reviewer_app.widgets.sections.state import MOST_SLAB_MM, MprState

SLABS: Final = (Slab.MAXIMUM, Slab.MEAN, Slab.MINIMUM)
STEP_MM: Final = 1.0


class MprBar(QWidget):
    """Shows and changes the slab.

    Signals: `slab_wanted(float, Slab)`; `centering_wanted()`; `closing_wanted()`.
    """

    slab_wanted = Signal(float, object)
    centering_wanted = Signal()
    closing_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.thickness = QDoubleSpinBox(self)
        self.thickness.setRange(0, MOST_SLAB_MM)
        self.thickness.setDecimals(1)
        self.thickness.setSingleStep(STEP_MM)
        self.thickness.setSuffix(self.tr(" mm"))
        self.thickness.setSpecialValueText(self.tr("thin"))
        self.thickness.setKeyboardTracking(False)
        self.thickness.setFont(theme.tabular_font())
        theme.indent_number(self.thickness)
        self.kind = QComboBox(self)
        words = {
            Slab.MAXIMUM: self.tr("Brightest (MIP)"),
            Slab.MEAN: self.tr("Mean"),
            Slab.MINIMUM: self.tr("Darkest (MinIP)"),
        }
        for slab in SLABS:
            self.kind.addItem(words[slab], slab)
        self.center = icon_button("mdi6.image-filter-center-focus", self)
        self.close_ = icon_button("mdi6.close", self)
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.note.hide()
        theme.set_role(self.note, "hint")
        self.show_keys(ImageKeys())
        self._lay_out()
        self.thickness.valueChanged.connect(self._on_changed)
        self.kind.currentIndexChanged.connect(self._on_changed)
        self.center.clicked.connect(self.centering_wanted)
        self.close_.clicked.connect(self.closing_wanted)

    def show_keys(self, keys: ImageKeys) -> None:
        """Name the keys that hold now."""
        thickness, center = (
            self.tr("Thickness of the slab"),
            self.tr("Whole volume, point in the middle, thin"),
        )
        self._name(self.thickness, keys.tip(thickness, ImageKey.THINNER, ImageKey.THICKER))
        self._name(self.kind, keys.tip(self.tr("What a slab shows"), ImageKey.SLAB_KIND))
        self._name(self.center, keys.tip(center, ImageKey.RESET))
        self._name(self.close_, self.tr("Back to the frames (Esc)"))

    def show_state(self, state: MprState) -> None:
        """Show what holds."""
        for field in (self.thickness, self.kind):
            field.blockSignals(True)
        self.thickness.setValue(state.slab_mm)
        self.kind.setCurrentIndex(SLABS.index(state.slab))
        self.kind.setEnabled(state.slab_mm > 0)
        for field in (self.thickness, self.kind):
            field.blockSignals(False)

    def show_note(self, text: str) -> None:
        """Say where marks can be drawn; an empty text says nothing."""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _on_changed(self) -> None:
        self.slab_wanted.emit(self.thickness.value(), SLABS[self.kind.currentIndex()])

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(4), 0, theme.space(2), theme.space(1))
        column.setSpacing(theme.space(1))
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        column.addLayout(row)
        column.addWidget(self.note)
        label = QLabel(self.tr("Slab"), self)
        label.setBuddy(self.thickness)
        theme.set_role(label, "hint")
        for one in (label, self.thickness, self.kind):
            row.addWidget(one)
        row.addStretch(1)
        row.addWidget(self.center)
        row.addWidget(self.close_)

    @staticmethod
    def _name(widget: QWidget, text: str) -> None:
        widget.setToolTip(text)
        widget.setAccessibleName(text)
