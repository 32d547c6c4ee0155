"""What a page says itself, said under its images where they cover it or stand in their window."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from reviewer_app.widgets.images.stage import ImageStage, stage_of


class BesideImages(QObject):
    """Keys of a page work while its images fill the screen; this shows what they did.

    `words` gives the parts of one line; empty ones are left out. `refresh` after every change.
    """

    def __init__(self, page: QWidget, words: Callable[[], Iterable[str]]) -> None:
        super().__init__(page)
        self._page = page
        self._words = words
        self._stage: ImageStage | None = None
        page.installEventFilter(self)

    def refresh(self) -> None:
        """Say what holds now, while the page is on screen."""
        if self._stage is not None:
            self._stage.tell("  ·  ".join(filter(None, self._words())))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin when the page comes on screen, and say no more when it leaves."""
        if event.type() is QEvent.Type.Show and not event.spontaneous():
            self._stage = stage_of(self._page)
            self.refresh()
        elif event.type() is QEvent.Type.Hide and not event.spontaneous():
            if self._stage is not None:
                self._stage.tell("")
            self._stage = None
        return super().eventFilter(watched, event)
