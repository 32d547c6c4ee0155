"""Predictions of other engines: which engine a file comes from, and how it is read."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, assert_never

from core.domain.prediction import Engine, Prediction
from core.errors import ExchangeError
from core.exchange.imported import RowProblem
from core.exchange.predictions_vlmevalkit import is_vlmevalkit_json
from core.exchange.safe_files import EXCEL_SUFFIXES, read_bounded

MAX_REPLY: Final = 1_000_000
"""Characters of one reply; models write far less."""
MAX_PREDICTIONS: Final = 500_000
_TABLE_SUFFIXES: Final = EXCEL_SUFFIXES | {".csv", ".tsv"}
_LINE_SUFFIXES: Final = frozenset({".jsonl", ".ndjson"})
_PEEK: Final = 1 << 20


@dataclass(slots=True)
class ReadPredictions:
    """All that one file held; grows while it is read."""

    file_name: str
    sha256: str
    engine: Engine
    predictions: list[Prediction] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, prediction: Prediction) -> None:
        """Take a prediction, or note what is wrong with it."""
        texts = (prediction.question, prediction.reply, prediction.llm, *prediction.options)
        if len(self.predictions) >= MAX_PREDICTIONS:
            raise ExchangeError(
                f"The file “{self.file_name}” holds more than {MAX_PREDICTIONS:,} predictions."
            )
        if not prediction.question:
            self.refuse(prediction.where, "It names no question.")
        elif len(prediction.reply) > MAX_REPLY:
            self.refuse(prediction.where, f"Its reply has more than {MAX_REPLY:,} characters.")
        elif not all(_is_storable(text) for text in texts):
            self.refuse(prediction.where, "It holds half characters that cannot be stored.")
        else:
            self.predictions.append(prediction)

    def refuse(self, where: str, sentence: str) -> None:
        """Note a row that cannot be used."""
        self.problems.append(RowProblem(where, sentence))


def engine_named(name: str) -> Engine:
    """Return the engine of this name; "csv" and "xlsx" are tables."""
    plain = name.strip().casefold().replace("-", "_")
    known = {"csv": "table", "xlsx": "table", "eval": "inspect", "lm_evaluation_harness": "lm_eval"}
    chosen = known.get(plain, plain)
    if chosen not in list(Engine):
        names = ", ".join([*Engine, "csv", "xlsx"])
        raise ExchangeError(f"The prediction format “{name}” is unknown.", hint=f"Use {names}.")
    return Engine(chosen)


def read_predictions(path: Path, engine: Engine | None = None) -> ReadPredictions:
    """Read a file in its own or the given format; raise `ExchangeError` when that is no use."""
    data = read_bounded(path)
    found = ReadPredictions(
        path.name, hashlib.sha256(data).hexdigest(), engine or detect_engine(path)
    )
    _reader(found.engine)(path, data, found)
    if not found.predictions and not found.problems:
        raise ExchangeError(f"The file “{path.name}” holds no predictions.")
    return found


def detect_engine(path: Path) -> Engine:
    """Tell by name and beginning whose predictions a file holds; raise `ExchangeError` if none."""
    suffix = path.suffix.lower()
    if suffix in _TABLE_SUFFIXES:
        return _table_engine(path)
    if suffix in _LINE_SUFFIXES:
        return _lines_engine(path)
    start = _beginning(path)
    if suffix == ".json" and is_vlmevalkit_json(start):
        return Engine.VLMEVALKIT
    is_inspect = zipfile.is_zipfile(path) if suffix == ".eval" else _is_inspect(start)
    if is_inspect:
        return Engine.INSPECT
    raise ExchangeError(
        f"“{path.name}” holds no predictions of a known engine.",
        hint=f"Choose the format (--as): {', '.join(Engine)}.",
    )


def _table_engine(path: Path) -> Engine:
    from core.exchange.predictions_tables import REPLY_COLUMNS, is_vlmevalkit
    from core.exchange.table_files import read_table

    columns = read_table(path).columns
    if is_vlmevalkit(columns):
        return Engine.VLMEVALKIT
    if "stem" in columns or not set(REPLY_COLUMNS) & set(columns):
        raise ExchangeError(f"The table “{path.name}” has no column with predictions.")
    return Engine.TABLE


def _lines_engine(path: Path) -> Engine:
    first = _beginning(path).decode("utf-8", "replace").lstrip("\ufeff").split("\n", 1)[0]
    try:
        row: Any = json.loads(first)  # any JSON value
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or "body" in row:
        # A first line beyond what was looked at can only be lm-eval's: it holds whole prompts.
        if len(first) < _PEEK - 8 or '"doc_id"' not in first:
            raise ExchangeError(f"“{path.name}” holds no predictions.")
        return Engine.LM_EVAL
    return Engine.LM_EVAL if {"doc_id", "resps"} <= set(row) else Engine.JSON_LINES


def _is_inspect(start: bytes) -> bool:
    return start.lstrip().startswith(b"{") and b'"eval"' in start and b'"version"' in start


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_PEEK)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExchangeError(f"The file “{path.name}” cannot be read: {reason}.") from error


def _reader(engine: Engine) -> Callable[[Path, bytes, ReadPredictions], None]:
    match engine:
        case Engine.VLMEVALKIT:
            from core.exchange.predictions_tables import read_vlmevalkit

            return read_vlmevalkit
        case Engine.TABLE:
            from core.exchange.predictions_tables import read_prediction_table

            return read_prediction_table
        case Engine.JSON_LINES | Engine.LM_EVAL:
            from core.exchange.predictions_lines import read_prediction_lines

            return read_prediction_lines
        case Engine.INSPECT:
            from core.exchange.predictions_inspect import read_inspect_log

            return read_inspect_log
        case _:
            assert_never(engine)


def _is_storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
