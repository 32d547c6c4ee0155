"""How a session that will be killed tells what it was told is saved."""

import json
import os
import time
from hashlib import sha256
from typing import Any


def say(kind: str, **facts: Any) -> None:
    """Tell the judge; one write of less than a pipe's buffer is never torn."""
    line = json.dumps({"kind": kind, "at": time.monotonic()} | facts) + "\n"
    try:
        os.write(1, line.encode())
    except BrokenPipeError:
        os._exit(4)  # the judge is gone; nobody is left to kill this session


def digest(text: str) -> str:
    """Return what stands for a text in the protocol."""
    return sha256(text.encode()).hexdigest()[:16]
