"""One reply as it leaves for another engine."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PredictionRow:
    """A question as it was shown, the reply, and what we read out of it.

    `options` stand in the order behind the letters of `answer` and `key`; `key` is empty unless
    keys are to leave, too.
    """

    question_id: str
    revision_id: str
    number: int
    epoch: int
    variant: str
    format: str
    stem: str
    context: str
    options: tuple[str, ...]
    llm: str
    condition: str
    state: str
    reply: str
    answer: str
    key: str
    error: str
    seconds: float | None
