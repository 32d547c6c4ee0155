"""Reads questions from a CSV or Excel table with named columns; one row is one question.

column        meaning (stem, format and key are needed)
number, id    names the row: importing it again adds nothing
format        single choice, several choices, yes/no, short text, report, numeric,
              ranking, long text, region
stem, context the question; history or findings before it
option_a … option_z, or options separated by |
key           letters (B; A,C; in order B>A>C), yes or no, the text, the number, or regions as
              JSON: [{"kind": "box", "points": [[10, 20], [60, 50]], "image": 1, "frame": 1}]
measure, threshold   of a region: iou, dice or hit, and from which value on it is right
variants      other right texts, separated by |
unit, tolerance   of a numeric question; 0.5 in its unit, 5% of its value, or both: 0.5; 5%
explanation   why the key is right
rubric        what a grader looks for: one point a line, +2 or -1 in front is its weight
specialty, capacity, modality, anatomy, difficulty, language, tag   labels (tags separated by ;)
images        file names separated by ;
frames        for each image, separated by ;: frames counted from 1, such as 3 or 1-12 or 1,5,9
captions      for each image, separated by ;
source, citation, rights   text it was rewritten from, where from, under which terms
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, assert_never

from core.domain.body import (
    NO,
    YES,
    AnswerFormat,
    Asked,
    Body,
    Localization,
    LongText,
    Numeric,
    Option,
    Ranking,
    Report,
    SeveralChoices,
    ShortText,
    SingleChoice,
    YesNo,
    neutral_order,
)
from core.domain.ids import OptionId
from core.domain.key import (
    Key,
    KeyPart,
    LongTextKey,
    NumericKey,
    RankingKey,
    ReportKey,
    SeveralChoicesKey,
    ShortTextKey,
    SingleChoiceKey,
    YesNoKey,
)
from core.domain.plain import sha256_of
from core.domain.region_text import PlacedRegions
from core.domain.source import Source
from core.domain.taxonomy import AXES, TAG, Label
from core.errors import ExchangeError, ValidationError
from core.exchange.imported import ImportedImage, ImportedQuestion, ReadFile, RowProblem
from core.exchange.safe_files import image_in, images_folder
from core.exchange.table_files import Table, column_name, read_table
from core.exchange.table_regions import (
    REGION_COLUMNS,
    placed_regions,
    region_asked,
    region_key,
)

REQUIRED_COLUMNS: Final = ("stem", "format", "key")
OPTION_COLUMNS: Final = tuple(f"option_{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
OTHER_COLUMNS: Final = (
    *("number", "id", "context", "options", "variants", "unit", "tolerance", "explanation"),
    *("rubric", "images", "frames", "captions", "source", "citation", "rights"),
    *REGION_COLUMNS,
)
MAX_FRAMES: Final = 10_000
_YES_NO: Final = {"yes": YES, "y": YES, "true": YES, "no": NO, "n": NO, "false": NO}
_FORMATS: Final = {
    "mcq": AnswerFormat.SINGLE_CHOICE,
    "multiple_choice": AnswerFormat.SINGLE_CHOICE,
    "yes/no": AnswerFormat.YES_NO,
    "number": AnswerFormat.NUMERIC,
    "ordering": AnswerFormat.RANKING,
} | {one.value: one for one in AnswerFormat}

Row = Mapping[str, str]


MAX_QUOTED: Final = 12
"""Letters of a cell that an error repeats; more might be an answer's text."""


