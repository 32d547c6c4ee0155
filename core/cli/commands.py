"""What the commands share: how they are declared and how they open a workspace."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.terminal import Reply, Terminal, cancelled_by_keyboard
from core.errors import StorageError, ValidationError

if TYPE_CHECKING:
    from core.workspace import Workspace

Handler = Callable[[argparse.Namespace, Terminal], Reply]


def add_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    handler: Handler,
    *,
    says: str,
    example: str,
) -> argparse.ArgumentParser:
    """Declare a command with --json and an example in its help."""
    parser = commands.add_parser(
        name,
        help=says,
        description=says[0].upper() + says[1:] + ".",
        epilog=f"example:\n  asclepius {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=handler)
    return parser


def add_workspace(parser: argparse.ArgumentParser) -> None:
    """Declare the workspace that a command is about."""
    parser.add_argument(
        "workspace", type=Path, metavar="W", help="the workspace, a folder NAME.asclepius"
    )


def add_passphrase(parser: argparse.ArgumentParser) -> None:
    """Declare the file with the passphrase of a package."""
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="F", help="its first line is the passphrase"
    )


def passphrase_in(file: Path | None) -> str:
    """Return the first line of a file, or nothing without a file."""
    if file is None:
        return ""
    lines: list[str] = file.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0].strip():
        raise ValidationError("The passphrase file is empty.", field="passphrase-file")
    return lines[0]


def open_for_reading(path: Path) -> "Workspace":
    """Open a workspace, also while it is open elsewhere."""
    from core.workspace import open_workspace

    return open_workspace(path, read_only=True)


def open_for_writing(path: Path) -> "Workspace":
    """Open a workspace; raise `StorageError` while somebody else has it open."""
    from core.domain.backup import BackupReason
    from core.workspace import open_workspace

    workspace = open_workspace(path)
    try:
        workspace.backups.make_if_due(BackupReason.OPENED)
    except BaseException:
        workspace.close()
        raise
    return workspace


def open_scored(path: Path, terminal: Terminal) -> "Workspace":
    """Open with all answers scored; while it is open elsewhere, with the scores it has."""
    from core.workspace import open_workspace

    try:
        workspace = open_for_writing(path)
    except StorageError:
        return open_workspace(path, read_only=True)
    with cancelled_by_keyboard() as cancel:
        workspace.analysis.rescore(progress=terminal.progress, token=cancel)
    return workspace
