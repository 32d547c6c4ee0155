"""What every answer widget can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.domain.body import (
    Asked,
    Option,
    Response,
    response_from_plain,
    response_to_plain,
)
from core.domain.plain import Plain

if TYPE_CHECKING:
    from core.domain.media import ImageUse
    from reviewer_app.widgets.images.panel import ImagePanel


class AnswerWidget(QWidget):
    """Takes one response.

    Signals: `changed()` whenever the response changed, by hand or by `show_response`.
    """

    changed = Signal()

    def __init__(
        self, asked: Asked, options: Sequence[Option] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.asked = asked
        self.options = tuple(options)

    def response(self) -> Response | None:
        """Return the response, or None while there is none that fits what is asked."""
        raise NotImplementedError

    def show_response(self, response: Response | None) -> None:
        """Show a response given earlier; None empties the widget."""
        raise NotImplementedError

    def unsent(self) -> Plain | None:
        """Return what was entered so far, complete or not, as plain values; None when nothing."""
        response = self.response()
        return None if response is None else {"response": response_to_plain(response)}

    def show_unsent(self, entered: Plain) -> None:
        """Show what `unsent` once told."""
        if "response" in entered:
            self.show_response(response_from_plain(entered["response"]))

    def problem(self) -> str:
        """Return what is missing, in words, or an empty string."""
        raise NotImplementedError

    def key_hint(self) -> str:
        """Return which keys answer, for the line below the widget."""
        raise NotImplementedError

    def take_images(self, panel: ImagePanel, images: Sequence[ImageUse]) -> None:
        """Take the panel with the question's images, where the answer is drawn on one."""

    def leave_images(self) -> None:
        """Leave the panel to the next question."""

    def undo(self) -> bool:
        """Take the last step back, where an answer is made in steps; tell whether there was one."""
        return False

    def redo(self) -> bool:
        """Make the step undone last again; tell whether there was one."""
        return False

    def set_locked(self, *, is_locked: bool) -> None:
        """Keep the response readable but no longer changeable."""
        self.setEnabled(not is_locked)

    def set_digits_resting(self, *, are_resting: bool) -> None:
        """Give the digit keys to someone else for a while, or take them back."""

    def focus_answer(self) -> None:
        """Put the focus where answering starts."""
        self.setFocus()
