"""Every page of the demo workspace as a picture: `python tests/gallery.py OUT [PAGE...]`.

Two sizes, both themes; run it under a display or Xvfb, so that the real platform draws.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QSettings, QSize, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from core.demo.journey import run_demo
from core.domain.backup import BackupReason
from core.domain.body import AnswerFormat
from core.domain.people import Person, Role
from core.domain.stage import Stage
from core.services.judging.records import JudgeRequest
from core.workspace import Workspace, open_workspace
from reviewer_app import theme
from reviewer_app.app import make_application
from reviewer_app.colors import Scheme
from reviewer_app.dialogs.settings import SettingsDialog
from reviewer_app.dialogs.shortcut_sheet import ShortcutSheet
from reviewer_app.main_window import MainWindow
from reviewer_app.pages.library.moves import Move
from reviewer_app.pages.registry import PAGES
from reviewer_app.preferences import Preferences
from tests import gallery_evaluate as evaluate
from tests import gallery_formats as formats
from tests import gallery_images as images
from tests import gallery_packages as packages
from tests import gallery_readings as readings
from tests import gallery_volumes as volumes
from tests.judging_study import grader
from tests.llm_server import LlmServer

SIZES = (QSize(1280, 800), QSize(1920, 1080))
_PATIENCE_S = 20.0


@dataclass(frozen=True)
class Shot:
    """One picture: who sits there, which page, and what is done before it is taken.

    `open_menu` opens a menu, which is painted over the window it belongs to.
    """

    name: str
    page: str
    role: Role = Role.LEAD
    prepare: Callable[[MainWindow, Workspace], None] | None = None
    open_menu: Callable[[MainWindow], None] | None = None


def _choose_in_library(window: MainWindow, workspace: Workspace) -> None:
    lines = workspace.authoring.library(stage=Stage.VERIFIED)
    window.pages.show_question("library", next(one.id for one in lines if one.image_count))


def _write_with_images(window: MainWindow, workspace: Workspace) -> None:
    lines = workspace.authoring.library(stage=Stage.DRAFT)
    window.pages.show_question("author", max(lines, key=lambda one: one.image_count).id)


def _find_nothing(window: MainWindow, workspace: Workspace) -> None:
    window.pages.page("library").filter_bar.search_box.setText("zzzz")


def _choose_several(window: MainWindow, workspace: Workspace) -> None:
    page = window.pages.page("library")
    page.table.choose_all_of({one.id for one in workspace.authoring.library()[:5]})
    page.bulk_bar.ask(Move.RETIRE)


def _look_into_the_bin(window: MainWindow, workspace: Workspace) -> None:
    me = workspace.people.me().id
    author = workspace.authoring
    made = [
        author.create(one, me).value.question for one in (AnswerFormat.REPORT, AnswerFormat.NUMERIC)
    ]
    retired = author.library(stage=Stage.RETIRED) or author.library(stage=Stage.REJECTED)
    workspace.bin.delete([*made, *(one.id for one in retired)], me, "Written twice")
    page = window.pages.page("library")
    page.presenter.refresh(force=True)
    page.filter_bar.stage_chips[Stage.IN_BIN].click()
    _settle(QApplication.instance(), window)
    page.table.selectRow(0)
    page.bin_bar.empty_button.click()


def _check_something_damaged(window: MainWindow, workspace: Workspace) -> None:
    image = next(one for one in sorted((workspace.path / "media").glob("??/*")) if one.is_file())
    whole = image.read_bytes()
    image.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    page = window.pages.page("backups")
    page.check_button.click()
    _settle(QApplication.instance(), window)
    image.write_bytes(whole)


def _offer_to_repair(window: MainWindow, workspace: Workspace) -> None:
    window.close_workspace()
    window.show_welcome()
    window.repairing.offer(
        workspace.path,
        ["The workspace file workspace.db is damaged.", "question 7: Its revision 1 has no body."],
    )
    window.repairing.page.add_source(Path("sent.asclepius-package"))


def _ask_to_restore(window: MainWindow, workspace: Workspace) -> None:
    me, backups = workspace.people.me().id, workspace.backups
    backups.make(BackupReason.IMPORT)
    workspace.authoring.create(AnswerFormat.REPORT, me)
    first = workspace.authoring.library(stage=Stage.VERIFIED)[0]
    workspace.authoring.retire(first.id, me, "Out of date")
    backups.make(note="Before the meeting")
    workspace.authoring.create(AnswerFormat.NUMERIC, me)
    page = window.pages.page("backups")
    window.show_page("backups")
    QTimer.singleShot(500, lambda: page.time_line.setCurrentCell(page.time_line.rowCount() - 1, 0))
    QTimer.singleShot(1000, page.preview.restore_button.click)
    _settle(QApplication.instance(), window, quiet_s=1.5)


def _grade_with_a_judge(window: MainWindow, workspace: Workspace) -> None:
    me, judging = workspace.people.me().id, workspace.judging
    judging.draw_sample(me, 50, seed=1)
    for place, task in enumerate(judging.tasks(me)):
        judging.grade(me, task.answer, [place % 4 > 0] * len(task.rubric.points))
    with LlmServer(grader()) as server:
        request = JudgeRequest("gpt-judge", server.base_url)
        judging.start(judging.prepare(request))
    page = window.pages.page("judge")
    page.activate()
    page.tabs.setCurrentWidget(page.judges_tab)
    _settle(QApplication.instance(), window)


def _grade_by_hand(window: MainWindow, workspace: Workspace) -> None:
    lead = next(one for one in workspace.people.all() if one.has_role(Role.LEAD))
    workspace.judging.draw_sample(lead.id, 50, seed=1)
    window.pages.page("judge").activate()
    _settle(QApplication.instance(), window)


SHOTS = (
    *(Shot(entry.name, entry.name) for entry in PAGES),
    Shot("library-detail", "library", prepare=_choose_in_library),
    Shot("library-nothing", "library", prepare=_find_nothing),
    Shot("library-several", "library", prepare=_choose_several),
    Shot("author-images", "author", prepare=_write_with_images),
    Shot("images-measured", "author", prepare=images.show_measures),
    Shot("images-mask", "author", prepare=images.show_mask),
    Shot(
        "images-presets",
        "author",
        prepare=volumes.show_presets,
        open_menu=volumes.open_presets,
    ),
    Shot("images-prior", "author", prepare=volumes.show_prior),
    Shot("images-clip", "author", prepare=images.show_clip),
    Shot("images-chooser", "author", prepare=images.show_chooser),
    Shot("images-sections", "author", prepare=volumes.show_sections),
    Shot("images-slide", "author", prepare=volumes.show_slide),
    Shot("author-ranking", "author", prepare=formats.write(AnswerFormat.RANKING)),
    Shot("author-long-text", "author", prepare=formats.write(AnswerFormat.LONG_TEXT)),
    Shot("author-region", "author", prepare=formats.write(AnswerFormat.REGION)),
    Shot("verify-verifier", "verify", Role.VERIFIER),
    Shot("verify-ranking", "verify", Role.VERIFIER, formats.answer(AnswerFormat.RANKING)),
    Shot("verify-long-text", "verify", Role.VERIFIER, formats.answer(AnswerFormat.LONG_TEXT)),
    Shot("verify-region", "verify", Role.VERIFIER, formats.answer(AnswerFormat.REGION)),
    Shot("judge-grade", "judge", Role.VERIFIER, prepare=_grade_by_hand),
    Shot("judge-judges", "judge", prepare=_grade_with_a_judge),
    Shot("baseline-reader", "baseline", Role.READER),
    Shot("baseline-flag", "baseline", Role.READER, readings.doubt),
    Shot("library-flags", "library", prepare=readings.look_at_flags),
    Shot("library-bin", "library", prepare=_look_into_the_bin),
    Shot("backups", "backups", prepare=_ask_to_restore),
    Shot("backups-check", "backups", prepare=_check_something_damaged),
    Shot("repair", "backups", prepare=_offer_to_repair),
    Shot("packages-send", "packages", prepare=packages.show_send_out),
    Shot("packages-written", "packages", prepare=packages.show_written),
    Shot("packages-open", "packages", prepare=packages.open_verify),
    Shot("packages-locked", "packages", prepare=packages.open_protected),
    Shot("packages-back", "packages", prepare=packages.show_send_back),
    Shot("packages-merge", "packages", prepare=packages.show_preview),
    Shot("packages-conflict", "packages", prepare=packages.show_conflict),
    Shot("evaluate-runs", "evaluate", prepare=evaluate.show_runs),
    Shot("evaluate-replies", "evaluate", prepare=evaluate.show_wrong_reply),
    Shot("evaluate-correction", "evaluate", prepare=evaluate.show_region_correction),
    Shot("evaluate-compare", "evaluate", prepare=evaluate.show_comparison),
    Shot("evaluate-endpoints", "evaluate", prepare=evaluate.show_endpoints),
    Shot("evaluate-prompts", "evaluate", prepare=evaluate.show_prompts),
    Shot("evaluate-preflight", "evaluate", prepare=evaluate.show_preflight),
    Shot("evaluate-watch", "evaluate", prepare=evaluate.show_watch),
)


def main(arguments: list[str]) -> int:
    """Write the pictures and name each one."""
    if not arguments:
        sys.stderr.write("usage: python tests/gallery.py OUT [PAGE or PICTURE...]\n")
        return 2
    out, wanted = Path(arguments[0]), set(arguments[1:])
    out.mkdir(parents=True, exist_ok=True)
    app = make_application()
    with TemporaryDirectory() as folder:
        # Endpoints and signing keys of whoever draws the pictures are not for the public.
        os.environ["XDG_CONFIG_HOME"] = folder
        os.environ["XDG_DATA_HOME"] = folder
        run_demo(Path(folder), progress=lambda text: print(text, flush=True))
        for scheme in Scheme:
            theme.apply(app, scheme)
            _photograph(app, Path(folder), out, scheme, wanted)
    return 0


def _photograph(
    app: QApplication, folder: Path, out: Path, scheme: Scheme, wanted: set[str]
) -> None:
    settings = QSettings(str(folder / f"{scheme}.ini"), QSettings.Format.IniFormat)
    preferences = Preferences(settings)
    window = MainWindow(preferences)
    window.resize(SIZES[0])
    window.show_welcome()
    window.show()
    _settle(app, window)
    _take(app, window, out, f"welcome-{scheme}")
    workspace = open_workspace(folder / "demo.asclepius")
    for shot in SHOTS:
        if wanted and not wanted & {shot.page, shot.name}:
            continue
        _sit_down(workspace, shot.role)
        window.show_workspace(workspace)
        window.show_page(shot.page)
        _settle(app, window)
        if shot.prepare is not None:
            shot.prepare(window, workspace)
        _take(app, window, out, f"{shot.name}-{scheme}", shot.open_menu)
        window.close_workspace()
        workspace = open_workspace(folder / "demo.asclepius")
    workspace.close()
    if not wanted:
        for name, dialog in (
            ("settings", SettingsDialog(preferences, window)),
            ("shortcuts", ShortcutSheet(window.keys.chosen(), window)),
        ):
            dialog.show()
            _settle(app, window)
            dialog.grab().save(str(out / f"{name}-{scheme}.png"))
            dialog.close()
    window.close()
    _settle(app, window)


def _sit_down(workspace: Workspace, role: Role) -> Person:
    """Seat whoever has the fewest roles beside the one wanted."""
    able = [person for person in workspace.people.all() if person.has_role(role)]
    seated = min(able, key=lambda one: (len(one.roles), one.name))
    return workspace.people.set_me(seated.id).value


def _take(
    app: QApplication,
    window: MainWindow,
    out: Path,
    name: str,
    open_menu: Callable[[MainWindow], None] | None = None,
) -> None:
    for size in SIZES:
        window.resize(size)
        _settle(app, window)
        picture = window.grab()
        if open_menu is not None:
            open_menu(window)
            _settle(app, window)
            picture = _with_menu(window)
        file = out / f"{name}-{size.width()}.png"
        picture.save(str(file))
        print(file, flush=True)


def _with_menu(window: MainWindow) -> QPixmap:
    """Return a window with the menu that is open over it, and close the menu."""
    menu, picture = QApplication.activePopupWidget(), window.grab()
    assert menu is not None
    with QPainter(picture) as painter:
        painter.drawPixmap(window.mapFromGlobal(menu.pos()), menu.grab())
    menu.close()
    return picture


def _settle(app: QApplication, window: MainWindow, *, quiet_s: float = 0.4) -> None:
    """Let everything under way end, then a little more for what is drawn late."""
    end = time.monotonic() + _PATIENCE_S
    quiet_since = time.monotonic()
    while time.monotonic() < end and time.monotonic() - quiet_since < quiet_s:
        app.processEvents()
        if window.tasks.is_busy:
            quiet_since = time.monotonic()
        time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
