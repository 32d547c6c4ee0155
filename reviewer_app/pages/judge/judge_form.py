"""Which judge is asked about what."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.domain.ids import RunId
from core.domain.plain import Plain
from core.services.judging.records import WANTED_CHECKED, JudgePreparation, JudgeRequest
from reviewer_app import theme
from reviewer_app.pages.judge.endpoint_choice import EndpointChoice
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.form import Field
from reviewer_app.widgets.keys import add_button_keys

_MOST_REPEATS = 9
_SHOWN_LETTERS = 10


class JudgeForm(QFrame):
    """Draws a sample, describes a judge, asks it.

    Signals: `draw_requested(int, int)` with size and seed; `start_requested(JudgeRequest, object,
    EndpointProfile)` with a run id or None for the sample; `changed()` at every entry.
    """

    draw_requested = Signal(int, int)
    start_requested = Signal(object, object, object)
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self.setAccessibleName(self.tr("Ask a judge"))
        self.sample_words = self._hint("hint")
        self.sample_size = self._number(self.tr("Answers in the sample"), 1, 5000, WANTED_CHECKED)
        self.seed = self._number(self.tr("Seed"), 0, 999_999, 1)
        self.draw_button = QPushButton(self.tr("Draw a sample"), self)
        self.draw_button.setToolTip(
            self.tr("Short text and report answers to verified questions, evenly over runs")
        )
        self.where = EndpointChoice(self)
        self.target = QComboBox(self)
        self.target.setAccessibleName(self.tr("What it grades"))
        # Names of runs are long; the box shows their beginning and the list the rest.
        self.target.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.target.setMinimumContentsLength(_SHOWN_LETTERS)
        self.repeats = self._number(self.tr("Times per answer"), 1, _MOST_REPEATS, 1)
        self.swaps_order = QCheckBox(self.tr("Also in swapped order"), self)
        self.swaps_order.setChecked(True)
        self.swaps_order.setToolTip(
            self.tr("A judge that changes its mind with the order leaves the answer unscored")
        )
        self.sees_images = QCheckBox(self.tr("Sees the cleared images"), self)
        self.problem = self._hint("error")
        self.summary = self._hint("hint")
        self.start_button = make_button(
            self.tr("Ask the judge (Ctrl+Enter)"),
            self,
            icon="mdi6.gavel",
            kind="primary",
            tip=self.tr("Ctrl+Enter; asks only what is missing"),
        )
        add_button_keys(self.start_button, "Ctrl+Return", "Ctrl+Enter")
        self.show_runs((), 0)
        self.show_problem("")
        self.show_preparation(None)
        self._lay_out()
        self._connect()

    def request(self) -> JudgeRequest:
        """Return the judge that is described."""
        endpoint = self.where.endpoint()
        return JudgeRequest(
            endpoint.llm,
            endpoint.base_url,
            sees_images=self.sees_images.isChecked(),
            repeats=self.repeats.value(),
            swaps_order=self.swaps_order.isChecked(),
            api=endpoint.api,
            effort=endpoint.effort,
            takes_pictures=endpoint.takes_pictures,
        )

    def run(self) -> RunId | None:
        """Return the run to grade, or None for the sample."""
        chosen = self.target.currentData()
        return RunId(chosen) if chosen else None

    def show_runs(self, runs: Sequence[tuple[RunId, str]], sample_size: int) -> None:
        """Offer the sample and every run."""
        chosen = self.target.currentData()
        self.target.blockSignals(True)
        self.target.clear()
        self.target.addItem(self.tr("The sample (%1 answers)").replace("%1", str(sample_size)), "")
        for run, name in runs:
            self.target.addItem(name, run)
        self.target.setCurrentIndex(max(0, self.target.findData(chosen)))
        self.target.blockSignals(False)
        self.sample_words.setText(
            self.tr("Physicians grade a sample of %1 answers.").replace("%1", str(sample_size))
            if sample_size
            else self.tr(
                "Draw a sample first: physicians grade it, so that a judge can be checked."
            )
        )

    def show_preparation(self, preparation: JudgePreparation | None) -> None:
        """Say what would be asked, and warn."""
        self.summary.setVisible(preparation is not None)
        if preparation is None:
            return
        words = (
            self.tr("%1 answers, %2 calls to make.")
            .replace("%1", str(len(preparation.answers)))
            .replace("%2", str(len(preparation.calls)))
        )
        self.summary.setText("\n".join((words, *preparation.warnings)))

    def show_problem(self, sentence: str) -> None:
        """Say why a judge is not asked."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        if sentence:
            self.summary.hide()

    def set_writable(self, *, can_write: bool) -> None:
        """Let a workspace that is open for reading only ask nothing."""
        for button in (self.draw_button, self.start_button):
            button.setEnabled(can_write)

    def unsent(self) -> Plain:
        """Return what is entered."""
        return self.where.unsent()

    def show_unsent(self, data: Plain) -> None:
        """Show what was entered before."""
        self.where.show_unsent(data)

    @Slot()
    def _on_start(self) -> None:
        self.start_requested.emit(self.request(), self.run(), self.where.endpoint())

    @Slot()
    def _on_draw(self) -> None:
        self.draw_requested.emit(self.sample_size.value(), self.seed.value())

    def _connect(self) -> None:
        self.draw_button.clicked.connect(self._on_draw)
        self.start_button.clicked.connect(self._on_start)
        self.target.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.repeats.valueChanged.connect(lambda _: self.changed.emit())
        self.where.edited.connect(self.changed)
        for box in (self.swaps_order, self.sees_images):
            box.toggled.connect(lambda _: self.changed.emit())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(3))
        column.addWidget(self._heading(self.tr("1. Sample for physicians")))
        column.addWidget(self.sample_words)
        sample = QHBoxLayout()
        sample.addWidget(Field(self.tr("Answers"), self.sample_size, self), 1)
        sample.addWidget(Field(self.tr("Seed"), self.seed, self), 1)
        column.addLayout(sample)
        column.addWidget(self.draw_button)
        column.addWidget(self._heading(self.tr("2. Judge")))
        leaves = self._hint("hint")
        leaves.setText(
            self.tr("It reads question, reference, rubric and answer: keys go to this endpoint.")
        )
        column.addWidget(leaves)
        column.addWidget(self.where)
        grades = QHBoxLayout()
        top = Qt.AlignmentFlag.AlignTop
        grades.addWidget(Field(self.tr("It grades"), self.target, self), 2, top)
        grades.addWidget(Field(self.tr("Times"), self.repeats, self), 1, top)
        column.addLayout(grades)
        column.addWidget(self.swaps_order)
        column.addWidget(self.sees_images)
        column.addWidget(self.summary)
        column.addWidget(self.problem)
        column.addWidget(self.start_button)
        column.addStretch(1)

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text, self)
        theme.set_role(label, "heading")
        return label

    def _hint(self, role: str) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        theme.set_role(label, role)
        return label

    def _number(self, name: str, low: int, high: int, value: int) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(low, high)
        box.setValue(value)
        box.setAccessibleName(name)
        theme.indent_number(box)
        return box
