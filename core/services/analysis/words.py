"""Responses and keys in words, for the answers behind a figure."""

from __future__ import annotations

from core.domain.body import (
    Asked,
    Chosen,
    Marked,
    Measured,
    Numeric,
    Ranked,
    Response,
    Written,
    options_of,
)
from core.domain.marks import regions_text
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
        right="" if right is None else words_of(revision.body.asked, right),
        state=graded.state,
        value=graded.value,
        check=_to_check(graded),
    )


def _to_check(graded: Graded) -> tuple[str, ...]:
    from core.scoring.report_checks import WARNINGS

    return tuple(word for name, word in WARNINGS.items() if graded.details.get(name))


def words_of(asked: Asked, response: Response) -> str:
    """Return a response as a reader would say it; options by their text, in the author's order."""
    match response:
        case Chosen(options):
            texts = [option.text for option in options_of(asked) if option.id in options]
            return "; ".join(texts) or "nothing chosen"
        case Ranked(order):
            names = {option.id: option.text for option in options_of(asked)}
            return " > ".join(names.get(one, "?") for one in order)
        case Marked(regions):
            return regions_text(regions)
        case Written(text):
            return text
        case Measured(value, unit):
            asked_unit = asked.unit if isinstance(asked, Numeric) else ""
            return f"{value} {unit or asked_unit}".strip()


def _response_words(graded: Graded) -> str:
    if graded.response is not None:
        return words_of(graded.question.revision.body.asked, graded.response)
    if graded.state is None:
        return f"expected {graded.value:.2f}"
    return _WITHOUT_RESPONSE.get(graded.state, "")
