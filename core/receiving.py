"""Packages that arrive: where their workspace is, what is known of their signer, opening them."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.db.drives import network_drive
from core.db.folder import SUFFIX
from core.domain.package import PackageKind
from core.tasks import CancelToken, ProgressCallback, ignore_progress
from core.workspace import open_package, open_workspace

if TYPE_CHECKING:
    from core.clock import Clock
    from core.services.packages.files import Trust
    from core.services.packages.look import PackageLook

_UNSAFE: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_NAME_LENGTH: Final = 60
_MARK_LENGTH: Final = 8


def safe_name(text: str) -> str:
    """Return a text as every file system takes it in a name."""
    return " ".join(_UNSAFE.sub(" ", text).split()).strip(" .")[:_NAME_LENGTH].strip() or "work"


def home_of(look: PackageLook, parent: Path, known: Sequence[Path] = ()) -> Path:
    """Return the workspace folder of a package: the one it was opened into before, else a new one.

    All blind packages for one person share a folder; a whole workspace has one for itself.
    `known` are workspaces used before, wherever they lie.
    """
    facts = look.facts
    owner = facts.addressee or facts.id
    end = f"({owner.replace('-', '')[-_MARK_LENGTH:]}){SUFFIX}"
    beside = sorted(parent.glob("*" + SUFFIX)) if parent.is_dir() else []
    found = [one for one in (*known, *beside) if one.name.endswith(end) and one.is_dir()]
    name = look.addressee or facts.sender.name
    return found[0] if found else parent / f"{safe_name(name)} {end}"


def trust_at(folder: Path, look: PackageLook) -> Trust:
    """Return what the workspace in `folder` knows of the signer; a new one knows nobody."""
    from core.services.packages.files import Trust

    if not folder.exists():
        return Trust.NEW
    with open_workspace(folder, read_only=True) as workspace:
        return workspace.packages.trust(look.facts)


def receive(
    look: PackageLook,
    file: Path,
    folder: Path,
    *,
    passphrase: str = "",
    accepts_new_key: bool = False,
    clock: Clock | None = None,
    cancel: CancelToken | None = None,
    progress: ProgressCallback = ignore_progress,
) -> Path:
    """Bring a package into its folder, which is made where it is new; return the folder.

    What was done there stays. Raises `CoreError` with the reason when the package is refused.
    """
    if not folder.exists():
        open_package(
            file, folder, passphrase=passphrase, clock=clock, cancel=cancel, progress=progress
        ).close()
        return folder
    with open_workspace(folder, clock=clock) as workspace:
        if look.facts.kind is not PackageKind.WORKSPACE:
            workspace.packages.fill(
                file,
                passphrase=passphrase,
                accepts_new_key=accepts_new_key,
                cancel=cancel,
                progress=progress,
            )
    return folder


def place_for_workspaces(*candidates: Path) -> Path:
    """Return the first folder in which workspaces can lie (local, writable), else the last."""
    return next((one for one in candidates if _is_usable(one)), candidates[-1])


def _is_usable(folder: Path) -> bool:
    there = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    return there.is_dir() and os.access(there, os.W_OK) and not network_drive(there)
