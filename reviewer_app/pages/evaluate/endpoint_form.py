"""The fields of a named endpoint."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.services.evaluation.profiles import (
    AllowedData,
    Api,
    EndpointProfile,
    Price,
    RateLimit,
)
from reviewer_app import theme
from reviewer_app.widgets.form import Field
from reviewer_app.widgets.model_chooser import ModelChooser

if TYPE_CHECKING:
    from core.errors import ValidationError

_EFFORTS: Final = ("", "minimal", "low", "medium", "high")
_MOST_PRICE: Final = 100_000.0
_MOST_LIMIT: Final = 100_000_000
_MOST_CALLS: Final = 256


class EndpointForm(QWidget):
    """Signals: `edited()`, something was entered by hand."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_filling = False
        self.name = self._line(self.tr("Name"), self.tr("What you call it"))
        self.base_url = self._line(self.tr("Base URL"), "https://api.example.org/v1")
        self.llm = self._line(self.tr("Model"), self.tr("Name as the endpoint knows it"))
        self.models = ModelChooser(self.llm, self)
        self.api_key = self._line(self.tr("API key"), self.tr("Only if there is none yet"))
        self.api_key.setEchoMode(QLineEdit.EchoMode.Password)
        self.api = self._box(self.tr("Protocol"))
        self.api.addItem(self.tr("Chat Completions (most servers)"), Api.CHAT.value)
        self.api.addItem(self.tr("Responses (OpenAI)"), Api.RESPONSES.value)
        self.effort = self._box(self.tr("Reasoning effort"))
        for one in _EFFORTS:
            self.effort.addItem(one or self.tr("no reasoning model"), one)
        self.allowed = self._box(self.tr("Data may go"))
        self.allowed.addItem(self.tr("to any address"), AllowedData.ANY.value)
        self.allowed.addItem(
            self.tr("to this computer or network only"), AllowedData.LOCAL_ONLY.value
        )
        self.takes_pictures = self._check(
            self.tr("Takes images"), self.tr("Without it questions with images are not asked")
        )
        self.is_structured = self._check(
            self.tr("Structured replies"),
            self.tr("The endpoint makes the model reply in a fixed JSON form"),
        )
        self.is_streaming = self._check(
            self.tr("Replies in pieces"),
            self.tr("Streaming: times the first word and the last one of every reply"),
        )
        self.concurrency = self._number(self.tr("Calls at a time"), 1, _MOST_CALLS)
        self.prompt_price = self._price(self.tr("Price in, per million tokens"))
        self.completion_price = self._price(self.tr("Price out, per million tokens"))
        self.price_date = self._make_price_date()
        self.requests = self._limit(self.tr("Requests per minute"))
        self.tokens = self._limit(self.tr("Tokens per minute"))
        self.fields = self._make_fields()
        self._lay_out()
        self.base_url.textChanged.connect(self._on_address_changed)
        self.show_profile(EndpointProfile("", "", ""))

    def _make_price_date(self) -> QDateEdit:
        box = QDateEdit(self)
        box.setDisplayFormat("yyyy-MM-dd")
        box.setLocale(QLocale.c())
        box.setAccessibleName(self.tr("Date of the price"))
        box.setToolTip(self.tr("When this price was looked up"))
        theme.indent_number(box)
        box.dateChanged.connect(self._on_edited)
        return box

    def profile(self) -> EndpointProfile:
        """Return what is entered."""
        prompt, completion = self.prompt_price.value(), self.completion_price.value()
        has_price = bool(prompt or completion)
        date = self.price_date.date().toString("yyyy-MM-dd") if has_price else ""
        return EndpointProfile(
            name=self.name.text(),
            base_url=self.base_url.text(),
            llm=self.llm.text(),
            api=Api(self.api.currentData()),
            effort=self.effort.currentData(),
            is_structured=self.is_structured.isChecked(),
            takes_pictures=self.takes_pictures.isChecked(),
            allowed=AllowedData(self.allowed.currentData()),
            concurrency=self.concurrency.value(),
            price=Price(prompt, completion, date),
            rate=RateLimit(self.requests.value(), self.tokens.value()),
            is_streaming=self.is_streaming.isChecked(),
        )

    def show_profile(self, profile: EndpointProfile) -> None:
        """Fill the fields, without a signal; the key field is emptied."""
        self._is_filling = True
        for line, text in (
            (self.name, profile.name),
            (self.base_url, profile.base_url),
            (self.llm, profile.llm),
            (self.api_key, ""),
        ):
            line.setText(text)
        self.api.setCurrentIndex(self.api.findData(profile.api.value))
        if self.effort.findData(profile.effort) < 0:
            self.effort.addItem(profile.effort, profile.effort)
        self.effort.setCurrentIndex(self.effort.findData(profile.effort))
        self.allowed.setCurrentIndex(self.allowed.findData(profile.allowed.value))
        self.takes_pictures.setChecked(profile.takes_pictures)
        self.is_structured.setChecked(profile.is_structured)
        self.is_streaming.setChecked(profile.is_streaming)
        self.concurrency.setValue(profile.concurrency)
        self.prompt_price.setValue(profile.price.prompt)
        self.completion_price.setValue(profile.price.completion)
        known = QDate.fromString(profile.price.date, "yyyy-MM-dd")
        self.price_date.setDate(known if known.isValid() else QDate.currentDate())
        self.requests.setValue(profile.rate.requests)
        self.tokens.setValue(profile.rate.tokens)
        self.show_problem(None)
        self._is_filling = False

    def show_problem(self, error: ValidationError | None) -> None:
        """Say beside its field what is wrong."""
        for name, field in self.fields.items():
            is_here = error is not None and error.field == name
            field.show_problem(str(error) if is_here else "")

    def show_key_hint(self, sentence: str) -> None:
        """Say where the key for this address is."""
        self.fields["api_key"].show_hint(sentence)

    def _make_fields(self) -> dict[str, Field]:
        price = QWidget(self)
        row = QHBoxLayout(price)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self.prompt_price, self.completion_price, self.price_date):
            row.addWidget(widget, 1)
        rate = QWidget(self)
        row = QHBoxLayout(rate)
        row.setContentsMargins(0, 0, 0, 0)
        for limit in (self.requests, self.tokens):
            row.addWidget(limit, 1)
        return {
            "name": Field(self.tr("Name"), self.name, self),
            "base_url": Field(self.tr("Base URL"), self.base_url, self),
            "llm": Field(self.tr("Model"), self.models, self),
            "api_key": Field(self.tr("API key"), self.api_key, self),
            "api": Field(self.tr("Protocol"), self.api, self),
            "effort": Field(self.tr("Reasoning effort"), self.effort, self),
            "allowed": Field(self.tr("Data may go"), self.allowed, self),
            "concurrency": Field(self.tr("Calls at a time"), self.concurrency, self),
            "price": Field(
                self.tr("Price per million tokens: in, out, and when it was looked up"),
                price,
                self,
                hint=self.tr("In the currency of your bill; 0 means not known."),
            ),
            "rate": Field(self.tr("Limits of the endpoint, per minute"), rate, self),
        }

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(4))
        grid.setVerticalSpacing(theme.space(3))
        for place, name in enumerate(
            ("name", "base_url", "llm", "api_key", "api", "effort", "allowed", "concurrency")
        ):
            top = Qt.AlignmentFlag.AlignTop
            grid.addWidget(self.fields[name], place // 2, place % 2, top)
        for half in (0, 1):
            grid.setColumnStretch(half, 1)
        checks = QHBoxLayout()
        checks.setSpacing(theme.space(6))
        checks.addWidget(self.takes_pictures)
        checks.addWidget(self.is_structured)
        checks.addWidget(self.is_streaming)
        checks.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(3))
        column.addLayout(grid)
        column.addLayout(checks)
        column.addWidget(self.fields["price"])
        column.addWidget(self.fields["rate"])

    def _on_address_changed(self, address: str) -> None:
        self.models.forget()
        self.models.set_askable(can_ask=bool(address.strip()))

    def _on_edited(self) -> None:
        if not self._is_filling:
            self.edited.emit()

    def _line(self, name: str, placeholder: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setPlaceholderText(placeholder)
        line.setAccessibleName(name)
        line.textChanged.connect(self._on_edited)
        return line

    def _box(self, name: str) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        box.currentIndexChanged.connect(self._on_edited)
        return box

    def _check(self, text: str, tip: str) -> QCheckBox:
        check = QCheckBox(text, self)
        check.setToolTip(tip)
        check.toggled.connect(self._on_edited)
        return check

    def _number(self, name: str, lowest: int, highest: int) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(lowest, highest)
        box.setAccessibleName(name)
        box.setToolTip(name)
        theme.indent_number(box)
        box.valueChanged.connect(self._on_edited)
        return box

    def _limit(self, name: str) -> QSpinBox:
        box = self._number(name, 0, _MOST_LIMIT)
        box.setGroupSeparatorShown(True)
        box.setSpecialValueText(self.tr("%1: no limit").replace("%1", name))
        return box

    def _price(self, name: str) -> QDoubleSpinBox:
        box = QDoubleSpinBox(self)
        box.setRange(0.0, _MOST_PRICE)
        box.setDecimals(3)
        box.setAccessibleName(name)
        box.setToolTip(name)
        theme.indent_number(box)
        box.valueChanged.connect(self._on_edited)
        return box


def renamed(profile: EndpointProfile, taken: set[str]) -> EndpointProfile:
    """Return a profile under a name that is free."""
    name, number = profile.name, 2
    while name in taken:
        name = f"{profile.name} {number}"
        number += 1
    return replace(profile, name=name)
