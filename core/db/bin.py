"""What the bin asks of the store: who uses a question, where it came from, and its removal."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import Connection, delete, func, select, update

from core.db.lookups import chunks
from core.db.tables.answers import answers, remarks
from core.db.tables.audit import audit_events
from core.db.tables.moves import blinding_approvals, decisions, stage_bases, stage_moves
from core.db.tables.people import journal
from core.db.tables.questions import (
    bodies,
    draft_bodies,
    draft_keys,
    edit_steps,
    label_records,
    library_lines,
    questions,
    revision_keys,
    revisions,
    sources,
)
from core.db.tables.verifications import adjudications, verifications
from core.domain.decision import DecisionState
from core.domain.ids import QuestionId

_ANSWERED: Final = (answers, remarks, verifications, adjudications)
_OF_QUESTION: Final = (
    blinding_approvals,
    bodies,
    draft_bodies,
    draft_keys,
    edit_steps,
    label_records,
    library_lines,
    sources,
    stage_bases,
    stage_moves,
)
_BORN: Final = ("question.created", "question.imported")
_SENT_WHOLE: Final = "package.workspace"
_EXPORTED: Final = "question.exported"


class BinRepository:
    """Tells what rests on a question, and removes one for ever."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def answered(self, ids: Collection[QuestionId]) -> set[QuestionId]:
        """Return those that an answer, remark, verification or decision of verifiers names."""
        found: set[QuestionId] = set()
        for table in _ANSWERED:
            for some in chunks(list(ids)):
                named = select(table.c.question).where(table.c.question.in_(some)).distinct()
                found |= {QuestionId(one) for one in self._connection.execute(named).scalars()}
        return found

    def unsent(self, ids: Collection[QuestionId]) -> set[QuestionId]:
        """Return those that began here after the last package of all, and were never exported."""
        sent = select(func.max(audit_events.c.sequence)).where(audit_events.c.action == _SENT_WHOLE)
        last = self._connection.execute(sent).scalar_one_or_none() or 0
        born = select(audit_events.c.subject).where(
            audit_events.c.action.in_(_BORN), audit_events.c.sequence > last
        )
        gone = select(audit_events.c.subject).where(audit_events.c.action == _EXPORTED)
        here = {QuestionId(one) for one in self._connection.execute(born).scalars()}
        exported = {QuestionId(one) for one in self._connection.execute(gone).scalars()}
        return (here - exported) & set(ids)

    def remove(self, ids: Sequence[QuestionId]) -> None:
        """Remove questions with all that is of them alone; the audit trail keeps its events.

        Decisions that moved one of them can no longer be taken back.
        """
        for some in chunks(list(ids)):
            self._close_decisions(set(some))
            of_these = select(revisions.c.id).where(revisions.c.question.in_(some))
            mine = revisions.c.question.in_(some)
            for statement in (
                delete(revision_keys).where(revision_keys.c.revision.in_(of_these)),
                *(delete(table).where(table.c.question.in_(some)) for table in _OF_QUESTION),
                delete(journal).where(journal.c.record.in_(some)),
                # Revisions name their parents, and the question names its current one.
                update(questions).where(questions.c.id.in_(some)).values(current_revision=None),
                update(revisions).where(mine).values(parent=None, merged_parent=None),
                delete(revisions).where(mine),
                delete(questions).where(questions.c.id.in_(some)),
            ):
                self._connection.execute(statement)

    def _close_decisions(self, gone: set[QuestionId]) -> None:
        rows = self._connection.execute(
            select(decisions.c.id, decisions.c.moves).where(
                decisions.c.state != DecisionState.CLOSED.value
            )
        ).all()
        closed = [row.id for row in rows if any(move[0] in gone for move in row.moves)]
        for some in chunks(closed):
            self._connection.execute(
                update(decisions)
                .where(decisions.c.id.in_(some))
                .values(state=DecisionState.CLOSED.value)
            )
