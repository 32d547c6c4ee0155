"""Small files beside the database: written whole or not at all, and known by their bytes."""

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

_BLOCK: Final = 2**20


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def write_whole(target: Path, text: str) -> None:
    """Write a small file that appears whole or not at all."""
    handle, aside = tempfile.mkstemp(prefix=".writing-", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, target)
    except BaseException:
        with suppress(OSError):
            Path(aside).unlink(missing_ok=True)
        raise
