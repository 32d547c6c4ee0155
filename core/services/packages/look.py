"""What a package says of itself and holds, before anything of it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.domain.package import PackageFacts, RecordKind
from core.packages.reader import reading
from core.packages.secrecy import is_secret
from core.packages.signing import fingerprint

if TYPE_CHECKING:
    from core.domain.package import Record


@dataclass(frozen=True, slots=True)
class PackageLook:
    """A package whose signature and records are in order; images are checked when it is opened.

    `addressee` is a name, empty where anybody may open it. `answers` counts what is in it of the
    addressee's, or the sender's, own answers and verdicts.
    """

    facts: PackageFacts
    fingerprint: str
    addressee: str
    questions: int
    keys: int
    plans: tuple[str, ...]
    answers: int
    images: int
    size_bytes: int


def look_into(path: Path, *, passphrase: str = "") -> PackageLook:
    """Return what a package holds; raise `ExchangeError` with the reason when it is refused."""
    with reading(path, passphrase=passphrase) as package:
        facts, records = package.facts, package.records()
        images = len(package.media)

    def some(*kinds: RecordKind) -> list[Record]:
        return [one for kind in kinds for one in records.get(kind, ())]

    names = {one.id: str(one.data["name"]) for one in some(RecordKind.PERSON)}
    return PackageLook(
        facts=facts,
        fingerprint=fingerprint(facts.sender.public_key),
        addressee=names.get(facts.addressee or "", ""),
        questions=len(some(RecordKind.BLIND_QUESTION, RecordKind.QUESTION)),
        keys=len(some(RecordKind.KEY)),
        plans=tuple(str(one.data["name"]) for one in some(RecordKind.PLAN)),
        answers=len(some(RecordKind.ANSWER, RecordKind.VERIFICATION)),
        images=images,
        size_bytes=path.stat().st_size,
    )


def needs_passphrase(path: Path) -> bool:
    """Tell whether a file opens with a passphrase only; one that cannot be read does not."""
    try:
        return is_secret(path)
    except OSError:
        return False