class _CellError(Exception):
    """A cell that cannot be used; never leaves this module."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


def read_question_table(path: Path, *, images: Path | None = None) -> ReadFile:
    """Read the whole table; raise `ExchangeError` when it lacks a column that is needed."""
    table = read_table(path)
    _require_columns(table, path)
    found = ReadFile(notes=[*table.notes, *_unread_columns(table, path)])
    folder = images_folder(path, images)
    for number, row in table.rows:
        where = f"{path.name}, row {number}"
        try:
            found.questions.append(_question(row, where, path, folder))
        except _CellError as error:
            found.problems.append(RowProblem(f"{where}, column {error.column}", str(error)))
    return found


def _require_columns(table: Table, path: Path) -> None:
    missing = [f"“{name}”" for name in REQUIRED_COLUMNS if name not in table.columns]
    if missing:
        what = f"column {missing[0]} is" if len(missing) == 1 else f"columns {_and(missing)} are"
        raise ExchangeError(
            f"{path.name}, row 1: the {what} missing.",
            hint="The first row must name the columns; needed are stem, format and key.",
        )


def _quoted(text: str) -> str:
    return f"“{text}”" if len(text) <= MAX_QUOTED else "The entry"


def _and(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _unread_columns(table: Table, path: Path) -> list[str]:
    known = {*REQUIRED_COLUMNS, *OPTION_COLUMNS, *OTHER_COLUMNS, *AXES}
    return [
        f"The column “{name}” of “{path.name}” is not read."
        for name in table.columns
        if name and name not in known
    ]


def _question(row: Row, where: str, path: Path, folder: Path) -> ImportedQuestion:
    answer_format = _format(row)
    if not row.get("stem", ""):
        raise _CellError("stem", "The question is empty.")
    asked = _asked(row, answer_format)
    body = Body(stem=row["stem"], context=row.get("context", ""), asked=asked)
    key = Key(_key_part(row, asked), row.get("explanation", ""), row.get("rubric", ""))
    for column, sentence in _problems(asked, key):
        raise _CellError(column, sentence)
    name = row.get("id", "") or row.get("number", "")
    content = {"body": body.to_plain(), "key": key.to_plain(), "images": row.get("images", "")}
    return ImportedQuestion(
        where=where,
        origin=f"table:{path.stem}:{name}" if name else f"table:{sha256_of(content)}",
        body=body,
        key=key,
        labels=_labels(row),
        source=Source(
            text=row.get("source", ""),
            citation=row.get("citation", "") or path.name,
            rights=row.get("rights", ""),
        ),
        images=_images(row, folder),
    )


def _problems(asked: Asked, key: Key) -> list[tuple[str, str]]:
    if isinstance(asked, Localization):
        return []  # told when its image is looked at: only then has it a size
    return asked.problems() + key.problems(asked)


def _format(row: Row) -> AnswerFormat:
    text = row.get("format", "")
    known = _FORMATS.get(column_name(text))
    if known is None:
        names = ", ".join(one.value for one in AnswerFormat)
        raise _CellError("format", f"{_quoted(text)} is no answer format; use {names}.")
    return known


def _asked(row: Row, answer_format: AnswerFormat) -> Asked:
    match answer_format:
        case AnswerFormat.SINGLE_CHOICE:
            return SingleChoice(_options(row))
        case AnswerFormat.SEVERAL_CHOICES:
            return SeveralChoices(_options(row))
        case AnswerFormat.YES_NO:
            return YesNo()
        case AnswerFormat.SHORT_TEXT:
            return ShortText()
        case AnswerFormat.LONG_TEXT:
            return LongText()
        case AnswerFormat.REPORT:
            return Report()
        case AnswerFormat.NUMERIC:
            return Numeric(row.get("unit", ""))
        case AnswerFormat.REGION:
            return region_asked(_regions(row))
        case AnswerFormat.RANKING:
            return Ranking(_numbered(one.text for one in neutral_order(_options(row))))
        case _:
            assert_never(answer_format)


def _options(row: Row) -> tuple[Option, ...]:
    texts = [row.get(column, "") for column in OPTION_COLUMNS]
    if row.get("options", ""):
        if any(texts):
            raise _CellError("options", "Use either options or option_a, option_b, …, not both.")
        texts = [text.strip() for text in row["options"].split("|")]
    while texts and not texts[-1]:
        texts.pop()
    for position, text in enumerate(texts):
        if not text:
            raise _CellError(OPTION_COLUMNS[position], "The option is empty; later ones are not.")
    return _numbered(texts)


def _numbered(texts: Iterable[str]) -> tuple[Option, ...]:
    return tuple(Option(OptionId(f"o{number}"), text) for number, text in enumerate(texts, 1))


def _key_part(row: Row, asked: Asked) -> KeyPart:
    text = row.get("key", "")
    if not text:
        raise _CellError("key", "The key is empty.")
    match asked:
        case SingleChoice(options):
            letters = _letters(text, options)
            if len(letters) != 1:
                raise _CellError(
                    "key", f"A single choice has one right letter, not {len(letters)}."
                )
            return SingleChoiceKey(letters[0])
        case SeveralChoices(options):
            return SeveralChoicesKey(frozenset(_letters(text, options)))
        case YesNo():
            if text.casefold() not in _YES_NO:
                raise _CellError("key", f"{_quoted(text)} is neither yes nor no.")
            return YesNoKey(_YES_NO[text.casefold()])
        case ShortText():
            variants = (part.strip() for part in row.get("variants", "").split("|"))
            return ShortTextKey(text, tuple(part for part in variants if part))
        case LongText():
            return LongTextKey(text)
        case Report():
            return ReportKey(text)
        case Numeric():
            return NumericKey(_number(row, "key"), *_tolerances(row))
        case Localization():
            return _region_key(row)
        case Ranking(options):
            return _order(text, row, options)
        case _:
            assert_never(asked)


def _regions(row: Row) -> PlacedRegions:
    try:
        return placed_regions(row)
    except ValidationError as error:
        raise _CellError("key", str(error)) from error


def _region_key(row: Row) -> KeyPart:
    try:
        return region_key(_regions(row), row)
    except ValidationError as error:
        raise _CellError(error.field, str(error)) from error


def _order(text: str, row: Row, options: tuple[Option, ...]) -> RankingKey:
    """Return the order whose letters name the options as the table has them."""
    written = _options(row)
    named = {one.id: one.text for one in written}
    ids = {one.text: one.id for one in options}
    letters = _letters(text, written)
    if len(letters) != len(re.findall(r"[^,;|>\s]+", text)):
        raise _CellError("key", "The right order names an option twice.")
    return RankingKey(tuple(ids[named[one]] for one in letters))


def _letters(text: str, options: tuple[Option, ...]) -> list[OptionId]:
    ids = {chr(ord("A") + place): option.id for place, option in enumerate(options)}
    parts = [part.strip().upper() for part in re.split(r"[,;|>\s]+", text) if part.strip()]
    for part in parts:
        if part not in ids:
            last = chr(ord("A") + len(options) - 1)
            known = f"the options are A to {last}" if options else "there are no options"
            raise _CellError("key", f"{_quoted(part)} is no letter of an option; {known}.")
    return [ids[part] for part in dict.fromkeys(parts)]


def _tolerances(row: Row) -> tuple[Decimal, Decimal]:
    """Return how far an answer may be from the key: in its unit, and in percent of it."""
    column = "tolerance"
    parts = [part.strip() for part in row.get(column, "").split(";") if part.strip()]
    shares = [part[:-1].strip() for part in parts if part.endswith("%")]
    spans = [part for part in parts if not part.endswith("%")]
    if len(shares) > 1 or len(spans) > 1:
        raise _CellError(column, "Give one tolerance, or one and one in percent, such as 0.5; 5%.")
    span, share = (_decimal(some[0], column) if some else Decimal(0) for some in (spans, shares))
    return span, share


def _number(row: Row, column: str) -> Decimal:
    return _decimal(row.get(column, ""), column)


def _decimal(text: str, column: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        sentence = f"{_quoted(text)} is no number; write digits and a point, such as 3.5."
        raise _CellError(column, sentence)
    return value


def _labels(row: Row) -> frozenset[Label]:
    labels = set()
    for axis in AXES:
        values = row.get(axis, "").split(";") if axis == TAG else [row.get(axis, "")]
        labels |= {Label(axis, value.strip()) for value in values if value.strip()}
    return frozenset(labels)


def _images(row: Row, folder: Path) -> tuple[ImportedImage, ...]:
    names = [name.strip() for name in row.get("images", "").split(";") if name.strip()]
    captions = _for_each(row, "captions", len(names))
    frames = _for_each(row, "frames", len(names))
    images = []
    for name, caption, chosen in zip(names, captions, frames, strict=True):
        try:
            image = ImportedImage(image_in(folder, name))
        except ExchangeError as error:
            raise _CellError("images", str(error)) from error
        use = replace(image.use, caption=caption)
        if chosen:
            use = replace(use, frames=_frames(chosen))
        images.append(replace(image, use=use, has_chosen_frames=bool(chosen)))
    return tuple(images)


def _for_each(row: Row, column: str, count: int) -> list[str]:
    parts = [part.strip() for part in row.get(column, "").split(";")]
    if parts == [""]:
        return [""] * count
    if len(parts) != count:
        raise _CellError(column, f"There are {len(parts)} entries for {count} images.")
    return parts


def _frames(text: str) -> tuple[int, ...]:
    frames: list[int] = []
    for part in text.split(","):
        found = re.fullmatch(r"\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?", part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last or last - first + len(frames) >= MAX_FRAMES:
            raise _CellError(
                "frames", f"{_quoted(text)} names no frames; write 3 or 1-12 or 1,5,9."
            )
        frames += range(first - 1, last)
    return tuple(frames)
