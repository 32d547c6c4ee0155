"""Editor of a single choice."""

from PySide6.QtWidgets import QWidget

from core.domain.body import Asked, Option, SingleChoice
from core.domain.ids import OptionId
from core.domain.key import KeyPart, SingleChoiceKey
from reviewer_app.widgets.editors.choice import ChoiceEditor


class SingleChoiceEditor(ChoiceEditor):
    """Options with one right one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", is_exclusive=True, parent=parent)
        self._field.set_caption(self.tr("Options; mark the right one"))

    def parts(
        self, options: tuple[Option, ...], right: frozenset[OptionId]
    ) -> tuple[Asked, KeyPart]:
        return SingleChoice(options), SingleChoiceKey(next(iter(right), None))
