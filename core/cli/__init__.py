"""The same use cases without a window: `asclepius import`, `asclepius export`, …

Exit code 0: done. 1: not done, one sentence on stderr. 2: wrong usage. 130: stopped by Ctrl-C.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from core.cli.arguments import build_parser
from core.cli.terminal import Terminal, standard_terminal
from core.domain.package import PACKAGE_SUFFIX
from core.errors import Cancelled, CoreError, StorageError

__all__ = ["main"]

WORKSPACE_SUFFIX = ".asclepius"
STOPPED = 130
"""128 + SIGINT, as shells have it."""
PIPE_CLOSED = 141
"""128 + SIGPIPE: the reader of our output went away."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return the exit code; without a command open the window."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words == ["--decode-pictures"]:  # a frozen program starts itself as its own helper
        from core.imaging.decoding.child import serve

        return serve()
    terminal = standard_terminal(is_json="--json" in words)
    try:
        return _run(words, terminal)
    except (CoreError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            return _leave_closed_pipe()
        terminal.fail(_sentence(error))
        return 1
    except (KeyboardInterrupt, Cancelled):
        terminal.fail("Stopped; what was finished is kept.")
        return STOPPED


def _run(words: Sequence[str], terminal: Terminal) -> int:
    if len(words) == 1 and words[0].endswith((WORKSPACE_SUFFIX, PACKAGE_SUFFIX)):
        return _open_window(Path(words[0]))
    chosen = build_parser().parse_args(words)
    if chosen.run is None:
        return _open_window()
    reply = chosen.run(chosen, terminal)
    terminal.clear_progress()
    terminal.reply(reply)
    if reply.failure:
        terminal.fail(reply.failure)
        return 1
    return _open_afterwards(getattr(chosen, "opens", None), terminal)


def _open_afterwards(workspace: Path | None, terminal: Terminal) -> int:
    if workspace is None:
        return 0
    if not _has_display():
        terminal.say("There is no screen here, so the window was not opened.")
        return 0
    return _open_window(workspace)


def _open_window(workspace: Path | None = None) -> int:
    if not _has_display():
        raise StorageError(
            "No screen was found, so the window cannot open.",
            hint="Use a command instead; `asclepius --help` lists them.",
        )
    try:
        from reviewer_app.app import main as show_window
    except ImportError as error:
        raise StorageError(
            f"The window cannot open because a part is missing: {error}.",
            hint="Install the program again; on Linux Qt also needs system libraries (README).",
        ) from error
    return show_window(workspace_path=workspace)


def _has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in names)


def _sentence(error: CoreError | OSError) -> str:
    if isinstance(error, CoreError):
        return str(error)
    where = f" “{error.filename}”" if error.filename else ""
    return f"A file{where} could not be used: {error.strerror or error}."


def _leave_closed_pipe() -> int:
    """Keep the interpreter from flushing into the closed pipe once more at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return PIPE_CLOSED
