"""What the page Send back shows and does: how far the work is, and the file it leaves in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal

from core.changes import Outcome
from core.domain.package import PACKAGE_SUFFIX, PackageKind
from core.errors import CoreError
from core.tasks import CancelToken, ProgressCallback
from reviewer_app.context import AppContext

if TYPE_CHECKING:
    from core.services.packages.service import MadePackage
    from core.services.packages.work import WorkState
    from core.signing_keys import KeyState


@dataclass(frozen=True, slots=True)
class Sending:
    """Where the work goes and how it is protected."""

    target: Path
    passphrase: str = field(default="", repr=False)
    key_passphrase: str = field(default="", repr=False)


class SendBackPresenter(QObject):
    """State of the page.

    Signals: `state_changed()`; `sent(MadePackage)`; `refused(CoreError)`.
    """

    state_changed = Signal()
    sent = Signal(object)
    refused = Signal(object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.state: WorkState | None = None
        self.key_state: KeyState | None = None
        self.is_busy = False

    @property
    def can_send(self) -> bool:
        """Whether there is work, and nothing is under way."""
        is_begun = self.state is not None and self.state.is_begun
        return is_begun and not self.is_busy and not self._context.workspace.is_read_only

    def refresh(self) -> None:
        """Count what is done."""
        service, me = self._context.workspace.packages, self._context.me().id
        found = self._context.operations.ask(
            self.tr("Counting your work"), lambda: (service.work(me), service.key_state(me))
        )
        if found is not None:
            self.state, self.key_state = found
            self.state_changed.emit()

    def suggested_target(self, folder: Path | None = None) -> Path:
        """Return a file name with person and date that is not taken yet."""
        from core.receiving import safe_name

        documents = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DocumentsLocation
        )
        parent = folder or Path(documents or Path.home())
        name = f"{safe_name(self._context.me().name)} {date.today().isoformat()}"
        target, number = parent / f"{name}{PACKAGE_SUFFIX}", 1
        while target.exists():
            number += 1
            target = parent / f"{name} ({number}){PACKAGE_SUFFIX}"
        return target

    def send(self, sending: Sending) -> None:
        """Write the file; it appears whole or not at all."""
        from core.services.packages.service import PackageRequest

        service, me = self._context.workspace.packages, self._context.me().id
        request = PackageRequest(
            PackageKind.RETURN,
            me,
            passphrase=sending.passphrase,
            key_passphrase=sending.key_passphrase,
        )

        def work(cancel: CancelToken, report: ProgressCallback) -> Outcome[MadePackage | CoreError]:
            try:
                sending.target.parent.mkdir(parents=True, exist_ok=True)
                made = service.make(request, me, sending.target, cancel=cancel, progress=report)
            except CoreError as error:
                return Outcome(error)  # shown beside the file
            except OSError as error:
                sentence = (
                    f"The folder {sending.target.parent} could not be made: {error.strerror}."
                )
                return Outcome(CoreError(sentence, hint="Choose another folder."))
            return Outcome(made.value, made.changes)

        self._set_busy(is_busy=True)
        self._context.operations.perform_later(
            self.tr("Writing the file"),
            work,
            on_done=self._finish,
            on_error=lambda _: self._set_busy(is_busy=False),
        )

    def _finish(self, found: MadePackage | CoreError) -> None:
        self._set_busy(is_busy=False)
        self.refresh()
        if isinstance(found, CoreError):
            self.refused.emit(found)
        else:
            self.sent.emit(found)

    def _set_busy(self, *, is_busy: bool) -> None:
        self.is_busy = is_busy
        self.state_changed.emit()
