"""Storing what a merge brings, and deriving stage, current version, labels and numbers anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from core.domain.ids import PersonId, QuestionId, RevisionId
from core.domain.merge import (
    Version,
    choose_current,
    derive_stage,
    heads,
    last_step,
    numbered,
)
from core.domain.package import HIDDEN_PERSON, PackageFacts, Record, RecordKind
from core.domain.plain import Plain
from core.domain.revision import content_hash
from core.domain.stage import Stage
from core.services.merging.plan import Incoming, MergePlan

if TYPE_CHECKING:
    from core.services.ports import Transaction

MERGED_REVISION: Final = "revision.merged"
"""The audit event of a version that came in; its content is the content hash."""

_DERIVING: Final = (
    RecordKind.QUESTION,
    RecordKind.REVISION,
    RecordKind.LABELS,
    RecordKind.STAGE_MOVE,
    RecordKind.APPROVAL,
)


@dataclass(frozen=True, slots=True)
class Derived:
    """What all records together say about a question."""

    stage: Stage
    current: str | None
    labels: list[list[str]] | None
    numbers: dict[str, int]


def apply_plan(tx: Transaction, plan: MergePlan, person: PersonId) -> None:
    """Store a plan within one transaction."""
    for kind in RecordKind:
        fresh = plan.new.get(kind, [])
        if kind is RecordKind.QUESTION:
            tx.records.add(kind, _with_free_numbers(tx, fresh))
        elif kind is RecordKind.REVISION:
            tx.records.add(kind, _parents_first(fresh))
        elif fresh:
            tx.records.add(kind, fresh)
    for record in plan.changed:
        tx.records.replace(record)
    tx.records.set_waiting(plan.waiting)
    touched = {
        one.data["id" if kind is RecordKind.QUESTION else "question"]
        for kind in _DERIVING
        for one in plan.new.get(kind, ())
    }
    settle(tx, touched)
    note_revisions(tx, (one.id for one in plan.new.get(RecordKind.KEY, ())), person)


def settle(tx: Transaction, questions: Collection[str]) -> None:
    """Derive stage, current version, labels and numbers of questions from all records."""
    for question, derived in derive(tx, questions).items():
        tx.records.settle(
            question,
            stage=derived.stage,
            current=derived.current,
            labels=derived.labels,
            numbers=derived.numbers,
        )


def derive(tx: Transaction, questions: Collection[str]) -> dict[str, Derived]:
    """Return what all records together say about questions."""
    versions, steps = tx.records.versions(questions), tx.records.steps(questions)
    approvals = tx.records.of(RecordKind.APPROVAL, "question", questions)
    approved = {one.data["revision"] for one in approvals}
    labels = _newest_labels(tx, questions)
    stored = tx.records.some(RecordKind.QUESTION, questions)
    found = {}
    for question in sorted(questions):
        own: dict[str, Version] = versions.get(question, {})
        mine = approved & own.keys()
        head = choose_current(heads(own), mine)
        current = None if head is None else head.id
        before = Stage(stored[question].data["stage"])
        stage = derive_stage(steps.get(question, ()), current, mine, stored=before)
        numbers = {} if current is None else numbered(own, current)
        found[question] = Derived(stage, current, labels.get(question), numbers)
    return found


def apply_blind(tx: Transaction, incoming: Incoming, person: PersonId) -> None:
    """Store a package of bodies in the workspace of its addressee."""
    records, facts = incoming.records, incoming.facts
    if not tx.records.some(RecordKind.PERSON, [HIDDEN_PERSON]):
        tx.records.add(RecordKind.PERSON, [_hidden_person(facts)])
    for addressee in records.get(RecordKind.PERSON, ()):
        known = tx.records.some(RecordKind.PERSON, [addressee.id]).get(addressee.id)
        if known is None:
            tx.records.add(RecordKind.PERSON, [addressee])
        else:
            roles = sorted({*known.data["roles"], *addressee.data["roles"]})
            tx.records.replace(Record(known.kind, known.data | {"roles": roles}))
    for blind in sorted(
        records.get(RecordKind.BLIND_QUESTION, ()), key=lambda one: one.data["number"]
    ):
        _apply_blind_question(tx, blind, facts)
    for kind in (
        RecordKind.MEDIA,
        RecordKind.KEY,
        RecordKind.LABELS,
        RecordKind.PLAN,
        RecordKind.ANSWER,
        RecordKind.VERIFICATION,
        RecordKind.SITTING,
        RecordKind.REMARK,
    ):
        some = records.get(kind, [])
        here = tx.records.here_of(some)
        tx.records.add(kind, [one for one in some if one.id not in here])
    for one in records.get(RecordKind.LABELS, ()):
        known_question = tx.questions.get(QuestionId(one.data["question"]))
        _settle_blind(tx, known_question.id, known_question.stage)
    note_revisions(tx, (one.id for one in records.get(RecordKind.KEY, ())), person)


def note_revisions(tx: Transaction, revisions: Iterable[str], person: PersonId) -> None:
    """Append the content hash of versions that came in, so that a check knows them."""
    for name in revisions:
        revision = tx.revisions.get(RevisionId(name))
        labels = tx.questions.get(revision.question).labels
        tx.audit.append(
            person=person,
            action=MERGED_REVISION,
            subject=revision.id,
            content=content_hash(revision.body, revision.key, labels),
        )


def _with_free_numbers(tx: Transaction, fresh: Iterable[Record]) -> list[Record]:
    """Give new questions the number they had, where it is free, else the next one."""
    ordered = sorted(fresh, key=lambda one: (one.data["number"], one.id))
    following = max([tx.questions.next_number(), *(one.data["number"] + 1 for one in ordered)])
    numbered_records, taken = [], set[int]()
    for one in ordered:
        number = one.data["number"]
        if number < 1 or number in taken or tx.questions.by_number(number) is not None:
            number, following = following, following + 1
        taken.add(number)
        numbered_records.append(Record(one.kind, one.data | {"number": number}))
    return numbered_records


def _parents_first(fresh: Iterable[Record]) -> list[Record]:
    versions = {
        one.id: Version(
            one.id,
            tuple(name for name in (one.data["parent"], one.data["merged_parent"]) if name),
            one.data["created_at"],
            "",
        )
        for one in fresh
    }
    order = numbered(versions, "")
    return sorted(fresh, key=lambda one: order[one.id])


def _newest_labels(tx: Transaction, questions: Collection[str]) -> dict[str, list[list[str]]]:
    found: dict[str, Record] = {}
    for one in tx.records.of(RecordKind.LABELS, "question", questions):
        known = found.get(one.data["question"])
        if known is None or _label_age(known) < _label_age(one):
            found[one.data["question"]] = one
    return {question: one.data["labels"] for question, one in found.items()}


def _label_age(record: Record) -> tuple[str, str]:
    return record.data["assigned_at"], record.id


def _hidden_person(facts: PackageFacts) -> Record:
    data: Plain = {
        "id": HIDDEN_PERSON,
        "name": "Not shown",
        "roles": [],
        "specialty": "",
        "years_in_practice": None,
        "specialty_confidence": {},
        "changed_at": facts.created_at,
        "profile_at": facts.created_at,
    }
    return Record(RecordKind.PERSON, data)


def _apply_blind_question(tx: Transaction, blind: Record, facts: PackageFacts) -> None:
    data = blind.data
    question = data["question"]
    if not tx.records.some(RecordKind.QUESTION, [question]):
        number = data["number"]
        if number < 1 or tx.questions.by_number(number) is not None:
            number = tx.questions.next_number()
        tx.records.add_blind(
            question,
            number=number,
            stage=Stage(data["stage"]),
            author=HIDDEN_PERSON,
            at=facts.created_at,
        )
    if data["last_move"]:
        tx.records.set_base(question, data["last_move"])
    if not tx.records.some(RecordKind.REVISION, [data["revision"]]):
        revision = {
            "id": data["revision"],
            "question": question,
            "author": HIDDEN_PERSON,
            "created_at": facts.created_at,
            "reason": "",
            "parent": None,
            "merged_parent": None,
            "body": data["body"],
        }
        tx.records.add(RecordKind.REVISION, [Record(RecordKind.REVISION, revision)])
    steps = [
        one
        for one in tx.records.steps([question]).get(question, ())
        if one.previous == data["last_move"]
    ]
    own = last_step(steps)
    _settle_blind(tx, QuestionId(question), own.end if own else Stage(data["stage"]))


def _settle_blind(tx: Transaction, question: QuestionId, stage: Stage) -> None:
    """Without parents and steps the newest body counts; two of them are no conflict."""
    versions = tx.records.versions([question])[question]
    newest = choose_current(versions.values(), ())
    tx.records.settle(
        question,
        stage=stage,
        current=newest.id if newest else None,
        labels=_newest_labels(tx, [question]).get(question),
        numbers=numbered(versions, newest.id) if newest else {},
    )


def utc_text(moment: datetime) -> str:
    """Return a moment as records have it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
