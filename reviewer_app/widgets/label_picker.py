"""Labels: one picker for each axis, required ones first."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QCompleter, QGridLayout, QWidget

from core.domain.taxonomy import REQUIRED_AXES, Axis, Label
from reviewer_app import theme
from reviewer_app.widgets.form import Field, LineText
from reviewer_app.wording import axis_name

_SEPARATOR = ";"


class _ClosedPicker(QComboBox):
    """One value out of a tree; groups are shown but cannot be chosen."""

    def __init__(self, axis: Axis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(axis_name(axis.name))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)
        entries = QStandardItemModel(self)
        entries.appendRow(QStandardItem(""))
        leaves = set(axis.leaves())
        for term in axis.terms:
            entry = QStandardItem(term.value)
            if term.value not in leaves:
                entry.setEnabled(False)
                font = theme.scaled_font("small", bold=True)
                entry.setFont(font)
            entries.appendRow(entry)
        self.setModel(entries)

    def show_values(self, values: Sequence[str]) -> None:
        value = values[0] if values else ""
        if value and self.findText(value) < 0:
            self.addItem(value)  # an imported label is kept, known here or not
        self.setCurrentIndex(max(0, self.findText(value)))

    def values(self) -> tuple[str, ...]:
        value = self.currentText().strip()
        return (value,) if value else ()


class _OpenPicker(LineText):
    """Any number of values, separated by semicolons, with suggestions."""

    def __init__(self, axis: Axis, parent: QWidget | None = None) -> None:
        super().__init__(axis_name(axis.name), parent)
        completer = QCompleter(list(axis.leaves()), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(lambda _: self.edited.emit(self.text()))
        self.setCompleter(completer)
        self.setPlaceholderText(self.tr("several with ;"))

    def show_values(self, values: Sequence[str]) -> None:
        if tuple(values) != self.values():
            self.show_text(f"{_SEPARATOR} ".join(values))

    def values(self) -> tuple[str, ...]:
        parts = (part.strip() for part in self.text().split(_SEPARATOR))
        return tuple(dict.fromkeys(part for part in parts if part))


class LabelPicker(QWidget):
    """All axes in two columns.

    Signals: `edited(frozenset[Label], axis)`.
    """

    edited = Signal(object, str)

    def __init__(self, axes: Sequence[Axis], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: frozenset[Label] = frozenset()
        self.pickers: dict[str, _ClosedPicker | _OpenPicker] = {}
        self._fields: dict[str, Field] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.space(3))
        grid.setVerticalSpacing(theme.space(3))
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for place, axis in enumerate(axes):
            self._add_axis(axis)
            field = self._fields[axis.name]
            grid.addWidget(field, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)

    def show_labels(self, labels: frozenset[Label]) -> None:
        """Show labels without a signal."""
        self._labels = labels
        for axis, picker in self.pickers.items():
            picker.show_values(sorted(one.value for one in labels if one.axis == axis))

    def show_problems(self, problems: dict[str, str]) -> None:
        """Mark axes that are wrong."""
        for axis, field in self._fields.items():
            field.show_problem(problems.get(axis, ""))

    def focus_field(self, axis: str) -> bool:
        """Put the focus on an axis; False when there is no such one."""
        if axis not in self.pickers:
            return False
        self.pickers[axis].setFocus()
        return True

    def _add_axis(self, axis: Axis) -> None:
        picker = _OpenPicker(axis, self) if axis.is_open else _ClosedPicker(axis, self)
        if isinstance(picker, _OpenPicker):
            picker.edited.connect(lambda _: self._on_edited(axis.name))
        else:
            picker.activated.connect(lambda _: self._on_edited(axis.name))
        is_required = axis.name in REQUIRED_AXES
        caption = axis_name(axis.name) + ("" if is_required else self.tr(" (optional)"))
        picker.setToolTip(caption)
        picker.setMinimumWidth(theme.space(24))  # large text must not widen the form
        self.pickers[axis.name] = picker
        self._fields[axis.name] = Field(caption, picker, self)

    def _on_edited(self, axis: str) -> None:
        others = frozenset(one for one in self._labels if one.axis != axis)
        chosen = frozenset(Label(axis, value) for value in self.pickers[axis].values())
        self._labels = others | chosen
        self.edited.emit(self._labels, axis)
