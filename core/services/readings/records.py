"""How a reading that is not the first is marked on its answer."""

from typing import Final

from core.domain.answer import Answer, AnswerEnd

READS: Final = "reads"
"""Detail of an answer: the answer that came with the reply."""
READ_BY: Final = "read_by"
"""Detail of an answer: the person who read the reply, or `BY_RULES`."""
REASON: Final = "reading_reason"
"""Detail of an answer: why a person read the reply otherwise."""
BY_RULES: Final = "rules"


def is_corrected(answer: Answer | AnswerEnd) -> bool:
    """Tell whether a person has read the reply."""
    return answer.details.get(READ_BY, BY_RULES) != BY_RULES
