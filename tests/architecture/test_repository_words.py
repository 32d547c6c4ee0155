"""The repository speaks of the product alone: no machine paths, no package hosts."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Written in pieces, so that this file does not contain what it looks for.
FORBIDDEN = re.compile(
    "|".join(
        (
            r"/wo" r"rk/(main|shared)",
            r"/tm" r"p/scratch",
            r"pythonhosted\." r"org",
            r"index-" r"url",
            r"deb\.debian\." r"org",
            r"registry\.npm" r"js",
        )
    )
)


def tracked_files() -> list[Path]:
    out = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in out.stdout.split("\0") if name]


def test_no_file_names_a_machine_path_or_package_host() -> None:
    found = []
    for path in tracked_files():
        if not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", errors="ignore")
        if FORBIDDEN.search(text):
            found.append(path.name)

    assert not found
