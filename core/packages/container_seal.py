"""The checksum of a whole package file, as the comment of its container.

What is signed says nothing of the container's own bytes (dates, versions, padding). A changed one
harms nobody, but whoever checks a file wants to know that not one byte is another.
"""

import hashlib
import re
import struct
from pathlib import Path
from typing import BinaryIO, Final

_START: Final = b"asclepius-sha256:"
_LENGTH: Final = len(_START) + 64
_COMMENT: Final = re.compile(re.escape(_START) + rb"([0-9a-f]{64})")
_END: Final = b"PK\5\6"
_END_BYTES: Final = 22
_BLOCK: Final = 2**20


def seal(path: Path) -> None:
    """Write the checksum into a container that has no comment yet."""
    with path.open("rb+") as file:
        file.seek(-2, 2)
        file.write(struct.pack("<H", _LENGTH))
        digest = _digest(file, file.tell())
        file.write(_START + digest.encode())


def is_as_sealed(path: Path) -> bool:
    """Tell whether no byte of a container changed; of one without a comment nothing is known."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = max(0, size - _END_BYTES - _LENGTH)
        file.seek(start)
        tail = file.read()
        at = tail.rfind(_END)
        if at < 0 or at + _END_BYTES > len(tail):
            return False
        comment = tail[at + _END_BYTES :]
        (length,) = struct.unpack_from("<H", tail, at + _END_BYTES - 2)
        if length != len(comment):
            return False
        if not comment:
            return True
        found = _COMMENT.fullmatch(comment)
        return found is not None and found[1].decode() == _digest(file, size - len(comment))


def _digest(file: BinaryIO, size: int) -> str:
    """Return the SHA-256 of the first `size` bytes; the file then stands behind them."""
    digest = hashlib.sha256()
    file.seek(0)
    while size > 0:
        block = file.read(min(_BLOCK, size))
        if not block:
            break
        digest.update(block)
        size -= len(block)
    return digest.hexdigest()
