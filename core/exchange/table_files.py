"""Turns a CSV, TSV or Excel file into rows of named text cells; the only user of pandas here."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
from pandas.errors import EmptyDataError, ParserError

from core.errors import ExchangeError
from core.exchange.safe_files import EXCEL_SUFFIXES, read_bounded, read_text
from core.exchange.workbook_check import EndlessError, require_bounded

MAX_ROWS: Final = 200_000
SEPARATORS: Final = (",", ";", "\t")
_LINE_NUMBER: Final = re.compile(r"line (\d+)")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns in file order, and rows with the number that a spreadsheet shows (header is 1)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    notes: tuple[str, ...] = ()


def read_table(path: Path) -> Table:
    """Read the first row as column names and all others as text."""
    is_excel = path.suffix.lower() in EXCEL_SUFFIXES
    frame, notes = _excel(path) if is_excel else _delimited(path)
    records = list(_records(frame))
    if not records:
        raise ExchangeError(f"The file “{path.name}” is empty.")
    if len(records) > MAX_ROWS:
        raise ExchangeError(f"The file “{path.name}” has more than {MAX_ROWS:,} rows.")
    columns = _column_names(records[0][1], path)
    rows = tuple((number, dict(zip(columns, cells, strict=False))) for number, cells in records[1:])
    return Table(columns, rows, notes)


def column_name(text: str) -> str:
    """Return the one spelling of a column name: "Option A" and "option-a" are `option_a`."""
    return re.sub(r"[\s\-]+", "_", text.strip().casefold())


def _delimited(path: Path) -> tuple[pd.DataFrame, tuple[str, ...]]:
    text, note = read_text(path)
    if not text.strip():
        raise ExchangeError(f"The file “{path.name}” is empty.")
    try:
        frame = pd.read_csv(
            io.StringIO(text, newline=""),
            sep=_separator(text),
            dtype=str,
            header=None,
            keep_default_na=False,
            skip_blank_lines=False,
        )
    except EmptyDataError as error:
        raise ExchangeError(f"The file “{path.name}” is empty.") from error
    except ParserError as error:
        raise ExchangeError(_parser_sentence(str(error), path), hint=_QUOTES_HINT) from error
    return frame, (note,) if note else ()


_QUOTES_HINT: Final = "Put cells that hold the separator into double quotes."


def _parser_sentence(message: str, path: Path) -> str:
    found = _LINE_NUMBER.search(message)
    if found is not None:
        return f"{path.name}, row {found[1]}: there are more cells than columns."
    if "EOF inside string" in message:
        return f"The file “{path.name}” ends within a quoted cell: a double quote is missing."
    return f"The file “{path.name}” is not readable as a table."


def _separator(text: str) -> str:
    """Return the separator that is most frequent in the first line, outside quotes."""
    first = re.sub(r'"[^"]*"', "", text.lstrip("\r\n"))
    header = re.split(r"[\r\n]", first, maxsplit=1)[0]
    return max(SEPARATORS, key=header.count)


_DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError),
    *(KeyError, IndexError, ValueError, SyntaxError),
)
"""What opening a damaged or encrypted workbook raises."""


def _excel(path: Path) -> tuple[pd.DataFrame, tuple[str, ...]]:
    data = read_bounded(path)
    unreadable = ExchangeError(
        f"The file “{path.name}” is not readable as an Excel workbook.",
        hint="Open it, save it as .xlsx or CSV and try again.",
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            require_bounded(packed)
        with pd.ExcelFile(io.BytesIO(data), engine="openpyxl") as book:
            names = [str(name) for name in book.sheet_names]
            frame = pd.read_excel(book, sheet_name=0, dtype=str, header=None, keep_default_na=False)
    except EndlessError as error:
        raise ExchangeError(
            f"The file “{path.name}” is too large once unpacked, or no plain workbook.",
            hint="Copy its cells into a new workbook and save that.",
        ) from error
    except _DAMAGED as error:
        raise unreadable from error
    note = f"Only the first sheet, “{names[0]}”, of “{path.name}” was read."
    return frame, (note,) if len(names) > 1 else ()


def _records(frame: pd.DataFrame) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, cells) of rows that hold anything."""
    for number, row in enumerate(frame.fillna("").itertuples(index=False, name=None), 1):
        cells = [str(cell).replace("\r\n", "\n").replace("\r", "\n").strip() for cell in row]
        if any(cells):
            yield number, cells


def _column_names(cells: list[str], path: Path) -> tuple[str, ...]:
    names = [column_name(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    for position, name in enumerate(names, 1):
        if name and name in names[: position - 1]:
            raise ExchangeError(f"{path.name}: the column “{name}” is there twice.")
    return tuple(names)
