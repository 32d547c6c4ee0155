"""The manifest of a package: what it is, who made it, and the checksum of every member."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from core.domain.ids import MediaId, PersonId
from core.domain.package import ALLOWED, PackageFacts, PackageKind, RecordKind, Signer
from core.domain.plain import Plain, canonical_json, object_at, text_at
from core.errors import CoreError, ExchangeError

FORMAT: Final = "asclepius-package"
VERSION: Final = 3
"""The newest that is read; written is the oldest that can say what is in a package."""
_CAME_WITH: Final = {
    RecordKind.JUDGE: 2,
    RecordKind.GRADING_SAMPLE: 2,
    RecordKind.GRADING: 2,
    RecordKind.JUDGE_DECISION: 2,
    RecordKind.REMARK: 3,
}
"""The version that brought a kind of records; all others came with the first."""
SUFFIX: Final = ".asclepius-package"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "signature.json"
_RECORDS: Final = re.compile(r"records/([a-z_]{1,40})\.jsonl")
_MEDIA: Final = re.compile(r"media/([0-9a-f]{64})")
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Member:
    """One file within a package."""

    sha256: str
    size: int


def records_name(kind: RecordKind) -> str:
    """Return the name of the member with the records of a kind."""
    return f"records/{kind.value}.jsonl"


def media_name(media: MediaId) -> str:
    """Return the name of the member with the bytes of an image."""
    return f"media/{media}"


def kind_of(name: str) -> RecordKind | None:
    """Return which records a member holds, or None for any other member."""
    found = _RECORDS.fullmatch(name)
    known = {one.value: one for one in RecordKind}
    return known.get(found[1]) if found else None


def media_of(name: str) -> MediaId | None:
    """Return which image a member holds, or None for any other member."""
    found = _MEDIA.fullmatch(name)
    return MediaId(found[1]) if found else None


def is_allowed_name(name: str) -> bool:
    """Tell whether a package may have a member of this name; no other name is ever used."""
    return name in (MANIFEST, SIGNATURE) or media_of(name) is not None or kind_of(name) is not None


def is_possible_name(name: str) -> bool:
    """Tell whether some version may have such a member; the manifest says whether this one does.

    Records of a kind that only a newer program knows must not look like an attack.
    """
    return is_allowed_name(name) or _RECORDS.fullmatch(name) is not None


def write_manifest(facts: PackageFacts, members: Mapping[str, Member]) -> bytes:
    """Return the exact bytes that are signed."""
    return canonical_json(
        {
            "format": FORMAT,
            "version": _needed_version(members),
            "kind": facts.kind.value,
            "id": facts.id,
            "created_at": facts.created_at,
            "program": facts.program,
            "workspace": facts.workspace,
            "sender": {
                "id": facts.sender.id,
                "name": facts.sender.name,
                "public_key": facts.sender.public_key,
            },
            "addressee": None if facts.addressee is None else {"id": facts.addressee},
            "members": {
                name: {"sha256": one.sha256, "size": one.size} for name, one in members.items()
            },
        }
    ).encode()


def _needed_version(members: Iterable[str]) -> int:
    kinds = (kind_of(name) for name in members)
    return max((_CAME_WITH.get(one, 1) for one in kinds if one is not None), default=1)


def read_manifest(data: Plain) -> tuple[PackageFacts, dict[str, Member]]:
    """Return what a manifest says; raise `ExchangeError` when it is none, newer or wrong."""
    if data.get("format") != FORMAT:
        raise ExchangeError("The file is no package of Asclepius.")
    version = data.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ExchangeError("The package does not say which version it has.")
    if version > VERSION:
        raise ExchangeError(
            f"The package was made by a newer program (version {version}, known here: {VERSION}).",
            hint="Install the newest version of Asclepius.",
        )
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in set(PackageKind):
        raise ExchangeError(
            "The package is of a kind that this program does not know.",
            hint="Install the newest version of Asclepius.",
        )
    try:
        facts = _facts(data, PackageKind(kind))
        members = {name: _member(one) for name, one in object_at(data, "members").items()}
    except (CoreError, ValueError, TypeError) as error:
        raise ExchangeError("The manifest of the package is not readable.") from error
    _require_allowed(members, facts.kind)
    return facts, members


def _facts(data: Plain, kind: PackageKind) -> PackageFacts:
    sender, addressee = object_at(data, "sender"), data.get("addressee")
    return PackageFacts(
        id=_named(text_at(data, "id")),
        kind=kind,
        created_at=_moment(text_at(data, "created_at")),
        program=text_at(data, "program"),
        workspace=_named(text_at(data, "workspace")),
        sender=Signer(
            PersonId(_named(text_at(sender, "id"))),
            text_at(sender, "name"),
            _matching(_SHA256, text_at(sender, "public_key")),
        ),
        addressee=None if addressee is None else PersonId(_named(text_at(addressee, "id"))),
    )


def _require_allowed(members: Mapping[str, Member], kind: PackageKind) -> None:
    for name, member in members.items():
        if not is_allowed_name(name) or name in (MANIFEST, SIGNATURE):
            raise ExchangeError("The package lists a file that does not belong into a package.")
        records, media = kind_of(name), media_of(name)
        if records is not None and records not in ALLOWED[kind]:
            raise ExchangeError(
                f"A package of the kind “{kind.value}” must not hold {records.value} records.",
                hint="It was not made by Asclepius, or was altered.",
            )
        if media is not None and media != member.sha256:
            raise ExchangeError(f"The image {media[:12]}… does not have the bytes it is named by.")


def _member(value: Any) -> Member:  # any JSON value
    size = value["size"]
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise ValueError("size")
    return Member(_matching(_SHA256, text_at(value, "sha256")), size)


def _moment(text: str) -> str:
    datetime.fromisoformat(_matching(_MOMENT, text))
    return text


def _named(text: str) -> str:
    return _matching(_ID, text)


def _matching(pattern: re.Pattern[str], text: str) -> str:
    if pattern.fullmatch(text) is None:
        raise ValueError("not of the expected form")
    return text
