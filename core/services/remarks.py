"""What readers flagged and wrote about questions, for the study lead alone.

A lead who still has to answer a question, as its verifier or reader, is told nothing of it before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.domain.ids import PersonId, QuestionId, RevisionId
from core.domain.people import Role
from core.domain.remark import Remark, Said, by_reading, said
from core.domain.stage import OPEN_STAGES

if TYPE_CHECKING:
    from core.domain.question import Question
    from core.services.ports import Database, Transaction


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """What one reader says about one revision of a question in one sitting."""

    reader: str
    revision_number: int
    is_current: bool
    """Whether it is about the revision that counts now."""
    said: Said


@dataclass(frozen=True, slots=True)
class QuestionRemarks:
    """All that readers say about a question, newest first; withheld until the viewer answered."""

    lines: tuple[RemarkLine, ...] = ()
    is_withheld: bool = False


class RemarksService:
    """Tells a lead what readers flagged and wrote; it changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def flags(self, viewer: PersonId) -> dict[QuestionId, int]:
        """Return how many readers flagged the current revision of each flagged question."""
        with self._database.read() as tx:
            if not tx.people.get(viewer).has_role(Role.LEAD):
                return {}
            flagged: dict[tuple[QuestionId, RevisionId], set[PersonId]] = {}
            for some in by_reading(tx.remarks.all()):
                if said(some).is_flagged:
                    one = some[0]
                    flagged.setdefault((one.question, one.revision), set()).add(one.reader)
            to_read = _to_read(tx, viewer) if flagged else set[RevisionId]()
            found = {}
            for (name, revision), readers in flagged.items():
                question = tx.questions.get(name)
                is_open = revision in to_read or _has_to_verify(tx, viewer, question)
                if question.current_revision == revision and not is_open:
                    found[name] = len(readers)
            return found

    def of_question(self, question: QuestionId, viewer: PersonId) -> QuestionRemarks:
        """Return what readers say about a question; nothing to anybody but a lead."""
        with self._database.read() as tx:
            if not tx.people.get(viewer).has_role(Role.LEAD):
                return QuestionRemarks()
            remarks = tx.remarks.of_question(question)
            if not remarks:
                return QuestionRemarks()
            known = tx.questions.get(question)
            if known.current_revision in _to_read(tx, viewer) or _has_to_verify(tx, viewer, known):
                return QuestionRemarks(is_withheld=True)
            return QuestionRemarks(_lines(tx, known, remarks))


def _lines(
    tx: Transaction, question: Question, remarks: Iterable[Remark]
) -> tuple[RemarkLine, ...]:
    names = {one.id: one.name for one in tx.people.all()}
    numbers = {one.id: one.number for one in tx.revisions.of_question(question.id)}
    lines = [
        RemarkLine(
            names.get(some[0].reader, ""),
            numbers[some[0].revision],
            some[0].revision == question.current_revision,
            words,
        )
        for some in by_reading(remarks)
        if not (words := said(some)).is_empty
    ]
    return tuple(sorted(lines, key=lambda line: str(line.said.at), reverse=True))


def _has_to_verify(tx: Transaction, person: PersonId, question: Question) -> bool:
    if question.stage not in OPEN_STAGES or question.author == person:
        return False
    revision = question.current_revision
    if revision is None or not tx.people.get(person).has_role(Role.VERIFIER):
        return False
    return all(one.verifier != person for one in tx.verifications.for_revision(revision))


def _to_read(tx: Transaction, person: PersonId) -> set[RevisionId]:
    """Return what is dealt to this person in a reading and not answered there."""
    own = {one.plan: one for one in tx.sittings.all() if one.reader == person}
    found: set[RevisionId] = set()
    for plan in tx.plans.all():
        if person in plan.readers:
            sitting = own.get(plan.id)
            found.update(plan.revisions if sitting is None else sitting.order[sitting.position :])
    return found
