"""What the evaluation service takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar

from core.domain.answer import Answer, AnswerEnd, AnswerState, Occasion
from core.domain.body import BlindQuestion
from core.domain.ids import OptionId, RevisionId, RunId
from core.domain.run import Condition, Run, RunSpec
from core.domain.setup import AS_AUTHORED, Setup
from core.errors import LlmError
from core.llm.budget import Price
from core.llm.client import Api
from core.llm.pace import RateLimit
from core.llm.prompts import DEFAULT_TEMPLATE, Prompt
from core.llm.retry import RetryPolicy
from core.llm.variants import Ask
from core.services.readings.records import READ_BY, READS, is_corrected

if TYPE_CHECKING:
    from core.llm.client import LlmClient
    from core.services.blind_ports import BlindTransaction

Ended = TypeVar("Ended", Answer, AnswerEnd)

COST: Final = "cost"
"""Where an answer keeps what its call cost, where a price is known."""
UNKNOWN_COST: Final = "unknown_cost"
"""Where an answer keeps the most that its call and failed ones before it may have cost unseen."""
VARIANT: Final = "variant"
"""Where an answer keeps the name of its variant, unless the question is asked once."""
PICTURES: Final = "pictures"
"""Where an answer keeps how its pictures were made of what a reader saw."""
ERROR: Final = "error"
"""Where a failed answer keeps the sentence that says why."""
_LOST: Final = "lost_cost:"


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a run is to be; `revisions` None means the verified questions.

    `temperature` None and `seed` 0 leave these to the endpoint.
    """

    llm: str
    base_url: str
    condition: Condition = Condition.BOTH
    revisions: tuple[RevisionId, ...] | None = None
    temperature: float | None = 0.0
    max_tokens: int = 512
    seed: int = 0
    prompt: str = DEFAULT_TEMPLATE
    api: Api = Api.CHAT
    effort: str = ""
    """Makes it a run of a reasoning model; `temperature` is left out then."""
    is_structured: bool = False
    """Whether the reply must follow a JSON schema of the answer format."""
    takes_pictures: bool = True
    setup: Setup = AS_AUTHORED


@dataclass(frozen=True, slots=True)
class Calling:
    """How to reach the endpoint; nothing of it is stored.

    `api_key` is for this session only; without it the keyring and the environment are asked.
    """

    concurrency: int = 8
    api_key: str | None = field(default=None, repr=False)
    policy: RetryPolicy = RetryPolicy()
    make_client: Callable[[str, str | None], LlmClient] | None = None
    """Makes a client from base URL and key; None means the openai package."""
    timeout_s: float = 180.0
    is_streaming: bool = False
    rate: RateLimit = RateLimit()
    price: Price = Price()
    ceiling: float | None = None
    """What the whole run may cost; no call is made that might break it."""
    finish_s: float = 2.0
    """How long calls under way may still take after cancelling."""


class CeilingError(LlmError):
    """The run stopped because the next call might cost more than was allowed."""


class BlockReason(StrEnum):
    """What keeps a question from being sent."""

    NOT_CLEARED = "not_cleared"
    MISSING = "missing"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Blocked:
    """A question that is not sent, and why."""

    number: int
    sentence: str
    reason: BlockReason = BlockReason.OTHER


