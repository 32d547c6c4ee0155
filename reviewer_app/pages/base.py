"""What the main window expects of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from core.changes import Changes
from reviewer_app.context import AppContext
from reviewer_app.reading_order import tab_stops

if TYPE_CHECKING:
    from core.domain.plain import Plain


class Page(QWidget):
    """One screen of the rail.

    `name` is its key in the rail, `title` its caption, `icon` a name of the icon font
    ("mdi6.…"); while one that `shows_images` comes up, helpers get ready to decode them.
    Signals: `waiting_changed(int)`, the number that waits for the person here; `filled()`, when
    what `activate` fetched in the background is on screen.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    icon: ClassVar[str]
    shows_images: ClassVar[bool] = False
    waiting_changed = Signal(int)
    filled = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context

    def activate(self) -> None:
        """Refresh what is shown; called whenever the page comes to the front."""

    def take_focus(self) -> None:
        """Take the keys when the page comes to the front; Tab then starts at its first field."""
        if self.window().focusWidget() not in tab_stops(self):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Store what is being edited; called before another page or the end."""

    def apply_changes(self, changes: Changes) -> None:
        """Take note of changed records; called also while the page is hidden."""

    def show_question(self, question_id: str) -> None:
        """Bring one question to the front."""

    def position(self) -> Plain:
        """Return which record is in front here; `go_to` finds it again in another window."""
        return {}

    def go_to(self, position: Plain) -> None:
        """Bring what `position` once told to the front again, where it still exists."""

    def unsent(self) -> dict[tuple[str, str], Plain]:
        """Return what was entered and not submitted, by place and record; asked twice a second."""
        return {}

    def take_unsent(self, unsent: Mapping[tuple[str, str], Plain]) -> None:
        """Take what was entered before the last end or crash; called once, before `activate`."""

    def offer_new_question(self) -> bool:
        """Offer the formats of a new question; False where questions are not made."""
        return False

    def focus_search(self) -> bool:
        """Put the cursor into this page's search box; False where there is none."""
        return False

    def take_files(self, paths: Sequence[Path], passphrase: str) -> bool:
        """Take packages that were dropped on the window; False where that is not done."""
        return False

    def has_unsaved(self) -> bool:
        """Tell whether something entered here could not be stored; closing then asks once."""
        return False

    def waiting_count(self) -> int:
        """Return how many questions wait here for this person."""
        return 0
