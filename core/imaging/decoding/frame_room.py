"""Memory for decoded frames, apart from the heap: quick to fill, kept for the next or given back.

Frames live long and have few sizes. On the heap they leave holes that no other frame fills, and
to touch fresh memory page by page takes longer than to copy a slice of CT into it.
"""

import mmap
import sys
from collections import deque
from contextlib import suppress
from functools import partial
from threading import Lock
from typing import Any, Final
from weakref import ReferenceType, ref

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
LARGE_PAGE: Final = 2 << 20
"""What systems map at once as one large page."""
_MOST_PAGES: Final = 8
_WASTED_PART: Final = 16
"""A slab has as many large pages as it takes for frames to leave no more than 1 / 16 of it."""
_LEAST_BYTES: Final = 32 << 10
"""Smaller frames come and go on the heap like anything else."""
_MOST_BYTES: Final = 1 << 20
"""Larger frames have a mapping of their own."""
_ALIGNMENT: Final = 64
_SPARE_BYTES: Final = 128 << 20
"""What a stack of CT leaves when it goes, nearly: the next one begins at once. Fresh memory costs
a stack 0.1 to 0.4 s of a processor, as the system may have to fetch it first."""


class FrameRoom:
    """Gives out memory; what an array took is used again once nobody holds that array.

    Safe between threads. Frames of one size share slabs. Slabs that all frames have left stay for
    others, up to `spare_bytes`, until frames come that they do not fit.
    """

    def __init__(self, *, spare_bytes: int = _SPARE_BYTES) -> None:
        self._lock = Lock()
        self._spare = _Spare(spare_bytes)
        self._slabs: set[_Slab] = set()
        self._open: dict[int, dict[_Slab, None]] = {}  # those with room by size, in order
        self._left: deque[tuple[_Slab, int]] = deque()

    @property
    def mapped_bytes(self) -> int:
        """How much the slabs take that frames share."""
        with self._lock:
            self._collect()
            return sum(len(one.memory) for one in self._slabs)

    @property
    def spare_bytes(self) -> int:
        """How much is mapped beside them, for the next frames."""
        with self._lock:
            self._collect()
            return self._spare.used_bytes

    def take(self, length: int) -> Bytes:
        """Return memory of this length; what is in it is left to the caller."""
        if length < _LEAST_BYTES:
            return np.empty(length, np.uint8)
        if length > _MOST_BYTES:
            return np.frombuffer(_mapped(length), np.uint8)
        size = -(-length // _ALIGNMENT) * _ALIGNMENT
        with self._lock:
            self._collect()
            slab = self._slab(size)
            start = slab.free.pop()
            if not slab.free:
                del self._open[size][slab]
            array = np.frombuffer(slab.memory, np.uint8, length, start)
            slab.taken[start] = ref(array, partial(self._on_left, slab, start))
        return array

    def settled(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the same values in memory of this room, where they are not there already."""
        if values.nbytes < _LEAST_BYTES or is_apart(values):
            return values
        made = self.take(values.nbytes).view(values.dtype).reshape(values.shape)
        np.copyto(made, values)
        return made

    def _slab(self, size: int) -> "_Slab":
        """Return a slab with room; the caller has the lock."""
        slabs = self._open.setdefault(size, {})
        if slabs:
            return next(reversed(slabs))
        slab = _Slab(size, self._spare.take(_slab_bytes(size)))
        slabs[slab] = None
        self._slabs.add(slab)
        return slab

    def _on_left(self, slab: "_Slab", start: int, _: ReferenceType[Bytes]) -> None:
        """Note who has left; it may be in the middle of anything, so it must not wait."""
        self._left.append((slab, start))
        if self._lock.acquire(blocking=False):
            try:
                self._collect()
            finally:
                self._lock.release()

    def _collect(self) -> None:
        """Take back what nobody holds any more; the caller has the lock."""
        while self._left:
            slab, start = self._left.popleft()
            del slab.taken[start]
            slab.free.append(start)
            slabs = self._open[slab.size]
            slabs[slab] = None
            if not slab.taken:
                del slabs[slab]
                self._slabs.remove(slab)
                self._spare.put(slab.memory)


class _Spare:
    """Mapped memory that nobody uses: pieces of one length, no more than `most_bytes`."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._pieces: list[mmap.mmap] = []

    @property
    def used_bytes(self) -> int:
        return sum(map(len, self._pieces))

    def put(self, piece: mmap.mmap) -> None:
        """Keep a piece; one of another length drives out those kept, one too many goes."""
        self._keep_only(len(piece))
        if self.used_bytes + len(piece) <= self._most_bytes:
            self._pieces.append(piece)

    def take(self, length: int) -> mmap.mmap:
        """Return a piece of a length; what does not fit goes before more is mapped."""
        self._keep_only(length)
        return self._pieces.pop() if self._pieces else _mapped(length)

    def _keep_only(self, length: int) -> None:
        if self._pieces and len(self._pieces[0]) != length:
            self._pieces.clear()


class _Slab:
    """A piece of mapped memory that frames of one size share."""

    __slots__ = ("free", "memory", "size", "taken")

    def __init__(self, size: int, memory: mmap.mmap) -> None:
        self.memory = memory
        self.size = size
        self.free = list(range(0, len(self.memory) - size + 1, size))[::-1]
        self.taken: dict[int, ReferenceType[Bytes]] = {}


def is_apart(values: NDArray[Any]) -> bool:
    """Tell whether an array lies in mapped memory, which needs no help to go back."""
    owner: Any = values
    while isinstance(owner, np.ndarray):
        owner = owner.base
    return isinstance(owner, memoryview) and isinstance(owner.obj, mmap.mmap)


def _slab_bytes(size: int) -> int:
    """Return the fewest large pages that frames of a size fill nearly."""
    counts = range(LARGE_PAGE, _MOST_PAGES * LARGE_PAGE, LARGE_PAGE)
    fitting = (length for length in counts if length % size <= length // _WASTED_PART)
    return next(fitting, _MOST_PAGES * LARGE_PAGE)


def _mapped(length: int) -> mmap.mmap:
    if sys.platform == "win32":
        return mmap.mmap(-1, length)
    memory = mmap.mmap(-1, length, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # a system without large pages
            memory.madvise(mmap.MADV_HUGEPAGE)
    return memory


ROOM: Final = FrameRoom()
"""Belongs to the program as a whole, as its memory does."""
