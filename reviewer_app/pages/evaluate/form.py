"""The left side of the Evaluate page: endpoint, key, condition, and what would be sent."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.domain.run import Condition
from core.errors import ValidationError
from core.secrets import KeyOrigin
from core.services.evaluation_records import Preparation
from reviewer_app import theme
from reviewer_app.pages.evaluate.run_form import RunForm
from reviewer_app.pages.evaluate.wording import (
    condition_name,
    key_sentence,
    preparation_sentence,
    start_caption,
)
from reviewer_app.widgets.keys import add_button_keys

_LEFT_TO_ENDPOINT = -0.1
_SHOWN_BLOCKED = 4


class FormPanel(QFrame):
    """Fields of a run.

    Signals: `changed(RunForm)` at every entry; `test_requested()`, `start_requested()`,
    `forget_requested()`.
    """

    changed = Signal(object)
    test_requested = Signal()
    start_requested = Signal()
    forget_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self.setAccessibleName(self.tr("New run"))
        self.base_url = self._line(self.tr("Base URL"), "https://api.example.org/v1")
        self.llm = self._line(self.tr("Model"), self.tr("Name as the endpoint knows it"))
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
        self.forget_button.setToolTip(self.tr("Remove the key for this address from the keyring"))
        self.forget_button.hide()
        self.test_button = QPushButton(
            theme.icon("mdi6.lan-connect", "text"), self.tr("Test connection"), self
        )
        self.test_button.setToolTip(self.tr("Asks the endpoint for one word"))
        self.condition = QComboBox(self)
        for one in Condition:
            self.condition.addItem(condition_name(one), one.value)
        self._name(self.condition, self.tr("Condition"))
        self.temperature = QDoubleSpinBox(self)
        self.temperature.setRange(_LEFT_TO_ENDPOINT, 2.0)
        self.temperature.setSingleStep(0.1)
        self.temperature.setDecimals(1)
        self.temperature.setSpecialValueText(self.tr("as the endpoint likes"))
        self.temperature.setValue(0.0)
        self._name(self.temperature, self.tr("Temperature"))
        theme.indent_number(self.temperature)
        self.max_tokens = self._number(self.tr("Longest reply"), 1, 32_768, 512)
        self.max_tokens.setSuffix(self.tr(" tokens"))
        self.concurrency = self._number(self.tr("Calls at a time"), 1, 64, 8)
        self.key_hint = self._hint("hint")
        self.test_result = self._hint("hint")
        self.problem = self._hint("error")
        self.summary = self._hint("strong")
        self.blocked = self._hint("hint")
        self.warning = self._hint("hint")
        self.start_button = QPushButton(theme.icon("mdi6.play", "on_accent"), "", self)
        theme.set_kind(self.start_button, "primary")
        self.start_button.setToolTip(self.tr("Start the run (Ctrl+Enter)"))
        # Not setShortcut: a button forgets it with its next text.
        add_button_keys(self.start_button, "Ctrl+Return", "Ctrl+Enter")
        self._lay_out()
        self._connect()
        self.show_preparation(None, None)

    def form(self) -> RunForm:
        """Return what is entered."""
        temperature = round(self.temperature.value(), 1)
        return RunForm(
            base_url=self.base_url.text(),
            llm=self.llm.text(),
            api_key=self.api_key.text(),
            keeps_key=self.keeps_key.isChecked(),
            condition=Condition(self.condition.currentData()),
            temperature=None if temperature < 0 else temperature,
            max_tokens=self.max_tokens.value(),
            concurrency=self.concurrency.value(),
        )

    def show_form(self, form: RunForm) -> None:
        """Fill the fields; the key stays as it is."""
        form = replace(form, api_key=self.api_key.text())
        self.base_url.setText(form.base_url)
        self.llm.setText(form.llm)
        self.condition.setCurrentIndex(self.condition.findData(form.condition.value))
        asked = form.temperature
        self.temperature.setValue(_LEFT_TO_ENDPOINT if asked is None else asked)
        self.max_tokens.setValue(form.max_tokens)
        self.changed.emit(self.form())

    def show_preparation(
        self, preparation: Preparation | None, error: ValidationError | None
    ) -> None:
        """Say what would be sent, what is held back and why, or which field is wrong."""
        fields = {"base_url": self.base_url, "llm": self.llm}
        for name, field in fields.items():
            theme.mark_invalid(field, wrong=error is not None and error.field == name)
        self._say(self.problem, str(error) if error is not None else "")
        self._say(self.summary, preparation_sentence(preparation) if preparation else "")
        self._say(self.blocked, self._blocked_text(preparation))
        self._say(self.warning, self._warning_text(preparation))
        self._preparation = preparation
        self._update_start(is_running=False)

    def show_running(self, *, is_running: bool) -> None:
        """Say that another run waits while one is under way."""
        self._update_start(is_running=is_running)

    @Slot(object)
    def show_key_origin(self, origin: KeyOrigin) -> None:
        """Say where the key would come from."""
        self._say(self.key_hint, key_sentence(origin))
        self.forget_button.setVisible(origin is KeyOrigin.KEYRING)

    @Slot(str, bool)
    def show_test(self, sentence: str, has_answered: bool) -> None:
        """Say how the test of the endpoint ended."""
        theme.set_role(self.test_result, "hint" if has_answered else "error")
        self._say(self.test_result, sentence)
        self.test_button.setEnabled(True)

    def _update_start(self, *, is_running: bool) -> None:
        preparation = self._preparation
        known = preparation.existing if preparation is not None else None
        is_open = known is None or (known.done < known.total and not known.is_active)
        can_send = preparation is not None and preparation.sendable > 0
        self.start_button.setText(start_caption(preparation, is_running=is_running))
        self.start_button.setEnabled(can_send and is_open)

    def _blocked_text(self, preparation: Preparation | None) -> str:
        if preparation is None or not preparation.blocked:
            return ""
        shown = preparation.blocked[:_SHOWN_BLOCKED]
        lines = [
            self.tr("Question %1: %2").replace("%1", str(one.number)).replace("%2", one.sentence)
            for one in shown
        ]
        more = len(preparation.blocked) - len(shown)
        if more:
            lines.append(self.tr("… and %1 more").replace("%1", str(more)))
        return "\n".join(lines)

    def _warning_text(self, preparation: Preparation | None) -> str:
        if preparation is None:
            return ""
        unverified = self.tr("No question is verified yet: this run is a rehearsal.")
        parts = [unverified if preparation.is_unverified else "", preparation.warning]
        return "\n".join(part for part in parts if part)

    def _lay_out(self) -> None:
        inner = QWidget()
        theme.set_role(inner, "scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(*(theme.space(4),) * 4)
        column.setSpacing(theme.space(3))
        column.addWidget(self._heading(self.tr("Endpoint")))
        endpoint = self._rows(
            (self.tr("&Base URL"), self.base_url),
            (self.tr("&Model"), self.llm),
            (self.tr("API &key"), self.api_key),
        )
        endpoint.addWidget(self.keeps_key, 3, 1)
        column.addLayout(endpoint)
        column.addWidget(self.key_hint)
        column.addWidget(self.forget_button, 0, Qt.AlignmentFlag.AlignLeft)
        test = QHBoxLayout()
        test.addWidget(self.test_button)
        test.addStretch(1)
        column.addLayout(test)
        column.addWidget(self.test_result)
        column.addWidget(self._heading(self.tr("Run")))
        column.addLayout(
            self._rows(
                (self.tr("&Condition"), self.condition),
                (self.tr("&Temperature"), self.temperature),
                (self.tr("&Longest reply"), self.max_tokens),
                (self.tr("C&alls at a time"), self.concurrency),
            )
        )
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        footer = QFrame(self)
        theme.set_role(footer, "bar")
        foot = QVBoxLayout(footer)
        foot.setContentsMargins(*(theme.space(3),) * 4)
        foot.setSpacing(theme.space(2))
        for widget in (self.problem, self.summary, self.blocked, self.warning, self.start_button):
            foot.addWidget(widget)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addWidget(footer)

    def _connect(self) -> None:
        for line in (self.base_url, self.llm, self.api_key):
            line.textChanged.connect(self._on_entry)
        self.keeps_key.toggled.connect(self._on_entry)
        self.condition.currentIndexChanged.connect(self._on_entry)
        for number in (self.temperature, self.max_tokens, self.concurrency):
            number.valueChanged.connect(self._on_entry)
        self.test_button.clicked.connect(self._on_test_clicked)
        self.start_button.clicked.connect(self.start_requested)
        self.forget_button.clicked.connect(self.forget_requested)

    @Slot()
    def _on_entry(self) -> None:
        self._say(self.test_result, "")
        self.test_button.setEnabled(self.form().is_complete)
        self.changed.emit(self.form())

    @Slot()
    def _on_test_clicked(self) -> None:
        self.test_button.setEnabled(False)
        theme.set_role(self.test_result, "hint")
        self._say(self.test_result, self.tr("Asking…"))
        self.test_requested.emit()

    def _line(self, name: str, placeholder: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setPlaceholderText(placeholder)
        self._name(line, name)
        return line

    def _number(self, name: str, lowest: int, highest: int, value: int) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(lowest, highest)
        box.setValue(value)
        self._name(box, name)
        theme.indent_number(box)
        return box

    def _name(self, widget: QWidget, name: str) -> None:
        widget.setAccessibleName(name)
        widget.setToolTip(name)

    def _hint(self, role: str) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(label, role)
        label.hide()
        return label

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text, self)
        theme.set_role(label, "heading")
        return label

    def _rows(self, *rows: tuple[str, QWidget]) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(theme.space(2))
        grid.setHorizontalSpacing(theme.space(3))
        # One width for the captions of both groups.
        grid.setColumnMinimumWidth(0, 15 * self.fontMetrics().averageCharWidth())
        grid.setColumnStretch(1, 1)
        for row, (caption, field) in enumerate(rows):
            label = QLabel(caption, self)
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        return grid

    def _say(self, label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))
