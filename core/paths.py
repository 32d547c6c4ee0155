"""Where the data of the program lies, and where it keeps what belongs to this user."""

import sys
from pathlib import Path
from typing import Final

PROGRAM: Final = "asclepius"


def resources_folder() -> Path:
    """Return the folder of taxonomies, prompts, icons and the demo."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources"
    beside = Path(__file__).resolve().parent.parent / "resources"
    return beside if beside.is_dir() else Path(__file__).resolve().parent / "_resources"


def log_folder() -> Path:
    """Return where the logs of this user go."""
    from platformdirs import user_log_path

    return user_log_path(PROGRAM, appauthor=False)


def endpoints_file() -> Path:
    """Return where the endpoints of this user lie; there is no key in it."""
    from platformdirs import user_config_path

    return user_config_path(PROGRAM, appauthor=False) / "endpoints.json"


def data_folder() -> Path:
    """Return where what belongs to this user and must not be lost lies."""
    from platformdirs import user_data_path

    return user_data_path(PROGRAM, appauthor=False)
