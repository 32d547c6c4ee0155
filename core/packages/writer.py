"""Writing a package: members one after another, never more than one image in memory."""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

from core.domain.ids import MediaId
from core.domain.package import PackageFacts, Record, RecordKind
from core.domain.plain import canonical_json
from core.errors import ExchangeError
from core.packages import container_seal, secrecy
from core.packages.manifest import (
    MANIFEST,
    SIGNATURE,
    Member,
    media_name,
    records_name,
    write_manifest,
)
from core.packages.signing import sign

_NEW_FILE: Final = 0o600 << 16


class PackageWriter:
    """A package that is being written; made by `writing`."""

    def __init__(self, container: zipfile.ZipFile) -> None:
        self._container = container
        self._members: dict[str, Member] = {}

    def records(self, kind: RecordKind, records: Iterable[Record]) -> int:
        """Write all records of a kind and return how many; none leave no member."""
        lines = (canonical_json(one.data).encode() + b"\n" for one in records)
        first = next(lines, None)
        if first is None:
            return 0
        count = 1
        with self._member(records_name(kind), zipfile.ZIP_DEFLATED) as write:
            write(first)
            for count, line in enumerate(lines, 2):  # noqa: B007 - the last count is the result
                write(line)
        return count

    def media(self, media: MediaId, data: bytes) -> None:
        """Write an image."""
        with self._member(media_name(media), zipfile.ZIP_STORED) as write:
            write(data)

    def finish(self, facts: PackageFacts, private_key: bytes) -> None:
        """Write manifest and signature."""
        manifest = write_manifest(facts, self._members)
        for name, data in ((MANIFEST, manifest), (SIGNATURE, sign(manifest, private_key))):
            self._container.writestr(_info(name, zipfile.ZIP_DEFLATED), data)

    @contextmanager
    def _member(self, name: str, compression: int) -> Iterator[Callable[[bytes], None]]:
        digest, size = hashlib.sha256(), 0
        sink: IO[bytes]
        with self._container.open(_info(name, compression), "w", force_zip64=True) as sink:

            def write(data: bytes) -> None:
                nonlocal size
                sink.write(data)
                digest.update(data)
                size += len(data)

            yield write
        self._members[name] = Member(digest.hexdigest(), size)


@contextmanager
def writing(target: Path, *, passphrase: str = "") -> Iterator[PackageWriter]:
    """Write a package to `target`; it appears whole or not at all.

    Raises `ExchangeError` when the file is there already or cannot be written.
    """
    if target.exists():
        raise ExchangeError(
            f"The file “{target.name}” is there already.", hint="Choose another name."
        )
    try:
        with TemporaryDirectory(prefix=".writing-", dir=target.parent) as aside:
            plain, locked = Path(aside) / "plain", Path(aside) / "locked"
            with zipfile.ZipFile(plain, "w") as container:
                yield PackageWriter(container)
            container_seal.seal(plain)
            if passphrase:
                secrecy.lock(plain, locked, passphrase)
            done = locked if passphrase else plain
            with done.open("rb+") as file:
                os.fsync(file.fileno())
            os.replace(done, target)
    except OSError as error:
        raise ExchangeError(
            f"The package “{target.name}” could not be written: {error.strerror or error}.",
            hint="Check the free space and your permissions for this folder.",
        ) from error


def _info(name: str, compression: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)  # dated 1980: a package does not tell when it was made twice
    info.compress_type = compression
    info.external_attr = _NEW_FILE
    return info
