"""Settings of this person on this machine: look, start, keys."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.dialogs.key_settings import KeySettings
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
        self.keys = KeySettings(preferences, self)
        self.keys.keys_changed.connect(self.keys_changed)
        tabs = QTabWidget(self)
        tabs.addTab(self._make_look(), self.tr("Look and start"))
        tabs.addTab(self.keys, self.tr("Shortcuts"))
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
