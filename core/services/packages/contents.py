"""What goes into a package of each kind: for blind ones bodies, and nothing beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from core.domain.answer import Occasion
from core.domain.body import Body
from core.domain.ids import MediaId, PersonId, QuestionId, RevisionId
from core.domain.merge import last_step, profile_of
from core.domain.package import HIDDEN_PERSON, PackageKind, Record, RecordKind
from core.domain.people import Role
from core.domain.plain import Plain
from core.domain.question import Question
from core.domain.run import RunStatus
from core.domain.stage import OPEN_STAGES, Stage
from core.errors import WorkflowError

if TYPE_CHECKING:
    from core.services.ports import Transaction

PACKAGE_ID: Final = "package.id"
PACKAGE_PERSON: Final = "package.person"
WORKSPACE_ID: Final = "workspace.id"
"""The setting that names a workspace in the chains of others."""

_ROLE: Final = {
    PackageKind.VERIFY: Role.VERIFIER,
    PackageKind.RATE: Role.VERIFIER,
    PackageKind.READ: Role.READER,
}
_SUFFIX: Final = {"image/png": ".png", "image/jpeg": ".jpg", "image/tiff": ".tif"}
_WHOLE: Final[tuple[RecordKind, ...]] = tuple(
    kind
    for kind in RecordKind
    if kind
    not in (
        RecordKind.PROFILE,
        RecordKind.BLIND_QUESTION,
        RecordKind.MEDIA,
        RecordKind.CLEARANCE,
        RecordKind.AUDIT,
    )
)


@dataclass(frozen=True, slots=True)
class Contents:
    """Records by kind, images to go with them, and sentences on what stays behind."""

    records: dict[RecordKind, list[Record]] = field(default_factory=dict)
    media: tuple[MediaId, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def questions(self) -> int:
        """How many questions are in it."""
        kinds = (RecordKind.BLIND_QUESTION, RecordKind.QUESTION)
        return sum(len(self.records.get(kind, ())) for kind in kinds)


def for_verifier(
    tx: Transaction, person: PersonId, only: Collection[QuestionId] | None
) -> Contents:
    """Return the questions that this person may verify and has not."""
    done = {one.revision for one in tx.verifications.by_person(person)}
    chosen = [
        (question, revision)
        for question, revision in _open(tx, person, only)
        if revision not in done
    ]
    return _blind(tx, PackageKind.VERIFY, person, chosen)


def for_rating(
    tx: Transaction, person: PersonId, only: Collection[QuestionId] | None, *, at: datetime
) -> Contents:
    """Return keys of exactly those revisions whose locked answer by this person is here."""
    done = {one.revision for one in tx.verifications.by_person(person)}
    answered = {
        one.revision
        for one in tx.answers.for_occasion(Occasion.VERIFICATION)
        if one.respondent.id == person
    }
    chosen = [
        (question, revision)
        for question, revision in _open(tx, person, only)
        if revision in answered - done
    ]
    contents = _blind(tx, PackageKind.RATE, person, chosen)
    sent = {one.id for one in contents.records.get(RecordKind.BLIND_QUESTION, ())}
    contents.records[RecordKind.KEY] = list(tx.records.some(RecordKind.KEY, sent).values())
    contents.records[RecordKind.LABELS] = [
        _hidden_labels(question, at) for question, revision in chosen if revision in sent
    ]
    return contents


def for_reader(tx: Transaction, person: PersonId) -> Contents:
    """Return the plans dealt to this person that are not finished, with their bodies."""
    sittings = [one for one in tx.records.all(RecordKind.SITTING) if one.data["reader"] == person]
    finished = {one.data["plan"] for one in sittings if one.data["finished_at"]}
    plans = [
        one
        for one in tx.records.all(RecordKind.PLAN)
        if person in one.data["readers"] and one.id not in finished
    ]
    revisions = [RevisionId(one) for plan in plans for one in plan.data["revisions"]]
    blinds = tx.bodies.many(list(dict.fromkeys(revisions)))
    chosen = [(tx.questions.get(one.question), one.revision) for one in blinds]
    contents = _blind(tx, PackageKind.READ, person, chosen)
    sent = {one.id for one in contents.records.get(RecordKind.BLIND_QUESTION, ())}
    contents.records[RecordKind.PLAN] = [
        Record(one.kind, one.data | {"readers": [person]})
        for one in plans
        if sent >= set(one.data["revisions"])
    ]
    dealt = {one.id for one in contents.records[RecordKind.PLAN]}
    own = [one for one in sittings if one.data["plan"] in dealt]
    contents.records[RecordKind.SITTING] = own
    contents.records[RecordKind.ANSWER] = [
        one
        for one in tx.records.of(RecordKind.ANSWER, "occasion_id", {one.id for one in own})
        if one.data["respondent_id"] == person
    ]
    contents.records[RecordKind.REMARK] = [
        one
        for one in tx.records.of(RecordKind.REMARK, "sitting", {one.id for one in own})
        if one.data["reader"] == person
    ]
    return contents


def own_work(tx: Transaction, person: PersonId) -> Contents:
    """Return what this person did, and nothing that came to them."""
    occasions = (Occasion.VERIFICATION.value, Occasion.BASELINE.value)
    mine = tx.records.of(RecordKind.ANSWER, "respondent_id", [person])
    answers = [one for one in mine if one.data["occasion"] in occasions]
    profile = Record(
        RecordKind.PROFILE,
        {"id": person, **profile_of(tx.records.some(RecordKind.PERSON, [person])[person].data)},
    )
    moves = tx.records.of(RecordKind.STAGE_MOVE, "person", [person])
    started = (Stage.BLINDED.value, Stage.IN_VERIFICATION.value)
    return Contents(
        {
            RecordKind.PROFILE: [profile],
            RecordKind.STAGE_MOVE: [
                one for one in moves if (one.data["start"], one.data["end"]) == started
            ],
            RecordKind.ANSWER: answers,
            RecordKind.VERIFICATION: tx.records.of(RecordKind.VERIFICATION, "verifier", [person]),
            RecordKind.SITTING: tx.records.of(RecordKind.SITTING, "reader", [person]),
            RecordKind.REMARK: tx.records.of(RecordKind.REMARK, "reader", [person]),
            RecordKind.GRADING: tx.records.of(RecordKind.GRADING, "person", [person]),
            RecordKind.AUDIT: own_chain(tx),
        }
    )


def everything(tx: Transaction) -> Contents:
    """Return all records; images that may carry patient data stay behind, with their records."""
    records = {kind: list(tx.records.all(kind)) for kind in _WHOLE}
    records[RecordKind.RUN] = [_at_rest(one) for one in records[RecordKind.RUN]]
    records[RecordKind.CLEARANCE] = list(tx.records.all(RecordKind.CLEARANCE))
    records[RecordKind.AUDIT] = [*own_chain(tx), *tx.records.all(RecordKind.AUDIT)]
    cleared = {one.data["cleared"] for one in records[RecordKind.CLEARANCE]}
    every = list(tx.records.all(RecordKind.MEDIA))
    records[RecordKind.MEDIA] = [one for one in every if one.id in cleared]
    media = tuple(MediaId(one.id) for one in records[RecordKind.MEDIA])
    return Contents(records, media, _uncleared(len(every) - len(media)))


def _uncleared(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    one, many = "1 image file that is not", f"{count} image files that are not"
    first, verb = (one, "stays") if count == 1 else (many, "stay")
    return (f"{first} cleared of patient data {verb} here.",)


def own_chain(tx: Transaction) -> list[Record]:
    """Return the audit chain of this workspace as records."""
    workspace = tx.settings.get(WORKSPACE_ID)
    return [
        Record(
            RecordKind.AUDIT,
            {
                "workspace": workspace,
                "hash": one.hash,
                "sequence": one.sequence,
                "at": one.at.isoformat(timespec="microseconds"),
                "person": one.person,
                "action": one.action,
                "subject": one.subject,
                "content": one.content,
                "previous": one.previous,
            },
        )
        for one in tx.audit.all()
    ]


def _open(
    tx: Transaction, person: PersonId, only: Collection[QuestionId] | None
) -> list[tuple[Question, RevisionId]]:
    found = []
    for stage in OPEN_STAGES:
        for line in tx.questions.summaries(stage=stage):
            if line.author == person or (only is not None and line.id not in only):
                continue
            question = tx.questions.get(line.id)
            if question.current_revision is not None:
                found.append((question, question.current_revision))
    return sorted(found, key=lambda pair: pair[0].number)


def _blind(
    tx: Transaction,
    kind: PackageKind,
    person: PersonId,
    chosen: Iterable[tuple[Question, RevisionId]],
) -> Contents:
    addressee = tx.people.get(person)
    role = _ROLE[kind]
    if not addressee.has_role(role):
        raise WorkflowError(
            f"{addressee.name} is not a {role.value}.", hint="The study lead gives this role."
        )
    pairs = list(chosen)
    bodies = {one.revision: one.body for one in tx.bodies.many([one for _, one in pairs])}
    steps = tx.records.steps({question.id for question, _ in pairs})
    blinds, left_out = [], []
    for question, revision in pairs:
        body = bodies[revision]
        if any(tx.media.clearance_of(use.media) is None for use in body.images):
            left_out.append(
                f"Question {question.number} has an image that is not cleared of patient data."
            )
            continue
        # Readers get no steps, not even an opaque one; for their answers none is needed.
        last = last_step(steps.get(question.id, ())) if kind is not PackageKind.READ else None
        blinds.append(_blind_question(question, revision, body, last.id if last else ""))
    media = _images(tx, blinds)
    sent = {one.id for one in blinds}
    answers = [
        one
        for one in tx.records.of(RecordKind.ANSWER, "revision", sent)
        if one.data["respondent_id"] == person
        and one.data["occasion"] == Occasion.VERIFICATION.value
        and kind is not PackageKind.READ
    ]
    records = {
        RecordKind.PERSON: [_restricted(tx, person, role)],
        RecordKind.MEDIA: media,
        RecordKind.BLIND_QUESTION: blinds,
        RecordKind.ANSWER: answers,
    }
    return Contents(records, tuple(MediaId(one.id) for one in media), tuple(left_out))


def _blind_question(question: Question, revision: RevisionId, body: Body, last_move: str) -> Record:
    return Record(
        RecordKind.BLIND_QUESTION,
        {
            "question": question.id,
            "revision": revision,
            "number": question.number,
            "stage": question.stage.value,
            "last_move": last_move,
            "body": body.to_plain(),
        },
    )


def _images(tx: Transaction, blinds: Iterable[Record]) -> list[Record]:
    used = {use["media"] for one in blinds for use in one.data["body"]["images"]}
    found = tx.records.some(RecordKind.MEDIA, used)
    return [_without_file_name(found[one]) for one in sorted(found)]


def _without_file_name(media: Record) -> Record:
    # A file name may tell the patient or the public set that an image came from.
    name = f"{media.id[:12]}{_SUFFIX.get(media.data['media_type'], '')}"
    return Record(media.kind, media.data | {"file_name": name})


def _restricted(tx: Transaction, person: PersonId, role: Role) -> Record:
    known = tx.records.some(RecordKind.PERSON, [person])[person]
    return Record(known.kind, known.data | {"roles": [role.value]})


def _hidden_labels(question: Question, at: datetime) -> Record:
    data: Plain = {
        "question": question.id,
        "labels": sorted([one.axis, one.value] for one in question.labels),
        "assigned_by": HIDDEN_PERSON,
        "assigned_at": at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    return Record(RecordKind.LABELS, data)


def _at_rest(run: Record) -> Record:
    # Nobody is asking on behalf of a copy.
    is_running = run.data["status"] == RunStatus.RUNNING.value
    return Record(run.kind, run.data | {"status": "paused"}) if is_running else run
