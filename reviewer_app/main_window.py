"""The window: rail, pages, messages in place, one status line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from core.domain.package import is_package
from core.errors import CoreError
from reviewer_app.arrivals import MERGE_PAGE, Arrivals, packages_of
from reviewer_app.backup_timer import BackupTimer
from reviewer_app.clock_watch import ClockWatch
from reviewer_app.context import AppContext
from reviewer_app.keeper import Keeper
from reviewer_app.messages import Message, Messages, Severity
from reviewer_app.opener import WorkspaceOpener
from reviewer_app.operations import Operations
from reviewer_app.page_stack import PageStack
from reviewer_app.pages.registry import PAGES, SEND_BACK
from reviewer_app.preferences import Preferences
from reviewer_app.read_only_bar import ReadOnlyBar
from reviewer_app.reading_order import focus_next
from reviewer_app.tasks import TaskRunner
from reviewer_app.wayfinder import Wayfinder
from reviewer_app.widgets.images.stage import ImageStage
from reviewer_app.widgets.message_bar import MessageBar
from reviewer_app.widgets.rail import Rail
from reviewer_app.window_frame import StatusLine, WindowFrame
from reviewer_app.window_keys import WindowKeys

if TYPE_CHECKING:
    from core.workspace import Workspace
    from reviewer_app.dialogs.welcome import WelcomePage
    from reviewer_app.repairing import Repairing


class MainWindow(QMainWindow):
    """Holds one workspace or the welcome page.

    Signals: `look_changed()`, theme or text size was chosen; `workspace_opened()`.
    """

    look_changed = Signal()
    workspace_opened = Signal()

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._context: AppContext | None = None
        self._was_warned = False
        self.tasks = TaskRunner(self)
        self.messages = Messages(self)
        self.operations = Operations(self.messages, self.tasks, self)
        self.opener = WorkspaceOpener(preferences, self.operations, self.messages, self)
        self._backups = BackupTimer(self.operations, self)
        self.clock_watch = ClockWatch(self.messages, self)
        self.rail = Rail(self)
        self.pages = PageStack(self)
        self.keeper = Keeper(self.pages, self)
        self.wayfinder = Wayfinder(self.pages, self.keeper, self)
        self._welcome: WelcomePage | None = None
        self.message_bar = MessageBar(self)
        self.read_only_bar = ReadOnlyBar(self)
        self.image_stage = ImageStage(self, preferences)
        self._status = StatusLine(self.tasks, self)
        self.saved_line = self._status.saved_line
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.pages)
        bars = (self.message_bar, self.read_only_bar)
        self.setCentralWidget(WindowFrame(self.rail, bars, self._stack, self._status, self))
        self.arrivals = Arrivals(self.operations, preferences, self._stack, self)
        self.keys = self._make_keys()
        self._connect()
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 600)
        if not self.restoreGeometry(preferences.geometry):
            self.resize(1280, 800)
        self.rail.hide()

    @property
    def welcome(self) -> WelcomePage:
        """The page shown without a workspace; made when it is first needed."""
        if self._welcome is None:
            self._welcome = self._make_welcome()
        return self._welcome

    @cached_property
    def repairing(self) -> Repairing:
        """What repairs a closed workspace; made when it is first needed."""
        from reviewer_app.repairing import Repairing

        made = Repairing(self.operations, self._stack, self)
        made.open_requested.connect(lambda path: self.opener.open_path(path))
        made.left.connect(self.show_welcome)
        return made

    @property
    def context(self) -> AppContext | None:
        """What the pages are given; None on the welcome page."""
        return self._context

    @Slot(object)
    def show_workspace(self, workspace: Workspace) -> None:
        """Show an open workspace; the window closes it in the end."""
        self.close_workspace()
        self._context = AppContext(
            workspace,
            self.operations,
            self.messages,
            self.wayfinder.show_question,
            self._on_reopening_wanted,
            self.wayfinder.show_place,
            self._on_repair_wanted,
        )
        self._backups.start(workspace)
        self.clock_watch.start(workspace)
        self.read_only_bar.show_workspace(workspace)
        self._status.show_workspace(workspace.name, workspace.path)
        self.setWindowTitle(f"{workspace.name} – Asclepius")
        self._stack.setCurrentWidget(self.pages)
        self.rail.show()
        self._show_person()
        self.workspace_opened.emit()

    def close_workspace(self) -> None:
        """Store what is being edited, stop tasks, close the workspace."""
        if self._context is None:
            return
        self.keeper.stop()
        self._backups.stop()
        self.clock_watch.stop()
        self.pages.close_pages()
        self.tasks.close()
        self._context.workspace.close()
        self._context = None
        self.wayfinder.stop()
        self.saved_line.clear()
        self.message_bar.dismiss()

    def show_page(self, name: str) -> None:
        """Bring a page to the front."""
        self.wayfinder.show_page(name)

    def open_file(self, path: Path) -> None:
        """Open what was double-clicked: a package, or a workspace."""
        if is_package(path):
            self.arrivals.take([path], self._context)
        else:
            self.opener.open_path(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _packages_in(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = _packages_in(event)
        if paths:
            event.acceptProposedAction()
            self.arrivals.take(paths, self._context)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return focus_next(self, forward=forward)

    def tell_crash(self, log_file: str) -> None:
        """Say in place that something unforeseen happened."""
        self.message_bar.show_message(
            Message(
                Severity.ERROR,
                self.tr("Something unexpected went wrong inside Asclepius."),
                self.tr(
                    "What you entered is kept. Please send this file to its makers: %1"
                ).replace("%1", log_file),
            )
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        self.pages.leave_current()
        is_kept = self.keeper.keep_last()
        if (self.pages.has_unsaved() or not is_kept) and not self._was_warned:
            self._was_warned = True
            self.messages.warn(
                self.tr("Something could not be saved yet."),
                self.tr("Close the window again to leave without it."),
            )
            event.ignore()
            return
        self._preferences.geometry = self.saveGeometry()
        self.image_stage.hide()
        self.close_workspace()
        self.tasks.close()
        super().closeEvent(event)

    def _make_keys(self) -> WindowKeys:
        slots: dict[str, Callable[[], object]] = {
            "new_question": self.wayfinder.offer_new_question,
            "find": self.wayfinder.find,
            "full_screen": self._on_full_screen,
            "images_screen": self.image_stage.toggle_screen,
            "images_apart": self.image_stage.toggle_window,
            "backups": partial(self.show_page, "backups"),
            "dismiss_message": self.message_bar.dismiss,
            "quit": self.close,
        }
        for one in (*PAGES, SEND_BACK):
            slots[f"page_{one.name}"] = partial(self.show_page, one.name)
        return WindowKeys(self._preferences, slots, self)

    def _connect(self) -> None:
        self.keys.look_changed.connect(self.look_changed)
        self.messages.posted.connect(self.message_bar.show_message)
        self.operations.saved.connect(self.saved_line.show_saved)
        self.operations.save_failed.connect(self.saved_line.show_failed)
        self.operations.changed.connect(self.keeper.note_changes)
        self.operations.changed.connect(self.pages.apply_changes)
        self.wayfinder.arrived.connect(lambda: self._stack.setCurrentWidget(self.pages))
        self.pages.page_shown.connect(self.rail.mark_current)
        self.pages.waiting_counted.connect(self._on_waiting_counted)
        self.rail.page_requested.connect(self.show_page)
        self.rail.person_requested.connect(self._on_person_requested)
        self.rail.settings_requested.connect(self._on_menu_requested)
        self.read_only_bar.again_requested.connect(self._on_reopen_clicked)
        self.opener.opened.connect(self.show_workspace)
        self.opener.refused.connect(self._on_workspace_refused)
        self.opener.damaged.connect(self._offer_repair)
        self.arrivals.left.connect(self._on_package_left)
        self.arrivals.closing_wanted.connect(self.close_workspace)
        self.arrivals.workspace_wanted.connect(self.opener.open_path)
        self.arrivals.merge_wanted.connect(self._on_merge_wanted)

    def _make_welcome(self) -> WelcomePage:
        from reviewer_app.dialogs.welcome import WelcomePage

        page = WelcomePage(self)
        page.create_requested.connect(self.opener.ask_to_create)
        page.open_requested.connect(self.opener.ask_to_open)
        page.demo_requested.connect(self.opener.open_demo)
        page.package_requested.connect(self.arrivals.ask)
        page.path_requested.connect(lambda path: self.opener.open_path(path))
        page.read_only_requested.connect(lambda path: self.opener.open_path(path, read_only=True))
        self._stack.addWidget(page)
        return page

    def show_welcome(self) -> None:
        """Offer the ways into a workspace."""
        self.rail.hide()
        self.read_only_bar.hide()
        self._status.show_none()
        self.setWindowTitle("Asclepius")
        self.welcome.clear_refusal()
        self.welcome.show_recent(self._preferences.recent_workspaces())
        self._stack.setCurrentWidget(self.welcome)

    def _show_person(self) -> None:
        assert self._context is not None  # noqa: S101 - called with a workspace only
        me = self._context.me()
        self.keeper.stop()
        self.pages.open(self._context, me, self.keeper.start(self._context))
        self.rail.clear_pages()
        for entry in self.pages.entries:
            tip = f"{entry.display_purpose} ({self.keys.native_text(f'page_{entry.name}')})"
            self.rail.add_page(entry.name, entry.display_title, entry.icon, tip)
        self.rail.set_person(me.name)
        self.wayfinder.begin(self._context)

    @Slot(str, int)
    def _on_waiting_counted(self, name: str, count: int) -> None:
        self.rail.set_waiting(name, count)

    @Slot()
    def _on_person_requested(self) -> None:
        if self._context is None:
            return
        self.keeper.keep()
        from reviewer_app.people_menu import PeopleMenu

        menu = PeopleMenu(self._context, self.keeper, self)
        menu.person_switched.connect(self._on_person_switched)
        menu.popup(self.rail.person_button.mapToGlobal(self.rail.person_button.rect().topRight()))

    @Slot()
    def _on_person_switched(self) -> None:
        # What the one before was told is not for the next one.
        self.message_bar.dismiss()
        self._show_person()

    @Slot()
    def _on_menu_requested(self) -> None:
        from reviewer_app.main_menu import MainMenu

        menu = MainMenu(self.keys, self)
        menu.package_wanted.connect(lambda: self.arrivals.ask(self._context))
        menu.other_wanted.connect(self.opener.ask_to_open)
        menu.new_wanted.connect(self.opener.ask_to_create)
        menu.closing_wanted.connect(self._on_close_workspace)
        menu.popup(
            self.rail.settings_button.mapToGlobal(self.rail.settings_button.rect().topRight())
        )

    @Slot()
    def _on_close_workspace(self) -> None:
        self.close_workspace()
        self.show_welcome()

    @Slot()
    def _on_reopen_clicked(self) -> None:
        if self._context is None:
            return
        path = self._context.workspace.path
        self._on_close_workspace()
        if not self.opener.open_path(path):
            self.opener.open_path(path, read_only=True)

    def _on_reopening_wanted(self, page: str, sentence: str) -> None:
        # Not at once: the page that asks for it is among what goes.
        QTimer.singleShot(0, self, lambda: self._reopen(page, sentence))

    def _reopen(self, page: str, sentence: str) -> None:
        if self._context is None:
            return
        path = self._context.workspace.path
        self._on_close_workspace()
        if self.opener.open_path(path):
            self.show_page(page)
            self.messages.done(sentence)

    @Slot(object, str)
    def _on_workspace_refused(self, path: Path, sentence: str) -> None:
        if self._context is not None:
            self.messages.error(self.tr("Opening %1").replace("%1", path.name), CoreError(sentence))
            return
        self.show_welcome()
        self.welcome.show_refusal(path, sentence, offers_read_only=path.is_dir())

    @Slot(object, str)
    def _offer_repair(self, path: Path, *trouble: str) -> None:
        self.close_workspace()
        self.show_welcome()
        self.repairing.offer(path, trouble)

    def _on_repair_wanted(self, trouble: Sequence[str]) -> None:
        # Not at once: the page that asks for it is among what goes.
        if self._context is not None:
            path = self._context.workspace.path
            QTimer.singleShot(0, self, lambda: self._offer_repair(path, *trouble))

    @Slot()
    def _on_package_left(self) -> None:
        if self._context is None:
            self.show_welcome()
        else:
            self._stack.setCurrentWidget(self.pages)

    @Slot(object, str)
    def _on_merge_wanted(self, paths: list[Path], passphrase: str) -> None:
        if self._context is None:
            return
        self.show_page(MERGE_PAGE)
        page = self.pages.current_page()
        if page is None or not page.take_files(paths, passphrase):
            self._stack.setCurrentWidget(self.pages)
            self.messages.note(
                self.tr("%1 cannot merge packages here.").replace(
                    "%1", self.rail.person_button.text()
                ),
                self.tr("The study lead does that."),
            )

    @Slot()
    def _on_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)


def _packages_in(event: QDropEvent) -> tuple[Path, ...]:
    from reviewer_app.widgets.dropping import paths_of  # nothing is dropped at the start

    return packages_of(paths_of(event))
