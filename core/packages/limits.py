"""What a package may hold at most: enough for a large study, too little to harm a computer."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that are checked while reading, in bytes actually read."""

    members: int = 20_000
    directory_bytes: int = 8 * 2**20
    manifest_bytes: int = 8 * 2**20
    line_bytes: int = 16 * 2**20
    records_bytes: int = 2 * 2**30
    """Of one file of records."""
    image_bytes: int = 256 * 2**20
    total_bytes: int = 64 * 2**30
    ratio: int = 200
    """Unpacked to packed; records of a real study reach about 30."""
    ratio_from_bytes: int = 2**20
    """Smaller members may be as repetitive as they like."""
    depth: int = 64
    """Of nested JSON."""


STANDARD: Final = Limits()
