"""What services that may see keys ask of the store."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from core.domain.blinding import BlindingApproval
from core.domain.ids import AnswerId, PersonId, QuestionId, RevisionId
from core.domain.revision import Draft, Revision
from core.domain.score import Score
from core.domain.source import Source
from core.domain.stage import StageMove
from core.domain.taxonomy import LabelRecord
from core.domain.verification import Adjudication, Verification
from core.services.blind_ports import BlindTransaction


class Revisions(Protocol):
    """Immutable versions, body and key."""

    def add(self, revision: Revision) -> None:
        """Store a new revision."""

    def get(self, revision: RevisionId) -> Revision:
        """Return one revision; raise `NotFoundError` when unknown."""

    def of_question(self, question: QuestionId) -> list[Revision]:
        """Return all revisions of a question, first to last."""

    def current(self) -> list[Revision]:
        """Return the current revision of every question that has one, by question number."""

    def all(self) -> list[Revision]:
        """Return all revisions, by question number and first to last."""


class Drafts(Protocol):
    """Working copies; one per question at most."""

    def put(self, draft: Draft) -> None:
        """Store the working copy, replacing the one before."""

    def get(self, question: QuestionId) -> Draft | None:
        """Return the working copy, or None."""

    def remove(self, question: QuestionId) -> None:
        """Drop the working copy."""


class Provenance(Protocol):
    """Sources and label records; both are appended, the newest counts."""

    def set_source(self, question: QuestionId, source: Source) -> None:
        """Add a source record."""

    def source(self, question: QuestionId) -> Source:
        """Return the newest source (an empty one when there is none)."""

    def add_labels(self, question: QuestionId, record: LabelRecord) -> None:
        """Add a label record."""

    def label_history(self, question: QuestionId) -> list[LabelRecord]:
        """Return all label records, oldest first."""


class StageMoves(Protocol):
    """Steps through the stages, with their reasons; appended only."""

    def add(self, move: StageMove) -> None:
        """Store a step."""

    def of_question(self, question: QuestionId) -> list[StageMove]:
        """Return the steps of a question, oldest first."""


class Blindings(Protocol):
    """Approvals of blinding."""

    def add(self, approval: BlindingApproval) -> None:
        """Store an approval."""

    def of_question(self, question: QuestionId) -> list[BlindingApproval]:
        """Return all approvals of a question, oldest first."""


class Verifications(Protocol):
    """Verifications and adjudications."""

    def add(self, verification: Verification) -> None:
        """Store a verification."""

    def for_revision(self, revision: RevisionId) -> list[Verification]:
        """Return the verifications of a revision, oldest first."""

    def by_person(self, verifier: PersonId) -> list[Verification]:
        """Return one verifier's verifications, oldest first."""

    def all(self) -> list[Verification]:
        """Return all verifications, oldest first."""

    def add_adjudication(self, adjudication: Adjudication) -> None:
        """Store an adjudication."""

    def adjudications(self) -> list[Adjudication]:
        """Return all adjudications, oldest first."""


class Scores(Protocol):
    """Derived scores; one per answer, scorer and version."""

    def put(self, *scores: Score) -> None:
        """Store scores, replacing those of the same answer, scorer and version."""

    def all(self) -> dict[AnswerId, list[Score]]:
        """Return all scores by answer."""


class Transaction(BlindTransaction, Protocol):
    """One unit of work over everything."""

    @property
    def revisions(self) -> Revisions: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def provenance(self) -> Provenance: ...
    @property
    def stage_moves(self) -> StageMoves: ...
    @property
    def blindings(self) -> Blindings: ...
    @property
    def verifications(self) -> Verifications: ...
    @property
    def scores(self) -> Scores: ...


class Database(Protocol):
    """Opens units of work; `write` commits at the end or rolls back on an error."""

    def read(self) -> AbstractContextManager[Transaction]:
        """Open a consistent view."""

    def write(self) -> AbstractContextManager[Transaction]:
        """Open a unit of work that commits when it ends without an error."""

    def damage(self) -> list[tuple[str, str]]:
        """Return what is wrong inside the store itself, as (where, sentence) pairs."""

    def back_up(self, folder: Path) -> Path:
        """Copy the store, as it is at this moment, into `folder` and return the copy."""
