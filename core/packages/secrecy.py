"""Secrecy by passphrase, in the public age format (age-encryption.org/v1, c2sp.org/age).

Written on primitives of `cryptography`: the age libraries for Python take a gigabyte of memory for
a passphrase and cannot stream one. What is written here opens with the programs age and rage.
"""

import hashlib
import hmac
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from core.errors import ExchangeError
from core.packages.limits import Limits

_MAGIC: Final = b"age-encryption.org/v1\n"
_LABEL: Final = b"age-encryption.org/v1/scrypt"
_WORK: Final = 17
"""Power of two of scrypt's cost: 128 MB and about half a second."""
_MAX_WORK: Final = 18
_CHUNK: Final = 64 * 2**10
_TAG: Final = 16
_HEADER_BYTES: Final = 4096
_HEADER: Final = re.compile(
    rb"(?P<signed>age-encryption\.org/v1\n"
    rb"-> scrypt (?P<salt>[A-Za-z0-9+/]{22}) (?P<work>[1-9][0-9]?)\n"
    rb"(?P<wrapped>[A-Za-z0-9+/]{43})\n---) (?P<mac>[A-Za-z0-9+/]{43})\n"
)


def is_secret(path: Path) -> bool:
    """Tell whether a file needs a passphrase."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def lock(plain: Path, target: Path, passphrase: str) -> None:
    """Write `target`, which says what `plain` says to whoever has the passphrase."""
    file_key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    wrapped = _cipher(passphrase, salt, _WORK).encrypt(bytes(12), file_key, None)
    signed = b"%s-> scrypt %s %d\n%s\n---" % (_MAGIC, _text(salt), _WORK, _text(wrapped))
    payload = ChaCha20Poly1305(_derived(file_key, b"payload", nonce))
    with plain.open("rb") as source, target.open("wb") as sink:
        sink.write(b"%s %s\n" % (signed, _text(_mac(file_key, signed))))
        sink.write(nonce)
        for count, chunk, is_last in _chunks(source, _CHUNK):
            sink.write(payload.encrypt(_nonce(count, is_last=is_last), chunk, None))


def unlock(path: Path, target: Path, passphrase: str, limits: Limits) -> None:
    """Write what `path` holds to `target`; raise `ExchangeError` for a wrong passphrase."""
    with path.open("rb") as source, target.open("wb") as sink:
        try:
            file_key = _file_key(source, passphrase)
            payload = ChaCha20Poly1305(_derived(file_key, b"payload", source.read(16)))
            written = 0
            for count, chunk, is_last in _chunks(source, _CHUNK + _TAG):
                plain = payload.decrypt(_nonce(count, is_last=is_last), chunk, None)
                written += len(plain)
                if written > limits.total_bytes:
                    raise ExchangeError(f"“{path.name}” is larger than a package may be.")
                sink.write(plain)
        except (InvalidTag, ValueError) as error:
            raise ExchangeError(
                f"“{path.name}” did not open with this passphrase, or it is damaged.",
                hint="Check the passphrase; capital letters count.",
            ) from error


def _file_key(source: BinaryIO, passphrase: str) -> bytes:
    start = source.read(_HEADER_BYTES)
    header = _HEADER.match(start)
    if header is None:
        raise ValueError("no header of a file with a passphrase")
    work = int(header["work"])
    if work > _MAX_WORK:
        raise ExchangeError(
            "The passphrase of this file was made so costly that this program does not try it.",
            hint="Ask the sender to make the file with Asclepius.",
        )
    cipher = _cipher(passphrase, _bytes(header["salt"]), work)
    file_key = cipher.decrypt(bytes(12), _bytes(header["wrapped"]), None)
    if not hmac.compare_digest(_mac(file_key, header["signed"]), _bytes(header["mac"])):
        raise ValueError("the header was changed")
    source.seek(header.end())
    return file_key


def _cipher(passphrase: str, salt: bytes, work: int) -> ChaCha20Poly1305:
    key = Scrypt(salt=_LABEL + salt, length=32, n=2**work, r=8, p=1).derive(passphrase.encode())
    return ChaCha20Poly1305(key)


def _derived(file_key: bytes, purpose: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose).derive(file_key)


def _mac(file_key: bytes, signed: bytes) -> bytes:
    return hmac.new(_derived(file_key, b"header", b""), signed, hashlib.sha256).digest()


def _nonce(count: int, *, is_last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([is_last])


def _chunks(source: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    count, chunk = 0, source.read(size)
    while True:
        following = source.read(size)
        yield count, chunk, not following
        if not following:
            return
        count, chunk = count + 1, following


def _text(data: bytes) -> bytes:
    return b64encode(data).rstrip(b"=")


def _bytes(text: bytes) -> bytes:
    found = b64decode(text + b"=" * (-len(text) % 4), validate=True)
    if _text(found) != text:
        raise ValueError("bits that say nothing are set")
    return found
