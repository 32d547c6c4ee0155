"""Responses and keys in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from core.domain.body import (
    Asked,
    Chosen,
    Numeric,
    Response,
    YesNo,
    options_of,
)
from core.domain.key import Key, NumericKey, ShortTextKey, right_response
from core.domain.response_words import response_words


def describe_response(asked: Asked, response: Response | None) -> str:
    """Return a response as a person would write it."""
    if response is None:
        return _tr("Cannot tell")
    if isinstance(asked, YesNo) and isinstance(response, Chosen):
        chosen = [one.text for one in options_of(asked) if one.id in response.options]
        return "; ".join(map(_tr, chosen))
    return response_words(asked, response)


def describe_key(asked: Asked, key: Key) -> str:
    """Return the right answer with what else counts as right."""
    text = describe_response(asked, right_response(key))
    match key.right:
        case NumericKey(value, tolerance, percent) if tolerance or percent:
            # One unit after both numbers, so that it cannot be read as belonging to the first.
            unit = asked.unit if isinstance(asked, Numeric) else ""
            span = f"{value} ± {tolerance} {unit}".strip()
            share = f"{value} {unit}".strip() + f" ± {percent} %"
            if tolerance and percent:
                return (
                    _tr("%1, or ± %2 % if that is more")
                    .replace("%1", span)
                    .replace("%2", str(percent))
                )
            return span if tolerance else share
        case ShortTextKey(variants=variants) if variants:
            also = _tr("also: %1").replace("%1", ", ".join(variants))
            return f"{text} ({also})"
        case _:
            return text


def describe_others(asked: Asked, key: Key) -> str:
    """Return the options that are not right, for judging them beside the key."""
    right = right_response(key)
    if isinstance(asked, YesNo) or not isinstance(right, Chosen):
        return ""
    others = (one.text for one in options_of(asked) if one.id not in right.options)
    return "; ".join(others)


def _tr(text: str) -> str:
    return QCoreApplication.translate("responses", text)
