"""Yes or no."""

from core.domain.body import YES, Option
from reviewer_app.widgets.answer_widgets.choice import ChoiceAnswer


class YesNoAnswer(ChoiceAnswer):
    """Two options with the keys Y and N."""

    def key_hint(self) -> str:
        """Name the two keys."""
        return self.tr("Keys Y and N choose.")

    def key_of(self, index: int) -> str:
        """Return Y or N."""
        return "Y" if self.options[index].id == YES else "N"

    def text_of(self, option: Option) -> str:
        """Return yes or no in the language of the window."""
        return self.tr("Yes") if option.id == YES else self.tr("No")
