"""What a reader says of themselves once, before the first sitting."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.domain.plain import Plain
from reviewer_app import theme
from reviewer_app.pages.baseline.confidence_scale import ConfidenceScale
from reviewer_app.widgets.keys import add_form_keys


class RegistrationForm(QFrame):
    """Specialty, years, and confidence 1 to 5 in each specialty.

    Signals: `register_requested(str, int, dict)`.
    """

    register_requested = Signal(str, int, dict)

    def __init__(self, specialties: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self.specialty = QComboBox(self)
        self.specialty.addItem(self.tr("Choose…"), "")
        for name in specialties:
            self.specialty.addItem(name, name)
        self.specialty.setAccessibleName(self.tr("Your specialty"))
        self.years = QSpinBox(self)
        theme.indent_number(self.years)
        self.years.setRange(0, 70)
        self.years.setAccessibleName(self.tr("Years in practice"))
        self.scales = {
            name: ConfidenceScale(self.tr("Confidence in %1").replace("%1", name), self)
            for name in specialties
        }
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        self.problem.hide()
        theme.set_role(self.problem, "error")
        self.button = QPushButton(self.tr("Register (Ctrl+Enter)"), self)
        self.button.setToolTip(self.tr("Ctrl+Enter"))
        theme.set_kind(self.button, "primary")
        add_form_keys(self, self.button, "Ctrl+Return", "Ctrl+Enter")
        self._arrange(specialties)
        self._link_rows(list(self.scales.values()))
        self.button.clicked.connect(self._on_clicked)

    def entered(self) -> Plain | None:
        """Return what the form holds; None while nothing was chosen in it."""
        holds: Plain = {
            "specialty": self.specialty.currentData(),
            "years": self.years.value(),
            "confidence": {
                name: scale.value()
                for name, scale in self.scales.items()
                if scale.value() is not None
            },
        }
        return holds if any(holds.values()) else None

    def take_entered(self, entered: Plain) -> None:
        """Show what the form held before."""
        self.specialty.setCurrentIndex(max(0, self.specialty.findData(entered["specialty"])))
        self.years.setValue(int(entered["years"]))
        for name, value in entered["confidence"].items():
            if name in self.scales:
                self.scales[name].set_value(value)

    def _arrange(self, specialties: Sequence[str]) -> None:
        heading = QLabel(self.tr("Before your first sitting"), self)
        theme.set_role(heading, "heading")
        hint = QLabel(
            self.tr(
                "Asked once and stored with your answers. Confidence: 1 means I would ask "
                "somebody, 5 means others ask me. Digits choose and go on."
            ),
            self,
        )
        hint.setWordWrap(True)
        theme.set_role(hint, "hint")
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(3))
        grid.setVerticalSpacing(theme.space(1))
        grid.setColumnStretch(0, 1)
        for row, (text, field) in enumerate(
            (
                (self.tr("Your specialty"), self.specialty),
                (self.tr("Years in practice"), self.years),
            )
        ):
            label = QLabel(text, self)
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        for row, name in enumerate(specialties, start=2):
            label = QLabel(name, self)
            label.setBuddy(self.scales[name])
            grid.addWidget(label, row, 0)
            grid.addWidget(self.scales[name], row, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.space(4)] * 4)
        layout.setSpacing(theme.space(2))
        layout.addWidget(heading)
        layout.addWidget(hint)
        layout.addLayout(grid)
        layout.addWidget(self.problem)
        layout.addWidget(self.button)

    def _link_rows(self, scales: Sequence[ConfidenceScale]) -> None:
        for here, following in pairwise(scales):
            here.chosen.connect(following.focus_level)
        scales[-1].chosen.connect(self.button.setFocus)

    def _on_clicked(self) -> None:
        problem = self._problem()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        theme.mark_invalid(self.specialty, wrong=not self.specialty.currentData())
        if problem:
            return
        confidence = {name: scale.value() for name, scale in self.scales.items()}
        self.register_requested.emit(self.specialty.currentData(), self.years.value(), confidence)

    def _problem(self) -> str:
        if not self.specialty.currentData():
            self.specialty.setFocus()
            return self.tr("Choose your specialty.")
        for name, scale in self.scales.items():
            if scale.value() is None:
                scale.focus_level()
                return self.tr("Say how confident you are in %1.").replace("%1", name)
        return ""
