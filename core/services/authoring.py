"""Writing questions: drafts are saved while typing, revisions are committed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from core.changes import Changes, Kind, Outcome
from core.domain.body import AnswerFormat, Body, empty_asked
from core.domain.decision import DecisionKind, Moved
from core.domain.ids import PersonId, QuestionId, RevisionId
from core.domain.key import Key, empty_key_part
from core.domain.people import Role
from core.domain.question import Question, QuestionSummary
from core.domain.revision import Draft, Problem, Revision, content_hash, find_problems
from core.domain.source import Source
from core.domain.stage import IN_USE, Stage, StageMove
from core.domain.taxonomy import Label, LabelRecord
from core.errors import BlindingError, NotFoundError, ValidationError
from core.services.steps import (
    current_revision,
    move_question,
    record_decision,
    require_editable,
)

if TYPE_CHECKING:
    from core.clock import Clock
    from core.domain.edit_log import EditLog
    from core.domain.revision_diff import FieldDiff
    from core.domain.writing_hints import Hint
    from core.services.ports import Database, Transaction


class AuthoringService:
    """Everything an author does to a question, and the library over all questions."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def create(
        self,
        answer_format: AnswerFormat,
        author: PersonId,
        *,
        labels: frozenset[Label] = frozenset(),
    ) -> Outcome[Draft]:
        """Start a question: an identity at stage draft with an empty working copy."""
        with self._database.write() as tx:
            question = Question(
                id=QuestionId(self._clock.new_id()),
                number=tx.questions.next_number(),
                stage=Stage.DRAFT,
                author=author,
                created_at=self._clock.now(),
                labels=labels,
            )
            draft = Draft(
                question=question.id,
                body=Body(asked=empty_asked(answer_format)),
                key=Key(empty_key_part(answer_format)),
                labels=labels,
            )
            tx.questions.add(question)
            tx.drafts.put(draft)
            tx.audit.append(person=author, action="question.created", subject=question.id)
        return Outcome(draft, Changes.of(Kind.QUESTION, question.id))

    def draft(self, question: QuestionId, *, viewer: PersonId | None = None) -> Draft:
        """Return the working copy, or one made from the current revision.

        A draft holds key and source: a `viewer` who is neither author nor lead gets a
        `BlindingError`. None stands for the owner of the workspace at the command line.
        """
        with self._database.read() as tx:
            _require_insider(tx, tx.questions.get(question), viewer)
            return _working_copy(tx, question)

    def save_draft(
        self, draft: Draft, person: PersonId, *, log: EditLog | None = None
    ) -> Outcome[datetime]:
        """Store the working copy as it is, complete or not, with its `log`; return when."""
        with self._database.write() as tx:
            question = tx.questions.get(draft.question)
            require_editable(tx, question, person)
            tx.drafts.put(draft)
            if log is not None:
                _store_log(tx, draft.question, log)
        if log is not None:
            log.mark_stored()
        return Outcome(self._clock.now(), Changes.of(Kind.DRAFT, draft.question))

    def edit_log(self, draft: Draft) -> EditLog:
        """Return the steps that led to the draft; none when it was changed elsewhere since."""
        with self._database.read() as tx:
            return _log_of(tx, draft)

    def restore(
        self, question: QuestionId, revision: RevisionId, person: PersonId
    ) -> Outcome[Draft]:
        """Make the content of an earlier revision the working copy; undo takes it back."""
        with self._database.write() as tx:
            known = tx.questions.get(question)
            require_editable(tx, known, person)
            wanted = _version_of(tx, known, revision)
            before = _working_copy(tx, question)
            draft = replace(before, body=wanted.body, key=wanted.key)
            log = _log_of(tx, before)
            log.note(before, draft, "restored", 0.0, joins=False)
            tx.drafts.put(draft)
            _store_log(tx, question, log)
            tx.audit.append(person=person, action="revision.restored", subject=revision)
        return Outcome(draft, Changes.of(Kind.QUESTION, question))

    def compare(
        self,
        question: QuestionId,
        before: RevisionId | None,
        after: RevisionId | None,
        *,
        viewer: PersonId | None = None,
        with_key: bool = False,
    ) -> tuple[FieldDiff, ...]:
        """Return what changed between two revisions, word by word, field by field.

        None stands for the working copy. That, and `with_key`, are refused to a `viewer` who is
        neither author nor lead.
        """
        from core.domain.revision_diff import compare

        with self._database.read() as tx:
            known = tx.questions.get(question)
            if with_key or before is None or after is None:
                _require_insider(tx, known, viewer)
            old, new = (
                _working_copy(tx, question) if one is None else _version_of(tx, known, one)
                for one in (before, after)
            )
        return compare(old, new, with_key=with_key)

    def problems(self, draft: Draft) -> tuple[Problem, ...]:
        """Return what keeps the draft from being committed."""
        return find_problems(draft)

    def hints(self, draft: Draft) -> tuple[Hint, ...]:
        """Return item-writing hints; they advise and never block."""
        from core.domain.writing_hints import find_hints

        return find_hints(draft.body, draft.key)

    def commit(
        self, question: QuestionId, person: PersonId, *, reason: str = ""
    ) -> Outcome[Revision]:
        """Make the working copy the next revision; raise `ValidationError` while incomplete."""
        with self._database.write() as tx:
            known = tx.questions.get(question)
            require_editable(tx, known, person)
            draft = _working_copy(tx, question)
            problems = find_problems(draft)
            if problems:
                raise ValidationError(problems[0].sentence, field=problems[0].field)
            before = tx.revisions.of_question(question)
            if before and _says_the_same(before[-1], known.labels, draft):
                _store_provenance(tx, known, draft, person, self._clock.now())
                tx.drafts.remove(question)
                return Outcome(before[-1], Changes.of(Kind.QUESTION, question))
            revision = Revision(
                id=RevisionId(self._clock.new_id()),
                question=question,
                number=len(before) + 1,
                body=draft.body,
                key=draft.key,
                author=person,
                created_at=self._clock.now(),
                reason=reason,
                parent=before[-1].id if before else None,
            )
            _store_provenance(tx, known, draft, person, self._clock.now())
            tx.revisions.add(revision)
            tx.questions.update(replace(known, current_revision=revision.id, labels=draft.labels))
            tx.drafts.remove(question)
            tx.audit.append(
                person=person,
                action="revision.committed",
                subject=revision.id,
                content=content_hash(draft.body, draft.key, draft.labels),
            )
        return Outcome(revision, Changes.of(Kind.QUESTION, question))

    def library(
        self,
        *,
        stage: Stage | None = None,
        search: str = "",
        viewer: PersonId | None = None,
    ) -> list[QuestionSummary]:
        """Return the questions of the library by number; deleted ones only for their own stage.

        A line tells author and labels, which nobody may know who still has to answer: a
        `viewer` who is not a lead gets their own questions only.
        """
        with self._database.read() as tx:
            lines = tx.questions.summaries(stage=stage, search=search)
            if viewer is None or tx.people.get(viewer).has_role(Role.LEAD):
                return lines
            return [line for line in lines if line.author == viewer]

    def stage_counts(self) -> dict[Stage, int]:
        """Return how many questions stand at each stage; deleted ones are not counted."""
        with self._database.read() as tx:
            counted = tx.questions.count_by_stage()
        return {stage: counted[stage] for stage in IN_USE}

    def question(self, question: QuestionId) -> Question:
        """Return one question."""
        with self._database.read() as tx:
            return tx.questions.get(question)

    def find(self, words: str) -> Question:
        """Return the question with this number, id or unique beginning of an id."""
        with self._database.read() as tx:
            found = tx.questions.by_number(int(words)) if words.isdecimal() else None
            if found is not None:
                return found
            known = (*tx.questions.summaries(), *tx.questions.summaries(stage=Stage.IN_BIN))
            matches = [one for one in known if one.id.startswith(words)]
            if len(matches) == 1 and words:
                return tx.questions.get(matches[0].id)
        if matches and words:
            raise NotFoundError(
                f"{len(matches)} questions have an id that begins with “{words}”.",
                hint="Give more of the id, or the question's number.",
            )
        raise NotFoundError(
            f"There is no question “{words}” in this workspace.",
            hint="`asclepius list` shows all numbers and ids.",
        )

    def revisions(self, question: QuestionId) -> list[Revision]:
        """Return the history of a question, first to last."""
        with self._database.read() as tx:
            return tx.revisions.of_question(question)

    def current(self, question: QuestionId) -> Revision:
        """Return the current revision; raise `NotFoundError` while there is none."""
        with self._database.read() as tx:
            return current_revision(tx, tx.questions.get(question))

    def moves(self, question: QuestionId) -> list[StageMove]:
        """Return the steps of a question through the stages, with reasons."""
        with self._database.read() as tx:
            return tx.stage_moves.of_question(question)

    def source(self, question: QuestionId) -> Source:
        """Return where a question came from; for its author and the lead."""
        with self._database.read() as tx:
            return tx.provenance.source(question)

    def return_all(
        self, questions: Sequence[QuestionId], person: PersonId, reason: str
    ) -> Outcome[int]:
        """Send questions back to their authors, all or none; one undo takes it back."""
        return self._move_all(questions, DecisionKind.RETURN, person, reason)

    def retire_all(
        self, questions: Sequence[QuestionId], person: PersonId, reason: str
    ) -> Outcome[int]:
        """Take questions out of use, all or none; one undo takes it back."""
        return self._move_all(questions, DecisionKind.RETIRE, person, reason)

    def return_to_draft(
        self, question: QuestionId, person: PersonId, reason: str
    ) -> Outcome[Question]:
        """Send a question back to its author, with a reason."""
        self.return_all((question,), person, reason)
        return Outcome(self.question(question), Changes.of(Kind.QUESTION, question))

    def retire(self, question: QuestionId, person: PersonId, reason: str) -> Outcome[Question]:
        """Take a question out of use, with a reason; nothing recorded is removed."""
        self.retire_all((question,), person, reason)
        return Outcome(self.question(question), Changes.of(Kind.QUESTION, question))

    def _move_all(
        self, questions: Sequence[QuestionId], kind: DecisionKind, person: PersonId, reason: str
    ) -> Outcome[int]:
        end = Stage.DRAFT if kind is DecisionKind.RETURN else Stage.RETIRED
        moves = []
        with self._database.write() as tx:
            for question in questions:
                known = tx.questions.get(question)
                move_question(tx, known, end, person, at=self._clock.now(), reason=reason)
                moves.append(Moved(question, known.stage, end))
            record_decision(tx, self._clock, kind, person, moves, reason=reason)
        return Outcome(len(moves), Changes.of(Kind.QUESTION, *questions))


