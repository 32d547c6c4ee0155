"""Whether everything stored is whole: database, images, versions, audit trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from core.domain.answer import Occasion
from core.domain.audit import first_broken_link
from core.domain.package import RecordKind
from core.domain.revision import content_hash
from core.domain.stage import Stage
from core.errors import CoreError, ImageError
from core.services.integrity.records import (
    broken_chains,
    changed_records,
    moved,
    moved_questions,
    wrong_scores,
)
from core.tasks import CancelToken, Progress, ProgressCallback, ignore_progress

if TYPE_CHECKING:
    from core.domain.audit import AuditEvent
    from core.domain.ids import MediaId, QuestionId
    from core.domain.revision import Revision
    from core.domain.taxonomy import Label
    from core.imaging.store import MediaStore
    from core.services.backups.ports import BackupStore
    from core.services.ports import Database, Transaction

COMMITTED: Final = "revision.committed"
"""The audit event whose subject is a revision and whose content is its content hash."""
MERGED: Final = "revision.merged"
"""The same of a revision that came in with a package."""


# What reading a damaged record can raise beside our own errors.
_UNREADABLE: Final = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class CheckProblem:
    """One thing that is not whole: where, and a sentence."""

    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found; `counts` says how many records of each kind were looked at."""

    problems: tuple[CheckProblem, ...]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


class IntegrityService:
    """Checks a workspace without changing it."""

    def __init__(
        self,
        database: Database,
        media: MediaStore,
        backups: BackupStore,
        seal_problem: Callable[[], str],
    ) -> None:
        """`seal_problem` says how the closed database differs from what was closed."""
        self._database = database
        self._media = media
        self._backups = backups
        self._seal_problem = seal_problem

    def check(
        self,
        cancel: CancelToken | None = None,
        progress: ProgressCallback = ignore_progress,
    ) -> CheckReport:
        """Look at every record and every image; raise `Cancelled` when asked to stop.

        A store so damaged that it cannot be read is a problem of the report, not an error.
        """
        walk = _Walk(self._database, self._media, cancel or CancelToken(), progress)
        guards = _Guards(self._backups, self._seal_problem)
        problems = _found(
            ("database", guards.seal),
            ("database", walk.database_file),
            ("audit trail", walk.audit_trail),
            ("audit trail", walk.foreign_chains),
            ("versions", walk.versions),
            ("records", walk.records),
            ("database", walk.readable),
            ("database", guards.contradictions),
            ("images", walk.images),
            ("backups", guards.backups),
        )
        walk.counts["backups"] = guards.count
        return CheckReport(problems, walk.counts)

    def record_problems(self) -> tuple[CheckProblem, ...]:
        """Return what is wrong with records and their audit trail; images are not looked at."""
        walk = _Walk(self._database, self._media, CancelToken(), ignore_progress)
        return _found(
            ("audit trail", walk.audit_trail),
            ("versions", walk.versions),
            ("records", walk.records),
            ("database", walk.readable),
        )

    def put_stages_right(self) -> tuple[str, ...]:
        """Let questions stand again where their recorded steps say, and say which."""
        from core.services.merging.apply import settle

        with self._database.write() as tx:
            wrong = list(moved(tx, tx.audit.all()))
            settle(tx, {one.id for one in wrong})
            after = tx.records.some(RecordKind.QUESTION, {one.id for one in wrong})
            return tuple(
                f"Question {one.data['number']} stands again where its recorded steps say."
                for one in wrong
                if after[one.id].data["stage"] != one.data["stage"]
            )

    def lost_media(self) -> tuple[MediaId, ...]:
        """Return the images that are missing or damaged."""
        walk = _Walk(self._database, self._media, CancelToken(), ignore_progress)
        return walk.lost_media()


