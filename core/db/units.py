"""Units of work: repositories over one transaction; the blind one has no way to a key.

A repository is imported when it is first used: the window needs few of them to start.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from core.db.library import Library

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from core.clock import Clock
    from core.db.answers import AnswersRepository
    from core.db.audit import AuditRepository
    from core.db.bin import BinRepository
    from core.db.blindings import BlindingsRepository
    from core.db.bodies import BodiesRepository
    from core.db.decisions import DecisionsRepository
    from core.db.drafts import DraftsRepository
    from core.db.edits import EditsRepository
    from core.db.journal import JournalRepository
    from core.db.judging import JudgingRepository
    from core.db.media import MediaRepository
    from core.db.people import PeopleRepository
    from core.db.plans import PlansRepository
    from core.db.provenance import ProvenanceRepository
    from core.db.questions import QuestionsRepository
    from core.db.records import RecordsRepository
    from core.db.remarks import RemarksRepository
    from core.db.revisions import RevisionsRepository
    from core.db.runs import RunsRepository
    from core.db.scores import ScoresRepository
    from core.db.settings import SettingsRepository
    from core.db.sittings import SittingsRepository
    from core.db.stage_moves import StageMovesRepository
    from core.db.verifications import VerificationsRepository
    from core.domain.queue import Queue


class BlindUnit:
    """Everything that a blind service may see."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._now = clock.now
        self._library = Library(connection, clock.now)

    @cached_property
    def bodies(self) -> BodiesRepository:
        """Bodies of revisions."""
        from core.db.bodies import BodiesRepository

        return BodiesRepository(self._connection)

    @cached_property
    def questions(self) -> QuestionsRepository:
        """Identities and stages."""
        from core.db.questions import QuestionsRepository

        return QuestionsRepository(self._connection, self._library)

    @cached_property
    def answers(self) -> AnswersRepository:
        """Answers of people and language models."""
        from core.db.answers import AnswersRepository

        return AnswersRepository(self._connection)

    @cached_property
    def people(self) -> PeopleRepository:
        """People of the workspace."""
        from core.db.people import PeopleRepository

        return PeopleRepository(self._connection, self._now)

    @cached_property
    def plans(self) -> PlansRepository:
        """Reading plans."""
        from core.db.plans import PlansRepository

        return PlansRepository(self._connection)

    @cached_property
    def sittings(self) -> SittingsRepository:
        """Sittings."""
        from core.db.sittings import SittingsRepository

        return SittingsRepository(self._connection)

    @cached_property
    def remarks(self) -> RemarksRepository:
        """Flags and comments of readers."""
        from core.db.remarks import RemarksRepository

        return RemarksRepository(self._connection)

    @cached_property
    def runs(self) -> RunsRepository:
        """Runs of language models."""
        from core.db.runs import RunsRepository

        return RunsRepository(self._connection)

    @cached_property
    def media(self) -> MediaRepository:
        """What is known about images."""
        from core.db.media import MediaRepository

        return MediaRepository(self._connection)

    @cached_property
    def audit(self) -> AuditRepository:
        """The audit trail."""
        from core.db.audit import AuditRepository

        return AuditRepository(self._connection, self._now)

    @cached_property
    def settings(self) -> SettingsRepository:
        """Small values of the workspace."""
        from core.db.settings import SettingsRepository

        return SettingsRepository(self._connection)

    @cached_property
    def journal(self) -> JournalRepository:
        """Unsent input of people."""
        from core.db.journal import JournalRepository

        return JournalRepository(self._connection)

    def queues_in_use(self) -> frozenset[Queue]:
        """Return where work may wait for somebody."""
        from core.db.queues import queues_in_use

        return queues_in_use(self._connection)

    def has_remarks(self) -> bool:
        """Tell whether any reader flagged a question or commented on one."""
        from core.db.queues import has_remarks

        return has_remarks(self._connection)

    def finish(self) -> None:
        """Bring the library up to date before the transaction commits."""
        self._library.refresh()


class Unit(BlindUnit):
    """Everything."""

    @cached_property
    def revisions(self) -> RevisionsRepository:
        """Immutable versions, body and key."""
        from core.db.revisions import RevisionsRepository

        return RevisionsRepository(self._connection, self._library)

    @cached_property
    def edits(self) -> EditsRepository:
        """The steps of writing drafts."""
        from core.db.edits import EditsRepository

        return EditsRepository(self._connection)

    @cached_property
    def decisions(self) -> DecisionsRepository:
        """Decisions that can be taken back."""
        from core.db.decisions import DecisionsRepository

        return DecisionsRepository(self._connection)

    @cached_property
    def drafts(self) -> DraftsRepository:
        """Working copies."""
        from core.db.drafts import DraftsRepository

        return DraftsRepository(self._connection, self._library)

    @cached_property
    def provenance(self) -> ProvenanceRepository:
        """Sources and label records."""
        from core.db.provenance import ProvenanceRepository

        return ProvenanceRepository(self._connection, self._library, self._now)

    @cached_property
    def stage_moves(self) -> StageMovesRepository:
        """Steps through the stages."""
        from core.db.stage_moves import StageMovesRepository

        return StageMovesRepository(self._connection)

    @cached_property
    def blindings(self) -> BlindingsRepository:
        """Approvals of blinding."""
        from core.db.blindings import BlindingsRepository

        return BlindingsRepository(self._connection)

    @cached_property
    def verifications(self) -> VerificationsRepository:
        """Verifications and adjudications."""
        from core.db.verifications import VerificationsRepository

        return VerificationsRepository(self._connection, self._library)

    @cached_property
    def bin(self) -> BinRepository:
        """What emptying the bin needs."""
        from core.db.bin import BinRepository

        return BinRepository(self._connection)

    @cached_property
    def scores(self) -> ScoresRepository:
        """Derived scores."""
        from core.db.scores import ScoresRepository

        return ScoresRepository(self._connection)

    @cached_property
    def judging(self) -> JudgingRepository:
        """Judges, gradings, samples for physicians."""
        from core.db.judging import JudgingRepository

        return JudgingRepository(self._connection)

    @cached_property
    def records(self) -> RecordsRepository:
        """Everything as records, for packages and merging."""
        from core.db.records import RecordsRepository

        return RecordsRepository(self._connection, self._library)
