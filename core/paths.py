"""Where the program's own data lies: in a checkout, in a wheel, in a frozen build."""

import sys
from pathlib import Path


def resources_folder() -> Path:
    """Return the folder of taxonomies, prompts, icons and the demo."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources"
    beside = Path(__file__).resolve().parent.parent / "resources"
    return beside if beside.is_dir() else Path(__file__).resolve().parent / "_resources"
