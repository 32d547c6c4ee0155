"""Settings of this person on this machine: look, start, keys."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.actions import WINDOW_KEYS, find_clashes
from reviewer_app.preferences import TEXT_PERCENTS, Preferences, SchemeChoice
from reviewer_app.widgets.form import form_label


class SettingsDialog(QDialog):
    """Every choice takes effect at once; there is nothing to confirm.

    Signals: `look_changed()`, `keys_changed()`.
    """

    look_changed = Signal()
    keys_changed = Signal()

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Settings"))
        self._preferences = preferences
        self.key_edits: dict[str, QKeySequenceEdit] = {}
        tabs = QTabWidget(self)
        tabs.addTab(self._make_look(), self.tr("Look and start"))
        tabs.addTab(self._make_keys(), self.tr("Shortcuts"))
        close = QPushButton(self.tr("Close"), self)
        close.setToolTip(self.tr("Close (Esc)"))
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.space(4),) * 4)
        column.addWidget(tabs)
        column.addLayout(row)
        self.setMinimumWidth(520)

    def _make_look(self) -> QWidget:
        page = QWidget(self)
        form = QFormLayout(page)
        form.setContentsMargins(*(theme.space(4),) * 4)
        form.setVerticalSpacing(theme.space(3))
        self.scheme_box = QComboBox(page)
        self.scheme_box.setAccessibleName(self.tr("Theme"))
        for choice, text in (
            (SchemeChoice.DARK, self.tr("Dark, for reading rooms")),
            (SchemeChoice.LIGHT, self.tr("Light")),
            (SchemeChoice.SYSTEM, self.tr("As the system")),
        ):
            self.scheme_box.addItem(text, choice)
        self.scheme_box.setCurrentIndex(self.scheme_box.findData(self._preferences.scheme))
        self.scheme_box.activated.connect(self._on_scheme_activated)
        self.text_box = QComboBox(page)
        self.text_box.setAccessibleName(self.tr("Text size"))
        for percent in TEXT_PERCENTS:
            self.text_box.addItem(f"{percent} %", percent)
        self.text_box.setCurrentIndex(self.text_box.findData(self._preferences.text_percent))
        self.text_box.activated.connect(self._on_text_activated)
        self.reopen_box = QCheckBox(self.tr("Open the last workspace at the start"), page)
        self.reopen_box.setChecked(self._preferences.reopens_last)
        self.reopen_box.toggled.connect(self._on_reopen_toggled)
        form.addRow(form_label(self.tr("Theme"), page), self.scheme_box)
        form.addRow(form_label(self.tr("Text size"), page), self.text_box)
        form.addRow("", self.reopen_box)
        return page

    def _make_keys(self) -> QWidget:
        page = QWidget(self)
        grid = QGridLayout(page)
        grid.setContentsMargins(*(theme.space(4),) * 4)
        grid.setVerticalSpacing(theme.space(1))
        for number, binding in enumerate(WINDOW_KEYS):
            edit = QKeySequenceEdit(self._keys_of(binding.name), page)
            edit.setMaximumSequenceLength(1)
            edit.setClearButtonEnabled(True)
            edit.setAccessibleName(binding.display_text)
            edit.editingFinished.connect(self._on_keys_edited)
            self.key_edits[binding.name] = edit
            # Two columns keep the whole table on a small screen.
            row, column = number % 8, 2 * (number // 8)
            grid.addWidget(QLabel(binding.display_text, page), row, column)
            grid.addWidget(edit, row, column + 1)
        self.clash_label = QLabel(page)
        self.clash_label.setWordWrap(True)
        theme.set_role(self.clash_label, "error")
        reset = QPushButton(self.tr("Back to the keys it came with"), page)
        reset.clicked.connect(self._on_reset_clicked)
        grid.addWidget(self.clash_label, 9, 0, 1, 4)
        grid.addWidget(reset, 10, 0, 1, 4, Qt.AlignmentFlag.AlignLeft)
        self._show_clashes()
        return page

    def _keys_of(self, name: str) -> QKeySequence:
        default = next(one.keys for one in WINDOW_KEYS if one.name == name)
        return QKeySequence(self._preferences.shortcut(name, default))

    @Slot()
    def _on_scheme_activated(self) -> None:
        self._preferences.scheme = SchemeChoice(self.scheme_box.currentData())
        self.look_changed.emit()

    @Slot()
    def _on_text_activated(self) -> None:
        self._preferences.text_percent = int(self.text_box.currentData())
        self.look_changed.emit()

    @Slot(bool)
    def _on_reopen_toggled(self, wanted: bool) -> None:
        self._preferences.reopens_last = wanted

    @Slot()
    def _on_keys_edited(self) -> None:
        if self._show_clashes():
            return
        for name, edit in self.key_edits.items():
            self._preferences.set_shortcut(name, edit.keySequence().toString())
        self.keys_changed.emit()

    @Slot()
    def _on_reset_clicked(self) -> None:
        self._preferences.forget_shortcuts()
        for name, edit in self.key_edits.items():
            edit.setKeySequence(self._keys_of(name))
        self._show_clashes()
        self.keys_changed.emit()

    def _show_clashes(self) -> bool:
        keys = {name: edit.keySequence().toString() for name, edit in self.key_edits.items()}
        clashes = find_clashes(keys)
        texts = {one.name: one.display_text for one in WINDOW_KEYS}
        clashing = {name for names in clashes.values() for name in names}
        for name, edit in self.key_edits.items():
            # The frame is drawn by the text field inside.
            for field in edit.findChildren(QLineEdit):
                theme.mark_invalid(field, wrong=name in clashing)
        self.clash_label.setText(
            "\n".join(
                self.tr("%1 is claimed by %2; nothing is changed until one of them differs.")
                .replace("%1", key)
                .replace("%2", ", ".join(texts[name] for name in names))
                for key, names in clashes.items()
            )
        )
        return bool(clashes)
