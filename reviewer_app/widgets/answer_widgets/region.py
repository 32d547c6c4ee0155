"""A region marked on an image of the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.domain.body import DRAWN_WITH, Asked, Localization, Marked, Option, Response
from core.domain.body.localization import MAX_REGIONS
from core.domain.marks import regions_text
from core.domain.media import ImageUse
from core.domain.region import Region, RegionKind
from reviewer_app.widgets.answer_widgets.base import AnswerWidget
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.images.keys import MARK_KEYS, ImageKeys

if TYPE_CHECKING:
    from reviewer_app.widgets.images.panel import ImagePanel


Drawn = tuple[Region, ...]
_MOST_STEPS: Final = 100


class RegionAnswer(AnswerWidget):
    """Drawn on the image beside the question; the widget itself says what is drawn so far.

    Each step of drawing can be undone and made again, also what “Draw anew” took away.
    """

    def __init__(
        self, asked: Asked, options: Sequence[Option] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(asked, options, parent)
        self._wanted = asked if isinstance(asked, Localization) else Localization()
        self._regions: Drawn = ()
        self._past: list[Drawn] = []
        self._undone: list[Drawn] = []
        self._panel: ImagePanel | None = None
        self._use = ImageUse(media="")  # type: ignore[arg-type]  # no image until one is taken
        self._is_locked = False
        self.drawn = QLabel(self)
        self.drawn.setWordWrap(True)
        self.clear_button = make_button(
            self.tr("Draw anew"),
            self,
            icon="mdi6.delete-outline",
            kind="quiet",
            tip=self.tr("Take away what is drawn"),
        )
        self.clear_button.clicked.connect(self._draw_anew)
        row = QHBoxLayout()
        row.addWidget(self.clear_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.drawn)
        column.addLayout(row)
        self._update()

    def take_images(self, panel: ImagePanel, images: Sequence[ImageUse]) -> None:
        """Let the region be drawn on the images of the question."""
        if self._wanted.image >= len(images):
            return
        self._panel, self._use = panel, images[self._wanted.image]
        panel.show_index(self._wanted.image)
        panel.regions_changed.connect(self._on_regions_changed)
        self._show_on_image()
        kind = DRAWN_WITH[self._wanted.kind][0]
        if panel.view.kind() is not kind:
            panel.view.set_kind(kind)

    def leave_images(self) -> None:
        """Leave the images to the next question."""
        if self._panel is not None:
            self._panel.regions_changed.disconnect(self._on_regions_changed)
            self._panel.ask_for_regions(())
            self._panel = None

    def response(self) -> Response | None:
        """Return the regions drawn, or None without any."""
        return Marked(self._regions) if self._regions else None

    def show_response(self, response: Response | None) -> None:
        """Show the regions of an earlier response."""
        self._past, self._undone = [], []
        self._show(response.regions if isinstance(response, Marked) else ())

    def undo(self) -> bool:
        """Take the last step of drawing back."""
        return self._step(self._past, self._undone)

    def redo(self) -> bool:
        """Make the step undone last again."""
        return self._step(self._undone, self._past)

    def problem(self) -> str:
        """Say what is to be drawn and where."""
        if self._regions:
            return ""
        number = str(self._wanted.image + 1)
        return self.tr("Mark the region on image %1 first.").replace("%1", number)

    def key_hint(self) -> str:
        """Name the keys in use."""
        kind = DRAWN_WITH[self._wanted.kind][0]
        keys = ImageKeys() if self._panel is None else self._panel.keys()
        return self.tr(
            "Draw on the image; Esc lets the hand move it, %1 draws again, Ctrl+Z takes a step "
            "back. Without a mouse: Enter in the image, then the arrows."
        ).replace("%1", keys.text(MARK_KEYS[kind]))

    def set_locked(self, *, is_locked: bool) -> None:
        """Keep what is drawn in sight, but no longer changeable."""
        self._is_locked = is_locked
        self.clear_button.setEnabled(bool(self._regions) and not is_locked)
        self._show_on_image()

    def focus_answer(self) -> None:
        """Put the focus on the image."""
        (self if self._panel is None else self._panel.view).setFocus()

    @Slot(int, object, bool)
    def _on_regions_changed(self, index: int, regions: Drawn, joins: bool) -> None:
        if self._panel is None:
            return
        if index != self._wanted.image:
            self._panel.set_regions(index, ())
            return
        if not (joins and self._past):
            self._note_step()
        self._regions = on_pictures(regions, self._use.frames)
        self._update()
        self.changed.emit()

    @Slot()
    def _draw_anew(self) -> None:
        self._note_step()
        self._show(())

    def _note_step(self) -> None:
        self._past = [*self._past, self._regions][-_MOST_STEPS:]
        self._undone = []

    def _step(self, back: list[Drawn], forth: list[Drawn]) -> bool:
        if not back or self._is_locked:
            return False
        forth.append(self._regions)
        self._show(back.pop())
        return True

    def _show(self, regions: Drawn) -> None:
        self._regions = regions
        self._show_on_image()
        self._update()
        self.changed.emit()

    def _show_on_image(self) -> None:
        if self._panel is None:
            return
        kinds: tuple[RegionKind, ...] = () if self._is_locked else DRAWN_WITH[self._wanted.kind]
        self._panel.ask_for_regions(kinds, most=MAX_REGIONS)
        self._panel.set_regions(self._wanted.image, on_frames(self._regions, self._use.frames))

    def _update(self) -> None:
        self.drawn.setText(
            regions_text(self._regions) or self.tr("Nothing is marked on the image yet.")
        )
        self.clear_button.setEnabled(bool(self._regions) and not self._is_locked)


def on_frames(regions: Sequence[Region], frames: Sequence[int]) -> tuple[Region, ...]:
    """Return regions that count pictures as regions that count frames of the file."""
    return tuple(
        replace(region, frame=frames[region.frame])
        for region in regions
        if region.frame < len(frames)
    )


def on_pictures(regions: Sequence[Region], frames: Sequence[int]) -> tuple[Region, ...]:
    """Return regions that count frames of the file as regions that count pictures.

    Names and locks belong to an author's marks, not to an answer.
    """
    return tuple(
        Region(region.kind, region.points, frames.index(region.frame), mask=region.mask)
        for region in regions
        if region.frame in frames
    )
