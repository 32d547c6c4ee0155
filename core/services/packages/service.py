"""Packages: made for a person, looked at before opening, filled into a new workspace."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, assert_never

from core.changes import Changes, Kind, Outcome
from core.domain.ids import MediaId, PersonId, QuestionId
from core.domain.package import PackageFacts, PackageKind, RecordKind, Signer
from core.domain.plain import canonical_json
from core.errors import BlindingError, ExchangeError, WorkflowError
from core.packages.reader import reading
from core.packages.signing import fingerprint
from core.packages.writer import writing
from core.services.merging.apply import apply_blind, apply_plan, utc_text
from core.services.merging.plan import plan_merge
from core.services.packages.contents import (
    PACKAGE_ID,
    PACKAGE_PERSON,
    WORKSPACE_ID,
    Contents,
    everything,
    for_rating,
    for_reader,
    for_verifier,
    own_work,
)
from core.services.packages.files import Trust, keep_images, opened, require_trust, trust_in
from core.services.packages.limits import PACKAGE_KIND, limits_of
from core.services.packages.shares import Shares, remember_sent, shares_of
from core.services.packages.work import WorkState, work_of
from core.tasks import CancelToken, Progress, ProgressCallback, ignore_progress

if TYPE_CHECKING:
    from core.clock import Clock
    from core.imaging.store import MediaStore
    from core.services.ports import Database, Transaction
    from core.signing_keys import KeyState, SigningKey

ME: Final = "me"
"""The setting that names who sits here."""
OPENED: Final = "package.opened"
"""The audit event of a package that was filled in; its subject is the package."""


_RETURNED: Final = (
    RecordKind.ANSWER,
    RecordKind.SITTING,
    RecordKind.REMARK,
    RecordKind.GRADING,
)
"""Of which there must be something in a return."""


@dataclass(frozen=True, slots=True)
class PackageRequest:
    """What to pack: `person` is who it is for (of a return: who did the work).

    `questions` is an assignment of questions to verify; None means all that are open.
    `key_passphrase` opens the sender's signing key where no keyring keeps it.
    """

    kind: PackageKind
    person: PersonId
    questions: Collection[QuestionId] | None = None
    passphrase: str = field(default="", repr=False)
    key_passphrase: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Outline:
    """What a package would hold: questions, images and bytes before packing."""

    questions: int
    images: int
    size_bytes: int
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MadePackage:
    """A package that was written; `note` says where the signing key lies, if not in a keyring."""

    path: Path
    facts: PackageFacts
    counts: dict[RecordKind, int]
    media: int
    left_out: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a package says of itself before it is opened; its signature is right."""

    facts: PackageFacts
    trust: Trust
    fingerprint: str