@dataclass(frozen=True, slots=True)
class _Labelled:
    """A question with its labels now and at every time before."""

    where: str
    labels: frozenset[Label]
    history: tuple[frozenset[Label], ...]

    @classmethod
    def read(cls, tx: Transaction, question: QuestionId) -> _Labelled:
        known = tx.questions.get(question)
        history = tuple(record.labels for record in tx.provenance.label_history(question))
        return cls(f"question {known.number}", known.labels, history)

    def problems(self) -> Iterator[CheckProblem]:
        if self.history and self.history[-1] != self.labels:
            yield CheckProblem(self.where, "Its labels were changed outside the program.")


class _Guards:
    """What stands outside the database and guards it: its seal and its backups."""

    def __init__(self, backups: BackupStore, seal_problem: Callable[[], str]) -> None:
        self.count = 0
        self._backups = backups
        self._seal_problem = seal_problem

    def seal(self) -> Iterator[CheckProblem]:
        sentence = self._seal_problem()
        if sentence:
            yield CheckProblem("database", sentence)

    def contradictions(self) -> Iterator[CheckProblem]:
        for where, sentence in self._backups.contradictions():
            yield CheckProblem(where, sentence)

    def backups(self) -> Iterator[CheckProblem]:
        for backup in self._backups.all():
            self.count += 1
            sentence = self._backups.problem(backup)
            if sentence:
                yield CheckProblem("backups", sentence)


class _Walk:
    """One walk through a workspace; each step yields what is not whole."""

    def __init__(
        self, database: Database, media: MediaStore, cancel: CancelToken, progress: ProgressCallback
    ) -> None:
        self.counts: dict[str, int] = {}
        self._database = database
        self._media = media
        self._cancel = cancel
        self._progress = progress
        self._used: dict[MediaId, str] = {}

    def database_file(self) -> Iterator[CheckProblem]:
        self._cancel.raise_if_cancelled()
        self._progress(Progress(0, 0, "database"))
        for where, sentence in self._database.damage():
            yield CheckProblem(where, sentence)

    def audit_trail(self) -> Iterator[CheckProblem]:
        self._cancel.raise_if_cancelled()
        with self._database.read() as tx:
            events = tx.audit.all()
        self.counts["audit events"] = len(events)
        broken = first_broken_link(events)
        if broken is not None:
            sentence = f"Event {broken} was changed, removed or added outside the program."
            yield CheckProblem("audit trail", sentence)

    def foreign_chains(self) -> Iterator[CheckProblem]:
        with self._database.read() as tx:
            for sentence in broken_chains(tx):
                yield CheckProblem("audit trail", sentence)

    def versions(self) -> Iterator[CheckProblem]:
        with self._database.read() as tx:
            committed = _committed(tx.audit.all())
            revisions = tx.revisions.all()
            counted = tx.questions.count_by_stage()
            self.counts |= {"questions": sum(counted.values()), "revisions": len(revisions)}
            labelled: dict[QuestionId, _Labelled] = {}
            for done, revision in enumerate(revisions, 1):
                self._cancel.raise_if_cancelled()
                self._progress(Progress(done, len(revisions), "versions"))
                if revision.question not in labelled:
                    labelled[revision.question] = _Labelled.read(tx, revision.question)
                    yield from labelled[revision.question].problems()
                question = labelled[revision.question]
                for use in revision.body.images:
                    self._used.setdefault(use.media, question.where)
                yield from _version(revision, question, committed[revision.id])

    def records(self) -> Iterator[CheckProblem]:
        self._cancel.raise_if_cancelled()
        self._progress(Progress(0, 0, "records"))
        with self._database.read() as tx:
            events = tx.audit.all()
            for step in (changed_records(tx, events), moved_questions(tx, events)):
                yield from (CheckProblem(where, sentence) for where, sentence in step)
            for where, sentence in wrong_scores(tx):
                self._cancel.raise_if_cancelled()
                yield CheckProblem(where, sentence)

    def readable(self) -> Iterator[CheckProblem]:
        """Read everything else as the program reads it."""
        self._cancel.raise_if_cancelled()
        with self._database.read() as tx:
            self.counts["answers"] = sum(
                len(tx.answers.for_occasion(occasion)) for occasion in Occasion
            )
            self.counts["verifications"] = len(tx.verifications.all())
            for read in (
                tx.people.all,
                tx.plans.all,
                tx.sittings.all,
                tx.remarks.all,
                tx.runs.all,
                tx.verifications.adjudications,
                tx.media.clearances,
                tx.questions.summaries,
            ):
                read()
            deleted = tx.questions.summaries(stage=Stage.IN_BIN)
            for line in (*tx.questions.summaries(), *deleted):
                tx.drafts.get(line.id)
                tx.provenance.source(line.id)
                tx.stage_moves.of_question(line.id)
                tx.blindings.of_question(line.id)
        yield from ()

    def lost_media(self) -> tuple[MediaId, ...]:
        with self._database.read() as tx:
            wanted = {info.id for info in tx.media.all()}
            wanted |= {use.media for one in tx.revisions.all() for use in one.body.images}
        return tuple(one for one in sorted(wanted) if not self._is_whole(one))

    def _is_whole(self, media: MediaId) -> bool:
        try:
            self._media.verified_path(media)
        except ImageError:
            return False
        return True

    def _is_as_it_counts(self, media: MediaId, *, is_cleared: bool) -> bool:
        """Look at all bytes; those of an original, which may be a large slide, are not held."""
        if is_cleared:
            return _is_bare(self._media.read(media))
        self._media.verified_path(media)
        return True

    def images(self) -> Iterator[CheckProblem]:
        with self._database.read() as tx:
            recorded = {info.id for info in tx.media.all()}
            cleared = {one.cleared for one in tx.media.clearances()}
        stored = list(self._media.ids())
        self.counts["images"] = len(stored)
        for media, where in self._used.items():
            if media not in recorded:
                yield CheckProblem(where, f"It uses the image {_short(media)}, which is unknown.")
        for media in sorted((recorded | self._used.keys()) - set(stored)):
            where = self._used.get(media, "images")
            yield CheckProblem(where, f"The file of the image {_short(media)} is missing.")
        for done, media in enumerate(stored, 1):
            self._cancel.raise_if_cancelled()
            self._progress(Progress(done, len(stored), "images"))
            where = self._used.get(media, "images")
            try:
                is_wrong = not self._is_as_it_counts(media, is_cleared=media in cleared)
            except ImageError as error:
                yield CheckProblem(where, error.sentence)
                continue
            if is_wrong:
                sentence = f"The image {_short(media)} counts as cleared but is no bare picture."
                yield CheckProblem(where, sentence)


