"""The study lead's form for a new reading plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.domain.ids import PersonId
from core.domain.plain import Plain
from core.domain.plan import StudyRules
from core.services.baseline import PlanRequest
from reviewer_app import theme
from reviewer_app.widgets.keys import add_form_keys

if TYPE_CHECKING:
    from core.domain.people import Person


class PlanForm(QFrame):
    """Name, readers, number of questions, seed and rules.

    Signals: `plan_requested(PlanRequest)`.
    """

    plan_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self._pending: Plain | None = None
        self._untouched: Plain | None = None
        self._is_offered = False
        self.name = QLineEdit(self)
        self.name.setPlaceholderText(self.tr("For example: First reading"))
        self.readers = QListWidget(self)
        self.readers.setToolTip(self.tr("Space checks and unchecks a reader"))
        self.readers.setMaximumHeight(112)
        self.count = QSpinBox(self)
        self.count.setToolTip(self.tr("Drawn evenly over specialties and capacities"))
        self.seed = QSpinBox(self)
        self.seed.setRange(0, 2_147_483_647)
        self.seed.setValue(1)
        self.seed.setToolTip(self.tr("The same seed draws and shuffles the same way again"))
        self.time_limit = QSpinBox(self)
        for box in (self.count, self.seed, self.time_limit):
            theme.indent_number(box)
        self.time_limit.setRange(0, 3600)
        self.time_limit.setSingleStep(10)
        self.time_limit.setSuffix(self.tr(" s a question"))
        self.time_limit.setSpecialValueText(self.tr("no limit"))
        self.time_limit.setToolTip(self.tr("Shown to the reader; late answers still count"))
        self.aids = QCheckBox(self.tr("Books and search are allowed"), self)
        self.confidence = QCheckBox(self.tr("Ask for confidence from 1 to 5"), self)
        self.confidence.setChecked(True)
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        theme.set_role(self.problem, "error")
        self.button = QPushButton(self.tr("Make the plan (Ctrl+Enter)"), self)
        self.button.setToolTip(self.tr("Ctrl+Enter"))
        theme.set_kind(self.button, "primary")
        add_form_keys(self, self.button, "Ctrl+Return", "Ctrl+Enter")
        self._arrange()
        self.show_problem("", "")
        self.button.clicked.connect(self._on_clicked)

    def show_choices(self, readers: Sequence[Person], verified_count: int) -> None:
        """Offer these readers and this many questions; what is checked stays checked."""
        checked = set(self._checked())
        is_new = self.readers.count() == 0
        self.readers.clear()
        for person in readers:
            item = QListWidgetItem(person.name)
            item.setData(Qt.ItemDataRole.UserRole, person.id)
            is_on = is_new or person.id in checked
            item.setCheckState(Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)
            self.readers.addItem(item)
        self.count.setRange(0, verified_count)
        every = self.tr("all %1 verified").replace("%1", str(verified_count))
        self.count.setSpecialValueText(every if verified_count else self.tr("none is verified"))
        self.button.setEnabled(bool(readers) and verified_count > 0)
        if is_new and readers:
            self._is_offered = True
            self._untouched = self._holds()
            self._show_pending()
        if not readers:
            self.show_problem("readers", self.tr("Nobody has the role reader yet."))
        elif not verified_count:
            self.show_problem("count", self.tr("No question is verified yet; verify some first."))
        else:
            self.show_problem("", "")

    def show_problem(self, field: str, sentence: str) -> None:
        """Say what is wrong, and mark where."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        theme.mark_invalid(self.count, wrong=field == "count" and self.button.isEnabled())

    def entered(self) -> Plain | None:
        """Return what the form holds; None while nothing was changed in it."""
        if not self._is_offered:
            return self._pending
        holds = self._holds()
        return None if holds == self._untouched else holds

    def take_entered(self, entered: Plain) -> None:
        """Show what the form held before, as soon as there is something to choose from."""
        self._pending = entered

    def _holds(self) -> Plain:
        return {
            "name": self.name.text(),
            "readers": sorted(self._checked()),
            "count": self.count.value(),
            "seed": self.seed.value(),
            "time_limit": self.time_limit.value(),
            "aids": self.aids.isChecked(),
            "confidence": self.confidence.isChecked(),
        }

    def _show_pending(self) -> None:
        entered, self._pending = self._pending, None
        if entered is None:
            return
        self.name.setText(str(entered["name"]))
        for box, name in (
            (self.count, "count"),
            (self.seed, "seed"),
            (self.time_limit, "time_limit"),
        ):
            box.setValue(int(entered[name]))
        self.aids.setChecked(bool(entered["aids"]))
        self.confidence.setChecked(bool(entered["confidence"]))
        for row in range(self.readers.count()):
            item = self.readers.item(row)
            is_on = item.data(Qt.ItemDataRole.UserRole) in entered["readers"]
            item.setCheckState(Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)

    def clear(self) -> None:
        """Start over after a plan was made."""
        self.name.clear()
        self.seed.setValue(self.seed.value() + 1)
        self._untouched = self._holds()

    def request(self) -> PlanRequest:
        """Return what the form asks for."""
        return PlanRequest(
            name=self.name.text().strip(),
            seed=self.seed.value(),
            readers=tuple(self._checked()),
            count=self.count.value(),
            rules=StudyRules(
                time_limit_s=self.time_limit.value() or None,
                aids_allowed=self.aids.isChecked(),
                asks_confidence=self.confidence.isChecked(),
            ),
        )

    def _checked(self) -> list[PersonId]:
        items = (self.readers.item(row) for row in range(self.readers.count()))
        return [
            PersonId(item.data(Qt.ItemDataRole.UserRole))
            for item in items
            if item.checkState() is Qt.CheckState.Checked
        ]

    def _arrange(self) -> None:
        heading = QLabel(self.tr("New reading plan"), self)
        theme.set_role(heading, "heading")
        form = QFormLayout()
        form.setHorizontalSpacing(theme.space(3))
        form.setVerticalSpacing(theme.space(2))
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, field in (
            (self.tr("Name"), self.name),
            (self.tr("Readers"), self.readers),
            (self.tr("Questions"), self.count),
            (self.tr("Seed"), self.seed),
            (self.tr("Time limit"), self.time_limit),
        ):
            field.setAccessibleName(text)
            label = QLabel(text, self)
            label.setFixedHeight(theme.CONTROL_PX)
            label.setBuddy(field)
            form.addRow(label, field)
        form.addRow("", self.aids)
        form.addRow("", self.confidence)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.space(4)] * 4)
        layout.setSpacing(theme.space(3))
        layout.addWidget(heading)
        layout.addLayout(form)
        layout.addWidget(self.problem)
        layout.addWidget(self.button)

    def _on_clicked(self) -> None:
        self.plan_requested.emit(self.request())
