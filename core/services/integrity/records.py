"""Checks recorded facts against the audit trail: what was changed, taken out or moved by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from core.domain.answer import Answer, Occasion
from core.domain.audit import GENESIS, AuditEvent
from core.domain.binding import Bound, binding_hash
from core.domain.ids import QuestionId
from core.domain.package import HIDDEN_PERSON, Record, RecordKind
from core.domain.stage import Stage

if TYPE_CHECKING:
    from core.services.ports import Transaction

Problem = tuple[str, str]

_ANSWER: Final = "An answer"
_BOUND: Final = {
    "answer.locked": _ANSWER,
    "answer.given": _ANSWER,
    "answer.stored": _ANSWER,
    "verification.submitted": "A verification",
    "verification.changed": "A verification",
    "adjudication.decided": "An adjudication",
    "image.cleared": "A clearance of an image",
    "blinding.approved": "An approval of blinding",
    "grading.stored": "A grading",
    "judge.accepted": "A decision on a judge",
    "judge.withdrawn": "A decision on a judge",
    "remark.noted": "A remark of a reader",
}
"""Events whose content is the hash of a record; older ones have no content."""
_MERGING: Final = ("package.merged", "package.opened", "merge.undone")
"""After these, steps through the stages come from several audit trails."""


def changed_records(tx: Transaction, events: Iterable[AuditEvent]) -> Iterator[Problem]:
    """Yield each record that no longer is what its audit event says."""
    stored = {binding_hash(one) for one in _records(tx)}
    for event in events:
        what = _BOUND.get(event.action)
        if what is not None and event.content and event.content not in stored:
            where = "audit trail"
            yield where, f"{what} (event {event.sequence}) was changed or removed outside."


def broken_chains(tx: Transaction) -> Iterator[str]:
    """Yield a sentence for each gap in the audit chains of other workspaces."""
    events = list(tx.records.all(RecordKind.AUDIT))
    known = {(one.data["workspace"], one.data["hash"]) for one in events}
    for one in events:
        workspace, previous = one.data["workspace"], one.data["previous"]
        if previous != GENESIS and (workspace, previous) not in known:
            yield (
                f"Event {one.data['sequence']} of the workspace {workspace[:8]}… does not follow "
                "any event that is here."
            )


def moved_questions(tx: Transaction, events: Iterable[AuditEvent]) -> Iterator[Problem]:
    """Yield each question that stands at another stage than its recorded steps say."""
    for question in moved(tx, events):
        yield f"question {question.data['number']}", "Its stage was changed outside the program."


def moved(tx: Transaction, events: Iterable[AuditEvent]) -> Iterator[Record]:
    """Yield the records of those questions."""
    known = defaultdict[str, list[str]](list)
    for event in events:
        if event.action in _MERGING:
            return
        kind, _, end = event.action.partition(".")
        if kind == "question" and end in list(Stage):
            known[event.subject].append(end)
    ends = defaultdict[str, list[str]](list)
    for move in tx.records.all(RecordKind.STAGE_MOVE):
        ends[move.data["question"]].append(move.data["end"])
    for question in tx.records.all(RecordKind.QUESTION):
        name, stage = question.id, question.data["stage"]
        if question.data["author"] == HIDDEN_PERSON:
            continue
        last = [Stage.DRAFT.value, *known[name]][-1]
        if stage != last or sorted(ends[name]) != sorted(known[name]):
            yield question


def wrong_scores(tx: Transaction) -> Iterator[Problem]:
    """Yield each question with a score that its answer and key do not give."""
    from core.scoring.scorers import score

    stored = tx.scores.all()
    revisions = {one.id: one for one in tx.revisions.all()}
    for answer in _answers(tx):
        revision = revisions.get(answer.revision)
        if revision is None or answer.id not in stored:
            continue
        right = score(answer, revision.body.asked, revision.key)
        for one in stored[answer.id]:
            is_same = (one.scorer, one.version) == (right.scorer, right.version)
            if is_same and (one.state, one.value) != (right.state, right.value):
                number = tx.questions.get(answer.question).number
                yield f"question {number}", "A score is not what its answer and key give."


def _records(tx: Transaction) -> Iterator[Bound]:
    yield from _answers(tx)
    yield from tx.verifications.all()
    yield from tx.verifications.adjudications()
    yield from tx.media.clearances()
    yield from tx.judging.gradings()
    for judge in tx.judging.judges():
        yield from tx.judging.gradings(judge=judge.id)
    yield from tx.judging.decisions()
    yield from tx.remarks.all()
    for question in tx.records.all(RecordKind.QUESTION):
        yield from tx.blindings.of_question(QuestionId(question.id))


def _answers(tx: Transaction) -> Iterator[Answer]:
    for occasion in Occasion:
        yield from tx.answers.for_occasion(occasion)
