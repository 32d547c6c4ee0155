"""Editor of a question with several right options."""

from PySide6.QtWidgets import QWidget

from core.domain.body import Asked, Option, SeveralChoices
from core.domain.ids import OptionId
from core.domain.key import KeyPart, SeveralChoicesKey
from reviewer_app.widgets.editors.choice import ChoiceEditor


class SeveralChoicesEditor(ChoiceEditor):
    """Options with any number of right ones."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", is_exclusive=False, parent=parent)
        self._field.set_caption(self.tr("Options; mark every right one"))

    def parts(
        self, options: tuple[Option, ...], right: frozenset[OptionId]
    ) -> tuple[Asked, KeyPart]:
        return SeveralChoices(options), SeveralChoicesKey(right)
