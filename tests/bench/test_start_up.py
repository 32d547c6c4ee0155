"""How long until the library can be used, beside a bare window that imports SQLAlchemy."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.workspace import create_workspace

ROUNDS = 9
LIMIT = 1.6

BARE = """
import sys
import sqlalchemy
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication(sys.argv)
window = QMainWindow()
window.show()
QTimer.singleShot(0, app.quit)
app.exec()
"""

OURS = """
import sys
from pathlib import Path
from reviewer_app.app import main
sys.exit(main(["--quit-when-usable"], workspace_path=Path(sys.argv[1])))
"""


# An installed program has its bytecode; the first, unmeasured start writes it for both.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}


def seconds(program: str, *arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program, *arguments], check=True, env=ENVIRONMENT)
    return time.perf_counter() - start


@pytest.mark.bench
@pytest.mark.timeout(300)
def test_start_up_against_a_bare_window(tmp_path: Path) -> None:
    folder = tmp_path / "start.asclepius"
    create_workspace(folder).close()
    seconds(BARE)
    seconds(OURS, str(folder))

    pairs = [(seconds(BARE), seconds(OURS, str(folder))) for _ in range(ROUNDS)]

    bare, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = ours / bare
    print(f"\nstart-up: ours {ours:.2f} s, bare {bare:.2f} s, ratio {ratio:.2f} (n={ROUNDS})")
    assert ratio <= LIMIT
