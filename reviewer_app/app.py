"""Starts the window: theme, language, last workspace."""

import argparse
import gc
import sys
from collections.abc import Sequence
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from reviewer_app import early  # noqa: F401

# isort: split
from PySide6.QtCore import QLocale, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from core import VERSION
from core.domain.package import is_package
from core.errors import StorageError
from core.logs import start_log, stop_log
from reviewer_app import theme
from reviewer_app.arrivals import OpenEvents
from reviewer_app.colors import Scheme
from reviewer_app.crash import CrashReporter
from reviewer_app.i18n import install_language
from reviewer_app.main_window import MainWindow
from reviewer_app.preferences import Preferences, SchemeChoice

_SETTLED_MS: Final = 2000
_GIVE_WAY_S: Final = 0.0002
"""So long a thread that decodes may keep the window from running; Python's own is 25 times it."""


def main(argv: Sequence[str] = (), *, workspace_path: Path | None = None) -> int:
    """Show the window until it is closed; `workspace_path` wins over the last workspace.

    `--quit-when-usable` leaves as soon as the first page is filled, to measure the start.
    """
    gc.disable()
    sys.setswitchinterval(_GIVE_WAY_S)
    arguments = _parse(argv)
    app = make_application()
    preferences = Preferences(QSettings())
    apply_look(app, preferences)
    install_language(app, QLocale())
    window = MainWindow(preferences)
    crashes = CrashReporter(window)
    crashes.install()
    log = _start_log(window)
    crashes.crashed.connect(lambda: window.tell_crash(log.baseFilename if log else ""))
    window.look_changed.connect(lambda: apply_look(app, preferences))
    app.styleHints().colorSchemeChanged.connect(lambda _: apply_look(app, preferences))
    path = arguments.workspace or workspace_path or _last_workspace(preferences)
    if path is None or is_package(path):
        window.show_welcome()
    window.show()
    if path is not None:
        window.open_file(path)
    events = OpenEvents(window)
    events.file_opened.connect(window.open_file)
    app.installEventFilter(events)
    QTimer.singleShot(_SETTLED_MS, _resume_garbage_collection)
    QTimer.singleShot(_SETTLED_MS, _associate_packages)
    if arguments.quit_when_usable:
        window.pages.page_filled.connect(lambda: QTimer.singleShot(0, window.close))
    try:
        return app.exec()
    finally:
        _resume_garbage_collection()
        crashes.uninstall()
        if log is not None:
            stop_log(log)


def make_application() -> QApplication:
    """Return the one QApplication, named, so that settings find their place."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Asclepius")
    app.setOrganizationName("Asclepius")
    app.setApplicationVersion(VERSION)
    return app


def apply_look(app: QApplication, preferences: Preferences) -> None:
    """Give the program the chosen theme and text size."""
    choice = preferences.scheme
    scheme = theme.system_scheme() if choice is SchemeChoice.SYSTEM else Scheme(choice.value)
    theme.apply(app, scheme, text_percent=preferences.text_percent)


def _resume_garbage_collection() -> None:
    # What was made so far stays until the end: no need to look at it again and again.
    gc.freeze()
    gc.enable()


def _associate_packages() -> None:
    """Let packages open by double click; a checkout leaves the desktop alone."""
    if getattr(sys, "frozen", False):
        from core.file_association import associate

        with suppress(StorageError):  # the welcome page and dropping a file work without it
            associate()


def _start_log(window: MainWindow) -> RotatingFileHandler | None:
    try:
        return start_log()
    except StorageError as error:
        window.messages.warn(error.sentence, error.hint)
        return None


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="asclepius")
    parser.add_argument("workspace", nargs="?", type=Path)
    parser.add_argument("--quit-when-usable", action="store_true")
    return parser.parse_args(list(argv))


def _last_workspace(preferences: Preferences) -> Path | None:
    recent = preferences.recent_workspaces()
    return recent[0] if recent and preferences.reopens_last else None


# After `early` turned it off; `main` does without it until the window has settled.
_resume_garbage_collection()
