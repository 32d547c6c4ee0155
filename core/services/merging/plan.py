"""What merging files would do: new, same, joined, waiting and in conflict; nothing is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from core.domain.ids import QuestionId, RevisionId
from core.domain.merge import Version, heads, join, profile_of, rivals
from core.domain.package import MERGED, PackageFacts, PackageKind, Record, RecordKind
from core.domain.plain import canonical_json, sha256_of
from core.domain.stage import Stage
from core.errors import ExchangeError
from core.services.packages.contents import WORKSPACE_ID

if TYPE_CHECKING:
    from core.services.ports import Transaction

Records = dict[RecordKind, list[Record]]

_STARTED: Final = (Stage.BLINDED.value, Stage.IN_VERIFICATION.value)
_OWNED_BY: Final = {
    RecordKind.PROFILE: "id",
    RecordKind.STAGE_MOVE: "person",
    RecordKind.ANSWER: "respondent_id",
    RecordKind.VERIFICATION: "verifier",
    RecordKind.SITTING: "reader",
    RecordKind.REMARK: "reader",
    RecordKind.GRADING: "person",
}


@dataclass(frozen=True, slots=True)
class Incoming:
    """The checked content of one package."""

    facts: PackageFacts
    records: Records


@dataclass(frozen=True, slots=True)
class KindCount:
    """Records of one kind: not here yet, here already, here and brought up to date, waiting."""

    kind: RecordKind
    new: int = 0
    same: int = 0
    changed: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class HeadConflict:
    """A question that was changed in two places; `mine` is the version that counted here."""

    question: QuestionId
    number: int
    mine: RevisionId
    theirs: tuple[RevisionId, ...]


@dataclass(frozen=True, slots=True)
class MergePlan:
    """All that a merge would store."""

    new: Records = field(default_factory=dict)
    changed: list[Record] = field(default_factory=list)
    waiting: list[Record] = field(default_factory=list)
    counts: tuple[KindCount, ...] = ()
    conflicts: tuple[HeadConflict, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything is here already."""
        return not self.changed and not any(self.new.values())


def require_own(incoming: Incoming) -> None:
    """Raise `ExchangeError` when a return holds anything that is not its sender's own work."""
    if incoming.facts.kind is not PackageKind.RETURN:
        return
    sender = incoming.facts.sender.id
    for kind, field_name in _OWNED_BY.items():
        for record in incoming.records.get(kind, ()):
            is_step = kind is RecordKind.STAGE_MOVE
            if record.data[field_name] != sender or (
                is_step and (record.data["start"], record.data["end"]) != _STARTED
            ):
                raise ExchangeError(
                    "The file holds work of somebody else than the person who signed it.",
                    hint="Nobody can send the work of others; ask that person for their own file.",
                )


def plan_merge(tx: Transaction, files: Iterable[Incoming]) -> MergePlan:
    """Compare files, together, with what is here; raise `ConflictError` for changed facts."""
    arrived = _joined(tx.records.waiting(), files)
    homeless = _apply_profiles(tx, arrived)
    own = tx.settings.get(WORKSPACE_ID)
    chains = arrived.get(RecordKind.AUDIT, {})
    arrived[RecordKind.AUDIT] = {
        name: one for name, one in chains.items() if one.data["workspace"] != own
    }
    arrived = {kind: arrived[kind] for kind in RecordKind if kind in arrived}
    here = {kind: tx.records.here_of(list(some.values())) for kind, some in arrived.items()}
    placed, waiting = _placed(tx, arrived, here)
    waiting += homeless
    new: Records = {}
    changed: list[Record] = []
    counts = []
    for kind, some in arrived.items():
        known = here[kind]
        late = {one.id for one in waiting if one.kind is kind}
        fresh = [one for name, one in some.items() if name in placed[kind] and name not in known]
        updated = []
        for name, record in some.items():
            if name in known:
                data = join(known[name].data, record.data, kind)
                if data != known[name].data:
                    updated.append(Record(kind, data))
        if kind is RecordKind.DRAFT:
            fresh, updated = _untouched_drafts(tx, fresh), []
        new[kind] = fresh
        changed += updated
        same = len(some) - len(fresh) - len(updated) - len(late)
        counts.append(KindCount(kind, len(fresh), same, len(updated), len(late)))
    return MergePlan(
        new,
        changed,
        waiting,
        tuple(one for one in counts if one.kind in MERGED or one.new),
        _conflicts(tx, new),
        _notes(tx, new),
    )


def versions_with(tx: Transaction, new: Records) -> dict[str, dict[str, Version]]:
    """Return the versions of questions that get new revisions, the new ones included."""
    fresh = new.get(RecordKind.REVISION, [])
    keys = {one.id: one.data["content"] for one in new.get(RecordKind.KEY, ())}
    found = defaultdict(dict, tx.records.versions({one.data["question"] for one in fresh}))
    for one in fresh:
        data = one.data
        parents = tuple(name for name in (data["parent"], data["merged_parent"]) if name)
        key = canonical_json(keys[one.id]) if one.id in keys else None
        content = sha256_of([canonical_json(data["body"]), key])
        found[data["question"]][one.id] = Version(one.id, parents, data["created_at"], content)
    return found