class PackagesService:
    """Makes packages and opens them."""

    def __init__(
        self, database: Database, clock: Clock, media: MediaStore, keys: Path, program: str
    ) -> None:
        self._database = database
        self._clock = clock
        self._media = media
        self._keys = keys
        self._program = program
        self._key_passphrases: dict[PersonId, str] = {}

    def key_state(self, sender: PersonId) -> KeyState:
        """Return whether this person can sign here at once, or what is missing."""
        from core.signing_keys import KeyState, key_state

        known = sender in self._key_passphrases
        return KeyState.READY if known else key_state(sender, self._keys)

    def outline(self, request: PackageRequest) -> Outline:
        """Return what `make` would pack; raise `WorkflowError` when that is nothing."""
        with self._database.read() as tx:
            contents = self._contents(tx, request)
        media = [one.data["size_bytes"] for one in contents.records.get(RecordKind.MEDIA, ())]
        texts = (one for some in contents.records.values() for one in some)
        size = sum(media) + sum(len(canonical_json(one.data)) for one in texts)
        return Outline(contents.questions, len(contents.media), size, contents.left_out)

    def shares(self, people: Collection[PersonId], *, seed: int = 0) -> Shares:
        """Share what is open among verifiers: two for each question, never its author."""
        with self._database.read() as tx:
            return shares_of(tx, people, seed=seed)

    def deal(self, shares: Shares) -> Outcome[None]:
        """Keep who verifies what, so that packages made one by one belong together."""
        with self._database.write() as tx:
            remember_sent(tx, shares.questions)
        return Outcome(None, Changes())

    def make(
        self,
        request: PackageRequest,
        sender: PersonId,
        target: Path,
        *,
        cancel: CancelToken | None = None,
        progress: ProgressCallback = ignore_progress,
    ) -> Outcome[MadePackage]:
        """Write a package; raise `WorkflowError` when there is nothing to send."""
        from core.signing_keys import own_key

        token = cancel or CancelToken()
        passphrase = request.key_passphrase or self._key_passphrases.get(sender, "")
        key = own_key(sender, self._keys, passphrase=passphrase)
        if key.note:
            self._key_passphrases[sender] = passphrase
        with self._database.write() as tx:
            _ensure_workspace_id(tx, self._clock)
        with self._database.read() as tx:
            contents = self._contents(tx, request)
            facts = self._facts(tx, request, sender, key)
        with writing(target, passphrase=request.passphrase) as package:
            counts = {
                kind: package.records(kind, contents.records.get(kind, ())) for kind in RecordKind
            }
            for done, media in enumerate(contents.media, 1):
                token.raise_if_cancelled()
                progress(Progress(done, len(contents.media), "images"))
                package.media(media, self._bare(media))
            package.finish(facts, key.private)
        self._note_made(request, sender, facts, contents)
        made = MadePackage(
            target,
            facts,
            {kind: count for kind, count in counts.items() if count},
            len(contents.media),
            contents.left_out,
            key.note,
        )
        return Outcome(made, Changes())

    def _note_made(
        self, request: PackageRequest, sender: PersonId, facts: PackageFacts, contents: Contents
    ) -> None:
        with self._database.write() as tx:
            action = f"package.{request.kind.value}"
            tx.audit.append(person=sender, action=action, subject=facts.id, content="")
            if request.kind is PackageKind.VERIFY:
                blinds = contents.records.get(RecordKind.BLIND_QUESTION, ())
                asked = [QuestionId(one.data["question"]) for one in blinds]
                remember_sent(tx, {request.person: asked})

    def trust(self, facts: PackageFacts) -> Trust:
        """Return what is known here of the signer of a package."""
        with self._database.read() as tx:
            return trust_in(tx, facts)

    def inspect(self, path: Path, *, passphrase: str = "") -> Inspection:
        """Return what a package says of itself; raise `ExchangeError` when it is refused."""
        with reading(path, passphrase=passphrase) as package, self._database.read() as tx:
            trust = trust_in(tx, package.facts)
            shown = fingerprint(package.facts.sender.public_key)
            return Inspection(package.facts, trust, shown)

    def fill(
        self,
        path: Path,
        *,
        passphrase: str = "",
        accepts_new_key: bool = False,
        cancel: CancelToken | None = None,
        progress: ProgressCallback = ignore_progress,
    ) -> Outcome[PackageFacts]:
        """Store a package in this workspace: an empty one, or one opened for the same person."""
        token = cancel or CancelToken()
        with opened([path], passphrase=passphrase, cancel=token, progress=progress) as files:
            file = files[0]
            with self._database.read() as tx:
                _require_place(tx, file.facts)
                if _was_opened(tx, file.facts):  # an older file must not outrank a newer one
                    return Outcome(file.facts)
            keep_images(files, self._media, token)
            with self._database.write() as tx:
                _require_place(tx, file.facts)
                require_trust(tx, file.facts, accepts_new_key=accepts_new_key)
                _ensure_workspace_id(tx, self._clock)
                person = _who_opens(file.facts)
                if file.facts.kind.is_blind:
                    apply_blind(tx, file.incoming, person)
                    tx.settings.set(PACKAGE_KIND, file.facts.kind.value)
                    tx.settings.set(PACKAGE_ID, file.facts.id)
                    tx.settings.set(PACKAGE_PERSON, person)
                else:
                    apply_plan(tx, plan_merge(tx, [file.incoming]), person)
                tx.settings.set(ME, tx.people.get(person).id)
                tx.audit.append(person=person, action=OPENED, subject=file.facts.id)
        kinds = (Kind.QUESTION, Kind.PERSON, Kind.SITTING, Kind.MEDIA, Kind.SETTING)
        changes = Changes(frozenset((kind, "") for kind in kinds))
        return Outcome(file.facts, changes)

    def limits(self) -> PackageKind | None:
        """Return the kind of package that this workspace was opened from; None: it is whole."""
        with self._database.read() as tx:
            return limits_of(tx)

    def work(self, person: PersonId) -> WorkState:
        """Return how far this person is here, and whether all of it was sent."""
        with self._database.read() as tx:
            return work_of(tx, person)

    def _contents(self, tx: Transaction, request: PackageRequest) -> Contents:
        contents = _chosen(tx, request, self._clock)
        is_empty = (
            not any(contents.records.get(kind) for kind in _RETURNED)
            if request.kind is PackageKind.RETURN
            else not contents.questions
        )
        if is_empty:
            reasons = " ".join(contents.left_out)
            name = tx.people.get(request.person).name
            raise WorkflowError(
                f"There is nothing to {request.kind.value} for {name}. {reasons}".strip(),
                hint="Look at the stages of the questions and at what was done already.",
            )
        return contents

    def _bare(self, media: MediaId) -> bytes:
        from core.imaging.clearing.bare import is_bare

        data = self._media.read(media)
        if not is_bare(data):  # only a database changed by hand says that it is cleared
            raise BlindingError(
                f"The image {media[:12]}… holds more than a picture, so nothing was sent.",
                hint="Clear it of patient data again.",
            )
        return data

    def _facts(
        self, tx: Transaction, request: PackageRequest, sender: PersonId, key: SigningKey
    ) -> PackageFacts:
        me = tx.people.get(sender)
        return PackageFacts(
            id=self._clock.new_id(),
            kind=request.kind,
            created_at=utc_text(self._clock.now()),
            program=self._program,
            # The sender may be an author, and a reader must not learn names of authors.
            sender=Signer(sender, "" if request.kind.is_blind else me.name, key.public_key),
            workspace=tx.settings.get(WORKSPACE_ID),
            addressee=request.person if request.kind.is_blind else None,
        )


