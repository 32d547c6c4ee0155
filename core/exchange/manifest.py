"""The manifest of an exported set: checksums of every file, and how to check them."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from core.domain.audit import GENESIS, AuditEvent, is_whole
from core.domain.plain import Plain, sha256_of
from core.domain.sealed import SEAL, read_sealed
from core.errors import ExchangeError, ValidationError

FORMAT_NAME: Final = "asclepius-set"
FORMAT_VERSION: Final = 1
MANIFEST: Final = "manifest.json"
QUESTIONS: Final = "questions.jsonl"
AUDIT: Final = "audit.jsonl"
RESULTS: Final = "results.json"
MEDIA: Final = "media"
WITHHELD_ACTION: Final = "media.imported"
"""Its subject is the hash of an original image, which tells anybody who has it whose it is."""
_FIELDS: Final = frozenset(
    {
        "format",
        "version",
        "program_version",
        "created",
        "stage",
        "with_keys",
        "questions",
        "media",
        "set_hash",
        "audit",
        "files",
    }
)
_BLOCK: Final = 2**20


def set_hash(hashes: Iterable[str]) -> str:
    """Return the identity of a set: equal questions in any order have an equal hash."""
    return sha256_of(sorted(hashes))


def file_facts(path: Path) -> Plain:
    """Return SHA-256 and size of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return {"sha256": digest.hexdigest(), "size": path.stat().st_size}


def files_in(folder: Path) -> list[str]:
    """Return the names of all files but the manifest, with / between folders, in order."""
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in names if name != MANIFEST)


def read_manifest(folder: Path) -> Plain:
    """Return the manifest; raise `ExchangeError` when absent, damaged or newer than we read."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ExchangeError(f"The folder “{folder}” has no {MANIFEST}.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise ExchangeError(f"{MANIFEST} of “{folder.name}” is not readable.") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT_NAME:
        raise ExchangeError(f"{MANIFEST} of “{folder.name}” is not from an exported set.")
    version = manifest.get("version")
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise ExchangeError(
            f"The set “{folder.name}” was made by a newer version of Asclepius.",
            hint="Update Asclepius to read it.",
        )
    return manifest


def verify_export(folder: Path) -> list[str]:
    """Return sentences on all that differs from the manifest; an empty list means intact."""
    try:
        manifest = read_manifest(folder)
        return [
            *_manifest_problems(folder, manifest),
            *_file_problems(folder, manifest),
            *_question_problems(folder, manifest),
            *_audit_problems(folder, manifest),
        ]
    except ExchangeError as error:
        return [str(error)]
    except OSError as error:
        return [f"The folder “{folder}” cannot be read: {error.strerror or error}."]


def _manifest_problems(folder: Path, manifest: Plain) -> list[str]:
    if not set(manifest) - {SEAL} <= _FIELDS:
        return [f"{MANIFEST} holds fields that no export writes."]
    if SEAL not in manifest:
        return []  # sets of the first version had none
    try:
        read_sealed((folder / MANIFEST).read_bytes())
    except ValidationError as error:
        return [f"{MANIFEST} is damaged. {error.sentence}"]
    return []


def _file_problems(folder: Path, manifest: Plain) -> list[str]:
    listed = manifest.get("files")
    if not isinstance(listed, Mapping):
        return [f"{MANIFEST} does not list its files."]
    present = set(files_in(folder))
    problems = [f"{name} is missing." for name in sorted(set(listed) - present)]
    problems += [f"{name} is not in the manifest." for name in sorted(present - set(listed))]
    return problems + [
        f"{name} was changed after the export."
        for name in sorted(present & set(listed))
        if (folder / name).is_symlink() or file_facts(folder / name) != listed[name]
    ]


def _question_problems(folder: Path, manifest: Plain) -> list[str]:
    field = "content_hash" if manifest.get("with_keys") else "body_hash"
    rows, problems = _json_lines(folder / QUESTIONS)
    hashes = [str(row.get(field, "")) for row in rows]
    if not problems and set_hash(hashes) != manifest.get("set_hash"):
        problems.append(f"{QUESTIONS} does not hold the set that the manifest names.")
    return problems


def _audit_problems(folder: Path, manifest: Plain) -> list[str]:
    if not manifest.get("with_keys"):
        return []
    rows, problems = _json_lines(folder / AUDIT)
    if problems:
        return problems
    before = GENESIS
    for number, row in enumerate(rows, 1):
        try:
            is_right = _follows(row, number, before)
        except (TypeError, KeyError, ValueError):
            return [f"{AUDIT} is not readable as an audit trail."]
        if not is_right:
            return [f"The audit trail is broken at event {number}."]
        before = row["hash"]
    head = before if rows else ""
    known = manifest.get("audit")
    if not isinstance(known, Mapping) or known.get("head") != head:
        return ["The audit trail does not end as the manifest says."]
    return []


def _follows(row: dict[str, Any], number: int, before: str) -> bool:  # a JSON object
    """Tell whether an event is whole and follows `before`; of a withheld one only the latter."""
    is_withheld = row["action"] == WITHHELD_ACTION and "subject" not in row
    parts = row | {"at": datetime.fromisoformat(row["at"])}
    event = AuditEvent(**(parts | {"subject": "", "content": ""} if is_withheld else parts))
    if (event.sequence, event.previous) != (number, before):
        return False
    return is_withheld or is_whole(event)


def _json_lines(path: Path) -> tuple[list[dict[str, Any]], list[str]]:  # JSON objects
    if not path.is_file():
        return [], []  # a missing file was named already
    rows = []
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                return [], [f"{path.name}, line {number} is no JSON."]
            if not isinstance(row, dict):
                return [], [f"{path.name}, line {number} is no JSON object."]
            rows.append(row)
    return rows, []
