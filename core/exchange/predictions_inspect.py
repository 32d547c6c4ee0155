"""Predictions in an eval log of Inspect: the .eval archive and the .json file.

An archive holds header.json and one samples/ID_epoch_N.json for each sample; a log that was cut
short has _journal/start.json instead of the header. Version 3 of the format can part a sample
into a folder samples/ID_epoch_N/; such a log is refused with the way to convert it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import Any, Final

from core.domain.prediction import Prediction
from core.errors import ExchangeError
from core.exchange.bounded_zip import BoundedZip, UnreadableZipError
from core.exchange.predictions import ReadPredictions
from core.exchange.predictions_lines import MAX_EPOCHS, text_of, texts_of

_ATTACHMENT: Final = "attachment://"
_PARTED: Final = re.compile(r"samples/.+_epoch_\d+/sample\.json", re.DOTALL)
_HEADERS: Final = ("header.json", "_journal/start.json")

Row = Mapping[str, Any]  # a JSON object


def read_inspect_log(path: Path, data: bytes, found: ReadPredictions) -> None:
    """Read every sample of a log."""
    if data[:2] == b"PK":
        _read_archive(path, data, found)
        return
    log = _object(data)
    samples = log.get("samples") if log is not None else None
    if log is None or not isinstance(samples, list):
        raise ExchangeError(
            f"The file “{path.name}” is no Inspect log with samples.",
            hint="Inspect keeps them unless it runs with --no-log-samples.",
        )
    header = _header(log)
    for number, sample in enumerate(samples, 1):
        _add(found, sample, header, f"{path.name}, sample {number}")


def _read_archive(path: Path, data: bytes, found: ReadPredictions) -> None:
    try:
        archive = BoundedZip(data)
        names = set(archive.names())
        if any(map(_PARTED.fullmatch, names)):
            raise ExchangeError(
                f"The Inspect log “{path.name}” keeps its samples in parts.",
                hint="Convert it with `inspect log convert --to json`, and import that file.",
            )
        start = next((name for name in _HEADERS if name in names), None)
        header = _header(None if start is None else _object(archive.read(start)))
        for name, sample in _samples(archive):
            _add(found, sample, header, f"{path.name}, {name}")
    except UnreadableZipError as error:
        raise ExchangeError(
            f"The Inspect log “{path.name}” cannot be read: it is damaged or too large unpacked.",
            hint="Write it again, with `inspect log convert --to json` if need be.",
        ) from error


def _samples(archive: BoundedZip) -> Iterator[tuple[str, Row | None]]:
    for name in archive.names():
        if name.startswith("samples/") and name.endswith(".json"):
            yield name, _object(archive.read(name))


def _header(log: Row | None) -> Row:
    """Return what the log says of the whole evaluation."""
    header = {} if log is None else log.get("eval")
    return header if isinstance(header, dict) else {}


def _add(found: ReadPredictions, sample: Any, header: Row, where: str) -> None:  # any JSON value
    if not isinstance(sample, dict):
        found.refuse(where, "The sample is no JSON object.")
        return
    metadata = _part(sample, "metadata")
    epoch = sample.get("epoch", 1)
    if not isinstance(epoch, int) or isinstance(epoch, bool) or not 1 <= epoch <= MAX_EPOCHS:
        found.refuse(where, "The number of the epoch is no whole number from 1.")
        return
    error = _part(sample, "error")
    found.add(
        Prediction(
            where=where,
            question=text_of(metadata.get("question_id")) or text_of(sample.get("id")),
            reply=_reply(sample),
            llm=text_of(header.get("model")),
            condition=text_of(metadata.get("condition")),
            revision=text_of(metadata.get("revision_id")),
            epoch=epoch,
            options=texts_of(sample.get("choices")),
            stem=_input(sample),
            error=text_of(error.get("message"))[:500],
            elapsed_s=_seconds(_part(sample, "output").get("time")),
        )
    )


def _reply(sample: Row) -> str:
    output = _part(sample, "output")
    completion = _resolved(sample, output.get("completion"))
    if completion:
        return completion
    choices = output.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return _content(sample, _part(first, "message").get("content"))


def _input(sample: Row) -> str:
    given = sample.get("input")
    if isinstance(given, str):
        return _resolved(sample, given)
    messages = given if isinstance(given, list) else []
    texts = [_content(sample, one.get("content")) for one in messages if isinstance(one, dict)]
    return "\n".join(texts)


def _content(sample: Row, content: Any) -> str:  # any JSON value
    """Return the text of a message, which is one text or a list of parts."""
    if isinstance(content, str):
        return _resolved(sample, content)
    parts = content if isinstance(content, list) else []
    texts = [_resolved(sample, one.get("text")) for one in parts if isinstance(one, dict)]
    return "\n".join(text for text in texts if text)


def _resolved(sample: Row, text: Any) -> str:  # any JSON value
    """Return a text; long ones lie apart under a name."""
    if not isinstance(text, str) or not text.startswith(_ATTACHMENT):
        return text_of(text)
    return text_of(_part(sample, "attachments").get(text.removeprefix(_ATTACHMENT)))


def _part(row: Any, name: str) -> Row:  # any JSON value
    part = row.get(name) if isinstance(row, dict) else None
    return part if isinstance(part, dict) else {}


def _seconds(value: Any) -> float | None:  # any JSON value
    is_time = isinstance(value, int | float) and isfinite(value) and value >= 0
    return float(value) if is_time else None


def _object(data: bytes) -> Row | None:
    try:
        # Scores may be NaN, which is no JSON, and which nobody asks for here.
        found = json.loads(data, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
