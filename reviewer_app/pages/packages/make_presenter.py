"""What the tab Send out shows and does: who gets what, and one file for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from core.changes import Changes, Kind, Outcome
from core.domain.package import PACKAGE_SUFFIX, PackageKind
from core.domain.people import Person, Role
from core.errors import CoreError
from core.tasks import CancelToken, Progress, ProgressCallback
from reviewer_app.context import AppContext
from reviewer_app.operations import Latest

if TYPE_CHECKING:
    from core.domain.ids import PersonId, QuestionId
    from core.services.packages.service import Outline, PackageRequest
    from core.services.packages.shares import Shares
    from core.signing_keys import KeyState

_CONCERNS = (Kind.QUESTION, Kind.ANSWER, Kind.VERIFICATION, Kind.SITTING, Kind.PERSON, Kind.MEDIA)
_ROLES: Final = {
    PackageKind.VERIFY: Role.VERIFIER,
    PackageKind.RATE: Role.VERIFIER,
    PackageKind.READ: Role.READER,
}
KINDS: Final = (PackageKind.VERIFY, PackageKind.RATE, PackageKind.READ, PackageKind.WORKSPACE)


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person and what a package for them would hold, or why there is none."""

    person: Person
    outline: Outline | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Files to write in one go."""

    people: tuple[Person, ...]
    folder: Path
    passphrase: str = field(default="", repr=False)
    key_passphrase: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one file; `problem` says why there is none."""

    person: Person
    path: Path | None = None
    problem: str = ""


