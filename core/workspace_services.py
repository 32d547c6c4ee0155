"""The services of an open workspace; each is made, and its library imported, when first used."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from core.db.folder import BACKUPS, DATABASE, DRAWN, MEDIA

if TYPE_CHECKING:
    from pathlib import Path

    from core.clock import Clock
    from core.db.backup_folder import BackupFolder
    from core.db.folder import OpenFolder
    from core.domain.taxonomy import Axis
    from core.imaging.store import MediaStore
    from core.services.adjudication import AdjudicationService
    from core.services.analysis.service import AnalysisService
    from core.services.authoring import AuthoringService
    from core.services.backups.service import BackupService
    from core.services.baseline import BaselineService
    from core.services.bin import BinService
    from core.services.blinding import BlindingService
    from core.services.evaluation.service import EvaluationService
    from core.services.exchange.service import ExchangeService
    from core.services.images import ImagesService
    from core.services.integrity.service import IntegrityService
    from core.services.journal import JournalService
    from core.services.judging.service import JudgingService
    from core.services.mark_files import MarkFilesService
    from core.services.merging.service import MergingService
    from core.services.packages.service import PackagesService
    from core.services.people import PeopleService
    from core.services.predictions.service import PredictionsService
    from core.services.prompts.examples import ExamplesService
    from core.services.prompts.service import PromptsService
    from core.services.readings.service import ReadingsService
    from core.services.remarks import RemarksService
    from core.services.replies.service import RepliesService
    from core.services.undo import UndoService
    from core.services.verification import VerificationService


class WorkspaceServices:
    """All that can be done in a workspace, by service."""

    def __init__(self, folder: OpenFolder, clock: Clock) -> None:
        self._path = folder.path
        self._is_read_only = folder.lock is None
        self._database = folder.database
        self._clock = folder.clock.clock()
        self._machine_clock = clock

    @property
    def path(self) -> Path:
        """The folder."""
        return self._path

    @property
    def backup_folder(self) -> Path:
        """Where the backups lie."""
        return self.path / BACKUPS

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be changed here."""
        return self._is_read_only

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """The axes along which questions are labelled."""
        from core.taxonomies import load_axes

        return load_axes()

    @cached_property
    def specialties(self) -> tuple[str, ...]:
        """The specialties, in display order."""
        from core.domain.taxonomy import SPECIALTY

        return next(axis.leaves() for axis in self.axes if axis.name == SPECIALTY)

    @cached_property
    def media_store(self) -> MediaStore:
        """The bytes of images."""
        from core.imaging.store import MediaStore

        return MediaStore(self.path / MEDIA)

    @cached_property
    def people(self) -> PeopleService:
        """People, and who sits here."""
        from core.services.people import PeopleService

        return PeopleService(self._database, self._clock)

    @cached_property
    def images(self) -> ImagesService:
        """Images: importing, decoding, showing."""
        from core.imaging.drawn import DrawnPictures
        from core.services.images import ImagesService

        drawn = DrawnPictures(self.path / DRAWN)
        return ImagesService(self._database.blind(), self.media_store, drawn=drawn)

    @cached_property
    def mark_files(self) -> MarkFilesService:
        """Marks of images in and out of files."""
        from core.services.mark_files import MarkFilesService

        return MarkFilesService(self.images, self.media_store, self._clock)

    @cached_property
    def authoring(self) -> AuthoringService:
        """Writing questions, and the library."""
        from core.services.authoring import AuthoringService

        return AuthoringService(self._database, self._clock)

    @cached_property
    def bin(self) -> BinService:
        """Deleted questions, and the way back for them."""
        from core.domain.backup import BackupReason
        from core.services.bin import BinService

        before_emptying = self.backups.before(BackupReason.EMPTYING)
        return BinService(self._database, self._clock, before_emptying=before_emptying)

    @cached_property
    def blinding(self) -> BlindingService:
        """Blinding questions."""
        from core.services.blinding import BlindingService

        return BlindingService(self._database, self._clock, self.media_store)

    @cached_property
    def verification(self) -> VerificationService:
        """Verifying questions of others."""
        from core.services.verification import VerificationService

        return VerificationService(self._database, self._clock)

    @cached_property
    def adjudication(self) -> AdjudicationService:
        """Accepting what is unanimous, deciding where verifiers disagree."""
        from core.services.adjudication import AdjudicationService

        return AdjudicationService(self._database, self._clock)

    @cached_property
    def undo(self) -> UndoService:
        """Taking decisions back."""
        from core.services.undo import UndoService

        return UndoService(self._database, self._clock)

    @cached_property
    def journal(self) -> JournalService:
        """What was entered and not submitted yet."""
        from core.services.journal import JournalService

        return JournalService(self._database.blind(), self._clock)

    @cached_property
    def baseline(self) -> BaselineService:
        """Reader studies."""
        from core.services.baseline import BaselineService

        return BaselineService(self._database.blind(), self._clock)

    @cached_property
    def evaluation(self) -> EvaluationService:
        """Asking language models."""
        from core.services.evaluation.service import EvaluationService

        return EvaluationService(self._database.blind(), self._clock, self.images, self.examples)

    @cached_property
    def examples(self) -> ExamplesService:
        """Solved examples for prompts."""
        from core.services.prompts.examples import ExamplesService

        return ExamplesService(self._database)

    @cached_property
    def prompts(self) -> PromptsService:
        """Prompt templates and their previews."""
        from core.services.prompts.service import PromptsService

        return PromptsService(self._database, self.examples)

    @cached_property
    def judging(self) -> JudgingService:
        """Language models as graders, and the physicians who check them."""
        from core.services.judging.service import JudgingService

        return JudgingService(self._database, self._clock, self.images)

    @cached_property
    def replies(self) -> RepliesService:
        """Replies of language models beside question and key."""
        from core.services.replies.service import RepliesService

        return RepliesService(self._database)

    @cached_property
    def remarks(self) -> RemarksService:
        """What readers flagged and wrote about questions."""
        from core.services.remarks import RemarksService

        return RemarksService(self._database)

    @cached_property
    def readings(self) -> ReadingsService:
        """Replies read once more."""
        from core.services.readings.service import ReadingsService

        return ReadingsService(self._database.blind(), self._clock)

    @cached_property
    def analysis(self) -> AnalysisService:
        """Scores and statistics."""
        from core.services.analysis.service import AnalysisService

        return AnalysisService(self._database, self._clock)

    @cached_property
    def exchange(self) -> ExchangeService:
        """Import and export."""
        from core.domain.backup import BackupReason
        from core.services.exchange.service import ExchangeService

        before_import = self.backups.before(BackupReason.IMPORT)
        return ExchangeService(
            self._database, self._clock, self.media_store, before_import=before_import
        )

    @cached_property
    def predictions(self) -> PredictionsService:
        """Results of other engines in, ours out."""
        from core.domain.backup import BackupReason
        from core.services.predictions.service import PredictionsService

        before_import = self.backups.before(BackupReason.IMPORT)
        return PredictionsService(self._database, self._clock, before_import=before_import)

    @cached_property
    def backups(self) -> BackupService:
        """Copies of the database, and the way back to one."""
        from core.services.backups.service import BackupService

        return BackupService(
            self._backup_store,
            self._machine_clock,
            self.media_store,
            is_read_only=self.is_read_only,
        )

    @cached_property
    def _backup_store(self) -> BackupFolder:
        from core.db.backup_folder import BackupFolder

        # Backups are kept by their age: a clock that was set back must not stop new ones.
        return BackupFolder(self.path / DATABASE, self.backup_folder, self._machine_clock)

    @cached_property
    def integrity(self) -> IntegrityService:
        """The check of everything stored."""
        from core.services.integrity.service import IntegrityService

        database = self.path / DATABASE

        def seal_problem() -> str:
            from core.db.seal import seal_problem

            return seal_problem(database)

        return IntegrityService(self._database, self.media_store, self._backup_store, seal_problem)

    @cached_property
    def packages(self) -> PackagesService:
        """Packages for others and from others."""
        from core import VERSION
        from core.paths import data_folder
        from core.services.packages.service import PackagesService

        keys = data_folder() / "signing"
        program = f"asclepius {VERSION}"
        return PackagesService(self._database, self._clock, self.media_store, keys, program)

    @cached_property
    def merging(self) -> MergingService:
        """Bringing the work of several people together."""
        from core.services.merging.service import MergingService

        return MergingService(self._database, self._clock, self.media_store, self.backup_folder)