def _chosen(tx: Transaction, request: PackageRequest, clock: Clock) -> Contents:
    is_limited = bool(tx.settings.get(PACKAGE_KIND))
    if is_limited and request.kind is not PackageKind.RETURN:
        raise WorkflowError(
            "This workspace came from a package; only your own work goes back from here.",
            hint="Make a package of the kind “return”.",
        )
    match request.kind:
        case PackageKind.VERIFY:
            return for_verifier(tx, request.person, request.questions)
        case PackageKind.RATE:
            return for_rating(tx, request.person, request.questions, at=clock.now())
        case PackageKind.READ:
            return for_reader(tx, request.person)
        case PackageKind.RETURN:
            return own_work(tx, request.person)
        case PackageKind.WORKSPACE:
            return everything(tx)
        case _:
            assert_never(request.kind)


def _who_opens(facts: PackageFacts) -> PersonId:
    return facts.addressee or facts.sender.id


def _require_place(tx: Transaction, facts: PackageFacts) -> None:
    if facts.kind is PackageKind.RETURN:
        raise ExchangeError(
            f"The file holds the work of {facts.sender.name} on its way back.",
            hint="Merge it into the workspace that the questions came from.",
        )
    if not tx.people.all():
        return
    is_same = tx.settings.get(PACKAGE_PERSON) == facts.addressee
    if not (facts.kind.is_blind and tx.settings.get(PACKAGE_KIND) and is_same):
        raise ExchangeError(
            "The file is for a workspace of its own.",
            hint="Open it; it makes a new folder.",
        )


def _was_opened(tx: Transaction, facts: PackageFacts) -> bool:
    return any(one.action == OPENED and one.subject == facts.id for one in reversed(tx.audit.all()))


def _ensure_workspace_id(tx: Transaction, clock: Clock) -> None:
    if not tx.settings.get(WORKSPACE_ID):
        tx.settings.set(WORKSPACE_ID, clock.new_id())
