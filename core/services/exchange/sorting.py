"""What of a file is new in a workspace, here already, or in conflict with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.domain.duplicates import find_duplicates
from core.domain.stage import Stage
from core.errors import NotFoundError
from core.exchange.imported import ImportedQuestion, RowProblem

if TYPE_CHECKING:
    from core.domain.body import Body
    from core.domain.ids import MediaId
    from core.domain.question import Question, QuestionSummary
    from core.domain.revision import Revision
    from core.services.ports import Transaction


@dataclass(slots=True)
class SortedRows:
    """Imported questions by what the workspace knows of them."""

    new: list[ImportedQuestion]
    same: int
    conflicting: list[RowProblem]


def sort_rows(tx: Transaction, questions: list[ImportedQuestion]) -> SortedRows:
    """Tell rows that are new from those that are here, or that contradict what is here."""
    found = SortedRows([], 0, [])
    current = {revision.question: revision for revision in tx.revisions.current()}
    seen: dict[str, ImportedQuestion] = {}
    for one in questions:
        known = _known(tx, one)
        if known is not None and known.stage is Stage.IN_BIN:
            sentence = f"It is here as question {known.number}, in the bin; restore it there."
            found.conflicting.append(RowProblem(one.where, sentence))
        elif known is not None and _has_content(tx, known, current.get(known.id), one):
            found.same += 1
        elif known is not None:
            sentence = f"It is here as question {known.number} with other content; left as it is."
            found.conflicting.append(RowProblem(one.where, sentence))
        elif one.origin not in seen:
            seen[one.origin] = one
            found.new.append(one)
        elif _content(seen[one.origin]) == _content(one):
            found.same += 1
        else:
            sentence = f"It has the same id as {seen[one.origin].where}, with other content."
            found.conflicting.append(RowProblem(one.where, sentence))
    return found


def _content(one: ImportedQuestion) -> tuple[object, ...]:
    return one.body, one.key, one.labels, tuple(image.use for image in one.images)


def _known(tx: Transaction, one: ImportedQuestion) -> Question | None:
    if one.id is not None:
        try:
            return tx.questions.get(one.id)
        except NotFoundError:
            pass  # not by its id; perhaps by its origin
    return tx.questions.by_origin(one.origin)


def _has_content(
    tx: Transaction, known: Question, current: Revision | None, one: ImportedQuestion
) -> bool:
    """Tell whether any revision holds this; a question here may have moved on since."""
    content = (full_body(one), one.key)
    if current is not None and (current.body, current.key, known.labels) == (*content, one.labels):
        return True
    return any(
        one.labels == record.labels for record in tx.provenance.label_history(known.id)
    ) and (content in [(past.body, past.key) for past in tx.revisions.of_question(known.id)])


def full_body(one: ImportedQuestion) -> Body:
    """Return the body of a row with its images."""
    return replace(one.body, images=tuple(image.use for image in one.images))


def originals_of(tx: Transaction) -> dict[MediaId, MediaId]:
    """Map cleared images to what they were; not for stacks, whose frames are numbered anew."""
    single = {info.id for info in tx.media.all() if info.frame_count == 1}
    return {one.cleared: one.original for one in tx.media.clearances() if one.original in single}


def as_original(body: Body, originals: dict[MediaId, MediaId]) -> Body:
    """Return a body with what its cleared images were."""
    images = tuple(replace(use, media=originals.get(use.media, use.media)) for use in body.images)
    return replace(body, images=images)


def duplicates_of(tx: Transaction, new: list[ImportedQuestion]) -> tuple[RowProblem, ...]:
    """Return the new rows that ask the same as another question."""
    originals = originals_of(tx)
    here = [
        (f"question {question.number}", as_original(revision.body, originals), revision.key)
        for question, revision in current_entries(tx, None)
    ]
    coming = [(one.where, as_original(full_body(one), originals), one.key) for one in new]
    names = {one.where for one in new}
    found = sorted(find_duplicates([*here, *coming]), key=lambda one: not one.contradicts)
    return tuple(RowProblem(one.second, one.sentence) for one in found if one.second in names)


def current_entries(tx: Transaction, stage: Stage | None) -> list[tuple[QuestionSummary, Revision]]:
    """Return current revisions by number; stage None means all but retired and rejected."""
    lines = {line.id: line for line in tx.questions.summaries(stage=stage)}
    unused = (Stage.RETIRED, Stage.REJECTED) if stage is None else ()
    return [
        (lines[revision.question], revision)
        for revision in tx.revisions.current()
        if revision.question in lines and lines[revision.question].stage not in unused
    ]
