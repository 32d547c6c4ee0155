"""The command that lets a double click on a package open the program."""

import argparse
import sys

from core.cli.commands import add_command
from core.cli.terminal import Reply, Terminal


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    add_command(
        commands,
        "associate",
        _associate,
        says="let a double click on a package open Asclepius, for you only",
        example="associate",
    )


def _associate(_: argparse.Namespace, __: Terminal) -> Reply:
    from core.file_association import associate

    written = [str(path) for path in associate()]
    said = "A double click on a package opens Asclepius now."
    if sys.platform == "darwin":
        said = "On macOS the program in the Applications folder opens packages by itself."
    return Reply({"written": written}, [said])
