"""Any number of options."""

from reviewer_app.widgets.answer_widgets.choice import ChoiceAnswer


class SeveralChoicesAnswer(ChoiceAnswer):
    """Any number of options; the same key marks and unmarks."""

    is_exclusive = False
