"""The check of the open workspace: run, stopped, told; a repair is asked for here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.tasks import CancelToken, Progress
from reviewer_app.context import AppContext

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.services.integrity.service import CheckReport
    from reviewer_app.tasks import Job


class CheckPresenter(QObject):
    """State of the check.

    Signals: `changed()`; `progressed(Progress)`.
    """

    changed = Signal()
    progressed = Signal(object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job[CheckReport] | None = None
        self.report: CheckReport | None = None

    @property
    def is_running(self) -> bool:
        """Whether a check is under way."""
        return self._job is not None

    @property
    def can_repair(self) -> bool:
        """Whether something is wrong and this window may write."""
        report = self.report
        is_broken = report is not None and not report.is_clean
        return is_broken and not self._context.workspace.is_read_only

    def check(self) -> None:
        """Look at every record, image and backup in the background."""
        if self.is_running:
            return
        self.report = None
        service = self._context.workspace.integrity

        def work(token: CancelToken, report: Callable[[Progress], None]) -> CheckReport:
            def tell(step: Progress) -> None:
                self.progressed.emit(step)
                report(step)

            return service.check(token, tell)

        self._job = self._context.operations.ask_later(
            self.tr("Checking this workspace"),
            work,
            on_done=self._take,
            on_error=lambda _: self._take(None),
        )
        self.changed.emit()

    def cancel(self) -> None:
        """Stop the check."""
        if self._job is not None:
            self._job.token.cancel()

    def dismiss(self) -> None:
        """Forget what was found."""
        self.report = None
        self.changed.emit()

    def repair(self) -> None:
        """Close the workspace and offer to repair it."""
        if self.report is not None and self.can_repair:
            self._context.repair(self.sentences())

    def sentences(self) -> tuple[str, ...]:
        """Return what is wrong, each with where."""
        if self.report is None:
            return ()
        return tuple(
            f"{one.where[:1].upper()}{one.where[1:]}: {one.sentence}"
            for one in self.report.problems
        )

    def _take(self, report: CheckReport | None) -> None:
        self._job, self.report = None, report
        self.changed.emit()
