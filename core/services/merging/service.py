"""Merging: a preview with counts, one transaction, undone in one step; conflicts stay visible."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.changes import Changes, Kind, Outcome
from core.domain.backup import BackupReason
from core.domain.ids import PersonId, QuestionId, RevisionId
from core.domain.merge import choose_current, common_base, heads, rivals
from core.domain.package import PackageFacts, PackageKind, Record, RecordKind
from core.domain.people import Role
from core.domain.revision import Revision
from core.domain.three_way import FieldDiff, compare
from core.errors import ConflictError, ExchangeError, NotFoundError, StorageError, WorkflowError
from core.services.integrity.records import broken_chains
from core.services.merging.apply import apply_plan, note_revisions, settle
from core.services.merging.items import Item, ItemLine, item_lines, without
from core.services.merging.plan import HeadConflict, KindCount, MergePlan, plan_merge
from core.services.packages.files import (
    OpenedFile,
    Trust,
    keep_images,
    opened,
    require_trust,
    trust_in,
)
from core.services.packages.limits import PACKAGE_KIND
from core.tasks import CancelToken, ProgressCallback, ignore_progress

if TYPE_CHECKING:
    from core.clock import Clock
    from core.imaging.store import MediaStore
    from core.services.ports import Database, Transaction

UNDO: Final = "merge.undo"
"""The setting that says to which copy the last merge can be undone."""


class Choice(StrEnum):
    """What becomes of a question that was changed in two places."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"
    """Both versions stay until somebody decides."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a merge: what it says of itself, and what is known of its signer."""

    name: str
    facts: PackageFacts
    trust: Trust


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge does or would do."""

    files: tuple[FileLine, ...]
    counts: tuple[KindCount, ...]
    conflicts: tuple[HeadConflict, ...]
    notes: tuple[str, ...] = ()
    items: tuple[ItemLine, ...] = ()
    """What can be chosen one by one; what is here already is not listed."""

    @property
    def new(self) -> int:
        """Records that are not here yet."""
        return sum(one.new for one in self.counts)

    @property
    def same(self) -> int:
        """Records that are here already."""
        return sum(one.same for one in self.counts)

    @property
    def waiting(self) -> int:
        """Records that name something which has not arrived yet."""
        return sum(one.waiting for one in self.counts)


@dataclass(frozen=True, slots=True)
class MergeOptions:
    """How files are merged: choices by question (without one, both versions stay)."""

    choices: Mapping[QuestionId, Choice] = field(default_factory=dict)
    passphrase: str = field(default="", repr=False)
    accepts_new_key: bool = False
    left_out: frozenset[Item] = frozenset()
    """Items that stay in the file, with all that names them; merging it again can bring them."""


@dataclass(frozen=True, slots=True)
class LastMerge:
    """The merge before which the workspace can go back, while nothing was done since."""

    at: datetime
    names: tuple[str, ...]
    new: int
    can_undo: bool


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A question with two versions, field by field; `base` is what both were made from."""

    question: QuestionId
    number: int
    base: Revision | None
    mine: Revision
    theirs: Revision
    fields: tuple[FieldDiff, ...]


