"""Reads our own format: questions.jsonl with media/ and, from an export, manifest.json."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from core.domain.body import Body
from core.domain.ids import QuestionId
from core.domain.key import Key
from core.domain.plain import Plain, list_at, object_at, sha256_of, text_at
from core.domain.revision import content_hash
from core.domain.source import Source
from core.domain.taxonomy import AXES, Label
from core.errors import ExchangeError, ValidationError
from core.exchange.imported import ImportedImage, ImportedQuestion, ReadFile, RowProblem
from core.exchange.manifest import MANIFEST, MEDIA, QUESTIONS, read_manifest, verify_export
from core.exchange.safe_files import image_in, parse_json, read_text

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def read_json_lines(path: Path, *, images: Path | None = None) -> ReadFile:
    """Read a questions.jsonl or the folder it lies in.

    Images count as cleared only when every checksum of the manifest beside it is right.
    """
    path = path / QUESTIONS if path.is_dir() else path
    found = ReadFile()
    is_intact = _is_intact_export(path, found)
    text, note = read_text(path)
    found.notes += [note] if note else []
    folder = images if images is not None else path.parent
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path.name}, line {number}"
        try:
            found.questions.append(_question(_object(line), where, folder, is_cleared=is_intact))
        except ValidationError as error:
            found.problems.append(RowProblem(f"{where}, field {error.field}", str(error)))
        except ExchangeError as error:
            found.problems.append(RowProblem(where, str(error)))
    return found


def _is_intact_export(path: Path, found: ReadFile) -> bool:
    if not (path.parent / MANIFEST).exists():
        return False
    manifest = read_manifest(path.parent)
    if not manifest.get("with_keys"):
        raise ExchangeError(
            f"The set “{path.parent.name}” was exported without keys and cannot be imported.",
            hint="Import the export that has its keys.",
        )
    problems = verify_export(path.parent)
    if problems:
        found.notes.append(
            f"The set differs from its manifest ({problems[0]}) Its images count as not cleared."
        )
    return not problems


def _object(line: str) -> Plain:
    try:
        row = parse_json(line)
    except ValueError as error:
        raise ExchangeError("The line is no JSON.") from error
    if not isinstance(row, dict):
        raise ExchangeError("The line must be a JSON object.")
    return row


def _question(row: Plain, where: str, folder: Path, *, is_cleared: bool) -> ImportedQuestion:
    body, labels = _body(row), _labels(row)
    key = Key.from_plain(dict(object_at(row, "key")))
    for field, sentence in body.problems() + key.problems(body.asked):
        raise ValidationError(sentence, field=field)
    content = content_hash(body, key, labels)
    if row.get("content_hash", content) != content:
        raise ValidationError(
            "The question is not the one its content hash names.",
            field="content_hash",
            hint="Remove that field if you changed the question on purpose.",
        )
    name = text_at(row, "id", "")
    if name and not _UUID.fullmatch(name):
        raise ValidationError(f"“{name[:40]}” is no id of a question.", field="id")
    return ImportedQuestion(
        where=where,
        origin=f"asclepius:{name or sha256_of([body.to_plain(), key.to_plain()])}",
        body=replace(body, images=()),
        key=key,
        labels=labels,
        source=Source.from_plain(dict(object_at(row, "source"))) if "source" in row else Source(),
        images=_images(row, body, folder, is_cleared=is_cleared),
        id=QuestionId(name) if name else None,
    )


def _body(row: Plain) -> Body:
    data = dict(object_at(row, "body"))
    if not all(isinstance(one, Mapping) for one in list_at(data, "images")):
        raise ValidationError("An image entry must be an object.", field="images")
    try:
        return Body.from_plain(data)
    except OverflowError as error:  # a number such as 1e999
        raise ValidationError("A number is too large.", field="images") from error


def _labels(row: Plain) -> frozenset[Label]:
    labels = set()
    for one in list_at(row, "labels"):
        if not isinstance(one, Mapping):
            raise ValidationError("A label must be an object.", field="labels")
        label = Label(text_at(one, "axis"), text_at(one, "value"))
        if label.axis not in AXES or not label.value.strip():
            raise ValidationError(f"The axis “{label.axis[:40]}” is unknown.", field="labels")
        labels.add(label)
    return frozenset(labels)


def _images(row: Plain, body: Body, folder: Path, *, is_cleared: bool) -> tuple[ImportedImage, ...]:
    entries = list_at(row, "images")
    if len(entries) != len(body.images):
        raise ValidationError("The files of the images are not listed.", field="images")
    images = []
    for use, entry in zip(body.images, entries, strict=True):
        if not _SHA256.fullmatch(use.media) or not _has_sane_numbers(use.view.window):
            raise ValidationError("An image entry is not readable.", field="images")
        if not isinstance(entry, Mapping) or not text_at(entry, "file").startswith(f"{MEDIA}/"):
            raise ValidationError(f"The file of an image must lie in {MEDIA}/.", field="images")
        path = image_in(folder, text_at(entry, "file"))
        images.append(ImportedImage(path, use, has_chosen_frames=True, is_cleared=is_cleared))
    return tuple(images)


def _has_sane_numbers(window: Any) -> bool:  # a Window or None
    if window is None:
        return True
    return math.isfinite(window.center) and math.isfinite(window.width) and window.width > 0