def _found(
    *steps: tuple[str, Callable[[], Iterator[CheckProblem]]],
) -> tuple[CheckProblem, ...]:
    """Return what every step finds, each problem once; what cannot be read is one, too."""
    problems: list[CheckProblem] = []
    for where, step in steps:
        try:
            for problem in step():
                problems.append(problem)  # noqa: PERF402 - keeps what came before an error
        except CoreError as error:
            problems.append(CheckProblem(where, error.sentence))
        except _UNREADABLE as error:
            sentence = f"Records cannot be read ({type(error).__name__})."
            problems.append(CheckProblem(where, sentence))
    return tuple(dict.fromkeys(problems))


def _committed(events: list[AuditEvent]) -> defaultdict[str, set[str]]:
    hashes: defaultdict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.action in (COMMITTED, MERGED):
            hashes[event.subject].add(event.content)
    return hashes


def _version(revision: Revision, question: _Labelled, recorded: set[str]) -> Iterator[CheckProblem]:
    # Labels belong to the question and may have changed since an older revision.
    labels = {question.labels, *question.history}
    if not recorded:
        sentence = f"The audit trail does not know revision {revision.number}."
        yield CheckProblem(question.where, sentence)
    elif not any(content_hash(revision.body, revision.key, one) in recorded for one in labels):
        sentence = f"Revision {revision.number} was changed outside the program."
        yield CheckProblem(question.where, sentence)


def _is_bare(data: bytes) -> bool:
    from core.imaging.clearing.bare import is_bare

    return is_bare(data)


def _short(media: MediaId) -> str:
    return f"{media[:12]}…"
