"""Editor of a yes/no question."""

from functools import partial

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QWidget

from core.domain.body import NO, YES, Asked, YesNo
from core.domain.ids import OptionId
from core.domain.key import KeyPart, YesNoKey
from reviewer_app import theme
from reviewer_app.widgets.editors.base import FormatEditor
from reviewer_app.widgets.form import Field


class YesNoEditor(FormatEditor):
    """Which of the two is right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(6))
        self.buttons = {
            YES: QRadioButton(self.tr("Yes"), holder),
            NO: QRadioButton(self.tr("No"), holder),
        }
        self._group = QButtonGroup(self)
        for option, button in self.buttons.items():
            button.setToolTip(self.tr("The right answer is “%1”").replace("%1", button.text()))
            button.clicked.connect(partial(self._on_button_clicked, option))
            self._group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self._field = Field(self.tr("Right answer"), holder, self)
        self.column.addWidget(self._field)

    def show_parts(self, asked: Asked, right: KeyPart) -> None:
        chosen = right.option if isinstance(right, YesNoKey) else None
        # An exclusive group does not let go of its last button.
        self._group.setExclusive(False)
        for option, button in self.buttons.items():
            button.setChecked(option == chosen)
        self._group.setExclusive(True)

    def show_problems(self, problems: dict[str, str]) -> None:
        self._field.show_problem(problems.get("key", ""))

    def focus_field(self, field: str) -> None:
        self.buttons[YES].setFocus()

    def _on_button_clicked(self, option: OptionId) -> None:
        self.edited.emit(YesNo(), YesNoKey(option), "key")
