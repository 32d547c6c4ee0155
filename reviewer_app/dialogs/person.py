"""Who somebody is: name, roles, specialty, years in practice."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.domain.ids import PersonId
from core.domain.people import Person, Role
from core.domain.plain import Plain
from reviewer_app import theme
from reviewer_app.widgets.form import form_label

_UNKNOWN_YEARS = -1


class PersonDialog(QDialog):
    """Adds or changes a person; stays open until the workspace has taken it.

    Signals: `person_entered(Person)`; its id is empty for a new person. `edited()` at every
    change by hand.
    """

    person_entered = Signal(object)
    edited = Signal()

    def __init__(
        self,
        specialties: tuple[str, ...],
        person: Person | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Person") if person else self.tr("Add a person"))
        self._person = person or Person(PersonId(""), "")
        self.name_edit = QLineEdit(self._person.name, self)
        self.name_edit.setAccessibleName(self.tr("Name"))
        self.role_boxes = {role: self._make_role_box(role) for role in Role}
        self.specialty_box = QComboBox(self)
        self.specialty_box.addItems(["", *specialties])
        self.specialty_box.setCurrentText(self._person.specialty)
        self.specialty_box.setAccessibleName(self.tr("Specialty"))
        self.years_box = self._make_years_box()
        self._problem = QLabel(self)
        theme.set_role(self._problem, "error")
        self._problem.hide()
        self._lay_out()
        self.name_edit.setFocus()
        self.name_edit.textEdited.connect(self.edited)
        self.specialty_box.activated.connect(self.edited)
        self.years_box.valueChanged.connect(self.edited)
        for box in self.role_boxes.values():
            box.clicked.connect(self.edited)

    def entered(self) -> Plain:
        """Return what stands in the fields; `take_entered` puts it back."""
        return {
            "name": self.name_edit.text(),
            "roles": sorted(role for role, box in self.role_boxes.items() if box.isChecked()),
            "specialty": self.specialty_box.currentText(),
            "years": self.years_box.value(),
        }

    def take_entered(self, entered: Plain) -> None:
        """Put back what stood in the fields before a crash; nothing where nothing did."""
        if not entered:
            return
        self.name_edit.setText(entered["name"])
        for role, box in self.role_boxes.items():
            box.setChecked(role in entered["roles"])
        self.specialty_box.setCurrentText(entered["specialty"])
        self.years_box.setValue(entered["years"])

    def say_problem(self, sentence: str) -> None:
        """Say in place what is wrong."""
        self._problem.setText(sentence)
        self._problem.show()

    @Slot()
    def accept(self) -> None:
        name = self.name_edit.text().strip()
        roles = frozenset(role for role, box in self.role_boxes.items() if box.isChecked())
        theme.mark_invalid(self.name_edit, wrong=not name)
        if not name:
            self.say_problem(self.tr("Write the name."))
            self.name_edit.setFocus()
            return
        if not roles:
            self.say_problem(self.tr("Choose at least one role."))
            self.role_boxes[Role.AUTHOR].setFocus()
            return
        years = self.years_box.value()
        self.person_entered.emit(
            replace(
                self._person,
                name=name,
                roles=roles,
                specialty=self.specialty_box.currentText(),
                years_in_practice=None if years == _UNKNOWN_YEARS else years,
            )
        )

    def _make_role_box(self, role: Role) -> QCheckBox:
        texts = {
            Role.AUTHOR: self.tr("Author: writes and blinds questions"),
            Role.VERIFIER: self.tr("Verifier: answers, then judges questions of others"),
            Role.READER: self.tr("Reader: answers for the human baseline"),
            Role.ADJUDICATOR: self.tr("Adjudicator: decides where verifiers disagree"),
            Role.LEAD: self.tr("Study lead: plans, evaluates, sees everything"),
        }
        box = QCheckBox(texts[role], self)
        box.setChecked(role in self._person.roles)
        return box

    def _make_years_box(self) -> QSpinBox:
        box = QSpinBox(self)
        theme.indent_number(box)
        box.setRange(_UNKNOWN_YEARS, 70)
        box.setSpecialValueText(self.tr("not given"))
        years = self._person.years_in_practice
        box.setValue(_UNKNOWN_YEARS if years is None else years)
        box.setAccessibleName(self.tr("Years in practice"))
        # A style sheet's padding does not reach the text of a spin box.
        box.lineEdit().setTextMargins(theme.space(2), 0, 0, 0)
        return box

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(theme.space(3))
        form.addRow(form_label(self.tr("Name"), self), self.name_edit)
        roles = QVBoxLayout()
        for box in self.role_boxes.values():
            roles.addWidget(box)
        form.addRow(self.tr("Roles"), roles)
        form.addRow(form_label(self.tr("Specialty"), self), self.specialty_box)
        form.addRow(form_label(self.tr("Years in practice"), self), self.years_box)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        theme.set_kind(buttons.button(QDialogButtonBox.StandardButton.Save), "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.save_button = buttons.button(QDialogButtonBox.StandardButton.Save)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.space(5),) * 4)
        column.setSpacing(theme.space(4))
        column.addLayout(form)
        column.addWidget(self._problem)
        column.addWidget(buttons)
        self.setMinimumWidth(460)
