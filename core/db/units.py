"""Units of work: repositories over one transaction; the blind one has no way to a key."""

from sqlalchemy import Connection

from core.clock import Clock
from core.db.answers import AnswersRepository
from core.db.audit import AuditRepository
from core.db.blindings import BlindingsRepository
from core.db.bodies import BodiesRepository
from core.db.drafts import DraftsRepository
from core.db.library import Library
from core.db.media import MediaRepository
from core.db.people import PeopleRepository
from core.db.plans import PlansRepository
from core.db.provenance import ProvenanceRepository
from core.db.questions import QuestionsRepository
from core.db.records import RecordsRepository
from core.db.revisions import RevisionsRepository
from core.db.runs import RunsRepository
from core.db.scores import ScoresRepository
from core.db.settings import SettingsRepository
from core.db.sittings import SittingsRepository
from core.db.stage_moves import StageMovesRepository
from core.db.verifications import VerificationsRepository


class BlindUnit:
    """Everything that a blind service may see."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._library = Library(connection, clock.now)
        self.bodies = BodiesRepository(connection)
        self.questions = QuestionsRepository(connection, self._library)
        self.answers = AnswersRepository(connection)
        self.people = PeopleRepository(connection, clock.now)
        self.plans = PlansRepository(connection)
        self.sittings = SittingsRepository(connection)
        self.runs = RunsRepository(connection)
        self.media = MediaRepository(connection)
        self.audit = AuditRepository(connection, clock.now)
        self.settings = SettingsRepository(connection)

    def finish(self) -> None:
        """Bring the library up to date before the transaction commits."""
        self._library.refresh()


class Unit(BlindUnit):
    """Everything."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        super().__init__(connection, clock)
        self.revisions = RevisionsRepository(connection, self._library)
        self.drafts = DraftsRepository(connection, self._library)
        self.provenance = ProvenanceRepository(connection, self._library, clock.now)
        self.stage_moves = StageMovesRepository(connection)
        self.blindings = BlindingsRepository(connection)
        self.verifications = VerificationsRepository(connection, self._library)
        self.scores = ScoresRepository(connection)
        self.records = RecordsRepository(connection, self._library)
