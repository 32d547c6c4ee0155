"""Reads the JSON of VQA-RAD (Lau et al. 2018): questions on radiology images.

CLOSED questions answered yes or no become yes/no; all others become short text, because the
file states no options and none are invented.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from core.domain.body import NO, YES, Body, ShortText, YesNo
from core.domain.key import Key, ShortTextKey, YesNoKey
from core.domain.source import Source
from core.domain.taxonomy import ANATOMY, LANGUAGE, TAG, Label
from core.errors import ExchangeError
from core.exchange.imported import ImportedImage, ImportedQuestion, ReadFile, RowProblem
from core.exchange.safe_files import image_in, images_folder, parse_json, read_text

FIELDS: Final = ("qid", "image_name", "answer", "answer_type", "question")
CITATION: Final = "VQA-RAD (Lau et al., Scientific Data 5:180251, 2018)"
RIGHTS: Final = "CC0-1.0"
_ORGANS: Final = {"HEAD": "Head", "CHEST": "Chest", "ABD": "Abdomen"}
_YES_NO: Final = {"yes": YES, "no": NO}


def read_vqa_rad(path: Path, *, images: Path | None = None) -> ReadFile:
    """Read the whole file; raise `ExchangeError` when it is no VQA-RAD JSON."""
    text, note = read_text(path)
    rows = _rows(text, path)
    folder = images_folder(path, images)
    found = ReadFile(notes=[note] if note else [])
    for number, row in enumerate(rows, 1):
        where = f"{path.name}, entry {number}"
        try:
            found.questions.append(_question(row, where, folder))
        except ExchangeError as error:
            found.problems.append(RowProblem(where, str(error)))
    return found


def _rows(text: str, path: Path) -> list[Any]:  # JSON; each row is checked
    try:
        rows = parse_json(text)
    except ValueError as error:
        raise ExchangeError(f"The file “{path.name}” is not readable as JSON.") from error
    if not isinstance(rows, list):
        raise ExchangeError(f"The file “{path.name}” is no VQA-RAD file: it must hold a list.")
    return rows


def _question(row: Any, where: str, folder: Path) -> ImportedQuestion:  # any JSON value
    if not isinstance(row, Mapping):
        raise ExchangeError("An entry must be an object with the fields of VQA-RAD.")
    for name in FIELDS:
        if not _text(row, name):
            raise ExchangeError(f"The field “{name}” is missing or empty.")
    answer = _text(row, "answer")
    is_closed = _text(row, "answer_type").upper() == "CLOSED"
    option = _YES_NO.get(answer.casefold()) if is_closed else None
    return ImportedQuestion(
        where=where,
        origin=f"vqa_rad:{_text(row, 'qid')}",
        body=Body(
            stem=_text(row, "question"), asked=YesNo() if option is not None else ShortText()
        ),
        key=Key(YesNoKey(option) if option is not None else ShortTextKey(answer)),
        labels=_labels(row),
        source=Source(text=_text(row, "question"), citation=CITATION, rights=RIGHTS),
        images=(ImportedImage(image_in(folder, _text(row, "image_name"))),),
    )


def _labels(row: Mapping[str, Any]) -> frozenset[Label]:
    organ, kind = _text(row, "image_organ"), _text(row, "question_type")
    labels = {Label(LANGUAGE, "en")}
    if organ:
        labels.add(Label(ANATOMY, _ORGANS.get(organ.upper(), organ.capitalize())))
    if kind:
        labels.add(Label(TAG, kind.upper()))
    return frozenset(labels)


def _text(row: Mapping[str, Any], name: str) -> str:
    """Numbers become text; everything else that is no text counts as absent."""
    value = row.get(name, "")
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
