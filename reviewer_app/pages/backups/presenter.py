"""What the page of backups shows and does: the time line, a preview, the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.domain.backup import Backup, RestorePreview
from core.errors import CoreError
from reviewer_app.context import AppContext
from reviewer_app.operations import Latest
from reviewer_app.wording import moment

if TYPE_CHECKING:
    from core.services.backups.service import Restored


class BackupsPresenter(QObject):
    """State of the page.

    Signals: `backups_changed()`; `preview_changed()`, another choice, or what is known of it.
    """

    backups_changed = Signal()
    preview_changed = Signal()

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._service = context.workspace.backups
        self._looking = Latest(context.operations)
        self.backups: list[Backup] = []
        self.chosen: Backup | None = None
        self.preview: RestorePreview | None = None
        self.problem: CoreError | None = None
        self.is_busy = False

    @property
    def can_restore(self) -> bool:
        """Whether the chosen backup can be restored now."""
        return (
            self.preview is not None
            and not self.preview.is_nothing
            and not self.is_busy
            and not self._context.workspace.is_read_only
        )

    @property
    def is_read_only(self) -> bool:
        """Whether this workspace is open for reading only."""
        return self._context.workspace.is_read_only

    def refresh(self) -> None:
        """Fetch the list, and look again at what is chosen."""
        self._context.operations.ask_later(
            "", lambda _token, _report: self._service.all(), on_done=self._take
        )

    def choose(self, name: str) -> None:
        """Look at a backup; an empty name means none."""
        self.chosen = next((one for one in self.backups if one.name == name), None)
        self.preview, self.problem = None, None
        self._looking.drop()
        self.preview_changed.emit()
        if self.chosen is not None:
            self._fetch_preview(self.chosen)

    def back_up_now(self) -> None:
        """Take a backup."""

        def tell(made: Backup) -> None:
            self._context.messages.done(
                self.tr("A backup was taken at %1.").replace("%1", moment(made.taken_at))
            )
            self.refresh()

        self._context.operations.ask_later(
            self.tr("Taking a backup"),
            lambda _token, _report: self._service.make(),
            on_done=tell,
        )

    def restore(self) -> None:
        """Go back to the chosen backup; nothing happens while something else is running."""
        if self.chosen is None or not self.can_restore:
            return
        running = [job.title for job in self._context.operations.tasks.jobs() if job.title]
        if running:
            self._context.messages.warn(
                self.tr("Nothing was restored, because this is still running: %1.").replace(
                    "%1", ", ".join(running)
                ),
                self.tr("Wait for it or stop it, then restore again."),
            )
            return
        backup, me = self.chosen, self._context.me().id
        self._set_busy(busy=True)
        self._context.operations.ask_later(
            self.tr("Restoring a backup"),
            lambda _token, _report: self._service.restore(backup, me).value,
            on_done=self._on_restored,
            on_error=lambda _: self._set_busy(busy=False),
        )

    def _on_restored(self, done: Restored) -> None:
        self._set_busy(busy=False)
        sentence = self.tr(
            "The workspace is as it was on %1. What was there before is kept as a backup."
        )
        self._context.reopen("backups", sentence.replace("%1", moment(done.backup.taken_at)))

    def _take(self, backups: list[Backup]) -> None:
        name = self.chosen.name if self.chosen is not None else ""
        self.backups = backups
        self.choose(name)
        self.backups_changed.emit()

    def _fetch_preview(self, backup: Backup) -> None:
        def look() -> RestorePreview | CoreError:
            try:
                return self._service.preview(backup)
            except CoreError as error:  # shown beside the backup that it is about
                return error

        def show(found: RestorePreview | CoreError) -> None:
            if isinstance(found, CoreError):
                self.problem = found
            else:
                self.preview = found
            self.preview_changed.emit()

        self._looking.ask("", lambda *_: look(), on_done=show)

    def _set_busy(self, *, busy: bool) -> None:
        self.is_busy = busy
        self.preview_changed.emit()
