"""Where the demo goes, and what may be replaced there."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.demo.questions import load_questions
from core.errors import StorageError
from core.workspace import open_workspace

WORKSPACE: Final = "demo.asclepius"
EXPORT: Final = "demo-export"
_MARK: Final = "made-by-the-demo"
"""A file in the workspace folder; only a workspace that has it is ever replaced."""


@dataclass(frozen=True, slots=True)
class Place:
    """The two folders that the demo makes."""

    workspace: Path
    export: Path

    def mark(self) -> None:
        """Write down that this workspace was made by the demo."""
        try:
            (self.workspace / _MARK).write_text(
                "The demo may replace this workspace.\n", encoding="utf-8"
            )
        except OSError as error:
            raise _failed(self.workspace, "written", error) from error


def free_place(folder: Path) -> Place:
    """Return where the demo goes, a former demo removed.

    Raises `StorageError` when something else is there, when the former demo is open elsewhere,
    or when somebody has written questions into it.
    """
    place = Place(folder.absolute() / WORKSPACE, folder.absolute() / EXPORT)
    has_former = _is_former_demo(place.workspace)
    if place.workspace.exists() and not has_former:
        raise _in_the_way(place.workspace)
    if place.export.exists() and not has_former:
        raise _in_the_way(place.export)
    if has_former:
        _require_untouched(place.workspace)
        for path in (place.export, place.workspace):
            _remove(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _failed(folder, "made", error) from error
    return place


def _is_former_demo(path: Path) -> bool:
    return (path / _MARK).is_file()


def _require_untouched(path: Path) -> None:
    # Opening it takes the lock, so that nobody loses a workspace that is in use.
    with open_workspace(path) as former:
        count = len(former.authoring.library())
    if count > len(load_questions()):
        raise StorageError(
            f"Questions were added to the demo in {path}, so it is not replaced.",
            hint="Keep them by renaming that folder, or choose another one with --folder.",
        )


def _remove(path: Path) -> None:
    if not path.exists():
        return
    try:
        shutil.rmtree(path)
    except OSError as error:
        raise _failed(path, "removed", error) from error


def _in_the_way(path: Path) -> StorageError:
    return StorageError(
        f"{path} was not made by the demo, so it is not replaced.",
        hint="Choose another folder with --folder.",
    )


def _failed(path: Path, what: str, error: OSError) -> StorageError:
    return StorageError(
        f"{path} could not be {what}: {error.strerror or error}.",
        hint="Check the free space and your permissions, or choose another folder with --folder.",
    )
