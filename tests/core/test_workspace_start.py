"""Opening a workspace imports nothing heavy."""

import subprocess
import sys
from pathlib import Path

from core.workspace import create_workspace

HEAVY = (
    "PIL",
    "alembic",
    "cv2",
    "aiohttp",
    "httpx2",
    "imagecodecs",
    "nltk",
    "numpy",
    "openai",
    "openpyxl",
    "pandas",
    "pydicom",
    "rapidfuzz",
    "sacrebleu",
    "sqlalchemy.orm",
    "tifffile",
)


def test_opening_and_listing_the_library_imports_nothing_heavy(tmp_path: Path) -> None:
    create_workspace(tmp_path / "a.asclepius").close()
    program = (
        "import sys; from pathlib import Path; from core.workspace import open_workspace\n"
        "with open_workspace(Path(sys.argv[1])) as opened:\n"
        "    opened.people.me(); opened.authoring.library(); opened.authoring.stage_counts()\n"
        "print(sorted(set(sys.argv[2:]) & set(sys.modules)))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "a.asclepius"), *HEAVY],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )

    assert done.stdout.strip() == "[]"
