"""Undo of writing: each step swaps frozen drafts; a burst of typing in one field is one step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Self

from core.domain.body import Body
from core.domain.key import Key
from core.domain.links import Links
from core.domain.plain import Plain
from core.domain.revision import Draft
from core.domain.source import Source
from core.domain.taxonomy import Label

BURST_S: Final = 2.0
"""Typing in one field that goes on within this time is one step."""
MAX_STEPS: Final = 500


@dataclass(frozen=True, slots=True)
class EditStep:
    """One step: the parts of the draft that it changed, as they were and as they became."""

    number: int
    field: str
    before: Plain
    after: Plain
    is_undone: bool = False


def make_step(number: int, field: str, before: Draft, after: Draft) -> EditStep:
    """Return the step from one draft to another."""
    old, new = _parts(before), _parts(after)
    changed = [name for name in old if old[name] != new[name]]
    return EditStep(
        number, field, {name: old[name] for name in changed}, {name: new[name] for name in changed}
    )


class EditLog:
    """The steps of one draft, oldest first: those done, then those undone.

    `unstored()` tells what a store has to replace to hold the same.
    """

    def __init__(self, steps: Iterable[EditStep] = ()) -> None:
        known = sorted(steps, key=lambda one: one.number)
        self._done = [one for one in known if not one.is_undone]
        self._undone = [one for one in reversed(known) if one.is_undone]
        self._stored_below = self._next_number()
        self._burst_s: float | None = None

    @classmethod
    def anew(cls, stale: Iterable[EditStep]) -> Self:
        """Return an empty log that takes the place of one which no longer fits."""
        log = cls()
        log._stored_below = min((one.number for one in stale), default=1)
        return log

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return bool(self._undone)

    @property
    def undo_field(self) -> str:
        """The field that the next undo changes, or an empty string."""
        return self._done[-1].field if self._done else ""

    @property
    def redo_field(self) -> str:
        """The field that the next redo changes, or an empty string."""
        return self._undone[-1].field if self._undone else ""

    def fits(self, draft: Draft) -> bool:
        """Tell whether the last step led to this draft; if not, it was changed elsewhere."""
        parts = _parts(draft)
        ends = [self._done[-1].after] if self._done else []
        ends += [self._undone[-1].before] if self._undone else []
        return all(parts[name] == value for end in ends for name, value in end.items())

    def note(
        self, before: Draft, after: Draft, field: str, now_s: float, *, joins: bool = True
    ) -> None:
        """Remember a step; `joins` lets it be part of a burst of typing."""
        self._forget_undone()
        if joins and self._is_in_burst(field, now_s):
            last = self._done.pop()
            step = make_step(last.number, field, apply(before, last.before), after)
        else:
            step = make_step(self._next_number(), field, before, after)
        self._touch(step.number)
        self._burst_s = now_s if joins else None
        if step.before:
            self._done.append(step)
        else:
            # Typed and deleted again: nothing is left to take back.
            self._burst_s = None
        del self._done[:-MAX_STEPS]

    def undo(self, current: Draft) -> tuple[Draft, str]:
        """Return the draft before the last step and the field that changes."""
        step = self._done.pop()
        self._undone.append(replace(step, is_undone=True))
        self._touch(step.number)
        self._burst_s = None
        return apply(current, step.before), step.field

    def redo(self, current: Draft) -> tuple[Draft, str]:
        """Return the draft after the step undone last and the field that changes."""
        step = self._undone.pop()
        self._done.append(replace(step, is_undone=False))
        self._touch(step.number)
        self._burst_s = None
        return apply(current, step.after), step.field

    def unstored(self) -> tuple[int, tuple[EditStep, ...]]:
        """Return the number from which on a stored log is out of date, and what belongs there."""
        first = self._stored_below
        return first, tuple(one for one in self._all() if one.number >= first)

    @property
    def oldest(self) -> int:
        """The number of the oldest step that is remembered."""
        return min((one.number for one in self._all()), default=self._stored_below)

    def mark_stored(self) -> None:
        """Take note that a store holds the same now."""
        self._stored_below = self._next_number()

    def _all(self) -> list[EditStep]:
        return [*self._done, *reversed(self._undone)]

    def _next_number(self) -> int:
        return max((one.number for one in self._all()), default=0) + 1

    def _is_in_burst(self, field: str, now_s: float) -> bool:
        if self._burst_s is None or not self._done or self._done[-1].field != field:
            return False
        return now_s - self._burst_s < BURST_S

    def _forget_undone(self) -> None:
        if self._undone:
            self._touch(min(one.number for one in self._undone))
            self._undone.clear()

    def _touch(self, number: int) -> None:
        self._stored_below = min(self._stored_below, number)


def apply(draft: Draft, parts: Plain) -> Draft:
    """Return the draft with these parts in place of its own."""
    merged = _parts(draft) | parts
    return Draft(
        question=draft.question,
        body=Body.from_plain(_group(merged, "body")),
        key=Key.from_plain(_group(merged, "key")),
        labels=frozenset(Label(axis, value) for axis, value in merged["labels"]),
        source=Source.from_plain(_group(merged, "source")),
    )


# What is of one format goes together: a format without its options is no body.
_FORMAT: Final = ("format", "asked", "right")


def _parts(draft: Draft) -> Plain:
    # A body writes these only where they are not what is usual; a step back must say so.
    usual: Plain = {"layout": "", "links": Links().to_plain()}
    body, key = usual | draft.body.to_plain(), draft.key.to_plain()
    found: Plain = {
        "answer": {
            "body": {name: body[name] for name in _FORMAT if name in body},
            "key": {name: key[name] for name in _FORMAT if name in key},
        },
        "labels": sorted([label.axis, label.value] for label in draft.labels),
    }
    for group, values in (("body", body), ("key", key), ("source", draft.source.to_plain())):
        found |= {f"{group}.{name}": one for name, one in values.items() if name not in _FORMAT}
    return found


def _group(parts: Plain, group: str) -> Plain:
    start = f"{group}."
    values: Plain = {
        name.removeprefix(start): one for name, one in parts.items() if name.startswith(start)
    }
    values |= parts["answer"].get(group, {})
    return values
