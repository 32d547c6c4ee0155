"""Runs native codecs in helper processes: their crash or hang costs a picture, not the program."""

import atexit
import contextlib
import json
import math
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import IO, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.imaging.decoding.child import ANSWER, LOAD_AHEAD, REQUEST
from core.imaging.decoding.frame_room import ROOM
from core.imaging.decoding.shared_area import AREA_BYTES, Bytes, make_area
from core.imaging.decoding.watch import DecoderWatch

CHILD_FLAG: Final = "--decode-pictures"
"""What the frozen program gets to become a helper process."""
_LEAST_SECONDS: Final = 20.0
_BYTES_A_SECOND: Final = 2_000_000
"""Slower than this no codec is on any computer that runs the window."""
_CREATION_FLAGS: Final = 0x08004000 if sys.platform == "win32" else 0
"""Without a console, and below the window: CREATE_NO_WINDOW and BELOW_NORMAL_PRIORITY_CLASS."""
_MOST_TEXT: Final = 4096
_KINDS: Final = "biuf"
_PIPE_BYTES: Final = 1 << 20


class DecoderError(RuntimeError):
    """A helper process could not decode, took too long or ended; `translated` makes it ours."""


class _LostError(DecoderError):
    """A helper process ended before it answered."""


class Answer(NamedTuple):
    """Samples, which are the caller's own, and what the helper told beside them."""

    samples: NDArray[Any]
    facts: dict[str, Any] | None = None


class DecoderPool:
    """Helper processes, started when none is idle, at most `size` at a time.

    Safe between threads: a thread waits while all are busy. A process that took longer than it
    may is ended. What one that ended by itself was asked for, another is asked once more: the
    system ends processes where memory is short, and the picture is none the worse for it.
    """

    def __init__(self, command: Sequence[str] | None = None, *, size: int | None = None) -> None:
        self._command = list(command or _default_command())
        self._free = threading.BoundedSemaphore(size or _most_helpers())
        self._idle: list[_Helper] = []
        self._lock = threading.Lock()
        self._watch = DecoderWatch()
        self._inside: Mapping[str, Callable[..., Any]] | None = None
        self._has_started = False
        self._is_closing = False

    def stay_inside(self, operations: Mapping[str, Callable[..., Any]]) -> None:
        """Run these operations in this very process: what a helper does, who needs no other."""
        self._inside = operations

    def run(self, operation: str, *arguments: Any, most_bytes: int) -> NDArray[Any]:
        """Return what an operation of the helper makes of its arguments.

        Raises `DecoderError` when it fails, crashes, takes too long or makes more than
        `most_bytes` of samples.
        """
        if self._inside is not None:
            samples: NDArray[Any] = self._inside[operation](*arguments)
            if samples.nbytes > most_bytes:
                raise DecoderError("the codec makes more than it may")
            return samples
        return self.ask(operation, *arguments, most_bytes=most_bytes).samples

    def ask(self, operation: str, *arguments: Any, most_bytes: int) -> Answer:
        """Return the samples and the facts of an operation; raise as `run` does."""
        seconds = _LEAST_SECONDS + most_bytes / _BYTES_A_SECOND
        request = pickle.dumps((operation, arguments), protocol=5)
        with self._free:
            until = monotonic() + seconds
            try:
                answer = self._ask_one(self._take(), request, seconds, most_bytes)
            except _LostError:
                if monotonic() >= until:  # it was ended for taking too long, as another would
                    raise
                answer = self._ask_one(_Helper(self._command), request, seconds, most_bytes)
        if isinstance(answer, str):
            raise DecoderError(answer)
        return answer

    def _ask_one(
        self, helper: "_Helper", request: bytes, seconds: float, most_bytes: int
    ) -> Answer | str:
        """Ask a helper, which is idle afterwards, or has ended where anything went wrong."""
        with contextlib.ExitStack() as failing:
            failing.callback(helper.end)
            with self._watch.over(helper.process, seconds):
                answer = helper.ask(request, most_bytes=most_bytes)
            failing.pop_all()
        self._give_back(helper)
        return answer

    def warm_up(self, count: int = 1) -> None:
        """Start processes ahead of the first picture, which load what slices need; returns at once.

        Nothing happens after the first picture: its processes are there.
        """
        with self._lock:
            if self._has_started or self._is_closing:
                return
            self._has_started = True
            for _ in range(count):
                helper = _Helper(self._command)
                helper.load_ahead()
                self._idle.append(helper)

    def close(self) -> None:
        """End all idle processes; busy ones end with their request."""
        with self._lock:
            self._is_closing = True
            helpers, self._idle = self._idle, []
        for helper in helpers:
            helper.end()

    def _take(self) -> "_Helper":
        with self._lock:
            self._has_started = True
            while self._idle:
                helper = self._idle.pop()
                if helper.is_alive():
                    return helper
                helper.end()
        return _Helper(self._command)

    def _give_back(self, helper: "_Helper") -> None:
        with self._lock:
            if not self._is_closing:
                self._idle.append(helper)
                return
        helper.end()


