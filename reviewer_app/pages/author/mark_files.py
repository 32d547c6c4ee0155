"""Marks of the image in sight, in from files of other programs and out into them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from core.domain.marks import SUFFIXES, MarkFormat
from reviewer_app.context import AppContext

if TYPE_CHECKING:
    from core.domain.media import ImageUse
    from core.domain.region import Region
    from reviewer_app.widgets.images.panel import ImagePanel


class MarkFiles(QObject):
    """Asks for files and reads or writes them off the UI thread; errors are told as messages."""

    def __init__(self, context: AppContext, panel: ImagePanel, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._panel = panel
        menu = panel.drawing.menu
        menu.import_requested.connect(self._ask_for_file)
        menu.export_requested.connect(self._ask_for_place)
        panel.drawing.mark_refused.connect(context.messages.note)

    def take_in(self, path: Path) -> None:
        """Add the marks in a file to the image in sight."""
        index, use, frame = self._in_sight()
        mark_files = self._context.workspace.mark_files
        self._context.operations.ask_later(
            self.tr("Importing marks from %1").replace("%1", path.name),
            lambda _token, _report: mark_files.read(path, use, frame),
            on_done=partial(self._add, path.name, index, use),
        )

    def hand_out(self, path: Path, wanted: MarkFormat) -> None:
        """Write the marks of the image in sight."""
        _, use, frame = self._in_sight()
        mark_files = self._context.workspace.mark_files
        self._context.operations.ask_later(
            self.tr("Exporting marks to %1").replace("%1", path.name),
            lambda _token, _report: mark_files.write(path, use, frame, wanted),
            on_done=partial(self._tell_written, path, wanted),
        )

    def _in_sight(self) -> tuple[int, ImageUse, int]:
        index, place = self._panel.index(), self._panel.view.place()
        use = self._panel.uses()[index]
        return index, use, use.frames[place]

    def _add(self, name: str, index: int, before: ImageUse, regions: tuple[Region, ...]) -> None:
        uses = self._panel.uses()
        is_there = index < len(uses) and uses[index].media == before.media
        if not is_there or not self._panel.drawing.extend(index, regions):
            self._context.messages.warn(
                self.tr(
                    "The marks of %1 were not added: their image is not open any more."
                ).replace("%1", name)
            )
            return
        self._context.messages.done(
            self.tr("%1 marks were added from %2.")
            .replace("%1", str(len(regions)))
            .replace("%2", name)
        )

    def _tell_written(self, path: Path, wanted: MarkFormat, _: object) -> None:
        sentence = self.tr("The marks were written to %1.").replace("%1", str(path))
        if wanted in (MarkFormat.SEG, MarkFormat.SR):
            # Patient and study must be those of the pictures, or no archive would take it.
            hint = self.tr("The file names the patient as the image does; do not pass it on.")
            self._context.messages.note(sentence, hint)
        else:
            self._context.messages.done(sentence)

    @Slot()
    def _ask_for_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._panel,
            self.tr("Import marks"),
            "",
            self.tr("All files") + " (*);;" + self.tr("Marks") + " (*.json *.xml *.png *.dcm)",
        )
        if name:
            self.take_in(Path(name))

    @Slot(object)
    def _ask_for_place(self, wanted: MarkFormat) -> None:
        suffix = SUFFIXES[wanted]
        name, _ = QFileDialog.getSaveFileName(
            self._panel, self.tr("Export marks"), f"marks{suffix}", f"*{suffix}"
        )
        if name:
            path = Path(name)
            self.hand_out(path if path.suffix else path.with_suffix(suffix), wanted)