def _working_copy(tx: Transaction, question: QuestionId) -> Draft:
    stored = tx.drafts.get(question)
    if stored is not None:
        return stored
    known = tx.questions.get(question)
    revision = current_revision(tx, known)
    source = tx.provenance.source(question)
    return Draft(question, revision.body, revision.key, known.labels, source)


def _version_of(tx: Transaction, question: Question, revision: RevisionId) -> Revision:
    found = tx.revisions.get(revision)
    if found.question != question.id:
        raise NotFoundError(f"This version is not one of question {question.number}.")
    return found


def _log_of(tx: Transaction, draft: Draft) -> EditLog:
    from core.domain.edit_log import EditLog

    steps = tx.edits.of_question(draft.question)
    log = EditLog(steps)
    return log if log.fits(draft) else EditLog.anew(steps)


def _store_log(tx: Transaction, question: QuestionId, log: EditLog) -> None:
    first, steps = log.unstored()
    tx.edits.replace_from(question, first, steps, oldest=log.oldest)


def _says_the_same(revision: Revision, labels: frozenset[Label], draft: Draft) -> bool:
    before = (revision.body, revision.key, labels)
    return before == (draft.body, draft.key, draft.labels)


def _store_provenance(
    tx: Transaction, question: Question, draft: Draft, person: PersonId, now: datetime
) -> None:
    if tx.provenance.source(question.id) != draft.source:
        tx.provenance.set_source(question.id, draft.source)
    if question.labels != draft.labels or not tx.provenance.label_history(question.id):
        tx.provenance.add_labels(question.id, LabelRecord(draft.labels, person, now))


def _require_insider(tx: Transaction, question: Question, viewer: PersonId | None) -> None:
    if viewer is None or question.author == viewer:
        return
    if not tx.people.get(viewer).has_role(Role.LEAD):
        raise BlindingError(
            f"Question {question.number} was written by somebody else.",
            hint="Only its author and the study lead see its key and source.",
        )
