"""How two copies of the same work become one: pure rules, the same result in every order.

Records are joined one by one; every join takes the larger of two by a total order, so joining
is commutative, associative and idempotent. Stage, current revision, labels and revision numbers
are derived anew from all joined records.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from core.domain.package import Record, RecordKind
from core.domain.plain import Plain, canonical_json, sha256_of
from core.domain.run import RunStatus
from core.domain.stage import Stage
from core.errors import ConflictError

_PROFILE: Final = ("specialty", "years_in_practice", "specialty_confidence", "profile_at")
_RUN_RANK: Final = {
    RunStatus.PLANNED: 0,
    RunStatus.RUNNING: 1,
    RunStatus.PAUSED: 1,
    RunStatus.FINISHED: 2,
}
_APPROVED_STAGES: Final = (Stage.BLINDED, Stage.IN_VERIFICATION, Stage.VERIFIED)


def join(mine: Plain, theirs: Plain, kind: RecordKind) -> Plain:
    """Return the one record that two copies of it make; raise `ConflictError` if they may not.

    Facts never change, so two versions of one are damage or forgery.
    """
    if mine == theirs:
        return mine
    match kind:
        case RecordKind.PERSON:
            named = max(mine, theirs, key=lambda one: (one["changed_at"], canonical_json(one)))
            return named | profile_of(
                max(mine, theirs, key=lambda one: (one["profile_at"], _text(profile_of(one))))
            )
        case RecordKind.PROFILE:
            return max(mine, theirs, key=lambda one: (one["profile_at"], _text(one)))
        case RecordKind.SITTING:
            return max(mine, theirs, key=_progress)
        case RecordKind.RUN:
            return max(
                mine,
                theirs,
                key=lambda one: (_RUN_RANK[one["status"]], one["finished_at"] or "", _text(one)),
            )
        case RecordKind.QUESTION if _identity(mine) == _identity(theirs):
            return mine
        case RecordKind.JUDGE if mine["spec_hash"] == theirs["spec_hash"]:
            return min(mine, theirs, key=lambda one: (one["created_at"], _text(one)))
        case RecordKind.MEDIA:
            return max(mine, theirs, key=_text)
        case _:
            raise ConflictError(
                f"The file holds another version of a record that is here already ({kind.value} "
                f"{Record(kind, mine).id[:12]}…), and such records never change.",
                hint="Ask the sender for a new file; this one is damaged or was altered.",
            )


def profile_of(person: Plain) -> Plain:
    """Return what a person says of themselves."""
    return {name: person[name] for name in _PROFILE}


def _identity(question: Plain) -> Plain:
    # Number and stage are derived; two copies may differ in them.
    return {name: question[name] for name in ("id", "author", "created_at", "origin")}


def _progress(sitting: Plain) -> tuple[int, str, float, float, str]:
    finished = sitting["finished_at"] or ""
    spent, idle = float(sitting["spent_s"]), float(sitting["idle_s"])
    return sitting["position"], finished, spent, idle, _text(sitting)


def _text(data: Plain) -> str:
    return canonical_json(data)


@dataclass(frozen=True, slots=True)
class Step:
    """A step through the stages; `previous` is the id of the step known before it."""

    id: str
    previous: str
    end: Stage
    moved_at: str
    reason: str


def step_id(move: Plain) -> str:
    """Return the identity of a step, made of what it says and of the step before it."""
    names = ("question", "start", "end", "person", "moved_at", "reason", "previous")
    return sha256_of([move[name] for name in names])


def last_step(steps: Iterable[Step]) -> Step | None:
    """Return the step that counts: the end of the longest chain, whatever the clocks say."""
    found = in_order(steps)
    return found[-1] if found else None


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Return steps along their chains, the one that counts last.

    Between chains of one length work outweighs the bin, and a step with a reason one without;
    then the later one.
    """
    known = {step.id: step for step in steps}
    depths: dict[str, int] = {}

    def depth(step: Step) -> int:
        path = []
        at: Step | None = step
        while at is not None and at.id not in depths:
            path.append(at.id)
            depths[at.id] = 0  # a forged circle ends here
            at = known.get(at.previous)
        below = depths[at.id] if at is not None else 0
        for place, one in enumerate(reversed(path), 1):
            depths[one] = below + place
        return depths[step.id]

    return sorted(
        known.values(),
        key=lambda one: (
            depth(one),
            one.end is not Stage.IN_BIN,
            bool(one.reason.strip()),
            one.moved_at,
            one.id,
        ),
    )


@dataclass(frozen=True, slots=True)
class Version:
    """What merging must know of a revision; `content` is the hash of body and key."""

    id: str
    parents: tuple[str, ...]
    created_at: str
    content: str


def heads(versions: Mapping[str, Version]) -> tuple[Version, ...]:
    """Return the versions that nobody has built upon, by age."""
    parents = {parent for one in versions.values() for parent in one.parents}
    found = [one for one in versions.values() if one.id not in parents]
    return tuple(sorted(found, key=_age))


def choose_current(found: Collection[Version], approved: Collection[str]) -> Version | None:
    """Return the head that counts until somebody decides: an approved one, then the newest."""
    return max(found, key=lambda one: (one.id in approved, *_age(one)), default=None)


def rivals(found: Collection[Version]) -> bool:
    """Tell whether heads contradict each other; equal content is no conflict."""
    return len({one.content for one in found}) > 1


def numbered(versions: Mapping[str, Version], current: str) -> dict[str, int]:
    """Return numbers from 1, parents before children, by age, the current one last."""
    waiting = {one.id: len([p for p in one.parents if p in versions]) for one in versions.values()}
    children: dict[str, list[str]] = {}
    for one in versions.values():
        for parent in one.parents:
            children.setdefault(parent, []).append(one.id)

    def rank(one: str) -> tuple[bool, str, str]:
        return one == current, *_age(versions[one])

    ready = [rank(one) for one, count in waiting.items() if not count]
    heapq.heapify(ready)
    order: list[str] = []
    while ready:
        taken = heapq.heappop(ready)[-1]
        order.append(taken)
        for child in children.get(taken, ()):
            waiting[child] -= 1
            if not waiting[child]:
                heapq.heappush(ready, rank(child))
    return {one: number for number, one in enumerate(order, 1)}


def common_base(versions: Mapping[str, Version], one: str, other: str) -> str | None:
    """Return the newest version that both were made from, or None."""
    shared = _ancestors(versions, one) & _ancestors(versions, other)
    found = heads({name: versions[name] for name in shared})
    return found[-1].id if found else None


def derive_stage(
    steps: Iterable[Step], current: str | None, approved: Collection[str], *, stored: Stage
) -> Stage:
    """Return where a question stands; without any step it stays where it is `stored`.

    A current version that was written without knowing of an approval has to be approved itself.
    """
    last = last_step(steps)
    if last is None:
        return stored
    if last.end in _APPROVED_STAGES and approved and current not in approved:
        return Stage.DRAFT
    return last.end


def _ancestors(versions: Mapping[str, Version], start: str) -> set[str]:
    found: set[str] = set()
    todo = [start]
    while todo:
        name = todo.pop()
        if name in found or name not in versions:
            continue
        found.add(name)
        todo += versions[name].parents
    return found


def _age(version: Version) -> tuple[str, str]:
    return version.created_at, version.id
