"""Gives freed memory back to the system, where its C library keeps it in holes, or keeps it."""

import ctypes
import sys
from collections.abc import Callable
from functools import cache
from typing import Final

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
"""What glibc's mallopt calls them."""
_KEPT_BYTES: Final = 32 << 20
_SLICE_BYTES: Final = 8 << 20


def give_back() -> None:
    """Return free memory to the system; does nothing where the C library does so by itself.

    glibc keeps the holes between frames: a third more than what is used, after some paging.
    """
    trim = _of_libc("malloc_trim")
    if trim is not None:
        trim(0)


def keep_for_next() -> None:
    """Keep what one slice took for the next: a helper process does the same again and again.

    glibc would give it back each time; to get it once more takes as long as to read a slice.
    """
    option = _of_libc("mallopt")
    if option is not None:
        option(_TRIM_THRESHOLD, _KEPT_BYTES)
        option(_MMAP_THRESHOLD, _SLICE_BYTES)


@cache
def _of_libc(name: str) -> Callable[..., int] | None:
    if sys.platform != "linux":
        return None
    found: Callable[..., int] | None = getattr(ctypes.CDLL(None), name, None)
    return found
