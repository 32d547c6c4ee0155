"""The library: one line per question, kept up to date with every unit of work."""

import json
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    delete,
    func,
    insert,
    select,
    type_coerce,
)

from core.db.labels import labels_from_plain
from core.db.lookups import AnyRow, chunks
from core.db.tables.questions import (
    bodies,
    draft_bodies,
    draft_keys,
    library_lines,
    questions,
    revision_keys,
    revisions,
    sources,
)
from core.db.tables.verifications import verifications
from core.domain.body import AnswerFormat, Body, options_of
from core.domain.ids import QuestionId
from core.domain.question import QuestionSummary
from core.domain.source import Source
from core.domain.stage import Stage
from core.domain.taxonomy import Label
from core.domain.verification import NEEDED_VERIFICATIONS


class Library:
    """Derives library lines and searches them.

    Repositories `touch` what they change; lines are derived once at the end of a unit of work,
    or when somebody looks.
    """

    def __init__(self, connection: Connection, now: Callable[[], datetime]) -> None:
        self._connection = connection
        self._now = now
        self._touched: dict[QuestionId, None] = {}

    def touch(self, question: QuestionId) -> None:
        """Note that the line of this question has to be derived anew."""
        self._touched[question] = None

    def refresh(self) -> None:
        """Derive the lines of all touched questions."""
        if not self._touched:
            return
        touched, self._touched = list(self._touched), {}
        now = self._now()
        lines = [line for one in touched if (line := self._line(one, now)) is not None]
        for ids in chunks(touched):
            self._connection.execute(delete(library_lines).where(library_lines.c.question.in_(ids)))
        if lines:
            self._connection.execute(insert(library_lines), lines)

    def summaries(
        self, *, stage: Stage | None = None, search: str = "", ids: Sequence[QuestionId] = ()
    ) -> list[QuestionSummary]:
        """Return library lines by number; every word of `search` must occur.

        Without a stage and without ids, deleted questions are left out.
        """
        self.refresh()
        statement = select(*_SHOWN).order_by(library_lines.c.number)
        if stage is not None:
            statement = statement.where(library_lines.c.stage == stage.value)
        elif not ids:
            statement = statement.where(library_lines.c.stage != Stage.IN_BIN.value)
        for word in _searchable(search).split():
            statement = statement.where(_occurs(word))
        return self._summaries(statement, ids)

    def _summaries(
        self, statement: Select[Any], ids: Sequence[QuestionId]
    ) -> list[QuestionSummary]:
        read = _SummaryReader()
        if not ids:
            return [read.summary(*row) for row in self._connection.execute(statement)]
        found: list[QuestionSummary] = []
        for some in chunks(list(dict.fromkeys(ids))):
            narrowed = statement.where(library_lines.c.question.in_(some))
            found += [read.summary(*row) for row in self._connection.execute(narrowed)]
        return sorted(found, key=lambda one: one.number)

    def _line(self, question: QuestionId, now: datetime) -> dict[str, Any] | None:
        row = self._connection.execute(
            select(questions).where(questions.c.id == question)
        ).one_or_none()
        if row is None:
            return None
        revision = self._revision(row.current_revision)
        draft = self._draft(question)
        is_open = draft is not None and (
            revision is None or not self._says_the_same(draft, revision, row)
        )
        shown = draft if is_open else revision
        body = Body() if shown is None else Body.from_plain(shown.content)
        labels = draft.labels if draft is not None and is_open else row.labels
        return {
            "question": question,
            "number": row.number,
            "stage": row.stage,
            "format": body.format.value,
            "stem": body.stem,
            "labels": labels,
            "author": row.author,
            "image_count": len(body.images),
            "revision_number": 0 if revision is None else revision.number,
            "has_open_draft": is_open,
            "verification_count": self._verification_count(row.current_revision),
            "updated_at": now,
            "words": _words(body, labels),
            "needs_reverification": self._needs_reverification(row, is_open=is_open),
        }

    def _revision(self, revision: str | None) -> AnyRow | None:
        if revision is None:
            return None
        return self._connection.execute(
            select(revisions.c.number, bodies.c.content, revision_keys.c.content.label("key"))
            .join(bodies, bodies.c.revision == revisions.c.id)
            # A verifier's workspace has no keys before the answers were sent back.
            .outerjoin(revision_keys, revision_keys.c.revision == revisions.c.id)
            .where(revisions.c.id == revision)
        ).one_or_none()

    def _draft(self, question: QuestionId) -> AnyRow | None:
        return self._connection.execute(
            select(
                draft_bodies.c.content,
                draft_bodies.c.labels,
                draft_keys.c.content.label("key"),
                draft_keys.c.source,
            )
            .join(draft_keys, draft_keys.c.question == draft_bodies.c.question)
            .where(draft_bodies.c.question == question)
        ).one_or_none()

    def _says_the_same(self, draft: AnyRow, revision: AnyRow, question: AnyRow) -> bool:
        source = self._connection.execute(
            select(sources.c.content)
            .where(sources.c.question == question.id)
            .order_by(sources.c.set_at.desc(), sources.c.content.desc())
            .limit(1)
        ).scalar_one_or_none()
        stored = (
            revision.content,
            revision.key,
            question.labels,
            Source().to_plain() if source is None else source,
        )
        return stored == (draft.content, draft.key, draft.labels, draft.source)

    def _verification_count(self, revision: str | None) -> int:
        # Who changed their mind verified once.
        statement = select(func.count(verifications.c.verifier.distinct())).where(
            verifications.c.revision == revision
        )
        return self._connection.execute(statement).scalar_one()

    def _needs_reverification(self, question: AnyRow, *, is_open: bool) -> bool:
        verified = set(
            self._connection.execute(
                select(verifications.c.revision).where(verifications.c.question == question.id)
            ).scalars()
        )
        if is_open:
            return bool(verified)
        is_done = self._verification_count(question.current_revision) >= NEEDED_VERIFICATIONS
        return not is_done and bool(verified - {question.current_revision})


