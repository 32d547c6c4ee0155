"""What blind services may ask of the store: nothing here can return a key or a source."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from core.domain.answer import Answer, AnswerEnd, Occasion
from core.domain.audit import AuditEvent
from core.domain.body import BlindQuestion
from core.domain.ids import (
    AnswerId,
    MediaId,
    PersonId,
    PlanId,
    QuestionId,
    RevisionId,
    RunId,
    SittingId,
)
from core.domain.journal import JournalEntry
from core.domain.media import Clearance, MediaInfo
from core.domain.people import Person
from core.domain.plan import ReadingPlan, Sitting
from core.domain.question import Question, QuestionSummary
from core.domain.remark import Remark
from core.domain.run import Run
from core.domain.stage import Stage


class Bodies(Protocol):
    """Bodies of revisions, read from a table that holds no key."""

    def get(self, revision: RevisionId) -> BlindQuestion:
        """Return one body; raise `NotFoundError` when there is no such revision."""

    def many(self, revisions: Sequence[RevisionId]) -> list[BlindQuestion]:
        """Return bodies in the order asked for; raise `NotFoundError` for a missing one."""


class Questions(Protocol):
    """Identities and stages."""

    def add(self, question: Question) -> None:
        """Store a new question."""

    def update(self, question: Question) -> None:
        """Store stage, current revision and labels of a known question."""

    def get(self, question: QuestionId) -> Question:
        """Return one question; raise `NotFoundError` when it does not exist."""

    def by_number(self, number: int) -> Question | None:
        """Return the question with this number, or None."""

    def by_origin(self, origin: str) -> Question | None:
        """Return the question imported from this row, or None."""

    def next_number(self) -> int:
        """Return the number of the next new question."""

    def summaries(
        self, *, stage: Stage | None = None, search: str = "", ids: Sequence[QuestionId] = ()
    ) -> list[QuestionSummary]:
        """Return library lines by number; `search` looks in stem, context, options, labels.

        Without a stage and without ids, deleted questions are left out.
        """

    def at_stages(self, stages: Collection[Stage]) -> Iterator[Question]:
        """Yield the questions at these stages, by number."""

    def count_by_stage(self) -> dict[Stage, int]:
        """Return how many questions stand at each stage (every stage is a key)."""


class Answers(Protocol):
    """Answers of people and language models; added to, never changed."""

    def add(self, *answers: Answer) -> None:
        """Store answers."""

    def get(self, answer: AnswerId) -> Answer:
        """Return one answer; raise `NotFoundError` when it does not exist."""

    def of(self, occasion: Occasion, occasion_id: str) -> list[Answer]:
        """Return the answers of one sitting or run, oldest first."""

    def ends(
        self, occasion: Occasion, occasion_id: str, details: Collection[str]
    ) -> Iterator[AnswerEnd]:
        """Yield how the answers of one sitting or run ended, oldest first, without replies."""

    def for_revision(self, revision: RevisionId, occasion: Occasion) -> list[Answer]:
        """Return the answers to one revision on one kind of occasion, oldest first."""

    def for_occasion(self, occasion: Occasion) -> list[Answer]:
        """Return all answers of one kind of occasion, oldest first."""


class People(Protocol):
    """People of the workspace."""

    def add(self, person: Person) -> None:
        """Store a new person."""

    def update(self, person: Person) -> None:
        """Store what changed about a person."""

    def get(self, person: PersonId) -> Person:
        """Return one person; raise `NotFoundError` when unknown."""

    def all(self) -> list[Person]:
        """Return all people by name."""


class Plans(Protocol):
    """Reading plans."""

    def add(self, plan: ReadingPlan) -> None:
        """Store a new plan."""

    def get(self, plan: PlanId) -> ReadingPlan:
        """Return one plan; raise `NotFoundError` when unknown."""

    def all(self) -> list[ReadingPlan]:
        """Return all plans, oldest first."""


class Sittings(Protocol):
    """Sittings and how far they are."""

    def add(self, sitting: Sitting) -> None:
        """Store a new sitting."""

    def update(self, sitting: Sitting) -> None:
        """Store position, clocks and end of a sitting."""

    def get(self, sitting: SittingId) -> Sitting:
        """Return one sitting; raise `NotFoundError` when unknown."""

    def all(self) -> list[Sitting]:
        """Return all sittings, oldest first."""


class Remarks(Protocol):
    """Flags and comments of readers; added to, never changed."""

    def add(self, remark: Remark) -> None:
        """Store a remark."""

    def of_sitting(self, sitting: SittingId) -> list[Remark]:
        """Return the remarks of one sitting, oldest first."""

    def of_question(self, question: QuestionId) -> list[Remark]:
        """Return the remarks on one question, in all its revisions, oldest first."""

    def all(self) -> list[Remark]:
        """Return all remarks, oldest first."""


class Runs(Protocol):
    """Runs of language models."""

    def add(self, run: Run) -> None:
        """Store a new run."""

    def update(self, run: Run) -> None:
        """Store status and end of a run; its specification never changes."""

    def get(self, run: RunId) -> Run:
        """Return one run; raise `NotFoundError` when unknown."""

    def by_spec_hash(self, spec_hash: str) -> Run | None:
        """Return the run with this specification, or None."""

    def all(self) -> list[Run]:
        """Return all runs, oldest first."""


class MediaRecords(Protocol):
    """What is known about stored images; the bytes lie in the media store."""

    def add(self, info: MediaInfo) -> None:
        """Store a record; adding the same id again changes nothing."""

    def get(self, media: MediaId) -> MediaInfo:
        """Return one record; raise `NotFoundError` when unknown."""

    def all(self) -> list[MediaInfo]:
        """Return all records."""

    def add_clearance(self, clearance: Clearance) -> None:
        """Store a clearance."""

    def clearance_of(self, cleared: MediaId) -> Clearance | None:
        """Return the clearance that produced this cleared image, or None: not cleared."""

    def cleared_among(self, media: Collection[MediaId]) -> set[MediaId]:
        """Return those of these images that a clearance has produced."""

    def clearances(self) -> list[Clearance]:
        """Return all clearances, oldest first."""


class Audit(Protocol):
    """The append-only audit trail."""

    def append(self, *, person: str, action: str, subject: str, content: str = "") -> AuditEvent:
        """Add an event at the end of the chain, at the current time."""

    def append_all(self, *, person: str, action: str, subjects: Sequence[tuple[str, str]]) -> None:
        """Add one event for each pair of subject and content hash, in this order."""

    def all(self) -> list[AuditEvent]:
        """Return the whole chain."""


class Settings(Protocol):
    """Small values of the workspace (who sits here, wanted agreement)."""

    def get(self, name: str, default: str = "") -> str:
        """Return a value."""

    def set(self, name: str, value: str) -> None:
        """Store a value."""


class Journal(Protocol):
    """Input that was not submitted yet; one entry for each person, place and record."""

    def put(self, entry: JournalEntry) -> None:
        """Store an entry, replacing the one before."""

    def of_person(self, person: PersonId) -> list[JournalEntry]:
        """Return what a person has not sent yet, oldest first."""

    def remove(self, person: PersonId, place: str, record: str) -> None:
        """Drop an entry."""


class BlindTransaction(Protocol):
    """One unit of work over everything that a blind service may see."""

    @property
    def bodies(self) -> Bodies: ...
    @property
    def questions(self) -> Questions: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def people(self) -> People: ...
    @property
    def plans(self) -> Plans: ...
    @property
    def sittings(self) -> Sittings: ...
    @property
    def remarks(self) -> Remarks: ...
    @property
    def runs(self) -> Runs: ...
    @property
    def media(self) -> MediaRecords: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def journal(self) -> Journal: ...


class BlindDatabase(Protocol):
    """Opens blind units of work; `write` commits at the end or rolls back on an error."""

    def read(self) -> AbstractContextManager[BlindTransaction]:
        """Open a consistent view."""

    def write(self) -> AbstractContextManager[BlindTransaction]:
        """Open a unit of work that commits when it ends without an error."""
