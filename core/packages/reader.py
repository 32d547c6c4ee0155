"""Reading a package that a stranger may have made: bounded, checked whole, nothing extracted."""

import hashlib
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from core.domain.ids import MediaId
from core.domain.package import PackageFacts, Record, RecordKind
from core.errors import ExchangeError
from core.packages import container_seal, secrecy
from core.packages.limits import STANDARD, Limits
from core.packages.manifest import (
    MANIFEST,
    SIGNATURE,
    Member,
    is_allowed_name,
    is_possible_name,
    media_name,
    media_of,
    read_manifest,
    records_name,
)
from core.packages.schema import check_record
from core.packages.signing import is_signed_by
from core.packages.strict_json import parse_object

_BLOCK: Final = 2**20
_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64: Final = struct.Struct("<4sLQL")
_MAX_COMMENT: Final = 2**16
_ENCRYPTED: Final = 0x1
_STRANGE_NAME: Final = "it holds a file with a name that packages do not have"


class PackageReader:
    """An open package whose list of members, manifest and signature are in order."""

    def __init__(self, name: str, plain: Path, container: zipfile.ZipFile, limits: Limits) -> None:
        self._name = name
        self._path = plain
        self._container = container
        self._limits = limits
        self._infos = _checked_members(name, container, limits)
        manifest = self._small(MANIFEST)
        signature = self._object(SIGNATURE, self._small(SIGNATURE))
        self.facts, self._members = self._manifest(manifest)
        if not is_signed_by(manifest, signature, self.facts.sender.public_key):
            raise ExchangeError(
                f"The signature of “{name}” is wrong: it was changed after it was signed, or "
                "somebody else made it.",
                hint="Ask the sender for a new file.",
            )
        self._require_listed()

    facts: PackageFacts

    @property
    def media(self) -> tuple[MediaId, ...]:
        """The images in it, in order."""
        found = (media_of(name) for name in sorted(self._members))
        return tuple(one for one in found if one is not None)

    def check(self, look: Callable[[MediaId, bytes], None]) -> None:
        """Read every image and compare its checksum; `look` may refuse one by its bytes."""
        for media in self.media:
            look(media, self.image(media))

    def require_untouched(self) -> None:
        """Raise `ExchangeError` when any byte of the file changed, even one that says nothing."""
        if not container_seal.is_as_sealed(self._path):
            raise ExchangeError(
                f"“{self._name}” was changed after it was written; its records and images are "
                "still as they were signed.",
                hint="Ask the sender for a new file, to be sure.",
            )

    def image(self, media: MediaId) -> bytes:
        """Return the bytes of an image; raise `ExchangeError` unless they are what is signed."""
        return b"".join(self._blocks(media_name(media), self._limits.image_bytes))

    def records(self) -> dict[RecordKind, list[Record]]:
        """Return all records in the order in which they can be stored."""
        found: dict[RecordKind, list[Record]] = {}
        for kind in RecordKind:
            if records_name(kind) in self._members:
                found[kind] = list(self._records(kind))
        return found

    def _records(self, kind: RecordKind) -> Iterator[Record]:
        seen: set[str] = set()
        for number, line in enumerate(self._lines(records_name(kind)), 1):
            where = f"“{self._name}”, {kind.value} {number}"
            try:
                data = parse_object(line, depth=self._limits.depth)
                record = check_record(kind, data)
            except ValueError as error:
                raise ExchangeError(f"{where} cannot be used: {error}.") from error
            if record.id in seen:
                raise ExchangeError(f"{where} is there twice.")
            seen.add(record.id)
            yield record

    def _lines(self, name: str) -> Iterator[bytes]:
        rest = b""
        for block in self._blocks(name, self._limits.records_bytes):
            *lines, rest = (rest + block).split(b"\n")
            if max(map(len, (*lines, rest))) > self._limits.line_bytes:
                raise ExchangeError(f"“{self._name}” holds a record that is too large.")
            yield from lines
        if rest:
            yield rest

    def _blocks(self, name: str, limit: int) -> Iterator[bytes]:
        """Yield the bytes of a member, counted as they come; raise unless they are as signed."""
        known, digest, size = self._members[name], hashlib.sha256(), 0
        if known.size > limit:
            raise ExchangeError(
                f"“{self._name}” holds a file that is too large: {known.size / 2**20:,.0f} MB, at "
                f"most {limit / 2**20:,.0f} MB are read."
            )
        with _damage(self._name), self._container.open(self._infos[name]) as member:
            while block := member.read(_BLOCK):
                size += len(block)
                if size > known.size:
                    break
                digest.update(block)
                yield block
        if size != known.size or digest.hexdigest() != known.sha256:
            raise ExchangeError(
                f"“{self._name}” is damaged: {name[:60]} is not what the manifest says.",
                hint="Ask the sender for a new file.",
            )

    def _small(self, name: str) -> bytes:
        if name not in self._infos:
            raise ExchangeError(
                f"“{self._name}” has no {name}.", hint="It is no package of Asclepius."
            )
        with _damage(self._name), self._container.open(self._infos[name]) as member:
            data = member.read(self._limits.manifest_bytes + 1)
        if len(data) > self._limits.manifest_bytes:
            raise ExchangeError(f"{name} of “{self._name}” is too large.")
        return data

    def _object(self, name: str, data: bytes) -> dict[str, object]:
        try:
            return parse_object(data, depth=self._limits.depth)
        except ValueError as error:
            raise ExchangeError(f"{name} of “{self._name}” cannot be used: {error}.") from error

    def _manifest(self, data: bytes) -> tuple[PackageFacts, dict[str, Member]]:
        return read_manifest(self._object(MANIFEST, data))

    def _require_listed(self) -> None:
        if not all(map(is_allowed_name, self._infos)):
            raise _refusal(self._name, _STRANGE_NAME)
        present = set(self._infos) - {MANIFEST, SIGNATURE}
        if present != set(self._members):
            missing = sorted(set(self._members) - present)
            what = f"{missing[0][:60]} is missing" if missing else "a file is not in the manifest"
            raise ExchangeError(
                f"“{self._name}” is not whole: {what}.", hint="Ask the sender for a new file."
            )
        total = sum(one.size for one in self._members.values())
        if total > self._limits.total_bytes:
            raise ExchangeError(f"“{self._name}” is too large when unpacked.")


