"""Questions come in from files and leave as verified sets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.changes import Changes, Kind, Outcome
from core.domain.ids import PersonId, QuestionId, RevisionId
from core.domain.question import Question, QuestionSummary
from core.domain.revision import Revision, content_hash
from core.domain.set_check import Finding, check_set
from core.domain.stage import Stage
from core.domain.taxonomy import LabelRecord
from core.errors import ExchangeError, ImageError
from core.exchange.imported import ImportedQuestion, ReadFile, RowProblem
from core.services.exchange.images import ImageIntake, StoredImages
from core.services.exchange.sorting import (
    SortedRows,
    as_original,
    current_entries,
    duplicates_of,
    full_body,
    originals_of,
    sort_rows,
)
from core.tasks import CancelToken, Progress, ProgressCallback, ignore_progress

if TYPE_CHECKING:
    from core.clock import Clock
    from core.domain.body import Body
    from core.domain.key import Key
    from core.domain.plain import Plain
    from core.exchange.set_writer import SetImage, SetWriter
    from core.imaging.store import MediaStore
    from core.services.ports import Database, Transaction

EXPORTED: Final = "question.exported"
"""The audit event of a draft that left in a set; the bin keeps such a question."""
_ME: Final = "me"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is read.

    `format_name` is jsonl, table (csv, xlsx) or vqa_rad; empty means: tell by the file.
    `confirms_images` is the person's word that no picture carries patient data.
    """

    format_name: str = ""
    images: Path | None = None
    is_dry_run: bool = False
    confirms_images: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do: nothing at all while there are `problems`.

    `same` counts questions that are here already; `conflicting` are here with other content and
    were left as they are; `duplicates` ask the same as another question.
    """

    added: int
    same: int
    conflicting: tuple[RowProblem, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[str, ...] = ()
    duplicates: tuple[RowProblem, ...] = ()
    questions: tuple[QuestionId, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export wrote; `left_out` says which questions stayed here and why."""

    questions: int
    media: int
    folder: Path
    left_out: tuple[RowProblem, ...] = ()


