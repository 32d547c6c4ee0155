"""Writes a set: questions.jsonl, media/, audit.jsonl, results.json and their manifest."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from core import VERSION
from core.domain.audit import AuditEvent
from core.domain.ids import MediaId
from core.domain.media import ImageUse
from core.domain.plain import Plain, canonical_json, sha256_of
from core.domain.question import QuestionSummary
from core.domain.revision import Revision, content_hash
from core.domain.sealed import sealed_text
from core.domain.source import Source
from core.errors import ExchangeError
from core.exchange import manifest

_SUFFIXES: Final = {"image/png": "png", "image/tiff": "tiff"}


@dataclass(frozen=True, slots=True)
class SetImage:
    """A cleared image as one question uses it, and one PNG for each of its frames."""

    use: ImageUse
    media_type: str
    data: bytes
    pictures: tuple[bytes, ...]


@contextmanager
def folder_written_whole(out: Path) -> Iterator[Path]:
    """Give a folder beside `out` that takes its place when the block ends without an error.

    Raises `ExchangeError` when `out` exists and is not empty, or cannot be written.
    """
    _refuse_used(out)
    aside: Path | None = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        yield aside
        _refuse_used(out)
        if out.exists():
            out.rmdir()
        aside.chmod(0o755)  # mkdtemp made it for its owner only
        aside.rename(out)
    except OSError as error:
        raise ExchangeError(
            f"The export could not be written to “{out}”: {error.strerror or error}.",
            hint="Choose a folder that may be written to, on a disk with enough room.",
        ) from error
    finally:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)


def _refuse_used(out: Path) -> None:
    try:
        is_used = out.exists() and (not out.is_dir() or any(out.iterdir()))
    except OSError as error:
        raise ExchangeError(f"The folder “{out}” cannot be read: {error.strerror}.") from error
    if is_used:
        raise ExchangeError(
            f"“{out}” exists and is not empty.", hint="Choose a new or empty folder."
        )


class SetWriter:
    """Writes questions one by one into a folder; `finish` completes it with the manifest.

    Without keys a line holds neither key nor the hash of the whole content, from which a key
    with few possibilities could be guessed.
    """

    def __init__(self, folder: Path, *, with_keys: bool) -> None:
        self._folder = folder
        self._with_keys = with_keys
        self._lines = folder / manifest.QUESTIONS
        self._hashes: list[str] = []
        self._media: set[str] = set()
        (folder / manifest.MEDIA).mkdir()
        self._lines.touch()

    @property
    def media_count(self) -> int:
        """How many files lie in media/ so far."""
        return len(self._media)

    def add(
        self,
        question: QuestionSummary,
        revision: Revision,
        source: Source,
        images: Sequence[SetImage],
    ) -> None:
        """Write one question with its images."""
        row: Plain = {
            "id": question.id,
            "number": question.number,
            "body": revision.body.to_plain(),
            "labels": _labels(question),
            "images": [self._image(image) for image in images],
        } | self._hidden_part(question, revision, source)
        self._hashes.append(row["content_hash" if self._with_keys else "body_hash"])
        with self._lines.open("a", encoding="utf-8", newline="\n") as file:
            file.write(canonical_json(row) + "\n")

    def finish(
        self,
        *,
        created: datetime,
        stage: str,
        audit: Sequence[AuditEvent],
        results: Plain | None = None,
    ) -> None:
        """Write the audit trail and results (with keys only), then the manifest."""
        head: Plain = {"events": len(audit), "head": audit[-1].hash if audit else ""}
        if self._with_keys:
            self._write_lines(manifest.AUDIT, [_event(event) for event in audit])
            if results is not None:
                self._write_lines(manifest.RESULTS, [results])
        facts = {
            "format": manifest.FORMAT_NAME,
            "version": manifest.FORMAT_VERSION,
            "program_version": VERSION,
            "created": created.isoformat(),
            "stage": stage,
            "with_keys": self._with_keys,
            "questions": len(self._hashes),
            "media": len(self._media),
            "set_hash": manifest.set_hash(self._hashes),
            "audit": head,
            "files": {
                name: manifest.file_facts(self._folder / name)
                for name in manifest.files_in(self._folder)
            },
        }
        (self._folder / manifest.MANIFEST).write_text(
            sealed_text(facts), encoding="utf-8", newline="\n"
        )

    def _hidden_part(self, question: QuestionSummary, revision: Revision, source: Source) -> Plain:
        if not self._with_keys:
            return {"body_hash": sha256_of([revision.body.to_plain(), _labels(question)])}
        return {
            "content_hash": content_hash(revision.body, revision.key, question.labels),
            "key": revision.key.to_plain(),
            "source": {"citation": source.citation, "rights": source.rights},
        }

    def _image(self, image: SetImage) -> Plain:
        media, suffix = image.use.media, _SUFFIXES.get(image.media_type, "bin")
        return {
            "file": self._keep(media, suffix, image.data),
            "sha256": media,
            "media_type": image.media_type,
            "pictures": [self._picture(data) for data in image.pictures],
        }

    def _picture(self, data: bytes) -> Plain:
        media = media_id(data)
        return {"file": self._keep(media, "png", data), "sha256": media}

    def _keep(self, media: MediaId, suffix: str, data: bytes) -> str:
        name = f"{manifest.MEDIA}/{media}.{suffix}"
        if name not in self._media:
            (self._folder / name).write_bytes(data)
            self._media.add(name)
        return name

    def _write_lines(self, name: str, rows: Sequence[Plain]) -> None:
        text = "".join(canonical_json(row) + "\n" for row in rows)
        (self._folder / name).write_text(text, encoding="utf-8", newline="\n")


def media_id(data: bytes) -> MediaId:
    """Return the name under which these bytes are kept."""
    return MediaId(hashlib.sha256(data).hexdigest())


def _labels(question: QuestionSummary) -> list[Plain]:
    return [{"axis": label.axis, "value": label.value} for label in sorted(question.labels)]


def _event(event: AuditEvent) -> Plain:
    """Return an event; the hash of an original, by which it could be found again, stays here."""
    plain: Plain = asdict(event) | {"at": event.at.isoformat()}
    if event.action == manifest.WITHHELD_ACTION:
        del plain["subject"], plain["content"]
    return plain
