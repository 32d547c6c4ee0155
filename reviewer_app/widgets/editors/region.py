"""Editor of a region: what is to be marked, the right region, and when an answer is right."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from core.domain.body import DRAWN_WITH, Asked, Localization
from core.domain.key import KeyPart, LocalizationKey
from core.domain.key.localization import RegionMeasure
from core.domain.marks import regions_text
from core.domain.region import Region, RegionKind
from reviewer_app import theme
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.editors.base import FormatEditor
from reviewer_app.widgets.form import Field

KEY_KINDS: Final = (
    *(RegionKind.BOX, RegionKind.ELLIPSE, RegionKind.POLYGON),
    *(RegionKind.FREEHAND, RegionKind.MASK),
)
"""What the right region is drawn with: it is always an area."""


class RegionEditor(FormatEditor):
    """The right region is drawn on the image; while it is, the marks of the images rest.

    Signals: `drawing_changed()` when the hand is to draw the right region or the marks.
    """

    drawing_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked = Localization()
        self._key = LocalizationKey()
        self.kind_box = QComboBox(self)
        for kind, name in (
            (RegionKind.POINT, self.tr("A point")),
            (RegionKind.BOX, self.tr("A box")),
            (RegionKind.POLYGON, self.tr("An outline")),
            (RegionKind.MASK, self.tr("A painted area")),
        ):
            self.kind_box.addItem(name, kind.value)
        self.measure_box = QComboBox(self)
        for measure, name in (
            (RegionMeasure.IOU, self.tr("Overlap (IoU) at least")),
            (RegionMeasure.DICE, self.tr("Overlap (Dice) at least")),
            (RegionMeasure.HIT, self.tr("Its center hits")),
        ):
            self.measure_box.addItem(name, measure.value)
        self.threshold = QDoubleSpinBox(self)
        self.threshold.setRange(0.01, 1.0)
        self.threshold.setSingleStep(0.05)
        self.threshold.setDecimals(2)
        self.threshold.setAccessibleName(self.tr("Threshold"))
        theme.indent_number(self.threshold)
        self.draw_button = make_button(self.tr("Draw the right region"), self, icon="mdi6.draw")
        self.draw_button.setCheckable(True)
        self.draw_button.setChecked(True)
        self.draw_button.setToolTip(
            self.tr("Released, the hand draws marks that whoever answers sees")
        )
        self.clear_button = make_button(
            self.tr("Draw anew"),
            self,
            icon="mdi6.delete-outline",
            kind="quiet",
            tip=self.tr("Take the right region away"),
        )
        self.drawn = QLabel(self)
        self.drawn.setWordWrap(True)
        self._lay_out()
        self._connect()

    @property
    def draws_key(self) -> bool:
        """Whether the hand is to draw the right region and not the marks of the images."""
        return self.draw_button.isChecked()

    @property
    def asked(self) -> Localization:
        """What is asked, as shown."""
        return self._asked

    @property
    def regions(self) -> tuple[Region, ...]:
        """The right regions as shown; their frames count the pictures of the image."""
        return self._key.regions

    def show_parts(self, asked: Asked, right: KeyPart) -> None:
        if not isinstance(asked, Localization) or not isinstance(right, LocalizationKey):
            return
        self._asked, self._key = asked, right
        self.kind_box.setCurrentIndex(self.kind_box.findData(asked.kind.value))
        self.measure_box.setCurrentIndex(self.measure_box.findData(right.measure.value))
        self.threshold.blockSignals(True)
        self.threshold.setValue(right.threshold)
        self.threshold.blockSignals(False)
        is_point = asked.kind is RegionKind.POINT
        self.measure_box.setEnabled(not is_point)
        self.threshold.setEnabled(right.measure is not RegionMeasure.HIT)
        self.drawn.setText(self._drawn_words())
        self.clear_button.setEnabled(bool(right.regions))

    def show_problems(self, problems: dict[str, str]) -> None:
        self._field.show_problem(problems.get("key", ""))

    def focus_field(self, field: str) -> None:
        self.draw_button.setFocus()

    def take_regions(self, asked: Localization, regions: Sequence[Region]) -> None:
        """Take the right regions as a hand drew them on the image that `asked` names."""
        self._emit(
            replace(asked, kind=self._asked.kind), replace(self._key, regions=tuple(regions))
        )

    def _drawn_words(self) -> str:
        if not self._key.regions:
            return self.tr("Nothing is drawn yet. Choose a tool above the image and draw.")
        image = self.tr("Image %1").replace("%1", str(self._asked.image + 1))
        return f"{image}: {regions_text(self._key.regions)}"

    def _lay_out(self) -> None:
        rule = QWidget(self)
        row = QHBoxLayout(rule)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.measure_box, 2)
        row.addWidget(self.threshold, 1)
        self.kind_box.setAccessibleName(self.tr("What is to be marked"))
        self.measure_box.setAccessibleName(self.tr("An answer is right where"))
        top = QHBoxLayout()
        top.setSpacing(theme.space(3))
        top.addWidget(Field(self.tr("To be marked"), self.kind_box, self), 2)
        top.addWidget(Field(self.tr("Right where"), rule, self), 3)
        self.column.addLayout(top)
        area = QWidget(self)
        buttons = QHBoxLayout()
        buttons.addWidget(self.draw_button)
        buttons.addWidget(self.clear_button)
        buttons.addStretch(1)
        inner = QVBoxLayout(area)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addLayout(buttons)
        inner.addWidget(self.drawn)
        self._field = Field(
            self.tr("Right region"),
            area,
            self,
            hint=self.tr("Only you see it; marks on the images are for whoever answers."),
        )
        self.column.addWidget(self._field, 0, Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        self.kind_box.activated.connect(lambda _: self._on_kind_chosen())
        self.measure_box.activated.connect(
            lambda _: self._emit_key(measure=RegionMeasure(self.measure_box.currentData()))
        )
        self.threshold.valueChanged.connect(lambda value: self._emit_key(threshold=round(value, 2)))
        self.clear_button.clicked.connect(lambda: self._emit_key(regions=()))
        self.draw_button.toggled.connect(lambda _: self.drawing_changed.emit())

    def _on_kind_chosen(self) -> None:
        kind = RegionKind(self.kind_box.currentData())
        assert kind in DRAWN_WITH  # noqa: S101 - only these are offered
        measure = RegionMeasure.HIT if kind is RegionKind.POINT else RegionMeasure.IOU
        self._emit(replace(self._asked, kind=kind), replace(self._key, measure=measure))

    def _emit_key(self, **values: object) -> None:
        # The values are those of the one field that a widget edits.
        self._emit(self._asked, replace(self._key, **values))  # type: ignore[arg-type]

    def _emit(self, asked: Localization, key: LocalizationKey) -> None:
        self._asked, self._key = asked, key
        self.show_parts(self._asked, self._key)
        self.edited.emit(self._asked, self._key, "key")
