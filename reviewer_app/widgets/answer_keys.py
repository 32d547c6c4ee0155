"""Keys of a sitting beside the answer: what they do, and which are chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from PySide6.QtCore import QObject

from reviewer_app.key_bindings import BindingGroup, ChosenKeys, KeyBinding, KeyRing, noop


class AnswerKey(StrEnum):
    """What a key can do beside answering; the value is its name in the preferences."""

    FLAG = "answer_flag"
    COMMENT = "answer_comment"


ANSWER_KEYS: Final = BindingGroup(
    noop("Answering in a sitting"),
    (
        KeyBinding(AnswerKey.FLAG, noop("Flag the question"), "F"),
        KeyBinding(AnswerKey.COMMENT, noop("Comment on the question"), "C"),
    ),
)
"""They meet the keys of the images, which are beside the answer."""
FREE_KEYS: Final = frozenset({"C"})
"""Kept for a comment elsewhere, and so for one here."""


@dataclass(frozen=True)
class AnswerKeys(ChosenKeys):
    """The chosen keys of a sitting."""

    defaults: ClassVar[Mapping[str, str]] = {one.name: one.keys for one in ANSWER_KEYS.bindings}


class AnswerKeyRing(KeyRing[AnswerKeys]):
    """The chosen keys of all sittings of a window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(AnswerKeys(), parent)
