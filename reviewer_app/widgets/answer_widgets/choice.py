"""What the choice formats share: a column of options with digit keys."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from core.domain.body import Asked, Chosen, Option, Response
from core.domain.ids import OptionId
from reviewer_app.widgets.answer_widgets.base import AnswerWidget
from reviewer_app.widgets.answer_widgets.option_button import OptionButton
from reviewer_app.widgets.keys import add_keys

DIGITS: Final = "123456789"


class ChoiceAnswer(AnswerWidget):
    """A column of options; digits 1 to 9 choose, arrows move between rows."""

    is_exclusive = True

    def __init__(
        self, asked: Asked, options: Sequence[Option], parent: QWidget | None = None
    ) -> None:
        super().__init__(asked, options, parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self._group = QButtonGroup(self)
        self._group.setExclusive(self.is_exclusive)
        self.buttons: dict[OptionId, OptionButton] = {}
        self._digits: list[QShortcut] = []
        for index, option in enumerate(self.options):
            button = self._make_button(index, option)
            layout.addWidget(button)
            self.buttons[option.id] = button
        self._group.buttonToggled.connect(lambda *_: self.changed.emit())
        if self.options:
            self.setFocusProxy(self.buttons[self.options[0].id])

    def response(self) -> Response | None:
        """Return the chosen options, or None when none is."""
        chosen = frozenset(key for key, button in self.buttons.items() if button.isChecked())
        return Chosen(chosen) if chosen else None

    def show_response(self, response: Response | None) -> None:
        """Mark the options of an earlier response."""
        chosen = response.options if isinstance(response, Chosen) else frozenset()
        self._group.setExclusive(False)
        for key, button in self.buttons.items():
            button.setChecked(key in chosen)
        self._group.setExclusive(self.is_exclusive)

    def focus_answer(self) -> None:
        """Put the focus on the chosen option, or the first."""
        chosen = (one for one in self.buttons.values() if one.isChecked())
        button = next(chosen, None)
        (button or self).setFocus()

    def problem(self) -> str:
        """Say that nothing is chosen yet."""
        return "" if self.response() is not None else self.tr("Choose an option first.")

    def key_hint(self) -> str:
        """Name the digits in use."""
        last = min(len(self.options), len(DIGITS))
        if self.is_exclusive:
            return self.tr("Keys 1 to %1 choose an option.").replace("%1", str(last))
        return self.tr("Keys 1 to %1 mark options; any number may be right.").replace(
            "%1", str(last)
        )

    def set_digits_resting(self, *, are_resting: bool) -> None:
        """Switch the digit keys off or on."""
        for shortcut in self._digits:
            shortcut.setEnabled(not are_resting)

    def key_of(self, index: int) -> str:
        """Return the key of the option at `index`, or an empty string."""
        return DIGITS[index] if index < len(DIGITS) else ""

    def text_of(self, option: Option) -> str:
        """Return the words of an option."""
        return option.text

    def _make_button(self, index: int, option: Option) -> OptionButton:
        key, text = self.key_of(index), self.text_of(option)
        button = OptionButton(text, key=key, is_exclusive=self.is_exclusive, parent=self)
        self._group.addButton(button)
        if key:
            button.setToolTip(self.tr("Key %1").replace("%1", key))
            self._digits.extend(add_keys(button, (key,), lambda: self._press(button)))
        return button

    def _press(self, button: OptionButton) -> None:
        button.setFocus()
        button.click()
