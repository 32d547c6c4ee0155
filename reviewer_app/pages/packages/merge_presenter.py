"""What the tab Bring together shows and does: files, a preview, the merge, the way back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.errors import CoreError
from core.tasks import CancelToken, ProgressCallback
from reviewer_app.context import AppContext
from reviewer_app.operations import Latest
from reviewer_app.wording import moment

if TYPE_CHECKING:
    from core.changes import Outcome
    from core.domain.ids import QuestionId
    from core.services.merging.items import Item
    from core.services.merging.service import Choice, LastMerge, MergeOptions, MergePreview


class MergePresenter(QObject):
    """State of the tab.

    Signals: `preview_changed()`, other files, or what is known of them; `choice_changed()`;
    `last_changed()`; `merged(MergePreview)`.
    """

    preview_changed = Signal()
    choice_changed = Signal()
    last_changed = Signal()
    merged = Signal(object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._looking = Latest(context.operations)
        self._passphrase = ""
        self.files: tuple[Path, ...] = ()
        self.preview: MergePreview | None = None
        self.problem: CoreError | None = None
        self.needs_passphrase = False
        self.accepts_new_key = False
        self.left_out: set[Item] = set()
        self.choices: dict[QuestionId, Choice] = {}
        self.last: LastMerge | None = None
        self.is_merging = False

    @property
    def is_looking(self) -> bool:
        """Whether files are being read for their preview."""
        return self._looking.is_waiting()

    @property
    def has_tried_passphrase(self) -> bool:
        """Whether a passphrase was given that opens not every file."""
        return bool(self._passphrase) and self.needs_passphrase

    @property
    def has_changed_signer(self) -> bool:
        """Whether a file is signed with another key than before."""
        from core.services.packages.files import Trust

        lines = self.preview.files if self.preview is not None else ()
        return any(one.trust is Trust.CHANGED for one in lines)

    @property
    def chosen_count(self) -> int:
        """How many of the listed items would come in."""
        items = self.preview.items if self.preview is not None else ()
        return sum(1 for one in items if one.item not in self.left_out)

    @property
    def has_news(self) -> bool:
        """Whether the files hold anything that is not here."""
        preview = self.preview
        return preview is not None and bool(
            preview.new or preview.waiting or any(one.changed for one in preview.counts)
        )

    @property
    def can_merge(self) -> bool:
        """Whether the button may be pressed."""
        is_idle = not self.is_merging and not self._context.workspace.is_read_only
        is_trusted = self.accepts_new_key or not self.has_changed_signer
        has_choice = self.chosen_count > 0 or (self.preview is not None and not self.preview.items)
        return is_idle and is_trusted and has_choice and self.has_news

    def add(self, paths: Sequence[Path], *, passphrase: str = "") -> None:
        """Add files and look into all of them again."""
        self.files = tuple(dict.fromkeys((*self.files, *paths)))
        self._passphrase = passphrase or self._passphrase
        self.look()

    def remove(self, path: Path) -> None:
        """Take a file off the list."""
        self.files = tuple(one for one in self.files if one != path)
        self.look()

    def unlock(self, passphrase: str) -> None:
        """Try a passphrase on the files."""
        self._passphrase = passphrase
        self.look()

    def look(self) -> None:
        """Read the files; nothing is stored."""
        self._looking.drop()
        self.preview, self.problem = None, None
        self.needs_passphrase, self.accepts_new_key = False, False
        self.left_out, self.choices = set(), {}
        if self.files:
            self._start_look()
        self.preview_changed.emit()

    def leave_out(self, item: Item, *, is_left_out: bool) -> None:
        """Take an item or leave it in its file."""
        (self.left_out.add if is_left_out else self.left_out.discard)(item)
        self.choice_changed.emit()

    def decide(self, question: QuestionId, choice: Choice) -> None:
        """Say what becomes of a question that was changed in two places."""
        self.choices[question] = choice

    def accept_new_key(self, *, is_accepted: bool) -> None:
        """Trust a signer whose key is another one than before."""
        self.accepts_new_key = is_accepted
        self.choice_changed.emit()

    def refresh_last(self) -> None:
        """Read what was merged last, and whether that can be undone."""
        service = self._context.workspace.merging

        def show(last: LastMerge | None) -> None:
            self.last = last
            self.last_changed.emit()

        self._context.operations.ask_later("", lambda *_: service.last(), on_done=show)

    def merge(self) -> None:
        """Store what was chosen, all or nothing."""
        if not self.can_merge:
            return
        service, me, files = self._context.workspace.merging, self._context.me().id, self.files
        options = self._options()

        def work(cancel: CancelToken, report: ProgressCallback) -> Outcome[MergePreview]:
            return service.merge(files, me, options, cancel=cancel, progress=report)

        self._set_merging(is_merging=True)
        self._context.operations.perform_later(
            self.tr("Merging"),
            work,
            on_done=self._finish,
            on_error=lambda _: self._set_merging(is_merging=False),
        )

    def undo(self) -> None:
        """Make the workspace what it was before the last merge; it is opened anew."""
        if self.last is None or not self.last.can_undo:
            return
        service, me, at = self._context.workspace.merging, self._context.me().id, self.last.at
        sentence = self.tr("The merge of %1 is undone. The files can be merged again.")

        def tell(_: object) -> None:
            self._context.reopen("packages", sentence.replace("%1", moment(at)))

        self._context.operations.ask_later(
            self.tr("Undoing the merge"), lambda *_: service.undo(me).value, on_done=tell
        )

    def _options(self) -> MergeOptions:
        from core.services.merging.service import MergeOptions

        return MergeOptions(
            dict(self.choices), self._passphrase, self.accepts_new_key, frozenset(self.left_out)
        )

    def _start_look(self) -> None:
        service, files, options = self._context.workspace.merging, self.files, self._options()

        def work(cancel: CancelToken, report: ProgressCallback) -> MergePreview | CoreError:
            try:
                return service.preview(files, options, cancel=cancel, progress=report)
            except CoreError as error:
                return error  # shown beside the files, where it can be put right

        def finish(found: MergePreview | CoreError) -> None:
            if isinstance(found, CoreError):
                self.problem = found
                self.needs_passphrase = self._is_locked()
            else:
                self.preview = found
            self.preview_changed.emit()

        doing = self.tr("Looking at the packages")
        self._looking.ask(doing, work, on_done=finish, on_error=self.preview_changed.emit)

    def _is_locked(self) -> bool:
        from core.services.packages.look import needs_passphrase

        is_about_it = self.problem is not None and "passphrase" in str(self.problem)
        return is_about_it and any(needs_passphrase(one) for one in self.files)

    def _finish(self, preview: MergePreview) -> None:
        self.is_merging = False
        self.files, self._passphrase = (), ""
        self.look()
        self.refresh_last()
        self.merged.emit(preview)

    def _set_merging(self, *, is_merging: bool) -> None:
        self.is_merging = is_merging
        self.choice_changed.emit()
