"""Writes the replies of a run as other engines write theirs."""

import csv
import io
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, assert_never

from core.domain.plain import Plain
from core.domain.prediction import Engine
from core.domain.prediction_row import PredictionRow
from core.domain.run import Run
from core.errors import ExchangeError
from core.exchange.predictions_inspect_writer import inspect_log
from core.exchange.predictions_tables import harmless

MAX_CELL: Final = 32_767
"""Characters of an Excel cell."""
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SUFFIXES: Final = {
    ".csv": Engine.TABLE,
    ".xlsx": Engine.TABLE,
    ".jsonl": Engine.JSON_LINES,
    ".eval": Engine.INSPECT,
    ".json": Engine.INSPECT,
}
_ALLOWED: Final = {
    Engine.TABLE: (".csv", ".xlsx"),
    Engine.VLMEVALKIT: (".xlsx",),
    Engine.JSON_LINES: (".jsonl",),
    Engine.LM_EVAL: (".jsonl",),
    Engine.INSPECT: (".eval", ".json"),
}


def write_predictions(
    out: Path, engine: Engine | None, run: Run, rows: Sequence[PredictionRow], now: datetime
) -> None:
    """Write a new file whole or not at all; raise `ExchangeError` saying what is in the way."""
    suffix = out.suffix.lower()
    chosen = engine or _SUFFIXES.get(suffix)
    if chosen is None or suffix not in _ALLOWED[chosen]:
        endings = ", ".join(sorted(_SUFFIXES)) if chosen is None else " or ".join(_ALLOWED[chosen])
        raise ExchangeError(
            f"A file “{out.name}” is not what can be written.", hint=f"Let it end in {endings}."
        )
    data = _writer(chosen, suffix)(run, rows, now)
    try:
        _write_whole(out, data)
    except OSError as error:
        raise ExchangeError(
            f"The file “{out}” could not be written: {error.strerror or error}.",
            hint="Choose a new name in a folder that may be written to.",
        ) from error


_Writer = Callable[[Run, Sequence[PredictionRow], datetime], bytes]


def _writer(engine: Engine, suffix: str) -> _Writer:
    match engine:
        case Engine.TABLE:
            write = _csv if suffix == ".csv" else _xlsx
            return lambda _, rows, __: write(_plain_table(rows))
        case Engine.VLMEVALKIT:
            return lambda _, rows, __: _xlsx(_vlmevalkit_table(rows))
        case Engine.JSON_LINES:
            return lambda _, rows, __: _lines([_plain(row) for row in rows])
        case Engine.LM_EVAL:
            return lambda _, rows, __: _lines(_lm_eval(rows))
        case Engine.INSPECT:
            write_log = _archive if suffix == ".eval" else _json
            return lambda run, rows, now: write_log(inspect_log(run, rows, now))
        case _:
            assert_never(engine)


def _plain(row: PredictionRow) -> Plain:
    plain: Plain = {
        "question_id": row.question_id,
        "revision_id": row.revision_id,
        "number": row.number,
        "model": row.llm,
        "condition": row.condition,
        "epoch": row.epoch,
        "variant": row.variant,
        "state": row.state,
        "reply": row.reply,
        "answer_read": row.answer,
        "error": row.error,
        "seconds": row.seconds,
        "options": list(row.options),
    }
    return plain | ({"key": row.key} if row.key else {})


def _plain_table(rows: Sequence[PredictionRow]) -> list[Plain]:
    table = []
    for row in rows:
        plain = _plain(row)
        texts = plain.pop("options")
        table.append(plain | {f"option_{_small(n)}": text for n, text in enumerate(texts)})
    return table


def _vlmevalkit_table(rows: Sequence[PredictionRow]) -> list[Plain]:
    _require_one_reply(rows, "VLMEvalKit")
    return [
        {"index": row.number, "question": row.stem, "hint": row.context}
        | {_small(n).upper(): text for n, text in enumerate(row.options)}
        | ({"answer": row.key} if row.key else {})
        | {
            "prediction": row.reply,
            "question_id": row.question_id,
            "revision_id": row.revision_id,
            "model": row.llm,
            "condition": row.condition,
            "error": row.error,
        }
        for row in rows
    ]


