"""The endpoint of a judge: a named one, or an address and a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from core.services.evaluation.profiles import EndpointProfile
from reviewer_app import theme
from reviewer_app.widgets.form import Field
from reviewer_app.widgets.model_chooser import ModelChooser

if TYPE_CHECKING:
    from core.domain.plain import Plain

_NOWHERE: Final = EndpointProfile("", "", "")


class EndpointChoice(QWidget):
    """Signals: `edited()`, another endpoint is meant; `models_wanted(EndpointProfile)`."""

    edited = Signal()
    models_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._endpoint = _NOWHERE
        self._profiles: tuple[EndpointProfile, ...] = ()
        self._is_filling = False
        self._wanted = ""
        self.profile_box = QComboBox(self)
        self.profile_box.setAccessibleName(self.tr("Endpoint"))
        self.profile_box.setToolTip(self.tr("Named endpoints are set up under Evaluate, Endpoints"))
        self.base_url = self._line(self.tr("Base URL"), "https://api.example.org/v1")
        self.llm = self._line(self.tr("Model"), self.tr("Name as the endpoint knows it"))
        self.models = ModelChooser(self.llm, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(3))
        for caption, widget in (
            (self.tr("Endpoint"), self.profile_box),
            (self.tr("Base URL"), self.base_url),
            (self.tr("Model"), self.models),
        ):
            column.addWidget(Field(caption, widget, self))
        self.show_profiles(())
        self.profile_box.activated.connect(self._on_profile_activated)
        self.base_url.textChanged.connect(self._on_address_changed)
        self.models.models_wanted.connect(lambda: self.models_wanted.emit(self.endpoint()))
        for line in (self.base_url, self.llm):
            line.textChanged.connect(self._on_text_changed)
            line.editingFinished.connect(self.edited)

    def endpoint(self) -> EndpointProfile:
        """Return the endpoint that is meant; without a name where it is no stored one."""
        return replace(self._endpoint, base_url=self.base_url.text(), llm=self.llm.text())

    def show_profiles(self, profiles: Sequence[EndpointProfile]) -> None:
        """Offer the named endpoints; the chosen one stays chosen, as it is stored now."""
        self._profiles = tuple(profiles)
        name = self._wanted or self._endpoint.name
        self.profile_box.clear()
        self.profile_box.addItem(self.tr("Entered below"), "")
        for profile in self._profiles:
            self.profile_box.addItem(profile.name, profile.name)
        stored = next((one for one in self._profiles if name and one.name == name), None)
        if stored is not None:
            self._wanted = ""
            self._show(stored)
        elif self._endpoint.name:
            self._endpoint = _NOWHERE

    def unsent(self) -> Plain:
        """Return what is entered."""
        texts = {"base_url": self.base_url.text(), "llm": self.llm.text()}
        return texts | ({"endpoint": self._endpoint.name} if self._endpoint.name else {})

    def show_unsent(self, data: Plain) -> None:
        """Show what was entered before."""
        self._show(EndpointProfile("", str(data.get("base_url", "")), str(data.get("llm", ""))))
        self._wanted = str(data.get("endpoint", ""))
        self.show_profiles(self._profiles)

    def _show(self, endpoint: EndpointProfile) -> None:
        self._is_filling = True
        self._endpoint = endpoint
        self.base_url.setText(endpoint.base_url)
        self.llm.setText(endpoint.llm)
        self.profile_box.setCurrentIndex(max(self.profile_box.findData(endpoint.name), 0))
        self._is_filling = False

    @Slot()
    def _on_profile_activated(self) -> None:
        name = self.profile_box.currentData()
        chosen = next((one for one in self._profiles if one.name == name), None)
        if chosen is None:
            self._endpoint = _NOWHERE
            self.base_url.setFocus()
        else:
            self._show(chosen)
        self.edited.emit()

    @Slot()
    def _on_text_changed(self) -> None:
        entered = (self.base_url.text(), self.llm.text())
        known = (self._endpoint.base_url, self._endpoint.llm)
        if not self._is_filling and self._endpoint.name and entered != known:
            # Another address or model is no longer what has this name, price and permission.
            self._endpoint = _NOWHERE
            self.profile_box.setCurrentIndex(0)

    @Slot(str)
    def _on_address_changed(self, address: str) -> None:
        self.models.forget()
        self.models.set_askable(can_ask=bool(address.strip()))

    def _line(self, name: str, placeholder: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setAccessibleName(name)
        line.setPlaceholderText(placeholder)
        return line
