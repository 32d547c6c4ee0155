"""The menu at the person's button: who works here now, add or change people."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from core.domain.people import Person
from core.domain.taxonomy import SPECIALTY
from core.taxonomies import load_axes
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.dialogs.person import PersonDialog
from reviewer_app.keeper import Keeper
from reviewer_app.wording import role_name

_PLACE: Final = "person.dialog"


class PeopleMenu(QMenu):
    """Lists everybody with their roles.

    Signals: `person_switched()`.
    """

    person_switched = Signal()

    def __init__(self, context: AppContext, keeper: Keeper, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._keeper = keeper
        self._window = parent
        self.aboutToHide.connect(self.deleteLater, Qt.ConnectionType.QueuedConnection)
        me = context.me()
        is_limited = context.workspace.limits is not None
        for person in [me] if is_limited else context.workspace.people.all():
            roles = ", ".join(sorted(role_name(role) for role in person.roles))
            action = self.addAction(f"{person.name}  –  {roles}")
            action.setCheckable(True)
            action.setChecked(person.id == me.id)
            action.triggered.connect(partial(self._switch, person))
        self.addSeparator()
        edit = self.addAction(
            theme.icon("mdi6.account-edit-outline"), self.tr("Change my details…")
        )
        edit.triggered.connect(lambda: self._open_dialog(me))
        if is_limited:  # a package is for one person
            return
        add = self.addAction(theme.icon("mdi6.account-plus-outline"), self.tr("Add a person…"))
        add.triggered.connect(lambda: self._open_dialog(None))

    def _switch(self, person: Person) -> None:
        people = self._context.workspace.people
        done = self._context.operations.perform(
            self.tr("Changing the person"), lambda: people.set_me(person.id)
        )
        if done is not None:
            self.person_switched.emit()

    def _open_dialog(self, person: Person | None) -> None:
        context, switched = self._context, self.person_switched
        # The menu is gone before the dialog is.
        keeper, who = self._keeper, person.id if person else ""
        dialog = PersonDialog(_specialties(), person, self._window)
        dialog.take_entered(keeper.beside(_PLACE, who))
        dialog.edited.connect(lambda: keeper.note_beside(_PLACE, who, dialog.entered()))
        dialog.finished.connect(lambda _: keeper.note_beside(_PLACE, who, None))

        def store(entered: Person) -> None:
            people = context.workspace.people
            stored = context.operations.perform(
                dialog.tr("Storing the person"),
                (lambda: people.update(entered))
                if entered.id
                else (
                    lambda: people.add(
                        entered.name,
                        entered.roles,
                        specialty=entered.specialty,
                        years_in_practice=entered.years_in_practice,
                    )
                ),
            )
            if stored is None:
                dialog.say_problem(dialog.tr("This was not stored; see the message in the window."))
                return
            dialog.close()
            if entered.id:
                switched.emit()

        dialog.person_entered.connect(store)
        dialog.open()


def _specialties() -> tuple[str, ...]:
    return next(axis.leaves() for axis in load_axes() if axis.name == SPECIALTY)
