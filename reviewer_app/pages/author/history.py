"""Undo of writing: whole drafts are swapped, a burst of typing in one field is one step."""

from dataclasses import dataclass
from typing import Final

from core.domain.revision import Draft

_BURST_S: Final = 1.2
_MAX_STEPS: Final = 500


@dataclass(slots=True)
class _Step:
    before: Draft
    field: str
    edited_s: float


class DraftHistory:
    """What one question's draft was before; times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._undo: list[_Step] = []
        self._redo: list[Draft] = []
        self._is_burst_open = False

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return bool(self._redo)

    def note(self, before: Draft, field: str, now_s: float, *, joins: bool = True) -> None:
        """Remember the draft before an edit; `joins` lets it be part of a burst of typing."""
        self._redo.clear()
        last = self._undo[-1] if self._undo and self._is_burst_open else None
        if joins and last is not None and last.field == field and now_s - last.edited_s < _BURST_S:
            last.edited_s = now_s
            return
        self._undo.append(_Step(before, field, now_s))
        del self._undo[:-_MAX_STEPS]
        self._is_burst_open = joins

    def undo(self, current: Draft) -> tuple[Draft, str]:
        """Return the draft before the last step and the field that changed."""
        step = self._undo.pop()
        self._redo.append(current)
        self._is_burst_open = False
        return step.before, step.field

    def redo(self, current: Draft) -> Draft:
        """Return the draft before the last undo."""
        after = self._redo.pop()
        self._undo.append(_Step(current, "", 0.0))
        self._is_burst_open = False
        return after
