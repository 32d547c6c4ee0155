"""What the start loads: few modules of ours, and no heavy library."""

import json
import os
import subprocess
import sys
from typing import Final

import pytest

from core.workspace import create_workspace

MOST_OWN: Final = 116
"""More modules than this, folders counted, make the start slow; think of a lazy import first."""

FORMATS: Final = ("core.domain.body.", "core.domain.key.")
"""Each answer format has a small module in both; they do not count."""

HEAVY: Final = frozenset(
    {"numpy", "pandas", "openai", "pydicom", "cv2", "PIL", "alembic", "qtawesome", "httpx", "scipy"}
)

LATER: Final = (
    "core.db.backup_folder",
    "core.db.damage",
    "core.db.records",
    "core.db.rows",
    "core.db.tables.all",
    "core.demo",
    "core.domain.answer",
    "core.domain.judging",
    "core.domain.merge",
    "core.exchange",
    "core.imaging",
    "core.judge",
    "core.llm",
    "core.packages",
    "core.scoring",
    "core.services.adjudication",
    "core.services.analysis.service",
    "core.services.baseline",
    "core.services.blinding",
    "core.services.evaluation.service",
    "core.services.exchange.service",
    "core.services.judging.service",
    "core.services.merging.service",
    "core.services.packages.contents",
    "core.services.packages.service",
    "core.services.verification",
    "core.statistics",
    "reviewer_app.dialogs",
    "reviewer_app.pages.author",
    "reviewer_app.pages.evaluate",
    "reviewer_app.pages.library.detail",
    "reviewer_app.widgets.images.view",
    "reviewer_app.widgets.revision_history",
)
"""What somebody may need, but not before the first page is on screen."""

# The timers that look after a workspace would load more on a slow machine than on a quick one.
START: Final = """
import json, sys
from pathlib import Path
from reviewer_app import app, backup_timer, clock_watch, keeper
hour = 3_600_000
backup_timer.FIRST_AFTER_MS = clock_watch._FIRST_AFTER_MS = keeper.KEEP_MS = hour
status = app.main(["--quit-when-usable"], workspace_path=Path(sys.argv[1]))
print(json.dumps(sorted(sys.modules)))
sys.exit(status)
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    folder = tmp_path_factory.mktemp("start")
    create_workspace(folder / "w.asclepius").close()
    own = {f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "DATA", "STATE")}
    done = subprocess.run(
        [sys.executable, "-c", START, str(folder / "w.asclepius")],
        capture_output=True,
        text=True,
        check=True,
        env=dict(os.environ) | own,
        timeout=120,
    )
    return frozenset(json.loads(done.stdout.strip().splitlines()[-1]))


def test_starting_imports_no_heavy_library(loaded: frozenset[str]) -> None:
    assert sorted(HEAVY & loaded) == []


def test_starting_leaves_for_later_what_the_first_page_does_not_show(
    loaded: frozenset[str],
) -> None:
    early = [
        one for one in loaded for later in LATER if one == later or one.startswith(f"{later}.")
    ]

    assert sorted(early) == []


def test_starting_loads_few_modules(loaded: frozenset[str]) -> None:
    own = [
        one
        for one in loaded
        if one.split(".")[0] in ("core", "reviewer_app") and not one.startswith(FORMATS)
    ]

    assert len(own) <= MOST_OWN, sorted(own)
