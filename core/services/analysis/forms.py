"""The form in which two responses to a question are the same, and which of several is the most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from core.domain.answer import Answer, AnswerState
from core.domain.body import Asked, Chosen, Marked, Measured, Numeric, Ranked, Response, Written


def form_of(asked: Asked, response: Response) -> Hashable:
    """Return what two responses to a question have in common when they say the same."""
    from core.scoring.numeric import convert
    from core.scoring.text_forms import normalized_answer

    match response:
        case Chosen(options):
            return options
        case Ranked(order):
            return order
        case Marked(regions):
            return regions
        case Written(text):
            return normalized_answer(text)
        case Measured():
            value = convert(response, asked.unit) if isinstance(asked, Numeric) else None
            return (response.value, response.unit) if value is None else value


def forms_of(asked: Asked, answers: Sequence[Answer]) -> list[Hashable | None]:
    """Return the form of each answer; None where nothing was answered."""
    return [
        None
        if one.response is None or one.state is not AnswerState.ANSWERED
        else form_of(asked, one.response)
        for one in answers
    ]


def most_frequent(forms: Sequence[Hashable | None]) -> tuple[Hashable, int] | None:
    """Return the form given most often and how often; None without any, or when two tie."""
    counts = Counter(form for form in forms if form is not None).most_common(2)
    if not counts or (len(counts) == 2 and counts[0][1] == counts[1][1]):
        return None
    return counts[0]
