"""What a command says: lines or one JSON document on stdout, one sentence on stderr."""

import json
import shutil
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final, TextIO

from core.tasks import CancelToken, Progress

_BAR: Final = 24
"""Signs of a progress bar."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A command's result as JSON value and as lines; `failure` is a sentence for exit code 1."""

    plain: Any  # any JSON value
    lines: Sequence[str] = ()
    failure: str = ""


class Terminal:
    """Stdout and stderr of one command; nothing that a console cannot show stops it."""

    def __init__(self, out: TextIO, err: TextIO, *, is_json: bool = False) -> None:
        self._out = _tolerant(out)
        self._err = _tolerant(err)
        self._is_json = is_json
        self._has_progress_line = False

    def reply(self, reply: Reply) -> None:
        """Print a command's result."""
        if self._is_json:
            is_utf8 = (self._out.encoding or "").lower().replace("-", "") == "utf8"
            text = json.dumps(reply.plain, indent=2, ensure_ascii=not is_utf8)
            self._out.write(text + "\n")
        else:
            self.say(*reply.lines)
        self._out.flush()

    def say(self, *lines: str) -> None:
        """Print lines at once; nothing where the result is JSON."""
        if not self._is_json:
            self._out.writelines(f"{line}\n" for line in lines)
            self._out.flush()

    def fail(self, sentence: str) -> None:
        """Print one sentence on stderr, on a line of its own."""
        self.clear_progress()
        self._err.write(" ".join(sentence.split()) + "\n")
        self._err.flush()

    def progress(self, step: Progress) -> None:
        """Show progress on one line, where a person watches."""
        if not self._err.isatty():
            return
        total = f" of {step.total}" if step.total else ""
        line = f"{_bar(step)}{step.done}{total} {step.what}"[
            : shutil.get_terminal_size().columns - 1
        ]
        self._err.write(f"\r\x1b[K{line}")
        self._err.flush()
        self._has_progress_line = True

    def clear_progress(self) -> None:
        """Remove the progress line."""
        if self._has_progress_line:
            self._err.write("\r\x1b[K")
            self._err.flush()
            self._has_progress_line = False


@contextmanager
def cancelled_by_keyboard() -> Iterator[CancelToken]:
    """Give a token that the first Ctrl-C sets, so that finished work is kept; a second stops."""
    token = CancelToken()
    if threading.current_thread() is not threading.main_thread():
        yield token
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        if token.is_cancelled:
            raise KeyboardInterrupt
        token.cancel()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield token
    finally:
        signal.signal(signal.SIGINT, before)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return lines with columns side by side; on a screen the last one takes what is left."""
    cells = [list(head), *(list(row) for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(head) - 1)]
    room = max(24, shutil.get_terminal_size().columns - sum(widths) - 2 * len(widths))
    is_cut = sys.stdout.isatty()
    lines = []
    for row in cells:
        start = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        last = row[-1] if len(row[-1]) <= room or not is_cut else row[-1][: room - 1] + "…"
        lines.append(f"{start}  {last}".rstrip())
    return lines


def _bar(step: Progress) -> str:
    if not step.total:
        return ""
    full = round(_BAR * min(step.done, step.total) / step.total)
    return f"[{'#' * full}{'.' * (_BAR - full)}] "


def one_line(text: str) -> str:
    """Return a text without line breaks."""
    return " ".join(text.split())


def count_of(number: int, word: str) -> str:
    """Return "1 question" or "3 questions"."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _tolerant(stream: TextIO) -> TextIO:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    return stream


def standard_terminal(*, is_json: bool) -> Terminal:
    """Return the terminal of this process."""
    return Terminal(sys.stdout, sys.stderr, is_json=is_json)
