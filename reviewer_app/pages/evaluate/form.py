"""The left side of a new run: endpoint, key, prompt, way of asking, and the start button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.domain.run import Condition
from core.errors import ValidationError
from core.services.evaluation.profiles import EndpointProfile
from reviewer_app import theme
from reviewer_app.pages.evaluate.asking_fields import AskingFields
from reviewer_app.pages.evaluate.endpoint_fields import EndpointFields
from reviewer_app.pages.evaluate.run_form import RunForm
from reviewer_app.pages.evaluate.setup_presenter import Look
from reviewer_app.pages.evaluate.wording import (
    preparation_sentence,
    start_caption,
)
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.keys import add_button_keys

if TYPE_CHECKING:
    from core.services.evaluation.records import Preparation

_LEFT_TO_ENDPOINT: Final = -0.1
_MOST_TOKENS: Final = 131_072
_MOST_CALLS: Final = 256


class FormPanel(QFrame):
    """Fields of a run.

    Signals: `changed(RunForm)` at every entry; `test_requested()`, `start_requested()`,
    `batch_requested()`, `forget_requested()`, `endpoints_requested()`, `prompts_requested()`.
    """

    changed = Signal(object)
    test_requested = Signal()
    start_requested = Signal()
    batch_requested = Signal()
    forget_requested = Signal()
    endpoints_requested = Signal()
    prompts_requested = Signal()

    def __init__(self, languages: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self.setAccessibleName(self.tr("New run"))
        self._look: Look | None = None
        self._ceiling: float | None = None
        self._is_running = False
        self._is_filling = False
        self.where = EndpointFields(self)
        self.profile_box, self.base_url = self.where.profile_box, self.where.base_url
        self.llm, self.api_key = self.where.llm, self.where.api_key
        self.test_button, self.test_result = self.where.test_button, self.where.test_result
        self.keeps_key, self.key_hint = self.where.keeps_key, self.where.key_hint
        self.endpoints_button = self._link(
            self.tr("Endpoints…"), self.tr("Name endpoints; prices, limits, where data may go")
        )
        self.prompts_button = self._link(
            self.tr("Prompts…"), self.tr("Read the templates and write own ones")
        )
        self.prompt_box = QComboBox(self)
        self._name(self.prompt_box, self.tr("Prompt"))
        self.asking = AskingFields(languages, self)
        self.condition = self.asking.condition
        self.temperature = self._make_temperature()
        self.max_tokens = self._number(self.tr("Longest reply"), 1, _MOST_TOKENS, 512)
        self.max_tokens.setSuffix(self.tr(" tokens"))
        self.concurrency = self._number(self.tr("Calls at a time"), 1, _MOST_CALLS, 8)
        self.problem = self._hint("error")
        self.summary = self._hint("strong")
        self.warning = self._hint("hint")
        self.start_button = make_button(
            "", self, icon="mdi6.play", kind="primary", tip=self.tr("Start the run (Ctrl+Enter)")
        )
        # Not setShortcut: a button forgets it with its next text.
        add_button_keys(self.start_button, "Ctrl+Return", "Ctrl+Enter")
        self.batch_button = self._make_batch_button()
        self._lay_out()
        self.show_profiles(())
        self.show_prompts(())
        self._connect()
        self.show_look(None, is_looking=False)

    def _make_batch_button(self) -> QPushButton:
        return self._link(
            self.tr("Hand in as a batch, or collect it"),
            self.tr(
                "Some endpoints answer a batch within a day at a lower price; the same button"
                " collects the replies"
            ),
        )

    def _make_temperature(self) -> QDoubleSpinBox:
        box = QDoubleSpinBox(self)
        box.setRange(_LEFT_TO_ENDPOINT, 2.0)
        box.setSingleStep(0.1)
        box.setDecimals(1)
        box.setSpecialValueText(self.tr("as the endpoint likes"))
        box.setValue(0.0)
        self._name(box, self.tr("Temperature"))
        theme.indent_number(box)
        return box

    def form(self) -> RunForm:
        """Return what is entered."""
        temperature = round(self.temperature.value(), 1)
        return RunForm(
            replace(self.where.endpoint(), concurrency=self.concurrency.value()),
            api_key=self.api_key.text(),
            keeps_key=self.keeps_key.isChecked(),
            condition=Condition(self.condition.currentData()),
            temperature=None if temperature < 0 else temperature,
            max_tokens=self.max_tokens.value(),
            prompt=self.prompt_box.currentData(),
            setup=self.asking.setup(),
            examples=self.asking.examples.text(),
            ceiling=self._ceiling,
        )

    def show_form(self, form: RunForm) -> None:
        """Fill the fields; the key stays as it is."""
        self._is_filling = True
        self._show_endpoint(form.endpoint)
        self.asking.show_setup(form.condition, form.setup, form.examples)
        asked = form.temperature
        self.temperature.setValue(_LEFT_TO_ENDPOINT if asked is None else asked)
        self.max_tokens.setValue(form.max_tokens)
        self._choose_prompt(form.prompt)
        self._ceiling = form.ceiling
        self._is_filling = False
        self._on_entry()

    def show_profiles(self, profiles: Sequence[EndpointProfile]) -> None:
        """Offer the named endpoints; the chosen one stays chosen, as it is stored now."""
        self.where.show_profiles(profiles)
        stored = self.where.changed_profile()
        if stored is not None:
            self.choose_endpoint(stored)

    def choose_endpoint(self, endpoint: EndpointProfile) -> None:
        """Fill in an endpoint."""
        self._is_filling = True
        self._show_endpoint(endpoint)
        self._is_filling = False
        self._on_entry()

    def show_prompts(self, prompts: Sequence[tuple[str, str]]) -> None:
        """Offer prompt templates by name and what they are about; the chosen one stays."""
        chosen = self.prompt_box.currentData() or RunForm().prompt
        self.prompt_box.blockSignals(True)
        self.prompt_box.clear()
        for place, (name, about) in enumerate(prompts):
            self.prompt_box.addItem(name, name)
            self.prompt_box.setItemData(place, about, Qt.ItemDataRole.ToolTipRole)
        self._choose_prompt(chosen)
        self.prompt_box.blockSignals(False)

    def choose_prompt(self, name: str) -> None:
        """Choose a prompt template."""
        self._choose_prompt(name)
        self._on_entry()

    def set_ceiling(self, ceiling: float | None) -> None:
        """Take the ceiling on cost that is entered beside the cost."""
        self._ceiling = ceiling
        self._on_entry()

    def show_look(self, look: Look | None, *, is_looking: bool) -> None:
        """Say what would be sent, or what stands in the way."""
        self._look = look
        error = None if look is None else look.error
        wrong = error.field if isinstance(error, ValidationError) else ""
        for name, field in self._fields().items():
            theme.mark_invalid(field, wrong=name == wrong)
        self._say(self.problem, self._reason(look, is_looking=is_looking))
        preparation = self._preparation()
        self._say(self.summary, preparation_sentence(preparation) if preparation else "")
        self._say(self.warning, self._warning_text(preparation))
        self._update_start()

    def show_running(self, *, is_running: bool) -> None:
        """Say that another run waits while one is under way."""
        self._is_running = is_running
        self._update_start()

    def _fields(self) -> dict[str, QWidget]:
        return {
            "base_url": self.base_url,
            "llm": self.llm,
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "repeats": self.asking.repeats,
            "shots": self.asking.shots,
            "examples": self.asking.examples,
            "language": self.asking.language,
            "reasoning": self.asking.reasoning,
        }

    def _preparation(self) -> Preparation | None:
        preflight = None if self._look is None else self._look.preflight
        return None if preflight is None else preflight.preparation

    def _reason(self, look: Look | None, *, is_looking: bool) -> str:
        """Return why the run cannot start, in words."""
        if look is None:
            incomplete = self.tr("Name an endpoint and a model to see what would be sent.")
            return "" if is_looking or self.form().is_complete else incomplete
        trouble = look.error or look.hindrance
        if trouble is not None:
            return str(trouble)
        preparation = look.preparation
        if preparation is not None and not preparation.sendable:
            return self.tr("No question can be sent; the reasons stand on the right.")
        return ""

    def _update_start(self) -> None:
        preparation = self._preparation()
        known = preparation.existing if preparation is not None else None
        is_open = known is None or (known.done < known.total and not known.is_active)
        allowed = None if self._look is None else self._look.preparation
        can_send = allowed is not None and allowed.sendable > 0
        self.start_button.setText(start_caption(preparation, is_running=self._is_running))
        self.start_button.setEnabled(can_send and is_open)
        self.batch_button.setEnabled(can_send and is_open)

    def _warning_text(self, preparation: Preparation | None) -> str:
        if preparation is None:
            return ""
        unverified = self.tr("No question is verified yet: this run is a rehearsal.")
        parts = [unverified if preparation.is_unverified else "", preparation.warning]
        return "\n".join(part for part in parts if part)

    def _show_endpoint(self, endpoint: EndpointProfile) -> None:
        self.where.show_endpoint(endpoint)
        self.concurrency.setValue(endpoint.concurrency)

    def _choose_prompt(self, name: str) -> None:
        if self.prompt_box.findData(name) < 0:
            # It is listed once the templates are read.
            self.prompt_box.addItem(name, name)
        self.prompt_box.setCurrentIndex(self.prompt_box.findData(name))

    def _lay_out(self) -> None:
        inner = QWidget()
        theme.set_role(inner, "scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(*(theme.space(4),) * 4)
        column.setSpacing(theme.space(3))
        column.addLayout(self._headed(self.tr("Endpoint"), self.endpoints_button))
        column.addWidget(self.where)
        column.addLayout(self._headed(self.tr("Run"), self.prompts_button))
        column.addLayout(self._rows((self.tr("&Prompt"), self.prompt_box)))
        column.addWidget(self.asking)
        column.addLayout(
            self._rows(
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
        for widget in (self.problem, self.summary, self.warning, self.start_button):
            foot.addWidget(widget)
        foot.addWidget(self.batch_button, 0, Qt.AlignmentFlag.AlignHCenter)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addWidget(footer)

    def _connect(self) -> None:
        self.where.edited.connect(self._on_entry)
        self.where.chosen.connect(self.choose_endpoint)
        self.where.test_requested.connect(self.test_requested)
        self.where.forget_requested.connect(self.forget_requested)
        self.prompt_box.currentIndexChanged.connect(self._on_entry)
        self.asking.edited.connect(self._on_entry)
        for number in (self.temperature, self.max_tokens, self.concurrency):
            number.valueChanged.connect(self._on_entry)
        self.start_button.clicked.connect(self.start_requested)
        self.batch_button.clicked.connect(self.batch_requested)
        self.endpoints_button.clicked.connect(self.endpoints_requested)
        self.prompts_button.clicked.connect(self.prompts_requested)

    @Slot()
    def _on_entry(self) -> None:
        if self._is_filling:
            return
        self.where.forget_test()
        form = self.form()
        # A reasoning model takes no temperature.
        self.temperature.setEnabled(not form.endpoint.effort)
        self.changed.emit(form)

    def _number(self, name: str, lowest: int, highest: int, value: int) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(lowest, highest)
        box.setValue(value)
        self._name(box, name)
        theme.indent_number(box)
        return box

    def _link(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        theme.set_kind(button, "link")
        button.setToolTip(tip)
        return button

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

    def _headed(self, text: str, link: QPushButton) -> QHBoxLayout:
        label = QLabel(text, self)
        theme.set_role(label, "heading")
        row = QHBoxLayout()
        row.addWidget(label)
        row.addStretch(1)
        row.addWidget(link)
        return row

    def _rows(self, *rows: tuple[str, QWidget]) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(theme.space(2))
        grid.setHorizontalSpacing(theme.space(3))
        # One width for the captions of all groups.
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
