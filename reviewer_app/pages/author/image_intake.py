"""Taking images in: looked through off the UI thread, asked about where it is not clear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from core.changes import Outcome
from core.domain.media import ImageUse, MediaInfo
from core.errors import Cancelled
from core.tasks import CancelToken, Progress
from reviewer_app.context import AppContext

if TYPE_CHECKING:
    from core.imaging.choices import Choice, Choices
    from core.imaging.slides.tiles import Area

ALL_FRAMES_UP_TO: Final = 12
"""A longer clip starts with its first frame: a model gets one picture for each."""
Report = Callable[[Progress], None]


class ImageIntake(QObject):
    """Looks for images in paths, then keeps them one after another.

    Signals: `offered(Choices)` where a person must choose; `taken(MediaInfo, ImageUse, str)` for
    each image that was kept, with the question that it is for.
    """

    offered = Signal(object)
    taken = Signal(object, object, str)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._images = context.workspace.images
        self._question = ""

    def look_through(self, paths: tuple[Path, ...], question: str, *, room: int) -> None:
        """Find the images in paths and take them; ask first where not all are surely meant."""
        self._question = question

        def work(token: CancelToken, report: Report) -> Choices:
            return self._images.find_choices(paths, on_file=partial(self._count, token, report))

        names = (
            paths[0].name if len(paths) == 1 else self.tr("%1 files").replace("%1", str(len(paths)))
        )
        self._context.operations.ask_later(
            self.tr("Looking through %1").replace("%1", names),
            work,
            on_done=lambda found: self._decide(found, _are_files(paths), question, room),
        )

    def take(self, choices: tuple[Choice, ...], *, is_whole: bool) -> None:
        """Keep images for the question that they were looked up for, in their order."""
        self._take(list(choices), self._question, is_whole=is_whole)

    def cut_out(self, use: ImageUse, area: Area, question: str) -> None:
        """Keep a part of a slide for a question, shown as the slide is."""
        me = self._context.me().id

        def work(_: CancelToken, __: Report) -> Outcome[MediaInfo]:
            return self._images.import_part(use.media, area, person=me)

        def keep(info: MediaInfo) -> None:
            self.taken.emit(info, replace(use, media=info.id, frames=(0,), marks=()), question)
            self._context.messages.note(
                self.tr("The part in sight is an image of its own now."),
                self.tr("Remove the whole slide if readers and models do not need it."),
            )

        self._context.operations.perform_later(
            self.tr("Cutting out a part of the slide"), work, on_done=keep
        )

    def _decide(self, found: Choices, are_files: bool, question: str, room: int) -> None:
        count, is_sure = len(found.images), are_files or len(found.images) == 1
        if not count and len(found.left_out) == 1:
            self._context.messages.warn(found.left_out[0].reason)
        elif not count and not found.left_out:
            self._context.messages.warn(self.tr("There are no files here."))
        elif is_sure and count <= room and not found.left_out:
            self._take(list(found.images), question, is_whole=True)
        else:
            self._question = question
            self.offered.emit(found)

    def _take(self, choices: list[Choice], question: str, *, is_whole: bool) -> None:
        """Keep the first one, then the others; one that fails is told and passed over."""
        if not choices:
            return
        choice, me = choices.pop(0), self._context.me().id

        def work(token: CancelToken, report: Report) -> Outcome[MediaInfo]:
            def on_bytes(done: int, total: int) -> None:
                token.raise_if_cancelled()
                # Each byte counts twice: it is copied, then read back.
                what = self.tr("Copied and checked, MB")
                report(Progress(done >> 21, total >> 21, what))

            on_file = partial(self._count, token, report, total=choice.file_count)
            return self._images.import_choice(choice, person=me, on_file=on_file, on_bytes=on_bytes)

        def keep(info: MediaInfo) -> None:
            use = ImageUse(info.id, _frames_of(choice, info, is_whole=is_whole))
            self.taken.emit(info, use, question)
            self._tell(choice.name, info, len(use.frames))
            self._take(choices, question, is_whole=is_whole)

        def pass_over(error: BaseException) -> None:
            if not isinstance(error, Cancelled):
                self._take(choices, question, is_whole=is_whole)

        name = choice.name or choice.modality
        self._context.operations.perform_later(
            self.tr("Adding %1").replace("%1", name), work, on_done=keep, on_error=pass_over
        )

    def _tell(self, name: str, info: MediaInfo, used: int) -> None:
        if info.frame_count <= ALL_FRAMES_UP_TO:
            return
        if used == info.frame_count:
            text = self.tr("%1 has %2 frames; all of them belong to the question.")
            hint = self.tr("A model gets a picture for each: name fewer below the image.")
        else:
            text = self.tr("%1 has %2 frames; one of them is used.")
            hint = self.tr("Name the frames that belong to the question below the image.")
        text = text.replace("%1", name).replace("%2", str(info.frame_count))
        self._context.messages.note(text, hint)

    def _count(self, token: CancelToken, report: Report, done: int, *, total: int = 0) -> None:
        token.raise_if_cancelled()
        what = "" if total else self.tr("Files looked at: %1").replace("%1", str(done))
        report(Progress(done if total else 0, total, what))


def _are_files(paths: tuple[Path, ...]) -> bool:
    """Tell whether a hand named each file: then all of them are meant."""
    return not any(
        path.is_dir() or path.suffix.lower() == ".zip" or path.name.upper().startswith("DICOMDIR")
        for path in paths
    )


def _frames_of(choice: Choice, info: MediaInfo, *, is_whole: bool) -> tuple[int, ...]:
    if choice.is_stack and not is_whole:
        return (info.frame_count // 2,)
    if choice.is_stack or info.frame_count <= ALL_FRAMES_UP_TO:
        return tuple(range(info.frame_count))
    return (0,)
