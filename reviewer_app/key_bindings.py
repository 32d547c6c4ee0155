"""What a key is bound to, and which keys are claimed twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QKeySequence

_CONTEXT: Final = "actions"
EVERYWHERE: Final[frozenset[str]] = frozenset()
"""The places of a key that works in the whole window."""


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """An action with its name in the preferences, its text, its default key and its places."""

    name: str
    text: str
    keys: str
    places: frozenset[str] = EVERYWHERE

    @property
    def display_text(self) -> str:
        """The text in the language of the window."""
        return say(self.text)


@dataclass(frozen=True, slots=True)
class BindingGroup:
    """Actions whose keys are chosen together."""

    title: str
    bindings: tuple[KeyBinding, ...]

    @property
    def display_title(self) -> str:
        """The title in the language of the window."""
        return say(self.title)


def find_clashes(
    keys: Mapping[str, str], bindings: Iterable[KeyBinding] = ()
) -> dict[str, tuple[str, ...]]:
    """Return, for each key that several actions claim in one place, the names of those actions.

    Actions of no binding are taken as claiming their key everywhere.
    """
    places = {one.name: one.places for one in bindings}
    users: dict[str, list[str]] = defaultdict(list)
    for name, text in keys.items():
        normal = normal_keys(text)
        if normal:
            users[normal].append(name)
    clashes = {}
    for key, names in users.items():
        mine = [places.get(name, EVERYWHERE) for name in names]
        meeting = tuple(
            name
            for number, name in enumerate(names)
            if any(_meet(mine[number], other) for at, other in enumerate(mine) if at != number)
        )
        if meeting:
            clashes[key] = meeting
    return clashes


def normal_keys(text: str) -> str:
    """Return a key in the way in which all are compared; empty for none."""
    return QKeySequence(text).toString()


def native_keys(text: str) -> str:
    """Return a key as this desktop writes it."""
    return QKeySequence(text).toString(QKeySequence.SequenceFormat.NativeText)


def noop(text: str) -> str:
    """Mark a text of a binding for translation."""
    return str(QT_TRANSLATE_NOOP(_CONTEXT, text))


def say(text: str) -> str:
    """Return the text of a binding in the language of the window."""
    return QCoreApplication.translate(_CONTEXT, text)


def _meet(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or not one.isdisjoint(other)