class _Helper:
    """One process, the pipes to it, and the memory that it shares where there is some."""

    def __init__(self, command: Sequence[str]) -> None:
        self.process, self._area = _started(command)
        for pipe in (self._requests, self._answers):
            _widen(pipe)

    @property
    def _requests(self) -> IO[bytes]:
        assert self.process.stdin is not None  # noqa: S101 - asked for above
        return self.process.stdin

    @property
    def _answers(self) -> IO[bytes]:
        assert self.process.stdout is not None  # noqa: S101 - asked for above
        return self.process.stdout

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def end(self) -> None:
        """Stop the process whatever it does; harmless when it has ended."""
        self.process.kill()
        for pipe in (self._requests, self._answers):
            with contextlib.suppress(OSError):
                pipe.close()
        self.process.wait()

    def load_ahead(self) -> None:
        """Let the process load what slices need; whatever it is asked for waits until then."""
        with contextlib.suppress(OSError):  # it ended: whoever asks it is told
            self._requests.write(REQUEST.pack(LOAD_AHEAD))
            self._requests.flush()

    def ask(self, request: bytes, *, most_bytes: int) -> Answer | str:
        """Return an answer, or the name of the error; raise when the process cannot go on."""
        try:
            self._requests.write(REQUEST.pack(len(request)))
            self._requests.write(request)
            self._requests.flush()
            return self._read_answer(most_bytes)
        except OSError as error:
            raise _LostError("the helper process ended") from error
        except (KeyError, TypeError, ValueError) as error:
            raise DecoderError("the helper process answers nonsense") from error

    def _read_answer(self, most_bytes: int) -> Answer | str:
        text_length, length = ANSWER.unpack(self._exactly(ANSWER.size))
        if text_length > _MOST_TEXT or length > most_bytes:
            raise DecoderError("the helper process answers more than it may")
        facts = json.loads(self._exactly(text_length))
        if "error" in facts:
            return str(facts["error"])
        dtype, shape = np.dtype(facts["dtype"]), tuple(int(side) for side in facts["shape"])
        if dtype.kind not in _KINDS or math.prod(shape) * dtype.itemsize != length:
            raise DecoderError("the helper process answers nonsense")
        samples = ROOM.take(length)
        if facts["is_shared"]:
            np.copyto(samples, self._shared(length))
        else:
            self._fill(samples.data)
        return Answer(samples.view(dtype).reshape(shape), facts.get("facts"))

    def _shared(self, length: int) -> Bytes:
        if self._area is None or length > AREA_BYTES:
            raise DecoderError("the helper process answers nonsense")
        return self._area[:length]

    def _exactly(self, length: int) -> bytearray:
        content = bytearray(length)
        self._fill(memoryview(content))
        return content

    def _fill(self, view: memoryview) -> None:
        place = 0
        while place < len(view):
            count = self._answers.readinto(view[place:])  # type: ignore[attr-defined] # a reader
            if not count:
                raise _LostError("the helper process ended")
            place += count


def _started(command: Sequence[str]) -> tuple["subprocess.Popen[bytes]", Bytes | None]:
    """Return a helper process and the memory that it shares, where the system has such."""
    area = make_area()
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=_CREATION_FLAGS,
            env=None if area is None else area.environment,
            pass_fds=() if area is None else (area.number,),
        )
    finally:
        if area is not None:
            area.close_number()
    return process, None if area is None else area.memory


def _most_helpers() -> int:
    """Return two more than decode ahead at a time: what is asked for never waits behind them."""
    return min(4, os.cpu_count() or 1) + 2


def _widen(pipe: IO[bytes]) -> None:
    """Let a pipe hold a whole picture where the system allows it: fewer turns, half the time."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _default_command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG]
    return child_command("from core.imaging.decoding.child import serve; serve()")


def child_command(code: str) -> list[str]:
    """Return the command that runs Python code which may import this package."""
    root = str(Path(__file__).resolve().parents[3])
    return [sys.executable, "-c", f"import sys; sys.path.insert(0, {root!r}); {code}"]


POOL: Final = DecoderPool()
"""Processes belong to the program as a whole, as the warning filters in `quiet` do."""
atexit.register(POOL.close)


def run_codec(name: str, stream: bytes, *, most_bytes: int, **options: str | bytes) -> NDArray[Any]:
    """Return what `imagecodecs.NAME_decode` makes of a stream, decoded in a helper process."""
    return POOL.run("codec", name, stream, options, most_bytes=most_bytes)


def run_raster(
    data: bytes, kind: str, *, most_bytes: int, is_deep: bool, is_color: bool
) -> NDArray[Any]:
    """Return the numbers of a PNG, JPEG, WebP or BMP file, read in a helper process."""
    options = {"is_deep": is_deep, "is_color": is_color}
    return POOL.run("raster", data, kind, options, most_bytes=most_bytes)


def run_tiff_page(data: bytes, index: int, *, most_bytes: int) -> NDArray[Any]:
    """Return the numbers of a TIFF page, read in a helper process."""
    return POOL.run("tiff_page", data, index, most_bytes=most_bytes)