@dataclass(frozen=True, slots=True)
class Preparation:
    """What would be sent: complete, and nothing sent yet.

    `spec.revisions` are the questions of the run: those that are sent and those to which the
    condition does not apply. `blocked` questions belong to no run.
    """

    spec: RunSpec
    sendable: int
    not_applicable: tuple[RevisionId, ...]
    blocked: tuple[Blocked, ...]
    asks: tuple[Ask, ...]
    """Every call in order; a condition may ask a question more than once."""
    is_unverified: bool
    """No question is verified yet, so all that have a version are taken."""
    warning: str
    existing: RunSummary | None
    """The run with this specification, which starting would resume."""
    has_pictures: bool = True
    """Whether any request carries a picture."""

    @property
    def total(self) -> int:
        """All questions that were looked at."""
        return len(self.spec.revisions) + len(self.blocked)


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run and the last state of each of its questions."""

    run: Run
    counts: Mapping[AnswerState, int]
    failures: tuple[tuple[str, int], ...] = ()
    """Sentences of failed calls with their number, most frequent first."""
    is_active: bool = False
    """Whether this program is at it now."""

    @property
    def total(self) -> int:
        """All calls of the run."""
        return self.run.spec.total

    @property
    def done(self) -> int:
        """Questions that will not be asked again."""
        return sum(n for state, n in self.counts.items() if state is not AnswerState.FAILED)


@dataclass(frozen=True, slots=True)
class LatestReply:
    """One reply as a live list shows it."""

    number: int
    state: AnswerState
    text: str
    """The reply, or the sentence that says why there is none."""
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class Watch:
    """A running run at one moment; `latest` has the newest reply first."""

    total: int
    counts: Mapping[AnswerState, int]
    latest: tuple[LatestReply, ...]
    failures: tuple[tuple[str, int], ...]


WatchCallback = Callable[[Watch], None]


@dataclass(frozen=True, slots=True)
class PromptPreview:
    """What an endpoint would read about one question."""

    number: int
    prompt: Prompt
    picture_count: int


@dataclass(frozen=True, slots=True)
class EndpointCheck:
    """An endpoint that answered, and how long it took."""

    base_url: str
    llm: str
    elapsed_s: float
    takes_pictures: bool | None = None
    """None where no picture was shown."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a reply needs to be read: the question and the order of its options."""

    blind: BlindQuestion
    option_order: tuple[OptionId, ...]
    variant: str = ""
    pictures: str = ""
    """How the pictures were made: frames, size, window, orientation."""


def ask_of(answer: Answer | AnswerEnd) -> Ask:
    """Return the call that an answer came from."""
    return Ask(answer.revision, str(answer.details.get(VARIANT, "")))


def last_answers(answers: Iterable[Ended]) -> dict[Ask, Ended]:
    """Return the last answer of each call; a failed one counts until it is repeated.

    Of several readings of one reply that of a person counts before any by rules.
    """
    found: dict[Ask, Ended] = {}
    for answer in answers:
        ask = ask_of(answer)
        known = found.get(ask)
        if known is None or is_corrected(answer) or not is_corrected(known):
            found[ask] = answer
    return found


def last_ends(tx: BlindTransaction, run: RunId) -> dict[Ask, AnswerEnd]:
    """Return how each call of a run ended last, without loading any reply."""
    return last_answers(tx.answers.ends(Occasion.RUN, run, (VARIANT, ERROR, COST, READ_BY)))


def spent_on(answers: Iterable[Answer | AnswerEnd]) -> float:
    """Return what calls have cost, as far as their price was known."""
    return sum(float(one.details.get(COST, 0.0)) for one in answers)


def all_spent(tx: BlindTransaction, run: RunId) -> float:
    """Return what the calls of a run have cost, and at most may have cost where none tells."""
    ends = list(tx.answers.ends(Occasion.RUN, run, (COST, UNKNOWN_COST, READS)))
    told = sum(float(one.details.get(COST, 0.0)) for one in ends if READS not in one.details)
    return told + unknown_cost(ends) + lost_cost(tx, run)


def unknown_cost(answers: Iterable[Answer | AnswerEnd]) -> float:
    """Return the most that calls may have cost which did not tell.

    All answers of a run are wanted: failed calls count also after they were repeated. Reading a
    reply once more costs nothing.
    """
    calls = (one.details for one in answers if READS not in one.details)
    return sum(float(one.get(UNKNOWN_COST, 0.0)) for one in calls)


def lost_cost(tx: BlindTransaction, asked: str) -> float:
    """Return what calls of a run or a judge may have cost that were stopped under way."""
    return float(tx.settings.get(_LOST + asked, "0"))


def add_lost(tx: BlindTransaction, asked: str, lost: float) -> None:
    """Note what calls of a run or a judge may have cost that no answer tells of."""
    if lost:
        tx.settings.set(_LOST + asked, repr(lost_cost(tx, asked) + lost))


def count_states(answers: Mapping[Ask, AnswerEnd]) -> dict[AnswerState, int]:
    """Return how many calls stand in each state that occurs."""
    counts: dict[AnswerState, int] = {}
    for answer in answers.values():
        counts[answer.state] = counts.get(answer.state, 0) + 1
    return counts


def group_failures(answers: Mapping[Ask, AnswerEnd]) -> tuple[tuple[str, int], ...]:
    """Return the sentences of failed calls with their number, most frequent first."""
    found: dict[str, int] = {}
    for answer in answers.values():
        if answer.state is AnswerState.FAILED:
            sentence = str(answer.details.get(ERROR, ""))
            found[sentence] = found.get(sentence, 0) + 1
    return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0])))