class ExchangeService:
    """Imports files, exports sets and looks over all questions."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        media: MediaStore,
        *,
        before_import: Callable[[], None],
    ) -> None:
        """`before_import` is called when a file is about to change the workspace."""
        self._database = database
        self._clock = clock
        self._media = media
        self._before_import = before_import

    def import_file(
        self,
        path: Path,
        person: PersonId,
        options: ImportOptions = ImportOptions(),
        *,
        cancel: CancelToken | None = None,
        progress: ProgressCallback = ignore_progress,
    ) -> Outcome[ImportReport]:
        """Add the questions of a file that are not here yet, as drafts of `person`.

        A file with a row that cannot be used adds nothing; its report names all such rows.
        Raises `ExchangeError` when the file cannot be read at all.
        """
        read = _read(path, options)
        cancel = cancel or CancelToken()
        intake = ImageIntake(self._media, cancel, progress)
        read.questions = intake.look_at(read)
        if read.problems:
            return Outcome(_refused(read))
        with self._database.read() as tx:
            sorted_rows = sort_rows(tx, read.questions)
            duplicates = duplicates_of(tx, sorted_rows.new)
        if read.problems or options.is_dry_run or not sorted_rows.new:
            return Outcome(_report(read, sorted_rows, duplicates))
        self._before_import()
        with (
            intake.storing(
                sorted_rows.new, person, self._clock, confirms=options.confirms_images
            ) as stored,
            self._database.write() as tx,
        ):
            stored.add_records(tx)
            ids = []
            for done, one in enumerate(sorted_rows.new):
                cancel.raise_if_cancelled()
                progress(Progress(done, len(sorted_rows.new), "Adding questions"))
                ids.append(self._add(tx, one, stored, person))
        report = replace(_report(read, sorted_rows, duplicates), questions=tuple(ids))
        return Outcome(report, Changes.of(Kind.QUESTION, *ids) | Changes.of(Kind.MEDIA))

    def export(
        self,
        out: Path,
        *,
        stage: Stage | None = Stage.VERIFIED,
        with_keys: bool = True,
        results: Plain | None = None,
        cancel: CancelToken | None = None,
        progress: ProgressCallback = ignore_progress,
    ) -> ExportReport:
        """Write the questions of a stage (None: all but retired and rejected) into a new folder.

        `results` is what the analysis says about them. The folder appears whole or not at all.
        Drafts that leave are noted, so that nobody removes for ever what others may have.
        """
        from core.exchange.set_writer import SetWriter, folder_written_whole

        cancel = cancel or CancelToken()
        written = 0
        if stage in (Stage.DRAFT, None):
            self._note_drafts(stage)
        with self._database.read() as tx, folder_written_whole(out) as folder:
            writer = SetWriter(folder, with_keys=with_keys)
            left_out = _unfinished(tx, stage)
            entries = current_entries(tx, stage)
            for done, (question, revision) in enumerate(entries):
                cancel.raise_if_cancelled()
                progress(Progress(done, len(entries), f"Question {question.number}"))
                try:
                    self._write(tx, writer, question, revision)
                    written += 1
                except ImageError as error:
                    left_out.append(RowProblem(f"Question {question.number}", str(error)))
            writer.finish(
                created=self._clock.now(),
                stage=stage.value if stage else "all",
                audit=tx.audit.all(),
                results=results,
            )
        return ExportReport(written, writer.media_count, out, tuple(left_out))

    def _note_drafts(self, stage: Stage | None) -> None:
        with self._database.read() as tx:
            drafts = [
                line.id for line, _ in current_entries(tx, stage) if line.stage is Stage.DRAFT
            ]
        if not drafts:
            return
        with self._database.write() as tx:
            person = tx.settings.get(_ME)
            for question in drafts:
                tx.audit.append(person=person, action=EXPORTED, subject=question)

    def verify(self, folder: Path) -> list[str]:
        """Return sentences on all that differs from the manifest of an exported folder."""
        from core.exchange.manifest import verify_export

        return verify_export(folder)

    def lint(self) -> tuple[Finding, ...]:
        """Return writing hints, duplicates and missing labels over all questions in use."""
        with self._database.read() as tx:
            originals = originals_of(tx)
            entries = current_entries(tx, None)
        return check_set(
            [(q, replace(one, body=as_original(one.body, originals))) for q, one in entries]
        )

    def _add(
        self, tx: Transaction, imported: ImportedQuestion, stored: StoredImages, person: PersonId
    ) -> QuestionId:
        now = self._clock.now()
        question = Question(
            id=imported.id or QuestionId(self._clock.new_id()),
            number=tx.questions.next_number(),
            stage=Stage.DRAFT,
            author=person,
            created_at=now,
            labels=imported.labels,
            origin=imported.origin,
        )
        tx.questions.add(question)
        tx.provenance.set_source(question.id, imported.source)
        tx.provenance.add_labels(question.id, LabelRecord(imported.labels, person, now))
        tx.audit.append(person=person, action="question.imported", subject=question.id)
        body, reason = full_body(imported), f"Imported: {imported.where}."
        first = self._commit(tx, question, body, imported.key, reason=reason)
        cleared = replace(body, images=stored.cleared(body.images))
        if cleared != body:
            reason = "Images cleared of patient data."
            self._commit(tx, question, cleared, imported.key, reason=reason, parent=first)
        return question.id

    def _commit(
        self,
        tx: Transaction,
        question: Question,
        body: Body,
        key: Key,
        *,
        reason: str,
        parent: Revision | None = None,
    ) -> Revision:
        revision = Revision(
            id=RevisionId(self._clock.new_id()),
            question=question.id,
            number=1 if parent is None else parent.number + 1,
            body=body,
            key=key,
            author=question.author,
            created_at=self._clock.now(),
            reason=reason,
            parent=None if parent is None else parent.id,
        )
        tx.revisions.add(revision)
        tx.questions.update(replace(question, current_revision=revision.id))
        tx.audit.append(
            person=question.author,
            action="revision.committed",
            subject=revision.id,
            content=content_hash(body, key, question.labels),
        )
        return revision

    def _write(
        self, tx: Transaction, writer: SetWriter, question: QuestionSummary, revision: Revision
    ) -> None:
        places = range(len(revision.body.images))
        images = [self._set_image(tx, revision, place) for place in places]
        writer.add(question, revision, tx.provenance.source(question.id), images)

    def _set_image(self, tx: Transaction, revision: Revision, place: int) -> SetImage:
        from core.exchange.set_writer import SetImage
        from core.imaging.clearing.bare import is_bare
        from core.imaging.pictures import model_pictures

        use = revision.body.images[place]
        if tx.media.clearance_of(use.media) is None:
            raise ImageError(f"Its image {place + 1} is not cleared of patient data.")
        info, data = tx.media.get(use.media), self._media.read(use.media)
        if not is_bare(data):  # only a database changed by hand says otherwise
            raise ImageError(f"Its image {place + 1} holds more than a picture.")
        pictures = model_pictures(data, name=info.file_name, use=use)
        return SetImage(use, info.media_type, data, tuple(pictures))


def _read(path: Path, options: ImportOptions) -> ReadFile:
    from core.exchange.formats import format_named, read_file
    from core.exchange.label_words import label_notes, spell_labels
    from core.taxonomies import load_axes

    chosen = format_named(options.format_name) if options.format_name else None
    read = read_file(path, chosen, images=options.images)
    if not read.questions and not read.problems:
        raise ExchangeError(f"The file “{path.name}” holds no questions.")
    axes = load_axes()
    spell_labels(read, axes)
    read.notes += label_notes(read.questions, axes)
    return read


def _unfinished(tx: Transaction, stage: Stage | None) -> list[RowProblem]:
    """Name the drafts that were never finished: there is nothing of them to write."""
    return [
        RowProblem(f"Question {line.number}", "It has no finished version yet.")
        for line in tx.questions.summaries(stage=Stage.DRAFT)
        if stage in (None, Stage.DRAFT) and not line.revision_number
    ]


def _refused(read: ReadFile) -> ImportReport:
    return ImportReport(0, 0, problems=tuple(read.problems), notes=tuple(read.notes))


def _report(read: ReadFile, rows: SortedRows, duplicates: tuple[RowProblem, ...]) -> ImportReport:
    return ImportReport(
        added=len(rows.new),
        same=rows.same,
        conflicting=tuple(rows.conflicting),
        notes=tuple(read.notes),
        duplicates=duplicates,
    )
