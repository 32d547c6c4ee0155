"""Blinding: source beside question, patient data out of images, approval with its ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from core.changes import Changes, Kind, Outcome
from core.domain.binding import binding_hash
from core.domain.blinding import SIMILARITY_LIMIT, BlindingApproval
from core.domain.body import Body
from core.domain.decision import DecisionKind, Moved
from core.domain.ids import PersonId, QuestionId, RevisionId
from core.domain.marks import cleared_use
from core.domain.media import Blackout, Clearance, ImageUse, MediaInfo
from core.domain.question import Question, QuestionSummary
from core.domain.revision import Revision, content_hash
from core.domain.source import Source
from core.domain.stage import Stage
from core.domain.word_diff import DiffSpan, word_diff
from core.errors import BlindingError, ImageError, NotFoundError, WorkflowError
from core.services.steps import (
    current_revision,
    move_question,
    record_decision,
    require_editable,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from core.clock import Clock
    from core.imaging.clearing.deidentify import Cleared, Scan
    from core.imaging.store import MediaStore
    from core.services.ports import Database, Transaction

_HELD_BYTES: Final = 32 << 20
"""Larger files are looked at where they lie."""


@dataclass(frozen=True, slots=True)
class ImageDossier:
    """One image: what its header tells (for the author's eyes) and whether it is cleared.

    `scan` is None where the image is cleared or cannot be read; `unreadable` then says why.
    """

    use: ImageUse
    info: MediaInfo
    scan: Scan | None
    clearance: Clearance | None
    unreadable: str = ""

    @property
    def is_cleared(self) -> bool:
        """Whether a person gave their word that this image carries no patient data."""
        return self.clearance is not None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that an approval is based on.

    `similarity` is the token-set ratio (0 to 100) of question and source, None without source
    text; `blockers` are sentences that say what is still missing.
    """

    question: Question
    revision: Revision
    source: Source
    diff: tuple[DiffSpan, ...]
    similarity: float | None
    images: tuple[ImageDossier, ...]
    approvals: tuple[BlindingApproval, ...]
    blockers: tuple[str, ...]

    @property
    def needs_reason(self) -> bool:
        """Whether the wording is so near to its source that approval takes a reason."""
        return self.similarity is not None and self.similarity > SIMILARITY_LIMIT


class BlindingService:
    """Clears images and approves that a question is blind to source and patient."""

    def __init__(self, database: Database, clock: Clock, media: MediaStore) -> None:
        self._database = database
        self._clock = clock
        self._media = media

    def waiting(self) -> list[QuestionSummary]:
        """Return finished drafts that wait for blinding."""
        with self._database.read() as tx:
            return [
                line
                for line in tx.questions.summaries(stage=Stage.DRAFT)
                if line.revision_number and not line.has_open_draft
            ]

    def dossier(self, question: QuestionId) -> Dossier:
        """Return what to look at before approving."""
        with self._database.read() as tx:
            known = tx.questions.get(question)
            revision = current_revision(tx, known)
            source = tx.provenance.source(question)
            approvals = tuple(tx.blindings.of_question(question))
            images = tuple(self._image_dossier(tx, use) for use in revision.body.images)
            has_open_draft = tx.drafts.get(question) is not None
        return Dossier(
            question=known,
            revision=revision,
            source=source,
            diff=word_diff(source.text, _wording(revision)),
            similarity=similarity_to_source(source, revision),
            images=images,
            approvals=approvals,
            blockers=_blockers(images, has_open_draft=has_open_draft),
        )

    def clear_image(
        self,
        question: QuestionId,
        index: int,
        person: PersonId,
        *,
        blackouts: tuple[Blackout, ...] = (),
    ) -> Outcome[Clearance]:
        """Replace image `index` (from 0) by a copy without patient data, in a new revision."""
        from core.imaging.clearing.deidentify import clear

        with self._database.read() as tx:
            use = _image_of(current_revision(tx, tx.questions.get(question)), index)
            info = tx.media.get(use.media)
        source = self._source_of(info)
        cleared = clear(source, name=info.file_name, use=use, blackouts=blackouts)
        clearance = Clearance(
            original=use.media,
            cleared=self._media.put(cleared.data),
            cleared_by=person,
            cleared_at=self._clock.now(),
            blackouts=blackouts,
            findings=cleared.removed,
        )
        with self._database.write() as tx:
            known = tx.questions.get(question)
            require_editable(tx, known, person)
            if _image_of(current_revision(tx, known), index) != use:
                raise WorkflowError(
                    f"Question {known.number} was changed while its image was being cleared.",
                    hint="Look at the image again and clear it once more.",
                )
            tx.media.add(_info_of(clearance, cleared, info, use))
            tx.media.add_clearance(clearance)
            self._store_with_image(tx, known, index, clearance)
        return Outcome(clearance, Changes.of(Kind.QUESTION, question))

    def undo_clearing(
        self, question: QuestionId, index: int, person: PersonId
    ) -> Outcome[Clearance]:
        """Put back the original of cleared image `index`, in a new revision.

        The cleared copy stays in the workspace. Raises `WorkflowError` where the image is not
        cleared, or the question was changed since.
        """
        with self._database.write() as tx:
            known = tx.questions.get(question)
            require_editable(tx, known, person)
            revision = current_revision(tx, known)
            clearance = tx.media.clearance_of(_image_of(revision, index).media)
            if clearance is None:
                raise WorkflowError(f"Image {index + 1} of question {known.number} is not cleared.")
            body = _body_before(tx.revisions.of_question(question), revision, index, clearance)
            if body is None:
                raise WorkflowError(
                    f"Question {known.number} was changed since its image was cleared.",
                    hint="Restore the earlier revision in the history on the Author page.",
                )
            reason = f"Clearing of image {index + 1} undone."
            self._store(tx, known, body, person, reason)
            tx.audit.append(
                person=person,
                action="image.clearing_undone",
                subject=clearance.cleared,
                content=binding_hash(clearance),
            )
        return Outcome(clearance, Changes.of(Kind.QUESTION, question))

    def approve(
        self,
        question: QuestionId,
        person: PersonId,
        *,
        notes: tuple[str, ...] = (),
        override_reason: str = "",
    ) -> Outcome[Question]:
        """Move a question to stage blinded; raise `BlindingError` naming what is missing."""
        dossier = self.dossier(question)
        number = dossier.question.number
        _require_blind(dossier, override_reason)
        with self._database.write() as tx:
            known = tx.questions.get(question)
            if known.current_revision != dossier.revision.id:
                raise WorkflowError(
                    f"Question {number} was changed while you looked at it.",
                    hint="Look at the new version, then approve it.",
                )
            require_editable(tx, known, person)
            now = self._clock.now()
            moved = move_question(tx, known, Stage.BLINDED, person, at=now)
            moves = [Moved(question, known.stage, Stage.BLINDED)]
            record_decision(tx, self._clock, DecisionKind.APPROVE, person, moves)
            approval = BlindingApproval(
                question=question,
                revision=dossier.revision.id,
                approved_by=person,
                approved_at=now,
                similarity=dossier.similarity,
                notes=notes,
                override_reason=override_reason,
            )
            tx.blindings.add(approval)
            tx.audit.append(
                person=person,
                action="blinding.approved",
                subject=dossier.revision.id,
                content=binding_hash(approval),
            )
        return Outcome(moved, Changes.of(Kind.QUESTION, question))

    def _image_dossier(self, tx: Transaction, use: ImageUse) -> ImageDossier:
        from core.imaging.clearing.deidentify import scan

        info = tx.media.get(use.media)
        clearance = tx.media.clearance_of(use.media)
        if clearance is not None:
            return ImageDossier(use, info, None, clearance)
        try:
            found = scan(self._source_of(info), name=info.file_name)
        except ImageError as error:
            return ImageDossier(use, info, None, None, unreadable=str(error))
        return ImageDossier(use, info, found, None)

    def _source_of(self, info: MediaInfo) -> bytes | Path:
        """Return the bytes of an image; of a large one where they lie, verified."""
        if info.size_bytes > _HELD_BYTES:
            return self._media.verified_path(info.id)
        return self._media.read(info.id)

    def _store_with_image(
        self, tx: Transaction, question: Question, index: int, clearance: Clearance
    ) -> None:
        """Make a revision whose image `index` is the cleared copy with all its frames."""
        body = current_revision(tx, question).body
        new = cleared_use(body.images[index], clearance.cleared)
        images = (*body.images[:index], new, *body.images[index + 1 :])
        person = clearance.cleared_by
        tx.audit.append(
            person=person,
            action="image.cleared",
            subject=clearance.cleared,
            content=binding_hash(clearance),
        )
        reason = f"Image {index + 1} cleared of patient data."
        self._store(tx, question, replace(body, images=images), person, reason)

    def _store(
        self, tx: Transaction, question: Question, body: Body, person: PersonId, reason: str
    ) -> None:
        """Make a revision that differs from the current one in its body."""
        revision = current_revision(tx, question)
        following = replace(
            revision,
            id=RevisionId(self._clock.new_id()),
            number=revision.number + 1,
            body=body,
            author=person,
            created_at=self._clock.now(),
            reason=reason,
            parent=revision.id,
        )
        tx.revisions.add(following)
        tx.questions.update(replace(question, current_revision=following.id))
        tx.audit.append(
            person=person,
            action="revision.committed",
            subject=following.id,
            content=content_hash(body, following.key, question.labels),
        )


def _body_before(
    revisions: Sequence[Revision], current: Revision, index: int, clearance: Clearance
) -> Body | None:
    """Return the newest body that differs from the current one in that clearing only."""
    now = current.body
    for revision in sorted(revisions, key=lambda one: one.number, reverse=True):
        images = revision.body.images
        if len(images) != len(now.images) or images[index].media != clearance.original:
            continue
        use = cleared_use(images[index], clearance.cleared)
        cleared = (*images[:index], use, *images[index + 1 :])
        if replace(revision.body, images=cleared) == now:
            return revision.body
    return None


def _info_of(
    clearance: Clearance, cleared: Cleared, original: MediaInfo, use: ImageUse
) -> MediaInfo:
    return replace(
        original,
        id=clearance.cleared,
        file_name=cleared.file_name,
        media_type=cleared.media_type,
        size_bytes=len(cleared.data),
        frame_count=len(use.frames),
    )


def similarity_to_source(source: Source, revision: Revision) -> float | None:
    """Return how near a question is to its source text (0 to 100), None without a text."""
    if not source.text.strip():
        return None
    from rapidfuzz.fuzz import token_set_ratio
    from rapidfuzz.utils import default_process

    return float(token_set_ratio(source.text, _wording(revision), processor=default_process))


def _wording(revision: Revision) -> str:
    return " ".join(part for part in (revision.body.context, revision.body.stem) if part)


def _image_of(revision: Revision, index: int) -> ImageUse:
    if not 0 <= index < len(revision.body.images):
        raise NotFoundError(f"The question has no image {index + 1}.")
    return revision.body.images[index]


def _blockers(images: tuple[ImageDossier, ...], *, has_open_draft: bool) -> tuple[str, ...]:
    found = []
    if has_open_draft:
        found.append("Its draft holds changes that are not finished.")
    for number, image in enumerate(images, 1):
        if image.unreadable:
            found.append(f"Image {number} cannot be read. {image.unreadable}")
        elif not image.is_cleared:
            found.append(f"Image {number} is not cleared of patient data.")
    return tuple(found)


def _require_blind(dossier: Dossier, override_reason: str) -> None:
    number = dossier.question.number
    if dossier.blockers:
        raise BlindingError(f"Question {number} is not blind yet: {dossier.blockers[0]}")
    if dossier.needs_reason and not override_reason.strip():
        raise BlindingError(
            f"The wording of question {number} is too near to its source "
            f"({dossier.similarity:.0f} of 100, the limit is {SIMILARITY_LIMIT:.0f}).",
            hint="Reword it, or give a reason why it may stay.",
        )