def _lm_eval(rows: Sequence[PredictionRow]) -> list[Plain]:
    replies: dict[str, list[str]] = {}
    for row in rows:
        replies.setdefault(row.revision_id, []).append(row.reply)
    first = [row for row in rows if row.epoch == 1]
    return [
        {
            "doc_id": place,
            "doc": {
                "question_id": row.question_id,
                "revision_id": row.revision_id,
                "number": row.number,
                "question": row.stem,
                "context": row.context,
                "choices": list(row.options),
                "model": row.llm,
                "condition": row.condition,
            },
            "target": row.key,
            "arguments": {"gen_args_0": {"arg_0": row.stem, "arg_1": {}}},
            "resps": [replies[row.revision_id]],
            "filtered_resps": [row.answer],
            "filter": "asclepius",
            "metrics": [],
        }
        for place, row in enumerate(first)
    ]


def _require_one_reply(rows: Sequence[PredictionRow], name: str) -> None:
    if any(row.epoch > 1 for row in rows):
        raise ExchangeError(
            f"This run asks questions more than once, which a file of {name} cannot say.",
            hint="Use JSON lines, lm_eval or Inspect.",
        )


def _small(place: int) -> str:
    return chr(ord("a") + place)


def _columns(table: Sequence[Plain]) -> list[str]:
    names: dict[str, None] = {}
    for row in table:
        names |= dict.fromkeys(row)
    # Options differ in number from row to row; they stay together, in order.
    options = sorted(name for name in names if len(name) == 1 or name.startswith("option_"))
    others = [name for name in names if name not in options]
    place = next((n for n, name in enumerate(names) if name in options), len(others))
    return [*others[:place], *options, *others[place:]]


def _csv(table: Sequence[Plain]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    columns = _columns(table)
    writer.writerow(columns)
    for row in table:
        writer.writerow([harmless(_cell(row.get(name))) for name in columns])
    return text.getvalue().encode()


def _xlsx(table: Sequence[Plain]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    columns = _columns(table)
    rows = [[_cell(row.get(name)) for name in columns] for row in table]
    _require_cells(rows, columns)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("predictions")
    sheet.append(columns)
    for texts in rows:
        cells = [WriteOnlyCell(sheet, text) for text in texts]
        for cell in cells:
            if cell.value:
                cell.data_type = "s"  # a reply that begins with = is no formula
        sheet.append(cells)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _require_cells(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> None:
    for number, texts in enumerate(rows, start=2):
        for name, text in zip(columns, texts, strict=True):
            if len(text) > MAX_CELL:
                raise _no_cell(number, name, f"more than {MAX_CELL:,} characters")
            if _CONTROLS.search(text):
                raise _no_cell(number, name, "characters that no cell can hold")


def _no_cell(number: int, column: str, what: str) -> ExchangeError:
    return ExchangeError(
        f"Row {number}, column {column} has {what}.", hint="Use JSON lines or Inspect."
    )


def _cell(value: Any) -> str:  # a value of `_plain`
    return "" if value is None else str(value)


def _lines(rows: Sequence[Plain]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _json(log: Plain) -> bytes:
    return json.dumps(log, ensure_ascii=False, indent=2).encode()


def _archive(log: Plain) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for sample in log["samples"]:
            name = f"samples/{sample['id']}_epoch_{sample['epoch']}.json"
            packed.writestr(name, _json(sample))
        packed.writestr("summaries.json", _json_list(log["samples"]))
        header = {name: value for name, value in log.items() if name != "samples"}
        packed.writestr("header.json", _json(header))
    return data.getvalue()


def _json_list(samples: Sequence[Plain]) -> bytes:
    shown = ("id", "epoch", "input", "target", "metadata")
    rows = [{name: one[name] for name in shown} | {"scores": {}} for one in samples]
    return json.dumps(rows, ensure_ascii=False).encode()


def _write_whole(out: Path, data: bytes) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
    aside = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
        aside.chmod(0o644)  # mkstemp made it for its owner only
        if out.exists():
            raise ExchangeError(f"The file “{out}” is there already.", hint="Choose a new name.")
        aside.rename(out)
    finally:
        aside.unlink(missing_ok=True)
