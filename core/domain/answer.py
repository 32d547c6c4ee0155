"""One answer type for people and language models; it knows no key."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.domain.body import Response
from core.domain.ids import AnswerId, QuestionId, RevisionId
from core.domain.people import Person


class RespondentKind(StrEnum):
    """Who answers."""

    PERSON = "person"
    LLM = "llm"
    BUILT_IN = "built_in"


@dataclass(frozen=True, slots=True)
class Respondent:
    """Someone or something that answers; `id` is a person id or a model name."""

    kind: RespondentKind
    id: str
    name: str


def person_respondent(person: Person) -> Respondent:
    """Return a person in the role of a respondent."""
    return Respondent(RespondentKind.PERSON, person.id, person.name)


class Occasion(StrEnum):
    """Why an answer was given."""

    VERIFICATION = "verification"
    ADJUDICATION = "adjudication"
    BASELINE = "baseline"
    RUN = "run"


class AnswerState(StrEnum):
    """What came back; none of these says right or wrong."""

    ANSWERED = "answered"
    CANNOT_TELL = "cannot_tell"
    """A reader's own word; scored as no answer."""
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    """A reply came, but no answer could be read out of it."""
    FAILED = "failed"
    """No reply; asked again on resume."""
    NOT_APPLICABLE = "not_applicable"
    """The question cannot be put to this respondent under this condition."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One response to one revision; never changed, only added to.

    `occasion_id` is the sitting or run it belongs to. `raw_text` is an llm's whole reply,
    `reading_rule` the parser rule that read it. `option_order` is the order shown.
    """

    id: AnswerId
    question: QuestionId
    revision: RevisionId
    respondent: Respondent
    occasion: Occasion
    occasion_id: str
    state: AnswerState
    answered_at: datetime
    response: Response | None = None
    confidence: int | None = None
    elapsed_s: float | None = None
    idle_s: float = 0.0
    option_order: tuple[str, ...] = ()
    raw_text: str = ""
    reading_rule: str = ""
    details: dict[str, str | int | float] = field(default_factory=dict)
    """Facts of the call: tokens, attempts, error sentence, finish reason."""


@dataclass(frozen=True, slots=True)
class AnswerEnd:
    """How an answer ended, without what it says; `details` are those that were asked for."""

    revision: RevisionId
    state: AnswerState
    details: dict[str, str | int | float]
