"""One option out of several."""

from reviewer_app.widgets.answer_widgets.choice import ChoiceAnswer


class SingleChoiceAnswer(ChoiceAnswer):
    """Exactly one option; choosing another one lets go of the first."""
