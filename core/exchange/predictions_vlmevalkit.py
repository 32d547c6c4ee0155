"""What is peculiar to the files of VLMEvalKit.

A run leaves MODEL/MODEL_DATASET.xlsx, or the same as .tsv or .json (a list of records), perhaps
in a folder of its date: the columns of the data set without the image, and `prediction`. The name
of the model stands in no column. A call that failed leaves a sentence in place of the reply.
Circular evaluation puts a question again with its options moved on, under its index plus a
million for each move. Judged files have `hit` and `log` besides; we score by ourselves.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from core.errors import ExchangeError

_FAILED: Final = "Failed to obtain answer"
_MOVE: Final = 1_000_000


def llm_of(path: Path) -> str:
    """Return the model of a file by the folders around it; empty where they do not say."""
    for folder in list(path.absolute().parents)[:2]:
        if folder.name and path.stem.startswith(f"{folder.name}_"):
            return folder.name
    return ""


def failure_in(prediction: str) -> str:
    """Return the sentence that stands in place of a reply; empty for a reply."""
    return prediction if prediction.startswith(_FAILED) else ""


def is_moved(index: str) -> bool:
    """Tell whether a row puts a question again with its options moved on."""
    plain = index.removesuffix(".0")
    return plain.isdecimal() and int(plain) >= _MOVE


def is_vlmevalkit_json(start: bytes) -> bool:
    """Tell by its beginning whether a file is a list of records with predictions."""
    return start.lstrip().startswith(b"[") and b'"index"' in start and b'"prediction"' in start


def json_rows(path: Path, data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield number and cells of each record; raise `ExchangeError` for anything else."""
    from core.exchange.table_files import column_name

    try:
        # An empty cell of the data set is NaN here, which is no JSON.
        records = json.loads(data, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise ExchangeError(f"The file “{path.name}” is no JSON list of records.") from error
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        raise ExchangeError(f"The file “{path.name}” is no JSON list of records.")
    for number, record in enumerate(records, 1):
        yield number, {column_name(name): _cell(value) for name, value in record.items()}


def _cell(value: Any) -> str:  # any JSON value
    if isinstance(value, str):
        return value.strip()
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else ""
