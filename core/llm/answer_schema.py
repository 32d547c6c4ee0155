"""JSON schemas of answers, for endpoints that can be held to one."""

from typing import assert_never

from core.domain.body import AnswerFormat, Body, Localization
from core.domain.ids import OptionId
from core.domain.plain import Plain
from core.domain.region import RegionKind
from core.llm.prompts import letters


def answer_schema(body: Body, order: tuple[OptionId, ...]) -> Plain:
    """Return the schema of an object whose field `answer` is what the question asks for."""
    choice: Plain = {"type": "string", "enum": list(letters(order))}
    match body.format:
        case AnswerFormat.SINGLE_CHOICE:
            answer = choice
        case AnswerFormat.SEVERAL_CHOICES | AnswerFormat.RANKING:
            answer = {"type": "array", "items": choice}
        case AnswerFormat.YES_NO:
            answer = {"type": "string", "enum": ["yes", "no"]}
        case AnswerFormat.REGION:
            answer = _region_schema(body)
        case AnswerFormat.NUMERIC:
            answer = {"type": "number"}
        case AnswerFormat.SHORT_TEXT | AnswerFormat.LONG_TEXT | AnswerFormat.REPORT:
            answer = {"type": "string"}
        case _:
            assert_never(body.format)
    return {
        "type": "object",
        "properties": {"answer": answer},
        "required": ["answer"],
        "additionalProperties": False,
    }


def _region_schema(body: Body) -> Plain:
    """Return the schema of one region; its numbers are pixels of the picture."""
    asked = body.asked
    kind = asked.kind if isinstance(asked, Localization) else RegionKind.BOX
    numbers: Plain = {"type": "array", "items": {"type": "number"}}
    is_line = kind in (RegionKind.POLYGON, RegionKind.MASK)
    name = "polygon" if is_line else kind.value
    fields: Plain = {name: {"type": "array", "items": numbers} if is_line else numbers}
    if isinstance(asked, Localization) and asked.frames > 1:
        fields = {"slice": {"type": "integer"}} | fields
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
