"""The keys of window and images: each is typed, clashes are told, all go back together."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.key_bindings import (
    BindingGroup,
    KeyBinding,
    find_clashes,
    native_keys,
    noop,
    normal_keys,
)
from reviewer_app.preferences import Preferences
from reviewer_app.widgets.answer_keys import ANSWER_KEYS, FREE_KEYS
from reviewer_app.widgets.images.keys import IMAGE_BINDINGS, IMAGE_KEYS, KEPT_KEYS, binding_text
from reviewer_app.window_keys import WINDOW_KEYS

_GROUPS: Final = (BindingGroup(noop("Window"), WINDOW_KEYS), ANSWER_KEYS, *IMAGE_KEYS)
_BINDINGS: Final = (*WINDOW_KEYS, *ANSWER_KEYS.bindings, *IMAGE_BINDINGS)
_TEXTS: Final = {one.name: one for one in _BINDINGS}
_COLUMNS: Final = 2
_LEAST_HEIGHT_PX: Final = 420


class KeySettings(QWidget):
    """A change holds at once, unless two actions would have one key. Signal: `keys_changed()`."""

    keys_changed = Signal()

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.edits: dict[str, QKeySequenceEdit] = {}
        sheet = QWidget(self)
        sheet.setProperty("role", "scrolled")
        grid = QGridLayout(sheet)
        grid.setContentsMargins(0, 0, theme.space(3), 0)
        grid.setVerticalSpacing(theme.space(1))
        grid.setHorizontalSpacing(theme.space(3))
        row = 0
        for group in _GROUPS:
            row = self._add_group(grid, row, group)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(sheet)
        area.setMinimumWidth(sheet.minimumSizeHint().width() + theme.space(5))
        area.setMinimumHeight(_LEAST_HEIGHT_PX)
        self.clash_label = QLabel(self)
        self.clash_label.setWordWrap(True)
        theme.set_role(self.clash_label, "error")
        self.reset_button = QPushButton(self.tr("Back to the keys it came with"), self)
        self.reset_button.clicked.connect(self._on_reset_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.space(4),) * 4)
        column.addWidget(area, 1)
        column.addWidget(self.clash_label)
        column.addWidget(self.reset_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._show_clashes()

    def _add_group(self, grid: QGridLayout, row: int, group: BindingGroup) -> int:
        """Add a heading and its keys in two columns; return the row after them."""
        sheet = grid.parentWidget() or self
        heading = QLabel(group.display_title, sheet)
        theme.set_role(heading, "heading")
        grid.addWidget(heading, row, 0, 1, 2 * _COLUMNS)
        rows = -(-len(group.bindings) // _COLUMNS)
        for number, binding in enumerate(group.bindings):
            place, column = row + 1 + number % rows, 2 * (number // rows)
            label = QLabel(binding_text(binding), sheet)
            edit = self._edit(binding, sheet)
            label.setBuddy(edit)
            grid.addWidget(label, place, column)
            grid.addWidget(edit, place, column + 1)
        grid.setRowMinimumHeight(row + rows + 1, theme.space(3))
        return row + rows + 2

    def _edit(self, binding: KeyBinding, parent: QWidget) -> QKeySequenceEdit:
        edit = QKeySequenceEdit(self._keys_of(binding), parent)
        edit.setMaximumSequenceLength(1)
        edit.setClearButtonEnabled(True)
        longest = edit.fontMetrics().horizontalAdvance("Ctrl+Shift+PgDown")
        edit.setMinimumWidth(longest + theme.space(11))
        edit.setAccessibleName(binding_text(binding))
        edit.editingFinished.connect(self._on_keys_edited)
        self.edits[binding.name] = edit
        return edit

    def _keys_of(self, binding: KeyBinding) -> QKeySequence:
        return QKeySequence(self._preferences.shortcut(binding.name, binding.keys))

    @Slot()
    def _on_keys_edited(self) -> None:
        if self._show_clashes():
            return
        for name, edit in self.edits.items():
            self._preferences.set_shortcut(name, edit.keySequence().toString())
        self.keys_changed.emit()

    @Slot()
    def _on_reset_clicked(self) -> None:
        self._preferences.forget_shortcuts()
        for binding in _BINDINGS:
            self.edits[binding.name].setKeySequence(self._keys_of(binding))
        self._show_clashes()
        self.keys_changed.emit()

    def _show_clashes(self) -> bool:
        keys = {name: edit.keySequence().toString() for name, edit in self.edits.items()}
        clashes = find_clashes(keys, _BINDINGS)
        kept = [one.name for one in _BINDINGS if normal_keys(keys[one.name]) in _kept_from(one)]
        wrong = {*kept, *(name for names in clashes.values() for name in names)}
        for name, edit in self.edits.items():
            # The frame is drawn by the text field inside.
            for field in edit.findChildren(QLineEdit):
                theme.mark_invalid(field, wrong=name in wrong)
        claimed = self.tr("%1 is claimed by %2; nothing is changed until one of them differs.")
        taken = self.tr("%1 is kept for answering and moving on; choose another key for %2.")
        lines = [_filled(claimed, key, names) for key, names in clashes.items()]
        lines += [_filled(taken, keys[name], (name,)) for name in kept]
        self.clash_label.setText("\n".join(lines))
        return bool(wrong)


def _kept_from(binding: KeyBinding) -> frozenset[str]:
    """Return the keys that an action must not have."""
    return KEPT_KEYS - FREE_KEYS if binding in ANSWER_KEYS.bindings else KEPT_KEYS


def _filled(sentence: str, key: str, names: Iterable[str]) -> str:
    actions = ", ".join(binding_text(_TEXTS[name]) for name in names)
    return sentence.replace("%1", native_keys(key)).replace("%2", actions)
