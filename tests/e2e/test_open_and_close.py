"""A window that opens and closes workspaces all day long; in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.demo.journey import run_demo

ROOT = Path(__file__).parents[2]

SCRIPT = """
import gc, random, sys
from pathlib import Path
from PySide6.QtCore import QSettings
from core.workspace import open_workspace
from reviewer_app.app import make_application
from reviewer_app.main_window import MainWindow
from reviewer_app.pages.registry import PAGES
from reviewer_app.preferences import Preferences

app, folder = make_application(), Path(sys.argv[1])
settings = QSettings(str(folder / "x.ini"), QSettings.Format.IniFormat)
window, dice = MainWindow(Preferences(settings)), random.Random(1)
window.show()
for _ in range(12):
    window.show_workspace(open_workspace(folder / "demo.asclepius"))
    for page in dice.sample(PAGES, 5):
        window.show_page(page.name)
        for _ in range(dice.randint(0, 6)):
            app.processEvents()
    window.close_workspace()
    gc.collect()
print("whole")
"""


@pytest.mark.timeout(300)
def test_workspaces_are_opened_and_closed_many_times(tmp_path: Path) -> None:
    run_demo(tmp_path, progress=lambda _text: None)
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", SCRIPT, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )

    assert done.stdout.strip().endswith("whole"), done.stderr[-2000:]
