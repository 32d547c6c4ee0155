"""A real workspace in a real window, offscreen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.domain.plain import Plain
from core.workspace import Workspace
from reviewer_app import theme
from reviewer_app.colors import Scheme
from reviewer_app.context import AppContext
from reviewer_app.main_window import MainWindow
from reviewer_app.messages import Messages
from reviewer_app.operations import Operations
from reviewer_app.pages.base import Page
from reviewer_app.preferences import Preferences
from reviewer_app.tasks import TaskRunner
from reviewer_app.widgets.images import loader as image_loader
from tests.reviewer_app.study import Study, make_study
from tests.study import Kept

ShowPage = Callable[..., Page]
"""Takes the kind of page, and `width_px` where a test needs another width."""


class Desk:
    """A workspace with everything a page is given, and what pages asked for."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.tasks = TaskRunner()
        self.messages = Messages()
        self.operations = Operations(self.messages, self.tasks)
        self.posted: list[str] = []
        self.opened: list[tuple[str, str]] = []
        self.places: list[tuple[str, Plain]] = []
        self.messages.posted.connect(lambda one: self.posted.append(one.sentence))
        self.context = AppContext(
            workspace,
            self.operations,
            self.messages,
            lambda page, question: self.opened.append((page, question)),
            open_place=lambda page, position: self.places.append((page, position)),
        )


@pytest.fixture(autouse=True)
def patient_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages wait for pictures, so that a test may look at once; a loaded machine is slow."""
    monkeypatch.setattr(image_loader, "PATIENCE_S", 10.0)


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def look(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.DARK)


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Kept[None]) -> Iterator[Workspace]:
    with new_workspace.copied_to(tmp_path / "study.asclepius") as opened:
        yield opened


@pytest.fixture
def desk(workspace: Workspace, look: None) -> Iterator[Desk]:
    made = Desk(workspace)
    yield made
    made.tasks.close()


@pytest.fixture
def study(workspace: Workspace) -> Study:
    return make_study(workspace)


@pytest.fixture
def show_page(qtbot: QtBot, desk: Desk) -> Iterator[ShowPage]:
    """Show a page in a window of its own, which the keyboard belongs to."""

    shown: list[Page] = []  # a page that nobody holds would be gone

    def show(kind: type[Page], *, width_px: int = 1180) -> Page:
        page = kind(desk.context)
        shown.append(page)
        qtbot.addWidget(page)
        desk.operations.changed.connect(page.apply_changes)
        page.resize(width_px, 740)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.activate()
        qtbot.waitUntil(lambda: not desk.tasks.is_busy)
        return page

    yield show
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)


@pytest.fixture
def window(preferences: Preferences, look: None, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(preferences)
    qtbot.addWidget(made)
    made.show_welcome()
    made.show()
    yield made
    made.close_workspace()
    made.tasks.close()
