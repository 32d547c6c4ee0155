"""The import formats: which one a file has, and how it is read."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Final, assert_never

from core.errors import ExchangeError
from core.exchange.imported import ReadFile
from core.exchange.safe_files import EXCEL_SUFFIXES

_PEEK_BYTES: Final = 4096
_TABLE_SUFFIXES: Final = EXCEL_SUFFIXES | {".csv", ".tsv", ".txt"}


class ImportFormat(StrEnum):
    """What can be imported."""

    JSON_LINES = "jsonl"
    TABLE = "table"
    VQA_RAD = "vqa_rad"


def format_named(name: str) -> ImportFormat:
    """Return the format of this name; "csv" and "xlsx" are tables."""
    known = {"csv": "table", "xlsx": "table"}.get(name, name)
    if known not in list(ImportFormat):
        names = ", ".join([*ImportFormat, "csv", "xlsx"])
        raise ExchangeError(f"The import format “{name}” is unknown.", hint=f"Use {names}.")
    return ImportFormat(known)


def detect_format(path: Path) -> ImportFormat:
    """Tell the format by the name and the beginning of a file."""
    suffix = path.suffix.lower()
    if path.is_dir() or suffix in {".jsonl", ".ndjson"}:
        return ImportFormat.JSON_LINES
    if suffix in _TABLE_SUFFIXES:
        return ImportFormat.TABLE
    start = _beginning(path)
    if start.startswith(b"["):
        return ImportFormat.VQA_RAD
    if start.startswith(b"{"):
        return ImportFormat.JSON_LINES
    raise ExchangeError(
        f"The format of “{path.name}” is not recognized.",
        hint=f"Choose it (--format): {', '.join(ImportFormat)}.",
    )


def read_file(
    path: Path, import_format: ImportFormat | None = None, *, images: Path | None = None
) -> ReadFile:
    """Read a file in its own or the given format; nothing is stored."""
    if not path.exists():
        raise ExchangeError(
            f"The file “{path}” does not exist.", hint="Check the name and its folder."
        )
    return _reader(import_format or detect_format(path))(path, images)


def _reader(import_format: ImportFormat) -> Callable[[Path, Path | None], ReadFile]:
    match import_format:
        case ImportFormat.JSON_LINES:
            from core.exchange.json_lines import read_json_lines

            return lambda path, images: read_json_lines(path, images=images)
        case ImportFormat.TABLE:
            from core.exchange.table import read_question_table

            return lambda path, images: read_question_table(path, images=images)
        case ImportFormat.VQA_RAD:
            from core.exchange.vqa_rad import read_vqa_rad

            return lambda path, images: read_vqa_rad(path, images=images)
        case _:
            assert_never(import_format)


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_PEEK_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExchangeError(f"The file “{path.name}” cannot be read: {reason}.") from error
