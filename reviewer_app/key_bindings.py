"""What keys are bound to, which are chosen in a window, and which are claimed twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Generic, Self, TypeVar

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

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


@dataclass(frozen=True)
class ChosenKeys:
    """The chosen key of each of some actions; what was not chosen is the default."""

    defaults: ClassVar[Mapping[str, str]] = {}
    chosen: Mapping[str, str] = field(default_factory=dict)

    def keys(self, name: str) -> str:
        """Return the key of an action as settings hold it; empty for none."""
        return self.chosen.get(name, self.defaults[name])

    def text(self, *names: str) -> str:
        """Return the keys of actions as this desktop writes them: “T, Shift+T”."""
        return ", ".join(filter(None, (native_keys(self.keys(name)) for name in names)))

    def tip(self, text: str, *names: str) -> str:
        """Return a text with the keys of its actions behind it, if there are any."""
        keys = self.text(*names)
        return f"{text} ({keys})" if keys else text

    def entry(self, text: str, name: str) -> str:
        """Return a text for a menu with its key at the right."""
        keys = self.text(name)
        return f"{text}\t{keys}" if keys else text


Keys = TypeVar("Keys", bound=ChosenKeys)


class KeyRing(QObject, Generic[Keys]):
    """Keys that hold now in a window; widgets in it find them. Signal: `changed()`."""

    changed = Signal()

    def __init__(self, keys: Keys, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys = keys

    def keys(self) -> Keys:
        """Return the keys that hold now."""
        return self._keys

    def choose(self, keys: Keys) -> None:
        """Let other keys hold."""
        if keys != self._keys:
            self._keys = keys
            self.changed.emit()

    @classmethod
    def of(cls, widget: QWidget) -> Self | None:
        """Return the ring of the window that a widget is in."""
        return widget.window().findChild(cls, options=Qt.FindChildOption.FindDirectChildrenOnly)


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
