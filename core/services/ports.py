"""What services that may see keys ask of the store."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from core.domain.backup import BackupReason
from core.domain.blinding import BlindingApproval
from core.domain.decision import Decision, DecisionState
from core.domain.edit_log import EditStep
from core.domain.ids import AnswerId, JudgeId, PersonId, QuestionId, RevisionId
from core.domain.judging import Grading, GradingSample, Judge, JudgeDecision
from core.domain.merge import Step, Version
from core.domain.package import Record, RecordKind
from core.domain.revision import Draft, Revision
from core.domain.score import Score
from core.domain.source import Source
from core.domain.stage import Stage, StageMove
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


class Edits(Protocol):
    """The steps of writing each draft, for undo."""

    def of_question(self, question: QuestionId) -> list[EditStep]:
        """Return the steps of a draft, oldest first."""

    def replace_from(
        self, question: QuestionId, first: int, steps: Sequence[EditStep], *, oldest: int
    ) -> None:
        """Put `steps` in place of all from number `first` on; drop those before `oldest`."""


class Decisions(Protocol):
    """Decisions that can be taken back; only their state changes."""

    def add(self, decision: Decision) -> None:
        """Store a decision; what this person had undone before cannot be redone any more."""

    def set_state(self, decision: str, state: DecisionState) -> None:
        """Say whether a decision stands."""

    def last_done(self, person: PersonId) -> Decision | None:
        """Return the newest decision of a person that stands."""

    def last_undone(self, person: PersonId) -> Decision | None:
        """Return the decision of a person that was undone last."""


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


class Bin(Protocol):
    """What rests on deleted questions, and their removal."""

    def answered(self, ids: Collection[QuestionId]) -> set[QuestionId]:
        """Return those that an answer, remark, verification or decision of verifiers names."""

    def unsent(self, ids: Collection[QuestionId]) -> set[QuestionId]:
        """Return those that began here after the last package of all, and were never exported."""

    def remove(self, ids: Sequence[QuestionId]) -> None:
        """Remove questions with all that is of them alone; the audit trail keeps its events."""


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


class Judging(Protocol):
    """Judges, gradings and samples; added to, never changed."""

    def add_judge(self, judge: Judge) -> None:
        """Store a new judge."""

    def judge(self, judge: JudgeId) -> Judge:
        """Return one judge; raise `NotFoundError` when unknown."""

    def by_spec_hash(self, spec_hash: str) -> Judge | None:
        """Return the judge with this specification, or None."""

    def judges(self) -> list[Judge]:
        """Return all judges, oldest first."""

    def add_decision(self, decision: JudgeDecision) -> None:
        """Store a decision on a judge."""

    def decisions(self) -> list[JudgeDecision]:
        """Return all decisions, oldest first."""

    def add_sample(self, sample: GradingSample) -> None:
        """Store a sample."""

    def newest_sample(self) -> GradingSample | None:
        """Return the sample that was drawn last, or None."""

    def add(self, *gradings: Grading) -> None:
        """Store gradings."""

    def gradings(self, *, judge: JudgeId | None = None) -> list[Grading]:
        """Return the gradings of a judge, oldest first; None means those of people."""


class Records(Protocol):
    """Records of every kind as plain values, for packages and merging."""

    def all(self, kind: RecordKind) -> Iterator[Record]:
        """Yield every record of a kind; of questions and revisions without what is local."""

    def some(self, kind: RecordKind, ids: Collection[str]) -> dict[str, Record]:
        """Return those records of a kind that are here, by id."""

    def of(self, kind: RecordKind, field: str, values: Collection[str]) -> list[Record]:
        """Return the records of a kind whose `field` is one of `values`."""

    def here_of(self, records: Sequence[Record]) -> dict[str, Record]:
        """Return, of records of one kind, those that are here under the same id."""

    def add(self, kind: RecordKind, records: Sequence[Record]) -> None:
        """Store new records of one kind, parents of revisions first."""

    def replace(self, record: Record) -> None:
        """Store the joined form of a record that is here."""

    def add_blind(self, question: str, *, number: int, stage: Stage, author: str, at: str) -> None:
        """Store a question whose author and steps stayed with the sender."""

    def set_base(self, question: str, move: str) -> None:
        """Store the last step that the sender of a blind question knew."""

    def waiting(self) -> list[Record]:
        """Return records that name something which is not here yet."""

    def set_waiting(self, records: Iterable[Record]) -> None:
        """Store which records wait, replacing those before."""

    def versions(self, of: Collection[str]) -> dict[str, dict[str, Version]]:
        """Return the versions of questions, by question and id."""

    def steps(self, of: Collection[str]) -> dict[str, list[Step]]:
        """Return the steps of questions through the stages."""

    def contested(self) -> list[str]:
        """Return the questions that have more than one version nobody has built upon."""

    def settle(
        self,
        question: str,
        *,
        stage: Stage,
        current: str | None,
        labels: Sequence[Sequence[str]] | None,
        numbers: Mapping[str, int],
    ) -> None:
        """Store what was derived about a question; `labels` None leaves them as they are."""


class Transaction(BlindTransaction, Protocol):
    """One unit of work over everything."""

    @property
    def revisions(self) -> Revisions: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def edits(self) -> Edits: ...
    @property
    def decisions(self) -> Decisions: ...
    @property
    def provenance(self) -> Provenance: ...
    @property
    def stage_moves(self) -> StageMoves: ...
    @property
    def blindings(self) -> Blindings: ...
    @property
    def bin(self) -> Bin: ...
    @property
    def verifications(self) -> Verifications: ...
    @property
    def scores(self) -> Scores: ...
    @property
    def judging(self) -> Judging: ...
    @property
    def records(self) -> Records: ...


class Database(Protocol):
    """Opens units of work; `write` commits at the end or rolls back on an error."""

    def read(self) -> AbstractContextManager[Transaction]:
        """Open a consistent view."""

    def write(self) -> AbstractContextManager[Transaction]:
        """Open a unit of work that commits when it ends without an error."""

    def damage(self) -> list[tuple[str, str]]:
        """Return what is wrong inside the store itself, as (where, sentence) pairs."""

    def back_up(self, folder: Path, reason: BackupReason) -> Path:
        """Copy the store, as it is at this moment, into `folder` and return the copy."""

    def go_back_to(self, copy: Path) -> None:
        """Make the store what it was when it was copied."""

    def fingerprint(self, *, without: str) -> str:
        """Return a hash of all that is stored but the setting `without`."""
