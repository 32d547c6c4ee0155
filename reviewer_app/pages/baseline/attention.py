"""Whether the reader of a sitting is at work: input and the window in front, told to the clock."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QWidget

from reviewer_app.pages.baseline.clock import SittingClock
from reviewer_app.widgets.images.stage import INPUTS, ImageStage, stage_of


class Attention(QObject):
    """Watches the window of a sitting while it is in sight, and that of its images beside it."""

    def __init__(self, sitting: QWidget, clock: SittingClock) -> None:
        super().__init__(sitting)
        self._sitting = sitting
        self._clock = clock
        self._watched: QWindow | None = None
        self._stage: ImageStage | None = None

    def begin(self) -> None:
        """Watch, now that the sitting is in sight."""
        self.end()
        # The window's handle sees each input once, before any widget; a filter on the
        # application would see every event of every object.
        self._watched = self._sitting.window().windowHandle()
        if self._watched is not None:
            self._watched.installEventFilter(self)
        # Images may stand in a window of their own: who looks there is at work, too.
        self._stage = stage_of(self._sitting)
        if self._stage is not None:
            self._stage.used.connect(self._clock.note_input)
            self._stage.activation_changed.connect(self.note_activation)

    def end(self) -> None:
        """Watch no longer."""
        if self._watched is not None:
            self._watched.removeEventFilter(self)
            self._watched = None
        if self._stage is not None:
            self._stage.used.disconnect(self._clock.note_input)
            self._stage.activation_changed.disconnect(self.note_activation)
            self._stage = None

    @Slot()
    def note_activation(self) -> None:
        """Take note when the window goes away or comes back."""
        is_beside = self._stage is not None and self._stage.isActiveWindow()
        is_active = is_beside or self._sitting.isActiveWindow()
        self._clock.set_window_active(is_active=is_active)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of input; keep nothing from anybody."""
        if event.type() in INPUTS:
            self._clock.note_input()
        return super().eventFilter(watched, event)