class MergingService:
    """Brings the work of several people together."""

    def __init__(self, database: Database, clock: Clock, media: MediaStore, backups: Path) -> None:
        self._database = database
        self._clock = clock
        self._media = media
        self._backups = backups

    def preview(
        self,
        paths: Sequence[Path],
        options: MergeOptions | None = None,
        *,
        cancel: CancelToken | None = None,
        progress: ProgressCallback = ignore_progress,
    ) -> MergePreview:
        """Return what merging these files would do; nothing is stored."""
        chosen, token = options or MergeOptions(), cancel or CancelToken()
        passphrase = chosen.passphrase
        with (
            opened(paths, passphrase=passphrase, cancel=token, progress=progress) as files,
            self._database.read() as tx,
        ):
            _require_mergeable(tx, files)
            return _preview(tx, paths, files, _plan(tx, files, chosen))

    def merge(
        self,
        paths: Sequence[Path],
        person: PersonId,
        options: MergeOptions | None = None,
        *,
        cancel: CancelToken | None = None,
        progress: ProgressCallback = ignore_progress,
    ) -> Outcome[MergePreview]:
        """Store what these files bring, all or nothing, after copying the workspace.

        Merging what is here already stores nothing.
        """
        chosen, token = options or MergeOptions(), cancel or CancelToken()
        passphrase = chosen.passphrase
        with opened(paths, passphrase=passphrase, cancel=token, progress=progress) as files:
            with self._database.read() as tx:
                _require_mergeable(tx, files)
                plan = _plan(tx, files, chosen)
                preview = _preview(tx, paths, files, plan)
                _require_known_keys(preview, chosen)
                if plan.is_empty and _waits(plan.waiting) == _waits(tx.records.waiting()):
                    return Outcome(preview)
            token.raise_if_cancelled()
            copy = self._database.back_up(self._backups, BackupReason.MERGE)
            keep_images(files, self._media, token)
            with self._database.write() as tx:
                self._store(tx, files, person, chosen)
        self._remember(copy, preview)
        self._clock.catch_up()
        kinds = (Kind.QUESTION, Kind.ANSWER, Kind.VERIFICATION, Kind.SITTING, Kind.PERSON)
        more = (Kind.RUN, Kind.JUDGE, Kind.MEDIA, Kind.SCORE, Kind.BLINDING, Kind.DRAFT)
        every = (*kinds, *more, Kind.REMARK)
        return Outcome(preview, Changes(frozenset((kind, "") for kind in every)))

    def can_undo(self) -> bool:
        """Tell whether the last merge can be undone: nothing was written since."""
        last = self.last()
        return last is not None and last.can_undo

    def last(self) -> LastMerge | None:
        """Return the last merge, if it was not undone."""
        with self._database.read() as tx:
            known = tx.settings.get(UNDO)
        if not known:
            return None
        undo = json.loads(known)
        is_there = (self._backups / undo["copy"]).is_file()
        is_same = is_there and self._database.fingerprint(without=UNDO) == undo["fingerprint"]
        return LastMerge(
            datetime.fromisoformat(undo["at"]), tuple(undo["names"]), undo["new"], can_undo=is_same
        )

    def undo(self, person: PersonId) -> Outcome[tuple[str, ...]]:
        """Make the workspace what it was before the last merge; return the ids of its files.

        Raises `WorkflowError` when something was written since. Images that came with it stay in
        the store, unused.
        """
        if not self.can_undo():
            raise WorkflowError(
                "The last merge cannot be undone, because work was done since.",
                hint="Restore the backup that was made before it, if you can do without that work.",
            )
        with self._database.read() as tx:
            undo = json.loads(tx.settings.get(UNDO))
            typed = [one for who in tx.people.all() for one in tx.journal.of_person(who.id)]
        self._database.go_back_to(self._backups / undo["copy"])
        with self._database.write() as tx:
            known = {one.id for one in tx.people.all()}
            for entry in typed:
                if entry.person in known:
                    tx.journal.put(entry)
            for package in undo["packages"]:
                tx.audit.append(person=person, action="merge.undone", subject=package)
        return Outcome(tuple(undo["packages"]), Changes(frozenset((kind, "") for kind in Kind)))

    def conflicts(self) -> list[OpenConflict]:
        """Return questions with two versions that contradict each other, by number."""
        with self._database.read() as tx:
            found = [_conflict(tx, name) for name in tx.records.contested()]
        return sorted((one for one in found if one is not None), key=lambda one: one.number)

    def resolve(
        self,
        question: QuestionId,
        person: PersonId,
        kept: Choice | Revision,
        *,
        reason: str = "",
    ) -> Outcome[Revision]:
        """Settle a conflict by a version that names both parents.

        `kept` is one of the two, or a revision whose body and key are taken. An approved question
        goes back to draft, because the new version has to be looked at again.
        """
        with self._database.write() as tx:
            resolved = self._resolve(tx, question, person, kept, reason)
        return Outcome(resolved, Changes.of(Kind.QUESTION, question))

    def broken_chains(self) -> list[str]:
        """Return sentences on audit chains of other workspaces that are not whole."""
        with self._database.read() as tx:
            return list(broken_chains(tx))

    def _store(
        self,
        tx: Transaction,
        files: Sequence[OpenedFile],
        person: PersonId,
        options: MergeOptions,
    ) -> None:
        for file in files:
            require_trust(tx, file.facts, accepts_new_key=options.accepts_new_key)
        plan = _plan(tx, files, options)
        apply_plan(tx, plan, person)
        for file in files:
            tx.audit.append(person=person, action="package.merged", subject=file.facts.id)
        for conflict in plan.conflicts:
            choice = options.choices.get(conflict.question, Choice.BOTH)
            if choice is Choice.MINE:
                mine = tx.revisions.get(conflict.mine)
                self._resolve(tx, conflict.question, person, mine, "Merged: the own version kept.")
            elif choice is Choice.THEIRS:
                theirs = tx.revisions.get(conflict.theirs[-1])
                self._resolve(tx, conflict.question, person, theirs, "Merged: the other version.")

    def _remember(self, copy: Path, preview: MergePreview) -> None:
        undo = {
            "copy": copy.name,
            "packages": [one.facts.id for one in preview.files],
            "names": [one.name for one in preview.files],
            "new": preview.new,
            "at": self._clock.now().isoformat(),
            "fingerprint": self._database.fingerprint(without=UNDO),
        }
        with self._database.write() as tx:
            tx.settings.set(UNDO, json.dumps(undo))

    def _resolve(
        self,
        tx: Transaction,
        question: QuestionId,
        person: PersonId,
        kept: Choice | Revision,
        reason: str,
    ) -> Revision:
        conflict = _conflict(tx, question)
        if conflict is None:
            raise NotFoundError("This question has only one version; there is nothing to settle.")
        me, known = tx.people.get(person), tx.questions.get(question)
        if known.author != person and not me.has_role(Role.LEAD):
            raise WorkflowError(
                f"Question {known.number} was written by somebody else.",
                hint="Only its author and the study lead may settle it.",
            )
        if kept is Choice.BOTH:
            raise ConflictError("Choose one of the two versions, or write a third.")
        chosen = conflict.theirs if kept is Choice.THEIRS else conflict.mine
        content = kept if isinstance(kept, Revision) else chosen
        ends = [RevisionId(one.id) for one in heads(tx.records.versions([question])[question])]
        parent, *others = sorted(ends, key=lambda one: one != conflict.mine.id)
        for other in others:
            number = len(tx.revisions.of_question(question)) + 1
            merged = Revision(
                id=RevisionId(self._clock.new_id()),
                question=question,
                number=number,
                body=content.body,
                key=content.key,
                author=person,
                created_at=self._clock.now(),
                reason=reason.strip() or "Two versions brought together.",
                parent=parent,
                merged_parent=other,
            )
            tx.revisions.add(merged)
            parent = merged.id
        settle(tx, [question])
        note_revisions(tx, [parent], person)
        return tx.revisions.get(parent)


