"""Predictions as JSON lines: our own plain form and the samples of lm-evaluation-harness.

Plain: {"question_id": …, "reply": … or "answer": …, "model", "condition", "revision_id", "epoch"}.
lm-eval writes doc_id, doc, target, arguments, resps and filtered_resps; which question a line is
about is taken from `doc` (question_id, id or number), for doc_id counts the lines of a data set
that we do not have.
"""

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any, Final

from core.domain.prediction import Engine, Prediction
from core.exchange.predictions import ReadPredictions
from core.exchange.safe_files import read_text

_QUESTION: Final = ("question_id", "id", "number", "index")
_REPLY: Final = ("reply", "raw_reply", "response", "output", "prediction")
_LLM: Final = ("model", "llm", "model_name")
_STEM: Final = ("stem", "question", "query")
_OPTIONS: Final = ("options", "choices")
MAX_EPOCHS: Final = 1000

Row = Mapping[str, Any]  # a JSON object


def read_prediction_lines(path: Path, _: bytes, found: ReadPredictions) -> None:
    """Read every line."""
    text, note = read_text(path)
    found.notes += [note] if note else []
    llm = _folder_llm(path) if found.engine is Engine.LM_EVAL else ""
    first_filter: Any = None  # any JSON value
    skipped = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path.name}, line {number}"
        row = _object(line)
        if row is None:
            found.refuse(where, "The line is no JSON object.")
        elif found.engine is Engine.LM_EVAL:
            first_filter = row.get("filter") if first_filter is None else first_filter
            if row.get("filter") == first_filter:
                _add_sample(found, row, where, llm)
            else:  # the same reply once more, seen through another filter
                skipped += 1
        else:
            _add_plain(found, row, where)
    if skipped:
        found.notes.append(
            f"{skipped} lines repeat a reply for another filter; we read our own way."
        )


def text_of(value: Any) -> str:  # any JSON value
    """Return a text or a whole number as text; everything else is empty."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def texts_of(value: Any) -> tuple[str, ...]:  # any JSON value
    """Return a list of texts; empty unless all of it are texts."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return ()
    return tuple(value)


def _folder_llm(path: Path) -> str:
    """Return the model that lm-eval named the folder after; empty elsewhere."""
    is_output = any(path.parent.glob("results_*.json"))
    return path.parent.name.replace("__", "/") if is_output else ""


def _object(line: str) -> Row | None:
    try:
        row = json.loads(line, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _add_plain(found: ReadPredictions, row: Row, where: str) -> None:
    whole = next((row[name] for name in _REPLY if name in row), None)
    said = row.get("answer") if whole is None else whole
    if isinstance(said, list):
        said = ", ".join(texts_of(said))
    error = text_of(row.get("error"))
    if not isinstance(said, str | int | float) and not error:
        found.refuse(where, "It has neither a reply nor an answer that is text.")
        return
    epoch = row.get("epoch", 1)
    if not isinstance(epoch, int) or isinstance(epoch, bool) or not 1 <= epoch <= MAX_EPOCHS:
        found.refuse(where, "The number of the repeat is no whole number from 1.")
        return
    seconds = row.get("seconds")
    is_time = isinstance(seconds, int | float) and isfinite(seconds) and seconds >= 0
    found.add(
        Prediction(
            where=where,
            question=_value(row, _QUESTION),
            reply=str(said) if said is not None else "",
            llm=_value(row, _LLM),
            condition=text_of(row.get("condition")),
            revision=text_of(row.get("revision_id")),
            epoch=epoch,
            is_whole_reply=whole is not None,
            options=_options(row),
            stem=_value(row, _STEM),
            error=error,
            elapsed_s=float(seconds) if is_time and seconds is not None else None,
        )
    )


def _add_sample(found: ReadPredictions, row: Row, where: str, llm: str) -> None:
    doc = row.get("doc")
    if not isinstance(doc, dict):
        found.refuse(where, "Its “doc” is no object.")
        return
    options = _options(doc)
    replies = _generated(row.get("resps"))
    is_whole = bool(replies)
    if not replies:
        chosen = _likeliest(row.get("resps"), len(options))
        if chosen is None:
            found.refuse(where, "Its “resps” hold neither texts nor one likelihood per option.")
            return
        replies = (chosen,)
    for epoch, reply in enumerate(replies[:MAX_EPOCHS], start=1):
        found.add(
            Prediction(
                where=where,
                question=_value(doc, _QUESTION),
                reply=reply,
                llm=_value(row, _LLM) or _value(doc, _LLM) or llm,
                condition=text_of(doc.get("condition")),
                revision=text_of(doc.get("revision_id")),
                epoch=epoch,
                is_whole_reply=is_whole,
                options=options,
                stem=_value(doc, _STEM),
            )
        )


def _generated(resps: Any) -> tuple[str, ...]:  # any JSON value
    """Return the texts of one request, one for each repeat."""
    if isinstance(resps, list) and len(resps) == 1:
        return texts_of(resps[0])
    return ()


def _likeliest(resps: Any, options: int) -> str | None:  # any JSON value
    """Return the letter of the option with the highest likelihood; "" where two share it."""
    if not isinstance(resps, list) or not 2 <= len(resps) <= 26 or len(resps) != options:
        return None
    values = [_likelihood(one) for one in resps]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    best = max(known)
    return chr(ord("A") + known.index(best)) if known.count(best) == 1 else ""


def _likelihood(one: Any) -> float | None:  # any JSON value
    """Return the number in [[-1.2, false]]; some versions write it as text."""
    for _ in range(2):
        if isinstance(one, list) and one:
            one = one[0]
    try:
        value = float(one) if isinstance(one, str | int | float) else None
    except ValueError:
        return None
    return value if value is not None and isfinite(value) else None


def _options(row: Row) -> tuple[str, ...]:
    for name in _OPTIONS:
        value = row.get(name)
        if isinstance(value, dict):  # data sets often keep {"text": […], "label": […]}
            value = value.get("text")
        if found := texts_of(value):
            return found
    return ()


def _value(row: Row, names: Sequence[str]) -> str:
    return next((text for name in names if (text := text_of(row.get(name)))), "")