class MakePresenter(QObject):
    """State of the tab.

    Signals: `people_changed()`; `busy_changed()`; `written(tuple[Written])`; `refused(CoreError)`
    when nothing could be signed or written at all.
    """

    people_changed = Signal()
    busy_changed = Signal()
    written = Signal(object)
    refused = Signal(object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._counting = Latest(context.operations)
        self.kind = PackageKind.VERIFY
        self.is_shared = True
        self.left_out: frozenset[PersonId] = frozenset()
        self.shares: Shares | None = None
        self.people: tuple[Addressee, ...] = ()
        self.key_state: KeyState | None = None
        self.is_counting = False
        self.is_writing = False
        self.is_stale = True

    @property
    def can_write(self) -> bool:
        """Whether files can be made from this workspace now."""
        is_dealing = self.is_counting and self.is_sharing
        return not (self.is_writing or is_dealing or self._context.workspace.is_read_only)

    def note_changes(self, changes: Changes) -> bool:
        """Remember whether the counts are out of date; return it."""
        self.is_stale = self.is_stale or changes.concerns(*_CONCERNS)
        return self.is_stale

    def choose(self, kind: PackageKind) -> None:
        """Send out something else."""
        self.kind = kind
        self.refresh()

    def share(self, *, is_shared: bool) -> None:
        """Share what is open among the verifiers, or send all of it to each of them."""
        self.is_shared = is_shared
        self.refresh()

    def leave_out(self, people: frozenset[PersonId]) -> None:
        """Write no file for these people; what would be theirs is shared among the others."""
        if people != self.left_out:
            self.left_out = people
            if self.is_sharing:
                self.refresh()

    @property
    def is_sharing(self) -> bool:
        """Whether questions to verify are shared, not sent to each person as a whole."""
        return self.is_shared and self.kind is PackageKind.VERIFY

    def refresh(self) -> None:
        """Count what each person would get."""
        kind, me = self.kind, self._context.me()
        is_sharing, left_out = self.is_sharing, self.left_out
        workspace = self._context.workspace
        self.is_counting, self.is_stale = True, False
        self.people_changed.emit()

        def count(
            token: CancelToken, _report: ProgressCallback
        ) -> tuple[list[Addressee], KeyState, Shares | None]:
            people = _people(workspace.people.all(), kind, me)
            among = [one.id for one in people if one.id not in left_out]
            shares = workspace.packages.shares(among) if is_sharing else None
            found = []
            for person in people:
                token.raise_if_cancelled()
                found.append(self._outline(person, kind, shares))
            return found, workspace.packages.key_state(me.id), shares

        def show(found: tuple[list[Addressee], KeyState, Shares | None]) -> None:
            self.is_counting = False
            self.people = tuple(found[0])
            _, self.key_state, self.shares = found
            self.people_changed.emit()

        self._counting.ask("", count, on_done=show)

    def write(self, batch: Batch) -> None:
        """Write one file for each person; what is written before a Cancel stays."""
        kind, me = self.kind, self._context.me().id
        service, shares = self._context.workspace.packages, self.shares

        def work(
            token: CancelToken, report: ProgressCallback
        ) -> Outcome[tuple[Written, ...] | CoreError]:
            done: list[Written] = []
            try:
                batch.folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                sentence = f"The folder {batch.folder} could not be made: {error.strerror}."
                return Outcome(CoreError(sentence, hint="Choose another folder."))
            for place, person in enumerate(batch.people):
                if token.is_cancelled:
                    break
                report(Progress(place, len(batch.people), person.name))
                target = self._target(batch.folder, person)
                request = self._request(kind, person, batch, shares)
                try:
                    service.make(request, me, target, cancel=token)
                except CoreError as error:
                    if not done and len(batch.people) > 1 and _is_for_all(error):
                        return Outcome(error)
                    done.append(Written(person, problem=str(error)))
                else:
                    done.append(Written(person, target))
            return Outcome(tuple(done))

        self._set_writing(is_writing=True)
        self._context.operations.perform_later(
            self.tr("Writing packages"),
            work,
            on_done=self._finish,
            on_error=lambda _: self._set_writing(is_writing=False),
        )

    def _outline(self, person: Person, kind: PackageKind, shares: Shares | None) -> Addressee:
        from core.services.packages.service import Outline, PackageRequest

        if shares is not None and person.id not in shares.questions:
            return Addressee(person, Outline(0, 0, 0))
        request = PackageRequest(kind, person.id, _part_of(person, shares))
        try:
            outline = self._context.workspace.packages.outline(request)
        except CoreError as error:
            return Addressee(person, problem=error.sentence)
        return Addressee(person, outline)

    def _request(
        self, kind: PackageKind, person: Person, batch: Batch, shares: Shares | None
    ) -> PackageRequest:
        from core.services.packages.service import PackageRequest

        return PackageRequest(
            kind,
            person.id,
            _part_of(person, shares),
            passphrase=batch.passphrase,
            key_passphrase=batch.key_passphrase,
        )

    def _target(self, folder: Path, person: Person) -> Path:
        from core.receiving import safe_name

        words = {
            PackageKind.VERIFY: "verify",
            PackageKind.RATE: "keys",
            PackageKind.READ: "read",
            PackageKind.WORKSPACE: "whole workspace",
        }
        who = "" if self.kind is PackageKind.WORKSPACE else f" - {person.name}"
        workspace = self._context.workspace.name
        name = safe_name(f"{workspace} - {words[self.kind]}{who} - {date.today().isoformat()}")
        target, number = folder / f"{name}{PACKAGE_SUFFIX}", 1
        while target.exists():
            number += 1
            target = folder / f"{name} ({number}){PACKAGE_SUFFIX}"
        return target

    def _finish(self, found: tuple[Written, ...] | CoreError) -> None:
        self._set_writing(is_writing=False)
        if isinstance(found, CoreError):
            self.refused.emit(found)
        else:
            self.written.emit(found)
        self.refresh()

    def _set_writing(self, *, is_writing: bool) -> None:
        self.is_writing = is_writing
        self.busy_changed.emit()


def _people(everybody: Sequence[Person], kind: PackageKind, me: Person) -> list[Person]:
    if kind is PackageKind.WORKSPACE:
        return [me]
    return [one for one in everybody if one.has_role(_ROLES[kind]) and one.id != me.id]


def _part_of(person: Person, shares: Shares | None) -> frozenset[QuestionId] | None:
    return None if shares is None else shares.questions.get(person.id, frozenset())


def _is_for_all(error: CoreError) -> bool:
    """Tell whether an error is about the sender or the disk, not about one addressee."""
    from core.errors import ExchangeError, StorageError

    return isinstance(error, StorageError | ExchangeError)
