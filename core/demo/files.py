"""Reading the demo's own JSON files; they lie in resources/demo and can be edited."""

from __future__ import annotations

import json

from core.domain.plain import Plain
from core.errors import StorageError
from core.paths import resources_folder


def read_object(name: str) -> Plain:
    """Return the JSON object of one file; raise `StorageError` naming a damaged one."""
    path = resources_folder() / "demo" / name
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StorageError(
            f"The demo file {path} cannot be read: {error}",
            hint="Install the program again, or correct this file.",
        ) from error
    if not isinstance(data, dict):
        raise StorageError(f"The demo file {path} must hold an object.")
    return data
