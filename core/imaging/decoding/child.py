"""The helper process that runs native codecs: a crash or a hang in one of them ends here.

It reads requests from its standard input and answers on its standard output until the input ends,
so it never outlives the program. It imports as little as it can: it starts while somebody waits.
"""

import contextlib
import json
import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from core.imaging.decoding.freed_memory import keep_for_next
from core.imaging.decoding.giving_way import process_gives_way

REQUEST: Final = struct.Struct("<Q")
LOAD_AHEAD: Final = 0
"""In place of a length: load what slices need while nobody waits; this is not answered."""
ANSWER: Final = struct.Struct("<QQ")
"""Length of a JSON text and of the samples behind it."""
MAX_MEMORY_BYTES: Final = 6 << 30
Operation = Callable[..., Any]
"""Returns a numpy array, or `Told`."""


class Told(NamedTuple):
    """Samples and what belongs to them, as JSON."""

    samples: Any  # a numpy array
    facts: dict[str, Any] | None


def _codec(name: str, stream: bytes, options: Mapping[str, Any]) -> Any:  # a numpy array
    import imagecodecs

    if name not in _CODECS:
        raise ValueError(name)
    return getattr(imagecodecs, f"{name}_decode")(stream, **options)


def _raster(data: bytes, kind: str, options: Mapping[str, bool]) -> Any:  # a numpy array
    from core.imaging.raster import read_pixels

    return read_pixels(data, kind, **options)


def _tiff_page(data: bytes, index: int) -> Any:  # a numpy array
    from io import BytesIO

    import tifffile

    with tifffile.TiffFile(BytesIO(data)) as file:
        return file.pages[index].asarray()


def _slice(path: str, member: tuple[int, int, int] | None) -> Told:
    """Read a slice as a whole, its codec in this very process."""
    from core.imaging.decoding.pool import POOL
    from core.imaging.series.packed_files import FilePart, Member
    from core.imaging.series.slice_answer import answer_of

    POOL.stay_inside({"codec": _codec})
    part = FilePart(Path(path), None if member is None else Member(*member))
    return Told(*answer_of(part))


_CODECS: Final = ("jpeg8", "jpegls", "jpeg2k", "jpegxl", "jpegxr", "webp")
OPERATIONS: Final[Mapping[str, Operation]] = {
    "codec": _codec,
    "slice": _slice,
    "raster": _raster,
    "tiff_page": _tiff_page,
}


def serve(operations: Mapping[str, Operation] = OPERATIONS) -> int:
    """Answer requests until there are no more."""
    requests, pipe = _private_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    _limit_memory()
    process_gives_way()
    keep_for_next()
    answers = _Answers(pipe)
    while True:
        head = requests.read(REQUEST.size)
        if len(head) < REQUEST.size:
            return 0
        (length,) = REQUEST.unpack(head)
        if length == LOAD_AHEAD:
            _load_ahead()
            continue
        name, arguments = pickle.loads(requests.read(length))
        answers.answer(operations[name], arguments)


def _load_ahead() -> None:
    """Import what most of the time of a first slice goes into."""
    with contextlib.suppress(ImportError):  # whoever needs it says so
        import imagecodecs

        import core.imaging.series.slice_answer  # noqa: F401

        _ = imagecodecs.jpegls_decode  # which is loaded when it is named first


class _Answers:
    """The way back: a pipe, and the memory that is shared with the program where there is some."""

    def __init__(self, pipe: IO[bytes]) -> None:
        # This loads numpy, before the first request, while the parent reads its file.
        from core.imaging.decoding.shared_area import find_area

        self._pipe = pipe
        self._area = find_area()

    def answer(self, operation: Operation, arguments: tuple[Any, ...]) -> None:
        """Do what is asked for and answer it."""
        try:
            made = operation(*arguments)
        # A foreign codec may raise anything, and every failure must be answered.
        except BaseException as error:  # noqa: BLE001
            self._tell({"error": type(error).__name__}, 0)
        else:
            self._put(*(made if isinstance(made, Told) else (made, None)))
        self._pipe.flush()

    def _put(self, values: Any, facts: dict[str, Any] | None) -> None:
        import numpy as np

        samples = np.ascontiguousarray(values)
        content = samples.reshape(-1).view(np.uint8)
        is_shared = self._area is not None and len(content) <= len(self._area)
        if self._area is not None and is_shared:
            self._area[: len(content)] = content
        stated = {"dtype": samples.dtype.str, "shape": samples.shape}
        self._tell(stated | {"is_shared": is_shared, "facts": facts}, len(content))
        if not is_shared:
            self._pipe.write(content.data)

    def _tell(self, stated: Mapping[str, Any], length: int) -> None:
        text = json.dumps(stated).encode()
        self._pipe.write(ANSWER.pack(len(text), length) + text)


def _private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Take standard input and output for answers alone: codecs print to them at will."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(requests.fileno(), os.O_BINARY)
        msvcrt.setmode(answers.fileno(), os.O_BINARY)
    return requests, answers


def _limit_memory() -> None:
    """Let a decompression bomb fail here rather than fill the computer (not on Windows)."""
    if sys.platform != "win32":
        import resource

        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the picture
