"""The registry of scorers and the one way to a score."""

from typing import Final, assert_never

from core.domain.answer import Answer, AnswerState
from core.domain.body import AnswerFormat, Asked
from core.domain.key import Key
from core.domain.score import Score, ScoreState
from core.scoring.localization import LocalizationScorer
from core.scoring.long_text import LongTextScorer
from core.scoring.mark import UNSCORED, Mark, Scorer
from core.scoring.numeric import NumericScorer
from core.scoring.ranking import RankingScorer
from core.scoring.report import ReportScorer
from core.scoring.several_choices import SeveralChoicesScorer
from core.scoring.short_text import ShortTextScorer
from core.scoring.single_choice import SingleChoiceScorer
from core.scoring.yes_no import YesNoScorer

SCORERS: Final[dict[AnswerFormat, Scorer]] = {
    AnswerFormat.SINGLE_CHOICE: SingleChoiceScorer(),
    AnswerFormat.YES_NO: YesNoScorer(),
    AnswerFormat.SEVERAL_CHOICES: SeveralChoicesScorer(),
    AnswerFormat.SHORT_TEXT: ShortTextScorer(),
    AnswerFormat.REPORT: ReportScorer(),
    AnswerFormat.NUMERIC: NumericScorer(),
    AnswerFormat.RANKING: RankingScorer(),
    AnswerFormat.LONG_TEXT: LongTextScorer(),
    AnswerFormat.REGION: LocalizationScorer(),
}


def score(answer: Answer, asked: Asked, key: Key) -> Score:
    """Return the score of one answer; the same answer and key always give the same score."""
    scorer = SCORERS[asked.format]
    mark = _mark(answer, asked, key, scorer)
    return Score(answer.id, scorer.name, scorer.version, mark.state, mark.value, mark.details)


def is_current(score: Score, answer_format: AnswerFormat) -> bool:
    """Tell whether a stored score comes from the scorer that is in use for this format."""
    scorer = SCORERS[answer_format]
    return (score.scorer, score.version) == (scorer.name, scorer.version)


def _mark(answer: Answer, asked: Asked, key: Key, scorer: Scorer) -> Mark:
    match answer.state:
        case AnswerState.ANSWERED:
            if answer.response is None:
                return UNSCORED
            return scorer.mark(answer.response, asked, key.right)
        case AnswerState.REFUSED:
            return Mark(ScoreState.REFUSED)
        case AnswerState.NO_ANSWER | AnswerState.CANNOT_TELL:
            return Mark(ScoreState.NO_ANSWER)
        case AnswerState.FAILED:
            return Mark(ScoreState.FAILED)
        case AnswerState.NOT_APPLICABLE:
            return Mark(ScoreState.NOT_APPLICABLE)
        case _:
            assert_never(answer.state)