def _plan(tx: Transaction, files: Sequence[OpenedFile], options: MergeOptions) -> MergePlan:
    return plan_merge(tx, without(tx, [one.incoming for one in files], options.left_out))


def _waits(records: Sequence[Record]) -> set[tuple[RecordKind, str]]:
    return {(one.kind, one.id) for one in records}


def _require_mergeable(tx: Transaction, files: Sequence[OpenedFile]) -> None:
    if tx.settings.get(PACKAGE_KIND):
        raise ExchangeError(
            "This workspace came from a package, so nothing is merged into it.",
            hint="A further package for the same person is opened into it instead.",
        )
    for file in files:
        if file.facts.kind not in (PackageKind.RETURN, PackageKind.WORKSPACE):
            raise ExchangeError(
                f"A package to {file.facts.kind.value} is not merged but opened.",
                hint="Open it; it makes a folder of its own.",
            )


def _require_known_keys(preview: MergePreview, options: MergeOptions) -> None:
    for line in preview.files:
        if line.trust is Trust.CHANGED and not options.accepts_new_key:
            raise ExchangeError(
                f"“{line.name}” is signed for {line.facts.sender.name} with another key than "
                "before.",
                hint="Ask them whether they have a new computer, then accept the new key.",
            )


def _preview(
    tx: Transaction, paths: Sequence[Path], files: Sequence[OpenedFile], plan: MergePlan
) -> MergePreview:
    lines = tuple(
        FileLine(path.name, file.facts, trust_in(tx, file.facts))
        for path, file in zip(paths, files, strict=True)
    )
    items = item_lines(tx, plan.new, plan.changed, {one.question for one in plan.conflicts})
    return MergePreview(lines, plan.counts, plan.conflicts, plan.notes, items)


def _conflict(tx: Transaction, name: str) -> OpenConflict | None:
    versions = tx.records.versions([name]).get(name, {})
    ends = heads(versions)
    question = tx.questions.get(QuestionId(name))
    if not rivals(ends) or question.current_revision is None:
        return None
    mine = question.current_revision
    other = choose_current([one for one in ends if one.id != mine], ())
    if other is None:
        raise StorageError(f"The versions of question {question.number} contradict each other.")
    shared = common_base(versions, mine, other.id)
    base = tx.revisions.get(RevisionId(shared)) if shared else None
    own, theirs = tx.revisions.get(mine), tx.revisions.get(RevisionId(other.id))
    fields = compare(base, own, theirs)
    return OpenConflict(question.id, question.number, base, own, theirs, fields)
