"""The endpoint of a run: a named one or an address, the model, the key for this session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.secrets import KeyOrigin
from core.services.evaluation.profiles import EndpointProfile
from reviewer_app import theme
from reviewer_app.pages.evaluate.endpoints_presenter import Offered
from reviewer_app.pages.evaluate.run_form import NOWHERE
from reviewer_app.pages.evaluate.wording import endpoint_words, key_sentence
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.model_chooser import ModelChooser


class EndpointFields(QWidget):
    """Signals: `edited()`; `chosen(EndpointProfile)`, a named one; `test_requested()`;
    `models_wanted(EndpointProfile, str)`, with the key; `forget_requested()`.
    """

    edited = Signal()
    chosen = Signal(object)
    test_requested = Signal()
    models_wanted = Signal(object, str)
    forget_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._endpoint = NOWHERE
        self._profiles: tuple[EndpointProfile, ...] = ()
        self._is_filling = False
        self.profile_box = QComboBox(self)
        _name(self.profile_box, self.tr("Endpoint"))
        self.base_url = self._line(self.tr("Base URL"), "https://api.example.org/v1")
        self.llm = self._line(self.tr("Model"), self.tr("Name as the endpoint knows it"))
        self.models = ModelChooser(self.llm, self)
        self.api_key = self._line(self.tr("API key"), self.tr("Only if there is none yet"))
        self.api_key.setEchoMode(QLineEdit.EchoMode.Password)
        self.keeps_key = QCheckBox(self.tr("Keep in this computer's keyring"), self)
        self.keeps_key.setToolTip(
            self.tr(
                "Otherwise the key is forgotten when the window closes; it is never stored here"
            )
        )
        self.forget_button = QPushButton(self.tr("Forget the stored key"), self)
        theme.set_kind(self.forget_button, "link")
        self.forget_button.setToolTip(self.tr("Remove the key for this address"))
        self.forget_button.hide()
        self.test_button = make_button(
            self.tr("Test connection"),
            self,
            icon="mdi6.lan-connect",
            tip=self.tr("Asks the endpoint for one word"),
        )
        self.endpoint_hint = self._hint()
        self.key_hint = self._hint()
        self.test_result = self._hint()
        self._lay_out()
        self.show_profiles(())
        self._connect()

    def endpoint(self) -> EndpointProfile:
        """Return the endpoint that is entered; calls at a time are those of its name."""
        return replace(self._endpoint, base_url=self.base_url.text(), llm=self.llm.text())

    def show_endpoint(self, endpoint: EndpointProfile) -> None:
        """Fill in an endpoint, without a signal."""
        self._is_filling = True
        self._endpoint = endpoint
        self.base_url.setText(endpoint.base_url)
        self.llm.setText(endpoint.llm)
        self.profile_box.setCurrentIndex(max(self.profile_box.findData(endpoint.name), 0))
        self._is_filling = False
        self._update()

    def show_profiles(self, profiles: Sequence[EndpointProfile]) -> None:
        """Offer the named endpoints; the chosen one stays chosen."""
        self._profiles = tuple(profiles)
        self.profile_box.blockSignals(True)
        self.profile_box.clear()
        self.profile_box.addItem(self.tr("Entered below"), "")
        for profile in self._profiles:
            self.profile_box.addItem(profile.name, profile.name)
        place = self.profile_box.findData(self._endpoint.name)
        self.profile_box.setCurrentIndex(max(place, 0))
        self.profile_box.blockSignals(False)

    def changed_profile(self) -> EndpointProfile | None:
        """Return the chosen named endpoint where it was stored otherwise since."""
        stored = next((one for one in self._profiles if one.name == self._endpoint.name), None)
        return stored if stored is not None and stored != self._endpoint else None

    @Slot(object)
    def show_key_origin(self, origin: KeyOrigin) -> None:
        """Say where the key would come from."""
        _say(self.key_hint, key_sentence(origin))
        self.forget_button.setVisible(origin is KeyOrigin.KEYRING)

    @Slot(str, bool)
    def show_test(self, sentence: str, has_answered: bool) -> None:
        """Say how the test of the endpoint ended."""
        theme.set_role(self.test_result, "hint" if has_answered else "error")
        _say(self.test_result, sentence)
        self.test_button.setEnabled(True)

    @Slot(object)
    def show_offered(self, offered: Offered) -> None:
        """Offer the models of the endpoint, or say why there is no list."""
        if offered.base_url != self.base_url.text():
            return
        if offered.trouble:
            self.models.show_trouble(offered.trouble)
        else:
            self.models.show_models(offered.names)

    def forget_test(self) -> None:
        """Take away what a test said about something else."""
        _say(self.test_result, "")
        self._update()

    def _update(self) -> None:
        _say(self.endpoint_hint, endpoint_words(self.endpoint()))
        is_named = bool(self.base_url.text().strip() and self.llm.text().strip())
        self.test_button.setEnabled(is_named)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setVerticalSpacing(theme.space(2))
        grid.setHorizontalSpacing(theme.space(3))
        grid.setColumnMinimumWidth(0, 15 * self.fontMetrics().averageCharWidth())
        grid.setColumnStretch(1, 1)
        rows = (
            (self.tr("En&dpoint"), self.profile_box),
            (self.tr("&Base URL"), self.base_url),
            (self.tr("&Model"), self.models),
            (self.tr("API &key"), self.api_key),
        )
        for row, (caption, field) in enumerate(rows):
            label = QLabel(caption, self)
            label.setBuddy(field)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            label.setMinimumHeight(theme.CONTROL_PX)
            grid.addWidget(field, row, 1)
        grid.addWidget(self.keeps_key, len(rows), 1)
        test = QHBoxLayout()
        test.addWidget(self.test_button)
        test.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(3))
        column.addLayout(grid)
        column.addWidget(self.endpoint_hint)
        column.addWidget(self.key_hint)
        column.addWidget(self.forget_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(test)
        column.addWidget(self.test_result)

    def _connect(self) -> None:
        for line in (self.base_url, self.llm):
            line.textChanged.connect(self._on_endpoint_edited)
        self.api_key.textChanged.connect(self.edited)
        self.keeps_key.toggled.connect(self.edited)
        self.base_url.textChanged.connect(self._on_address_changed)
        self.models.models_wanted.connect(
            lambda: self.models_wanted.emit(self.endpoint(), self.api_key.text())
        )
        self.profile_box.activated.connect(self._on_profile_activated)
        self.test_button.clicked.connect(self._on_test_clicked)
        self.forget_button.clicked.connect(self.forget_requested)

    @Slot()
    def _on_endpoint_edited(self) -> None:
        if self._is_filling:
            return
        entered = (self.base_url.text(), self.llm.text())
        if self._endpoint.name and entered != (self._endpoint.base_url, self._endpoint.llm):
            # Another address or model is no longer what has this name, price and permission.
            self._endpoint = NOWHERE
            self.profile_box.setCurrentIndex(0)
        self.edited.emit()

    @Slot(str)
    def _on_address_changed(self, address: str) -> None:
        self.models.forget()
        self.models.set_askable(can_ask=bool(address.strip()))

    @Slot()
    def _on_profile_activated(self) -> None:
        name = self.profile_box.currentData()
        chosen = next((one for one in self._profiles if one.name == name), None)
        if chosen is None:
            self._endpoint = NOWHERE
            self.base_url.setFocus()
            self.edited.emit()
        else:
            self.chosen.emit(chosen)

    @Slot()
    def _on_test_clicked(self) -> None:
        self.test_button.setEnabled(False)
        theme.set_role(self.test_result, "hint")
        _say(self.test_result, self.tr("Asking…"))
        self.test_requested.emit()

    def _line(self, name: str, placeholder: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setPlaceholderText(placeholder)
        _name(line, name)
        return line

    def _hint(self) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(label, "hint")
        label.hide()
        return label


def _name(widget: QWidget, name: str) -> None:
    widget.setAccessibleName(name)
    widget.setToolTip(name)


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