@contextmanager
def reading(
    path: Path, *, passphrase: str = "", limits: Limits = STANDARD
) -> Iterator[PackageReader]:
    """Open a package; raise `ExchangeError` with the reason why it is refused."""
    with TemporaryDirectory(prefix="asclepius-") as aside:
        plain = path
        try:
            if secrecy.is_secret(path):
                plain = Path(aside) / "plain"
                _unlock(path, plain, passphrase, limits)
            _require_small_directory(plain, path.name, limits)
        except OSError as error:
            raise ExchangeError(
                f"“{path.name}” cannot be read: {error.strerror or error}."
            ) from error
        with _damage(path.name):
            container = zipfile.ZipFile(plain)
        with container:
            yield PackageReader(path.name, plain, container, limits)


@contextmanager
def _damage(name: str) -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        struct.error,
    ) as error:
        raise ExchangeError(
            f"“{name}” is damaged or was not received whole.", hint="Ask the sender for it again."
        ) from error


def _unlock(path: Path, plain: Path, passphrase: str, limits: Limits) -> None:
    if not passphrase:
        raise ExchangeError(
            f"“{path.name}” is protected by a passphrase.", hint="Ask the sender for it."
        )
    secrecy.unlock(path, plain, passphrase, limits)


def _checked_members(
    name: str, container: zipfile.ZipFile, limits: Limits
) -> dict[str, zipfile.ZipInfo]:
    infos = container.infolist()
    if len(infos) > limits.members:
        raise ExchangeError(
            f"“{name}” holds too many files: {len(infos):,}, at most {limits.members:,} are read."
        )
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        reason = _unsafe(info, found, limits)
        if reason:
            raise _refusal(name, reason)
        found[info.filename] = info
    return found


def _refusal(name: str, reason: str) -> ExchangeError:
    return ExchangeError(f"“{name}” was refused: {reason}.", hint="It was not made by Asclepius.")


def _unsafe(info: zipfile.ZipInfo, before: dict[str, zipfile.ZipInfo], limits: Limits) -> str:
    """Return why a member is refused before it is read, or an empty string."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "it holds a link or a special file"
    if not is_possible_name(info.filename) or info.orig_filename != info.filename:
        return _STRANGE_NAME
    if info.filename in before:
        return "it holds a file twice"
    if info.flag_bits & _ENCRYPTED:
        return "it holds an encrypted file"
    is_media = media_of(info.filename) is not None
    allowed = (zipfile.ZIP_STORED,) if is_media else (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if info.compress_type not in allowed:
        return "it is compressed in a way that packages are not"
    if info.file_size > limits.ratio_from_bytes and info.file_size > limits.ratio * max(
        1, info.compress_size
    ):
        return "it would unpack to far more than it holds"
    return ""


def _require_small_directory(path: Path, name: str, limits: Limits) -> None:
    """Refuse an index that would fill the memory before a single member is looked at."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _END.size - _LOCATOR_64.size - _MAX_COMMENT))
        tail = file.read()
        at = tail.rfind(b"PK\5\6")
        if at < 0 or at + _END.size > len(tail):
            raise ExchangeError(
                f"“{name}” is no package, or was not received whole.",
                hint="Ask the sender for it again.",
            )
        directory = _END.unpack_from(tail, at)[5]
        locator = tail[max(0, at - _LOCATOR_64.size) : at]
        if len(locator) == _LOCATOR_64.size and locator.startswith(b"PK\6\7"):
            file.seek(min(size, _LOCATOR_64.unpack(locator)[2]))
            end = file.read(_END_64.size)
            if len(end) == _END_64.size:
                directory = max(directory % 0xFFFFFFFF, _END_64.unpack(end)[8])
    if directory > limits.directory_bytes:
        raise ExchangeError(f"“{name}” holds too many files to be a package.")
