"""JSON schemas of answers, for endpoints that can be held to one."""

from typing import assert_never

from core.domain.body import AnswerFormat, Body
from core.domain.ids import OptionId
from core.domain.plain import Plain
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
