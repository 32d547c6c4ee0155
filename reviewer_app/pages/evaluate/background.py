"""Answers of background work that come after their page has gone."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject
from shiboken6 import isValid

Value = TypeVar("Value")


def while_alive(owner: QObject, take: Callable[[Value], object]) -> Callable[[Value], None]:
    """Return `take`, which does nothing once `owner` was deleted: nobody waits any more."""

    def take_if_alive(value: Value) -> None:
        if isValid(owner):
            take(value)

    return take_if_alive