def _joined(
    waiting: Iterable[Record], files: Iterable[Incoming]
) -> dict[RecordKind, dict[str, Record]]:
    """Return everything that arrived, once: copies of a record within the files are joined."""
    found: dict[RecordKind, dict[str, Record]] = {kind: {} for kind in RecordKind}
    every = [*waiting, *(one for file in files for some in file.records.values() for one in some)]
    for record in every:
        known = found[record.kind].get(record.id)
        data = record.data if known is None else join(known.data, record.data, record.kind)
        found[record.kind][record.id] = Record(record.kind, data)
    return {kind: some for kind, some in found.items() if some}


def _placed(
    tx: Transaction,
    arrived: Mapping[RecordKind, Mapping[str, Record]],
    here: Mapping[RecordKind, Mapping[str, Record]],
) -> tuple[dict[RecordKind, set[str]], list[Record]]:
    """Part what can be stored from what names something that is not here yet."""
    present = _present(tx, arrived)
    placed: dict[RecordKind, set[str]] = {kind: set() for kind in RecordKind}
    waiting: list[Record] = []
    for kind, some in arrived.items():
        left = {name: one for name, one in some.items() if name not in here[kind]}
        while True:
            ready = [
                name
                for name, one in left.items()
                if all(ref in placed[of] or ref in present[of] for of, ref in one.references())
            ]
            if not ready:
                break
            placed[kind].update(ready)
            for name in ready:
                del left[name]
        waiting += left.values()
    return placed, waiting


def _present(
    tx: Transaction, arrived: Mapping[RecordKind, Mapping[str, Record]]
) -> dict[RecordKind, set[str]]:
    named: dict[RecordKind, set[str]] = {kind: set() for kind in RecordKind}
    for some in arrived.values():
        for record in some.values():
            for kind, name in record.references():
                named[kind].add(name)
    return {
        kind: set(tx.records.some(kind, names)) if names else set() for kind, names in named.items()
    }


def _untouched_drafts(tx: Transaction, fresh: list[Record]) -> list[Record]:
    """Return drafts of questions that are new here; elsewhere the own working copy counts."""
    here = tx.records.some(RecordKind.QUESTION, {one.id for one in fresh})
    return [one for one in fresh if one.id not in here]


def _conflicts(tx: Transaction, new: Records) -> tuple[HeadConflict, ...]:
    found = []
    for name, versions in versions_with(tx, new).items():
        ends = heads(versions)
        known = tx.records.some(RecordKind.QUESTION, [name]).get(name)
        if known is None or not rivals(ends):
            continue
        question = tx.questions.get(QuestionId(name))
        if question.current_revision is None:
            continue
        mine = question.current_revision
        theirs = tuple(RevisionId(one.id) for one in ends if one.id != mine)
        found.append(HeadConflict(question.id, question.number, mine, theirs))
    return tuple(sorted(found, key=lambda one: one.number))


def _notes(tx: Transaction, new: Records) -> tuple[str, ...]:
    notes = []
    changed = {one.data["question"] for one in new.get(RecordKind.REVISION, ())}
    for name in tx.records.some(RecordKind.DRAFT, changed):
        number = tx.questions.get(QuestionId(name)).number
        notes.append(
            f"Question {number} has unfinished changes here and a new version in the file; "
            "compare them before you finish yours."
        )
    notes += [
        f"Question {one.data['number']} is in the bin here and has a new version in the file; "
        "it stays in the bin until it is restored."
        for one in tx.records.some(RecordKind.QUESTION, changed).values()
        if one.data["stage"] == Stage.IN_BIN.value
    ]
    people = {one.name.casefold() for one in tx.people.all()}
    notes += [
        f"There are now two people named {one.data['name']}."
        for one in new.get(RecordKind.PERSON, ())
        if one.data["name"].casefold() in people
    ]
    return tuple(notes)


def _apply_profiles(tx: Transaction, arrived: dict[RecordKind, dict[str, Record]]) -> list[Record]:
    """Turn profiles into newer forms of people; return those of people not known yet."""
    profiles = arrived.pop(RecordKind.PROFILE, {})
    here = tx.records.some(RecordKind.PERSON, set(profiles))
    people = arrived.get(RecordKind.PERSON, {})
    homeless = []
    for name, profile in profiles.items():
        person = people.get(name) or here.get(name)
        if person is None:
            homeless.append(profile)
        else:
            people[name] = _with_profile(person, profile)
    if people:
        arrived[RecordKind.PERSON] = people
    return homeless


def _with_profile(person: Record, profile: Record) -> Record:
    theirs = {name: value for name, value in profile.data.items() if name != "id"}
    mine = profile_of(person.data)
    newest = max(mine, theirs, key=lambda one: (one["profile_at"], canonical_json(one)))
    return Record(person.kind, person.data | newest)
