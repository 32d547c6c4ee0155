"""The wall against foreign libraries: their warnings stay inside, their errors become ours."""

import logging
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final

from pydicom.errors import BytesLengthException, InvalidDicomError

from core.errors import ImageError

FOREIGN_ERRORS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    BytesLengthException,
    EOFError,
    InvalidDicomError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What decoders raise on damaged bytes; none of them promises a narrower list."""

_HINT: Final = "Ask for the file again from where it came, or choose another one."


def image_error(name: str, reason: str, *, hint: str = _HINT) -> ImageError:
    """Return the error for a file that cannot be shown; `reason` goes on after a colon."""
    return ImageError(f"“{name}” cannot be shown: {reason}.", hint=hint)


class translated:  # noqa: N801 - used like the functions of contextlib; a generator is too slow
    """Run foreign code without its warnings and turn its errors into `ImageError`.

    The sentence carries `reason`, never the foreign text: that may quote the header's values.
    """

    __slots__ = ("_more", "_name", "_reason")

    def __init__(self, name: str, reason: str, *more: type[Exception]) -> None:
        self._name, self._reason, self._more = name, reason, more

    def __enter__(self) -> None:
        _GATE.enter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        _GATE.leave()
        if isinstance(error, FOREIGN_ERRORS + self._more):
            raise image_error(self._name, self._reason) from error


class _WarningGate:
    """Ignores warnings while at least one thread decodes.

    The filters belong to the whole process and `catch_warnings` is not safe between threads
    (Python 3.11), so the first one in sets them and the last one out restores them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._saved = warnings.catch_warnings()

    def enter(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._saved = warnings.catch_warnings()
                self._saved.__enter__()
                warnings.simplefilter("ignore")

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._saved.__exit__(None, None, None)


_GATE: Final = _WarningGate()


@contextmanager
def without_warnings() -> Iterator[None]:
    """Ignore warnings of foreign code; around many short calls it saves most of their cost."""
    _GATE.enter()
    try:
        yield
    finally:
        _GATE.leave()


def silence_logger(name: str) -> None:
    """Stop a library's log: it writes header values, and a log must not name a patient."""
    logging.getLogger(name).disabled = True
