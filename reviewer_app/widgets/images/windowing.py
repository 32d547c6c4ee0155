"""An image view whose window, grays and turning can be changed; no hand yet, see `view`."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, Signal

from core.domain.media import View, Window
from reviewer_app.widgets.images.playing import PlayingView
from reviewer_app.widgets.images.windows import Preset, presets_for


class WindowingView(PlayingView):
    """Shows an image under another view than the one it was given.

    Signal: `view_changed(View)` after it changed by hand.
    """

    view_changed = Signal(object)

    def set_view(self, view: View) -> None:
        """Show the image under another view, as a hand would."""
        if view != self._view:
            self._view = view
            self._turn_camera()
            self._describe()
            self.view_changed.emit(view)

    def set_window(self, window: Window | None) -> None:
        """Change the window; None is what the file itself wants."""
        self.set_view(replace(self._view, window=window))

    def turn(self, quarters: int = 1) -> None:
        """Turn the picture by quarters, clockwise."""
        if self._image is not None:
            turns = (self._view.quarter_turns + quarters) % 4
            self.set_view(replace(self._view, quarter_turns=turns))

    def mirror(self) -> None:
        """Swap what is on the left and on the right of the screen."""
        if self._image is not None:
            # A mirrored picture is mirrored before it is turned: turned on its side, left and
            # right of the screen are then up and down.
            turns = -self._view.quarter_turns % 4
            is_mirrored = not self._view.is_mirrored
            self.set_view(replace(self._view, is_mirrored=is_mirrored, quarter_turns=turns))

    def toggle_overlay(self) -> None:
        """Show or hide the layer that the file brings."""
        if self._image is not None and self._image.has_overlay:
            self.set_view(replace(self._view, has_overlay=not self._view.has_overlay))

    def toggle_smooth(self) -> None:
        """Change between interpolated and single pixels."""
        self._picture.is_smooth = not self._picture.is_smooth
        self._describe()

    def is_smooth(self) -> bool:
        """Tell whether enlarged pixels are interpolated."""
        return self._picture.is_smooth

    def invert(self) -> None:
        """Swap black and white."""
        if self._image is not None:
            self.set_view(replace(self._view, is_inverted=not self._view.is_inverted))

    def presets(self) -> tuple[Preset, ...]:
        """Return the windows to choose from, in the order of their keys."""
        return presets_for(self._image) if self._image is not None else ()

    def use_preset(self, place: int) -> None:
        """Use a preset by its place, from 0; nothing happens where there is none."""
        presets = self.presets()
        if 0 <= place < len(presets):
            one = presets[place]
            self.set_view(replace(self._view, window=one.window, voi_table=one.voi_table))

    def find_window(self) -> None:
        """Take the window from the values of the frame in sight."""
        if self._frame is not None and self._frame.gray is not None:
            from core.imaging.placing import auto_window

            self.set_window(auto_window(self._frame))

    def find_window_in(self, start: QPointF, end: QPointF) -> None:
        """Take the window from the values between two points of the widget."""
        if self._frame is None or self._frame.gray is None:
            return
        from core.imaging.placing import auto_window

        (left, top), (right, bottom) = self._stored_at(start), self._stored_at(end)
        height, width = self._frame.stored.shape[:2]
        rows, columns = _span(top, bottom, height), _span(left, right, width)
        if rows is not None and columns is not None:
            self.set_window(auto_window(self._frame, rows, columns))

    def _stored_at(self, point: QPointF) -> tuple[float, float]:
        """Return the stored column and row under a point of the widget."""
        from core.imaging.placing import stored_point

        assert self._image is not None  # noqa: S101 - asked only with a picture on screen
        shown = self._camera.image_point(*self._device(point))
        return stored_point(self._image, self._view, shown)


def _span(first: float, second: float, limit: int) -> slice | None:
    """Return the whole pixels between two points; None when there are none."""
    start, stop = max(0, round(min(first, second))), min(limit, round(max(first, second)))
    return slice(start, stop) if stop > start else None
