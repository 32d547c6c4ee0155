"""Looks over an Excel workbook before it is read: a small file can state a table without end."""

import re
import zipfile
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

MAX_UNPACKED_BYTES: Final = 1024 * 2**20
MAX_ROWS: Final = 1_048_576
MAX_COLUMNS: Final = 16_384
"""Both are Excel's own limits."""
MAX_GRID: Final = 20_000_000
"""Cells from the first to the last one that holds anything; readers make them all."""
MAX_IN_ROW: Final = 8 * MAX_COLUMNS
"""Elements within one row: a cell has few."""
MAX_TEXTS: Final = 4_000_000
_BLOCK: Final = 2**16
_REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})[0-9]+")


class EndlessError(Exception):
    """The workbook is made to fill memory, or holds what no workbook does."""


def require_bounded(packed: zipfile.ZipFile) -> None:
    """Raise `EndlessError` when reading this workbook would take memory without bound."""
    if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED_BYTES:
        raise EndlessError
    for part in packed.infolist():
        look = _Look()
        with packed.open(part) as file:
            while block := file.read(_BLOCK):
                if not look.at(block):
                    break


class _Look:
    """One pass over a part. Any part may be a sheet: its name proves nothing."""

    def __init__(self) -> None:
        self._row = self._column = self._in_row = 0
        self._last_row = self._widest = self._made = self._texts = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._doctype

    def at(self, block: bytes) -> bool:
        """Look at the next bytes; False when the part is no XML from here on."""
        try:
            self._parser.Parse(block, False)
        except expat.ExpatError:
            return False
        return True

    def _doctype(self, *_: object) -> None:
        raise EndlessError  # a workbook has none; entities may multiply or name files

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._in_row += 1
        match name.rpartition(":")[2]:
            case "row":
                self._row = max(_whole(attributes.get("r"), self._row + 1), self._row)
                self._made += 1
                self._column = self._in_row = 0
            case "c":
                before = self._column
                self._column = _column(attributes.get("r"), before + 1)
                self._made += self._column - before
            case "v" | "is":
                self._last_row = max(self._last_row, self._row)
                self._widest = max(self._widest, self._column)
            case "si":
                self._texts += 1
                self._in_row = 0
        if self._is_endless():
            raise EndlessError

    def _is_endless(self) -> bool:
        return (
            self._row > MAX_ROWS
            or self._column > MAX_COLUMNS
            or self._in_row > MAX_IN_ROW
            or max(self._made, self._last_row * self._widest) > MAX_GRID
            or self._texts > MAX_TEXTS
        )


def _whole(text: str | None, default: int) -> int:
    """Return the number of a row as readers take it: also 1e9 and 1_000."""
    try:
        return int(float(text)) if text is not None else default
    except (ValueError, OverflowError):
        return default


def _column(reference: str | None, default: int) -> int:
    """Return the number of the column that a cell names, such as 28 for AB7."""
    found = _REFERENCE.fullmatch(reference or "")
    if found is None:
        return default
    number = 0
    for letter in found[1].upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return max(number, default)
