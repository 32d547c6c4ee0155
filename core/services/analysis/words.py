"""Responses and keys in words, for the answers behind a figure."""

from __future__ import annotations

from core.domain.response_words import response_words
from core.domain.score import ScoreState
from core.services.analysis.collect import Graded
from core.services.analysis.records import AnswerLine

_WITHOUT_RESPONSE = {
    ScoreState.REFUSED: "refused",
    ScoreState.NO_ANSWER: "no answer",
    ScoreState.FAILED: "no reply",
    ScoreState.NOT_APPLICABLE: "not asked",
}


def line_of(graded: Graded) -> AnswerLine:
    """Return one answer in words."""
    summary, revision = graded.question.summary, graded.question.revision
    right = revision.key.right.response()
    return AnswerLine(
        question=summary.id,
        revision=revision.id,
        number=summary.number,
        stem=revision.body.stem,
        response=_response_words(graded),
        right="" if right is None else response_words(revision.body.asked, right),
        state=graded.state,
        value=graded.value,
        check=_to_check(graded),
    )


def _to_check(graded: Graded) -> tuple[str, ...]:
    from core.scoring.report_checks import WARNINGS

    return tuple(word for name, word in WARNINGS.items() if graded.details.get(name))


def _response_words(graded: Graded) -> str:
    if graded.response is not None:
        return response_words(graded.question.revision.body.asked, graded.response)
    if graded.state is None:
        return f"expected {graded.value:.2f}"
    return _WITHOUT_RESPONSE.get(graded.state, "")
