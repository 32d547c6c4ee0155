"""Keeps what is entered and where, at most a second behind; gives it back after a crash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QWindow

from core.changes import Changes, Kind
from core.domain.journal import POSITION

if TYPE_CHECKING:
    from core.domain.ids import PersonId
    from core.domain.plain import Plain
    from reviewer_app.context import AppContext
    from reviewer_app.page_stack import PageStack
    from reviewer_app.pages.base import Page

KEEP_MS: Final = 500
_RETRY_MS: Final = 100
_MAX_RETRIES: Final = 150
"""A page may fetch its question first, on a slow machine for seconds."""
_INPUTS: Final = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin}
)

Key = tuple[str, str]


class Keeper(QObject):
    """Looks at the loaded pages twice a second and journals what changed."""

    def __init__(self, pages: PageStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pages = pages
        self._context: AppContext | None = None
        self._me: PersonId | None = None
        self._written: dict[Key, Plain] = {}
        self._owners: dict[Key, str] = {}
        self._beside: dict[Key, Plain | None] = {}
        self._sought: Plain | None = None
        self._tries = 0
        self._watched: QWindow | None = None
        self._has_left = False
        self.has_failed = False
        self._timer = QTimer(self)
        self._timer.setInterval(KEEP_MS)
        self._timer.timeout.connect(self.keep)
        self._seek = QTimer(self)
        self._seek.setSingleShot(True)
        self._seek.setInterval(_RETRY_MS)
        self._seek.timeout.connect(self._on_seek_due)

    def start(self, context: AppContext) -> Mapping[Key, Plain]:
        """Begin for the person who sits here; return what they had not sent."""
        self._context = context
        self._me = context.me().id
        me = self._me
        found = context.operations.ask(
            self.tr("Reading what you entered last"), lambda: context.workspace.journal.entries(me)
        )
        self._written = dict(found or {})
        self._owners = {}
        self._beside = {}
        self.has_failed = False
        if not context.workspace.is_read_only:
            self._timer.start()
        return self._written

    def stop(self) -> None:
        """Keep the last input and look no further.

        Whoever leaves properly is shown next time where work waits; a crash leaves the position.
        """
        self.keep_last()
        self._timer.stop()
        self._seek_no_more()
        self._context = None

    @Slot(object)
    def note_changes(self, changes: Changes) -> None:
        """Let go when another person sits here: the pages drop what the one before entered."""
        if self._context is None or not changes.concerns(Kind.SETTING, Kind.PERSON):
            return
        if self._context.me().id != self._me:
            self._timer.stop()
            self._context = None

    def note_beside(self, place: str, record: str, content: Plain | None) -> None:
        """Keep what is entered in a dialog, which is no page; None when it is done with."""
        self._beside[place, record] = content

    def beside(self, place: str, record: str) -> Plain:
        """Return what was entered in a dialog before a crash; empty where nothing was."""
        return self._written.get((place, record), {})

    @property
    def position(self) -> Plain:
        """Where the person was when the program was killed; empty after a proper end."""
        return self._written.get((POSITION, ""), {})

    def seek_focus(self) -> None:
        """Put the cursor where it was, as soon as that control is on screen."""
        place = self.position.get("focus")
        self._sought = place if isinstance(place, dict) else None
        self._tries = 0
        if self._sought is not None:
            self._watched = self._pages.window().windowHandle()
            if self._watched is not None:
                self._watched.installEventFilter(self)
            self._seek.start(0)

    @property
    def is_seeking(self) -> bool:
        """Whether the cursor is still on its way back to where it was."""
        return self._sought is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let whoever has gone on by hand go on."""
        if event.type() in _INPUTS:
            self._seek_no_more()
        return super().eventFilter(watched, event)

    def _seek_no_more(self) -> None:
        self._seek.stop()
        self._sought = None
        if self._watched is not None:
            self._watched.removeEventFilter(self)
            self._watched = None

    def keep_last(self) -> bool:
        """Store what was entered before a proper end, and forget where; False when that failed."""
        self._has_left = True
        try:
            return self.keep()
        finally:
            self._has_left = False

    @Slot()
    def keep(self) -> bool:
        """Store what changed since the last time; False when that failed."""
        context, me = self._context, self._me
        if context is None or me is None or context.workspace.is_read_only:
            return True
        changed = self._changes()
        if not changed:
            return not self.has_failed
        from core.services.journal import Unsent

        entries = [Unsent(*key, content) for key, content in changed.items()]
        is_stored = context.operations.keep(
            self.tr("Keeping what you entered"),
            lambda: context.workspace.journal.write(me, entries),
            is_input=any(place != POSITION for place, _ in changed),
        )
        self.has_failed = not is_stored
        if is_stored:
            for key, content in changed.items():
                if content is None:
                    self._written.pop(key, None)
                else:
                    self._written[key] = content
        return is_stored

    def _changes(self) -> dict[Key, Plain | None]:
        entered: dict[Key, Plain] = {}
        for name, page in self._pages.loaded.items():
            for key, content in page.unsent().items():
                entered[key] = content
                self._owners[key] = name
        entered |= {key: beside for key, beside in self._beside.items() if beside is not None}
        changed: dict[Key, Plain | None] = {
            key: content for key, content in entered.items() if self._written.get(key) != content
        }
        for key, owner in self._owners.items():
            if key in self._written and key not in entered and owner in self._pages.loaded:
                changed[key] = None
        for key, beside in self._beside.items():
            if beside is None and key in self._written:
                changed[key] = None
        if self._has_left:
            if self.position:
                changed[POSITION, ""] = None
            return changed
        position = self._position_now()
        if position is not None and position != self.position:
            changed[POSITION, ""] = position
        return changed

    def _position_now(self) -> Plain | None:
        page = self._pages.current_page()
        # While the cursor is on its way back, the old position is still the true one.
        if page is None or self._sought is not None:
            return None
        from reviewer_app.focus import describe_focus

        position: Plain = {"page": page.name} | page.position()
        focus = describe_focus(page)
        return position | {"focus": focus} if focus is not None else position

    @Slot()
    def _on_seek_due(self) -> None:
        from reviewer_app.focus import restore_focus

        page: Page | None = self._pages.current_page()
        self._tries += 1
        is_there = page is not None and page.name == self.position.get("page")
        is_over = self._tries > _MAX_RETRIES or not is_there
        if page is None or self._sought is None or is_over or restore_focus(page, self._sought):
            self._seek_no_more()
        else:
            self._seek.start(_RETRY_MS)
