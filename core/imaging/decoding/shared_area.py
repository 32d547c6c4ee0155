"""Memory that the program shares with one helper process: samples pass through it, not a pipe.

A pipe copies each picture into pages of the kernel that are fetched and freed each time. Only
Linux has memory that is neither a file nor has a name; elsewhere, and for what is larger, there
is the pipe. The program copies what it takes out: a codec gone wild may write here at any time.
"""

import mmap
import os
import sys
from contextlib import suppress
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
AREA_BYTES: Final = 4 << 20
"""A slice of 1,400 × 1,400 pixels; what was once written to stays for as long as the helper."""
_NUMBER: Final = "ASCLEPIUS_SHARED_AREA"
"""The environment variable that tells a helper under which number it finds the memory open."""


class SharedArea(NamedTuple):
    """The memory, and what a helper needs to be started with."""

    memory: Bytes
    number: int

    @property
    def environment(self) -> dict[str, str]:
        """What the helper finds in its environment."""
        return {**os.environ, _NUMBER: str(self.number)}

    def close_number(self) -> None:
        """Close the number once the helper has it; the memory stays while somebody holds it."""
        os.close(self.number)


def make_area() -> SharedArea | None:
    """Return memory to share, its number open; None where the system has none to give."""
    if sys.platform != "linux":
        return None
    import fcntl

    with suppress(OSError):  # a sandbox may forbid it
        number = os.memfd_create("pictures", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.truncate(number, AREA_BYTES)
            # Who made it shorter would end the program, which then reads what is not there.
            fcntl.fcntl(number, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL)
            return SharedArea(_mapped(number), number)
        except OSError:
            os.close(number)
    return None


def find_area() -> Bytes | None:
    """Return the memory that this helper process was started with; None where there is none."""
    number = os.environ.get(_NUMBER)
    if number is None:
        return None
    with suppress(OSError, ValueError):
        return _mapped(int(number))
    return None


def _mapped(number: int) -> Bytes:
    return np.frombuffer(mmap.mmap(number, AREA_BYTES), np.uint8)
