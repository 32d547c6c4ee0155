"""Ed25519 signatures of manifests."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from core.domain.plain import Plain, canonical_json, text_at
from core.errors import CoreError

ALGORITHM = "ed25519"


def new_private_key() -> bytes:
    """Return a fresh private key, 32 bytes."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key_of(private: bytes) -> str:
    """Return the public key in hexadecimal digits."""
    return _private(private).public_key().public_bytes_raw().hex()


def sign(manifest: bytes, private: bytes) -> bytes:
    """Return the signature file for these exact bytes."""
    key = _private(private)
    return canonical_json(
        {
            "algorithm": ALGORITHM,
            "public_key": key.public_key().public_bytes_raw().hex(),
            "signature": key.sign(manifest).hex(),
        }
    ).encode()


def is_signed_by(manifest: bytes, signature: Plain, public_key: str) -> bool:
    """Tell whether the holder of `public_key` signed these exact bytes."""
    try:
        if text_at(signature, "algorithm") != ALGORITHM:
            return False
        if text_at(signature, "public_key") != public_key:
            return False
        known = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        known.verify(bytes.fromhex(text_at(signature, "signature")), manifest)
    except (InvalidSignature, ValueError, CoreError):
        return False
    return True


def fingerprint(public_key: str) -> str:
    """Return a public key as people compare it on the telephone: eight groups of four."""
    return " ".join(public_key[start : start + 4] for start in range(0, 32, 4))


def _private(private: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(private)
