"""Predictions in CSV and Excel tables, among them those of VLMEvalKit.

column                              meaning (one of each pair of lines is needed)
question_id, id, number, index      the question: our id or its number
reply, raw_reply, response, output, prediction   the whole reply
answer                              only the answer, where there is no reply column
revision_id                         the version, in files from here
model, llm                          who answered
condition                           both, text or image
epoch, repeat                       which repeat it is, from 1
error                               why there is no reply
seconds                             time to the last byte
option_a … or A …                   the options as the model saw them
question, stem                      the text, to check that it is the same question

VLMEvalKit names its columns index, question, A, B, …, answer (the key) and prediction.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Final

from core.domain.prediction import Prediction
from core.errors import ExchangeError
from core.exchange.predictions import ReadPredictions
from core.exchange.predictions_vlmevalkit import failure_in, is_moved, json_rows, llm_of
from core.exchange.table import OPTION_COLUMNS
from core.exchange.table_files import read_table

QUESTION_COLUMNS: Final = ("question_id", "id", "number", "index")
WHOLE_COLUMNS: Final = ("reply", "raw_reply", "response", "output", "prediction")
REPLY_COLUMNS: Final = (*WHOLE_COLUMNS, "answer")
_LLM_COLUMNS: Final = ("model", "llm")
_EPOCH_COLUMNS: Final = ("epoch", "repeat")
_STEM_COLUMNS: Final = ("stem", "question")
_LETTERS: Final = tuple("abcdefghijklmnopqrstuvwxyz")
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")

Row = Mapping[str, str]


def is_vlmevalkit(columns: Iterable[str]) -> bool:
    """Tell VLMEvalKit's table by its columns."""
    return {"index", "prediction"} <= set(columns)


def harmless(text: str) -> str:
    """Keep a spreadsheet from running a cell of a CSV file; `as_written` takes it back."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_written(text: str) -> str:
    """Return what `harmless` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def read_vlmevalkit(path: Path, data: bytes, found: ReadPredictions) -> None:
    """Read every row of a table or of a list of records."""
    if path.suffix.lower() == ".json":
        rows = [(f"{path.name}, record {n}", row) for n, row in json_rows(path, data)]
    else:
        table = read_table(path)
        found.notes += table.notes
        if not is_vlmevalkit(table.columns):
            raise ExchangeError(f"{path.name}, row 1: the column index or prediction is missing.")
        is_text = path.suffix.lower() in {".csv", ".tsv"}
        rows = [(f"{path.name}, row {n}", _cells(row, is_text=is_text)) for n, row in table.rows]
    llm, moved = llm_of(path), 0
    for where, row in rows:
        if is_moved(row.get("index", "")) and not row.get("question_id"):
            moved += 1
            continue
        error = failure_in(row.get("prediction", ""))
        own = {"prediction": "", "error": error} if error else {}
        named = {} if _value(row, _LLM_COLUMNS) else {"model": llm}
        question = "question_id" if row.get("question_id") else "index"
        _add(found, row | own | named, where, (question, "prediction"), is_whole=True)
    if moved:
        found.notes.append(
            f"{moved} rows put a question again with its options moved (circular evaluation); "
            "only the first way is read."
        )


def read_prediction_table(path: Path, _: bytes, found: ReadPredictions) -> None:
    """Read every row; raise `ExchangeError` where a column that is needed is missing."""
    table = read_table(path)
    found.notes += table.notes
    question = _first(QUESTION_COLUMNS, table.columns)
    whole = _first(WHOLE_COLUMNS, table.columns)
    reply = whole or _first(REPLY_COLUMNS, table.columns)
    if not question or not reply or not {question, reply} <= set(table.columns):
        raise ExchangeError(
            f"{path.name}, row 1: a column with the question or with the reply is missing.",
            hint="Name them question_id (or number) and reply (or answer).",
        )
    is_text = path.suffix.lower() in {".csv", ".tsv"}
    for number, row in table.rows:
        cells = _cells(row, is_text=is_text)
        _add(found, cells, f"{path.name}, row {number}", (question, reply), is_whole=bool(whole))


def _cells(row: Row, *, is_text: bool) -> dict[str, str]:
    return {name: as_written(cell) if is_text else cell for name, cell in row.items()}


def _add(
    found: ReadPredictions, row: Row, where: str, columns: tuple[str, str], *, is_whole: bool
) -> None:
    question, reply = columns
    epoch = _value(row, _EPOCH_COLUMNS) or "1"
    if not re.fullmatch(r"[1-9]\d{0,3}(\.0)?", epoch):
        found.refuse(where, "The number of the repeat is no whole number from 1.")
        return
    said, name = row.get(reply, ""), row.get(question, "")
    found.add(
        Prediction(
            where=where,
            question=name.removesuffix(".0"),
            reply=said,
            llm=_value(row, _LLM_COLUMNS),
            condition=row.get("condition", ""),
            revision=row.get("revision_id", ""),
            epoch=int(float(epoch)),
            is_whole_reply=is_whole,
            options=_options(row),
            stem=_value(row, _STEM_COLUMNS),
            error=row.get("error", ""),
            elapsed_s=_seconds(row.get("seconds", "")),
        )
    )


def _options(row: Row) -> tuple[str, ...]:
    for names in (OPTION_COLUMNS, _LETTERS):
        texts = [row.get(name, "") for name in names]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            return tuple(texts)
    return ()


def _seconds(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and value >= 0 else None


def _first(names: Sequence[str], columns: Sequence[str]) -> str:
    return next((name for name in names if name in columns), "")


def _value(row: Row, names: Sequence[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")
