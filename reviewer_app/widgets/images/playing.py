"""An image view whose frames run by themselves, as a clip wants to be seen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from reviewer_app.widgets.images.canvas import ImageCanvas

_FRAMES_PER_S: Final = 15
SPEEDS: Final = (5, 10, 15, 25, 40)
"""Frames a second to choose from."""


class PlayingView(ImageCanvas):
    """Plays the frames of one image use. Signal: `playing_changed(bool)`."""

    playing_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cine = QTimer(self)
        self._cine.setTimerType(Qt.TimerType.PreciseTimer)
        self._cine.timeout.connect(self._show_next)
        self._has_chosen_speed = False
        self._cine.setInterval(round(1000 / _FRAMES_PER_S))
        self.arrived.connect(self._take_own_speed)

    def is_playing(self) -> bool:
        """Tell whether frames run by themselves."""
        return self._cine.isActive()

    def set_speed(self, frames_per_s: float | None) -> None:
        """Set how fast frames are played; None is what the file says."""
        self._has_chosen_speed = frames_per_s is not None
        if frames_per_s is None:
            self._take_own_speed()
        else:
            self._cine.setInterval(round(1000 / max(1.0, frames_per_s)))
        self._describe()

    def next_speed(self) -> None:
        """Play faster, after the fastest speed the slowest."""
        faster = [one for one in SPEEDS if one > self.speed()]
        self.set_speed(faster[0] if faster else SPEEDS[0])

    def speed(self) -> int:
        """Return how many frames are played in a second."""
        return round(1000 / self._cine.interval())

    def toggle_cine(self) -> None:
        """Play the frames, or stop."""
        if self._cine.isActive() or self.frame_count() < 2:
            self._cine.stop()
        else:
            self._cine.start()
        self.playing_changed.emit(self._cine.isActive())
        self._describe()

    def _frame_text(self) -> str:
        text = super()._frame_text()
        return f"{text}  {self.tr('{0} / s').format(self.speed())}" if self.is_playing() else text

    def _take_own_speed(self) -> None:
        if not self._has_chosen_speed:
            own = self._image.frames_per_s if self._image is not None else None
            interval_ms = round(1000 / (own or _FRAMES_PER_S))
            if interval_ms != self._cine.interval():  # setting it would delay the next frame
                self._cine.setInterval(interval_ms)

    @Slot()
    def _show_next(self) -> None:
        if self.frame_count() < 2:
            self.toggle_cine()
        elif not self.is_waiting():  # a slow file plays slower, and shows every frame
            self.show_place((self._place + 1) % self.frame_count())