def _words(body: Body, labels: list[list[str]]) -> str:
    options = [option.text for option in options_of(body.asked)]
    return _searchable("\n".join([body.stem, body.context, *options, *(v for _, v in labels)]))


def _searchable(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _occurs(word: str) -> ColumnElement[bool]:
    return library_lines.c.words.contains(word, autoescape=True)


# In the order of the fields of a summary. Labels and times come as text: a library has 100,000
# lines but few distinct sets of labels, and a column type costs a call for each line.
_SHOWN: Final = (
    library_lines.c.question,
    library_lines.c.number,
    library_lines.c.stage,
    library_lines.c.format,
    library_lines.c.stem,
    type_coerce(library_lines.c.labels, Text),
    library_lines.c.author,
    library_lines.c.image_count,
    library_lines.c.revision_number,
    type_coerce(library_lines.c.has_open_draft, Integer),
    library_lines.c.verification_count,
    type_coerce(library_lines.c.updated_at, Text),
    type_coerce(library_lines.c.needs_reverification, Integer),
)


class _SummaryReader:
    """Makes summaries from rows of `_SHOWN`."""

    def __init__(self) -> None:
        self._labels: dict[str, frozenset[Label]] = {}
        self._stages = {stage.value: stage for stage in Stage}
        self._formats = {one.value: one for one in AnswerFormat}

    def summary(self, *row: Any) -> QuestionSummary:  # columns of `_SHOWN`
        (question, number, stage, answer_format, stem, labels, author, *counts) = row
        image_count, revision_number, is_open, verification_count, updated_at, is_changed = counts
        if labels not in self._labels:
            self._labels[labels] = labels_from_plain(json.loads(labels))
        return QuestionSummary(
            question,
            number,
            self._stages[stage],
            self._formats[answer_format],
            stem,
            self._labels[labels],
            author,
            image_count,
            revision_number,
            bool(is_open),
            verification_count,
            datetime.fromisoformat(updated_at),
            bool(is_changed),
        )
