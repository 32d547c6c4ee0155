"""Package files on their way in: opened, checked whole, images looked at, signers known or new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.domain.ids import MediaId
from core.domain.package import PackageFacts, Record, RecordKind
from core.errors import ExchangeError, ImageError
from core.packages.reader import PackageReader, reading
from core.services.merging.plan import Incoming, require_own
from core.tasks import CancelToken, Progress, ProgressCallback

if TYPE_CHECKING:
    from core.imaging.store import MediaStore
    from core.services.ports import Transaction

SIGNER: Final = "signer."
"""Settings of this beginning hold the public key under which a person was first met."""


class Trust(StrEnum):
    """What is known of a signer."""

    KNOWN = "known"
    NEW = "new"
    """Met for the first time; remembered from now on."""
    CHANGED = "changed"
    """The person signed with another key before."""


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A checked package."""

    reader: PackageReader
    incoming: Incoming

    @property
    def facts(self) -> PackageFacts:
        """What its manifest says."""
        return self.incoming.facts


@contextmanager
def opened(
    paths: Sequence[Path],
    *,
    passphrase: str,
    cancel: CancelToken,
    progress: ProgressCallback,
) -> Iterator[list[OpenedFile]]:
    """Open files and check every byte of them; raise `ExchangeError` with the first reason."""
    with ExitStack() as stack:
        files = []
        for path in paths:
            reader = stack.enter_context(reading(path, passphrase=passphrase))
            incoming = Incoming(reader.facts, reader.records())
            require_own(incoming)
            _check_images(reader, incoming, path.name, cancel, progress)
            files.append(OpenedFile(reader, incoming))
        yield files


def keep_images(files: Sequence[OpenedFile], store: MediaStore, cancel: CancelToken) -> None:
    """Put the images of checked files into the store; what is there already is not read again."""
    for file in files:
        for media in file.reader.media:
            cancel.raise_if_cancelled()
            if not store.has(media):
                store.put(file.reader.image(media))


def trust_in(tx: Transaction, facts: PackageFacts) -> Trust:
    """Return what is known of the signer."""
    known = tx.settings.get(SIGNER + facts.sender.id)
    if not known:
        return Trust.NEW
    return Trust.KNOWN if known == facts.sender.public_key else Trust.CHANGED


def require_trust(tx: Transaction, facts: PackageFacts, *, accepts_new_key: bool) -> None:
    """Remember a signer met first; raise `ExchangeError` when they changed their key."""
    if trust_in(tx, facts) is Trust.CHANGED and not accepts_new_key:
        raise ExchangeError(
            f"The file is signed for {facts.sender.name} with another key than before.",
            hint="Ask them whether they have a new computer, then accept the new key.",
        )
    tx.settings.set(SIGNER + facts.sender.id, facts.sender.public_key)


def _check_images(
    reader: PackageReader,
    incoming: Incoming,
    name: str,
    cancel: CancelToken,
    progress: ProgressCallback,
) -> None:
    listed = {one.id: one for one in incoming.records.get(RecordKind.MEDIA, ())}
    for stray in set(reader.media) ^ listed.keys():
        raise ExchangeError(f"“{name}” does not hold the image {stray[:12]}… as it says.")
    total, done = len(reader.media), 0

    def look(media: MediaId, data: bytes) -> None:
        nonlocal done
        cancel.raise_if_cancelled()
        done += 1
        progress(Progress(done, total, "images"))
        _require_image(data, listed[media], name)

    reader.check(look)


def _require_image(data: bytes, record: Record, name: str) -> None:
    """Refuse bytes that are no bare picture of the size they say; pixels are not decoded."""
    from core.imaging.clearing.bare import is_bare
    from core.imaging.load import open_image

    try:
        image = open_image(data, name=record.data["file_name"])
    except ImageError as error:
        raise ExchangeError(f"“{name}” holds an image that is refused. {error}") from error
    if not is_bare(data):
        raise ExchangeError(
            f"“{name}” holds an image with more in it than a picture, which may be patient data.",
            hint="Tell the sender; images have to be cleared before they leave.",
        )
    facts = (image.media_type, image.width, image.height, image.frame_count, len(data))
    said = tuple(
        record.data[field]
        for field in ("media_type", "width", "height", "frame_count", "size_bytes")
    )
    if facts != said:
        raise ExchangeError(f"“{name}” says something wrong about the image {record.id[:12]}….")
