"""How questions are put: parts, order of options, repeats, examples, reasoning, context."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from core.domain.run import Condition
from core.domain.setup import MAX_REPEATS, MAX_SHOTS, OptionOrder, Reasoning, Setup
from reviewer_app import theme
from reviewer_app.pages.evaluate.wording import condition_name

_ALL_OF_IT: Final = 100


class AskingFields(QWidget):
    """Fields for condition and setup.

    Signals: `edited()`; `examples_wanted()`, questions are to be chosen as examples.
    """

    edited = Signal()
    examples_wanted = Signal()

    def __init__(self, languages: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = Setup()
        self.condition = self._box(self.tr("Condition"))
        for one in Condition:
            self.condition.addItem(condition_name(one), one.value)
        self.order = self._box(self.tr("Order of options"))
        for order, words in (
            (OptionOrder.AUTHORED, self.tr("As written")),
            (OptionOrder.SHUFFLED, self.tr("Shuffled once, by seed")),
            (OptionOrder.ROTATED, self.tr("All rotations")),
        ):
            self.order.addItem(words, order.value)
        self.repeats = self._number(self.tr("Times each question is asked"), 1, MAX_REPEATS)
        self.repeats.setSuffix(self.tr(" ×"))
        self.reasoning = self._box(self.tr("Reasoning"))
        self.reasoning.addItem(self.tr("Answer at once"), Reasoning.DIRECT.value)
        self.reasoning.addItem(self.tr("Steps first (chain of thought)"), Reasoning.CHAIN.value)
        self.context = self._number(self.tr("Share of the case that is given"), 0, _ALL_OF_IT)
        self.context.setSuffix(self.tr(" % of the case"))
        self.context.setSpecialValueText(self.tr("withheld"))
        self.shots = self._number(self.tr("Solved examples before each question"), 0, MAX_SHOTS)
        self.shots.setSpecialValueText(self.tr("none"))
        self.examples = QLineEdit(self)
        self.examples.setPlaceholderText(self.tr("3, 7-9, or a label"))
        self.examples.setAccessibleName(self.tr("Questions that serve as examples"))
        self.examples.setToolTip(
            self.tr("Numbers of questions, or a label that they carry; they are not asked")
        )
        self.choose_button = QPushButton(self.tr("Choose…"), self)
        self.choose_button.setAccessibleName(self.tr("Choose the examples"))
        self.choose_button.setToolTip(self.tr("Choose questions that serve as examples"))
        self.choose_button.clicked.connect(self.examples_wanted)
        self.examples.textChanged.connect(self.edited)
        self.language = self._box(self.tr("Language"))
        self.language.addItem(self.tr("Any, asked in English"), "")
        for name in languages:
            self.language.addItem(self.tr("Only %1").replace("%1", name), name)
        self._lay_out()
        self.show_setup(Condition.BOTH, Setup(), "")

    def setup(self) -> Setup:
        """Return the way of asking."""
        same = self.shots.value() and not self.examples.text().strip()
        return Setup(
            order=OptionOrder(self.order.currentData()),
            repeats=self.repeats.value(),
            reasoning=Reasoning(self.reasoning.currentData()),
            shots=self.shots.value(),
            # Those of a former run, until others are named.
            examples=self._kept.examples if same else (),
            context_percent=self.context.value(),
            language=self.language.currentData() or "",
        )

    def show_setup(self, condition: Condition, setup: Setup, examples: str) -> None:
        """Fill the fields."""
        self._kept = setup
        for box, value in (
            (self.condition, condition.value),
            (self.order, setup.order.value),
            (self.reasoning, setup.reasoning.value),
            (self.language, setup.language),
        ):
            box.setCurrentIndex(max(box.findData(value), 0))
        self.repeats.setValue(setup.repeats)
        self.context.setValue(setup.context_percent)
        self.shots.setValue(setup.shots)
        self.examples.setText(examples)

    def choose_examples(self, numbers: Sequence[int], *, most_of_a_format: int) -> None:
        """Take the questions that were chosen; all of them are shown."""
        self.examples.setText(", ".join(map(str, numbers)))
        self.shots.setValue(min(most_of_a_format, MAX_SHOTS))

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(theme.space(2))
        grid.setHorizontalSpacing(theme.space(3))
        grid.setColumnMinimumWidth(0, 15 * self.fontMetrics().averageCharWidth())
        grid.setColumnStretch(1, 1)
        examples = QWidget(self)
        chosen = QHBoxLayout(examples)
        chosen.setContentsMargins(0, 0, 0, 0)
        chosen.setSpacing(theme.space(2))
        chosen.addWidget(self.shots, 1)
        chosen.addWidget(self.choose_button)
        examples.setFocusProxy(self.shots)
        rows: tuple[tuple[str, QWidget], ...] = (
            (self.tr("&Condition"), self.condition),
            (self.tr("&Options"), self.order),
            (self.tr("&Repeats"), self.repeats),
            (self.tr("Reasonin&g"), self.reasoning),
            (self.tr("Conte&xt"), self.context),
            (self.tr("&Examples"), examples),
            ("", self.examples),
            (self.tr("La&nguage"), self.language),
        )
        self._labels: dict[QWidget, QLabel] = {}
        for row, (caption, field) in enumerate(rows):
            label = QLabel(caption, self)
            label.setBuddy(field.focusProxy() or field)
            self._labels[field] = label
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        self.shots.valueChanged.connect(lambda count: self.examples.setVisible(count > 0))
        self.examples.hide()

    def _box(self, name: str) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.currentIndexChanged.connect(self.edited)
        return box

    def _number(self, name: str, lowest: int, highest: int) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(lowest, highest)
        box.setAccessibleName(name)
        box.setToolTip(name)
        theme.indent_number(box)
        box.valueChanged.connect(self.edited)
        return box
