"""How the eight end states of a question look: word, icon and ink, apart by shape too."""

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from core.domain.score import ScoreState


class Look(NamedTuple):
    """A state as a chip: word, icon, ink."""

    word: str
    icon_name: str
    ink: str


def _tr(text: str) -> str:
    return QCoreApplication.translate("scores", text)


def score_look(state: ScoreState) -> Look:
    """Return how an end state looks."""
    return {
        ScoreState.CORRECT: Look(_tr("Right"), "mdi6.check-circle-outline", "agreed"),
        ScoreState.INCORRECT: Look(_tr("Wrong"), "mdi6.close-circle-outline", "error"),
        ScoreState.PARTIAL: Look(_tr("Graded"), "mdi6.circle-half-full", "note"),
        ScoreState.REFUSED: Look(_tr("Refused"), "mdi6.hand-back-left-outline", "conflict"),
        ScoreState.NO_ANSWER: Look(_tr("No answer"), "mdi6.help-circle-outline", "conflict"),
        ScoreState.UNSCORED: Look(_tr("Not scored"), "mdi6.scale-unbalanced", "waiting"),
        ScoreState.FAILED: Look(_tr("No reply"), "mdi6.lan-disconnect", "waiting"),
        ScoreState.NOT_APPLICABLE: Look(
            _tr("Not asked"), "mdi6.minus-circle-outline", "text_muted"
        ),
    }[state]


def score_meaning(state: ScoreState) -> str:
    """Return what an end state means, in one sentence."""
    return {
        ScoreState.CORRECT: _tr("The answer is the right one."),
        ScoreState.INCORRECT: _tr("An answer was read, and it is not the right one."),
        ScoreState.PARTIAL: _tr("The answer has a score between 0 and 1."),
        ScoreState.REFUSED: _tr("The model declined to answer; counts as not right."),
        ScoreState.NO_ANSWER: _tr("A reply came, but no rule found an answer in it."),
        ScoreState.UNSCORED: _tr("An answer that nobody could grade; never counted as 0."),
        ScoreState.FAILED: _tr("The endpoint sent no reply; asked again when the run goes on."),
        ScoreState.NOT_APPLICABLE: _tr("This question cannot be put under this condition."),
    }[state]
