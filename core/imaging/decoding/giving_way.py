"""Lets the window run first where processors are short."""

import contextlib
import os
import sys
from threading import get_native_id
from typing import Final

_NICENESS: Final = 5
"""A third of what the window gets of a processor that both want."""


def process_gives_way() -> None:
    """Lower the priority of this process; on Windows who starts it does."""
    if sys.platform != "win32":
        os.nice(_NICENESS)


def thread_gives_way() -> None:
    """Lower the priority of the calling thread, where the system lets a thread have its own."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # a sandbox may forbid it
            os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICENESS)
