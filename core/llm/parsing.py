"""Reads the answer out of a reply by fixed rules; what is not clear is no answer."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, assert_never

from core.domain.answer import AnswerState
from core.domain.body import (
    Asked,
    Localization,
    LongText,
    Numeric,
    Ranking,
    Report,
    Response,
    SeveralChoices,
    ShortText,
    SingleChoice,
    Written,
    YesNo,
    options_of,
)
from core.domain.ids import OptionId
from core.llm.prompts import letters
from core.llm.reading_choices import OptionReader, read_yes_no
from core.llm.reading_numbers import NumberReader
from core.llm.reading_ranking import RankingReader, ranking_statements
from core.llm.reading_regions import found_regions
from core.llm.reading_statements import (
    PieceReader,
    Read,
    Statement,
    blank_decoration,
    blank_thoughts,
    decide,
    line_statements,
    marked_statements,
)

_START: Final = (
    r"\s*(?:(?:i['’]m |i am )?(?:very |so )?(?:sorry|afraid)[,.:;]?\s*(?:but\s+)?(?:that\s+)?"
    r"|i apologi[sz]e[^.\n]{0,40}?[,.;]\s*(?:but\s+)?|unfortunately,?\s*"
    r"|as an? (?:ai|language)[^,.\n]*[,.]\s*)*"
)
_UNABLE: Final = (
    r"i(?:['’]m| am)? ?(?:can['’]?t|cannot|can not|won['’]t|will not|unable to|not able to|"
    r"not (?:qualified|comfortable|permitted|allowed)|must decline|have to decline|decline)"
)
_REFUSES: Final = re.compile(_START + _UNABLE + r"\b", re.I)
_REFUSES_TO_WRITE: Final = re.compile(
    _START + _UNABLE + r"(?:\s+to)?\s+(?:\w+ly\s+)?(?:assist|help|provide|answer|comply|diagnose|"
    r"give|offer|interpret|analy[sz]e|view|process|fulfil|make|evaluate|assess|do|complete|respond|"
    r"continue|engage|access|share|write|generate|produce|create|with|that|this|to)\b",
    re.I,
)
_UNKNOWING: Final = re.compile(
    r"\s*(?:i (?:do not|don['’]t) know|i(?:['’]m| am) not sure"
    r"|(?:it |this )?(?:is |are )?(?:unknown|unclear|uncertain|not (?:clear|known|sure)|n/?a)"
    r"|(?:it |this )?(?:cannot|can['’]t|can not) be (?:determined|answered|assessed|told|said)"
    r"|(?:it |this )?is (?:not possible|impossible))\b",
    re.I,
)
_ANSWER_FIELDS: Final = (
    *("final_answer", "final answer", "answer", "choice", "option", "selected_option", "letter"),
    *("order", "ranking", "sequence"),
    *("antwort", "respuesta", "réponse", "resposta", "risposta", "ответ", "答案", "答え", "정답"),
)
_DECODER: Final = json.JSONDecoder()
# A heading with nothing before it is a part of the report, as FINDINGS is.
_REPORT_HEADING: Final = re.compile(r"(?<=\n)[ \t]*(?:FINAL )?REPORT:[ \t]*\n?(?=\s*\S)")
_TEXT_HEADING: Final = re.compile(r"^[ \t]*(?:FINAL )?ANSWER:[ \t]*\n?(?=\s*\S)", re.M)
_LONGEST_STATED: Final = 300


_Said = SingleChoice | YesNo | SeveralChoices | ShortText | LongText | Report | Numeric | Ranking
"""What is answered in words, letters or one number."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: a response with the rule and characters it rests on, or why there is none."""

    state: AnswerState
    response: Response | None = None
    rule: str = ""
    span: tuple[int, int] | None = None


def read_answer(asked: Asked, reply: str, *, option_order: Sequence[OptionId]) -> Reading:
    """Return what `reply` answers; `option_order` is the order behind the letters shown.

    Never guesses: two answers where one is asked, a letter inside other words or a range of
    numbers are no answer. A reply that begins with a refusal and holds no answer is refused.
    """
    text = blank_decoration(reply)
    if not text.strip():
        return Reading(AnswerState.NO_ANSWER, rule="empty reply")
    if isinstance(asked, Localization):
        statement = found_regions(asked, reply)
    else:
        statement = _structured(asked, reply, option_order) or _found(
            asked, reply, text, option_order
        )
    if statement is not None and statement.response is not None:
        span = (statement.start, statement.end)
        return Reading(AnswerState.ANSWERED, statement.response, statement.rule, span)
    if _REFUSES.match(text):
        return Reading(AnswerState.REFUSED, rule="refusal")
    return Reading(AnswerState.NO_ANSWER, rule="no rule fits")


def _found(asked: _Said, reply: str, text: str, order: Sequence[OptionId]) -> Statement | None:
    match asked:
        case SingleChoice() | SeveralChoices():
            reader = _option_reader(asked, order)
            lines = list(line_statements(text, reader))
            if reader.lists_options(text):
                lines = [one for one in lines if _stands_alone(text, one)]
            stated = list(marked_statements(text, reader))
            found = decide(text, [*stated, *lines, *reader.named_as_correct(text)])
            if found is None or found.response is None:
                return found
            is_turned = reader.is_turned_from(text[found.end :], found.response)
            return None if is_turned and not reader.takes_several else found
        case Ranking():
            return decide(text, ranking_statements(text, _ranking_reader(asked, order)))
        case YesNo():
            return decide(
                text, [*marked_statements(text, read_yes_no), *line_statements(text, read_yes_no)]
            )
        case Numeric():
            return _found_number(text, NumberReader(asked.unit.strip()))
        case ShortText():
            return _found_words(text)
        case Report():
            return _as_written(_found_long(text, _REPORT_HEADING.search(text)), reply)
        case LongText():
            headings = list(_TEXT_HEADING.finditer(text))
            return _as_written(_found_long(text, headings[-1] if headings else None), reply)
        case _:
            assert_never(asked)


def _stands_alone(text: str, statement: Statement) -> bool:
    """Tell a bare letter, or the whole reply, from a line that goes through the options."""
    return statement.rule == "whole reply" or len(text[statement.start : statement.end]) <= 3


def _found_number(text: str, reader: NumberReader) -> Statement | None:
    statements = [*marked_statements(text, reader), *line_statements(text, reader)]
    return decide(text, statements or reader.only_number(text))


def _found_words(text: str) -> Statement | None:
    """Return the words behind “the answer is”, else the whole reply."""
    stated = list(marked_statements(text, _read_words))
    if stated:
        return decide(text, stated)
    if _REFUSES_TO_WRITE.match(text) or _UNKNOWING.match(text):
        return None
    return _whole(text)


def _found_long(text: str, heading: re.Match[str] | None) -> Statement | None:
    """Return what stands under a heading, else the whole reply."""
    if heading:
        below = _whole(text[heading.end() :])
        start, end = below.start + heading.end(), below.end + heading.end()
        return replace(below, start=start, end=end, rule="under the heading")
    return None if _says_nothing(text) else _whole(text)


def _as_written(found: Statement | None, reply: str) -> Statement | None:
    """Return a text as it stands in the reply, with its marks and its punctuation."""
    return found and replace(found, response=Written(reply[found.start : found.end]))


def _says_nothing(text: str) -> bool:
    is_short = len(text.strip()) <= 2 * _LONGEST_STATED
    refuses = _REFUSES_TO_WRITE.match(text) or _UNKNOWING.match(text)
    return is_short and refuses is not None


def _whole(text: str) -> Statement:
    start = len(text) - len(text.lstrip())
    said = text.strip()
    return Statement(start, start + len(said), Written(said), "whole reply")


def _read_words(piece: str, *, may_explain: bool) -> Read | None:
    """Return the words up to the end of the sentence."""
    said = re.split(r"[.;!]\s", piece)[0] if may_explain else piece
    words = said.strip().rstrip(".").rstrip()
    if not words or len(words) > _LONGEST_STATED or not re.search(r"\w", words):
        return None
    start = piece.index(words)
    return Read(None if _UNKNOWING.match(words) else Written(words), start, start + len(words))


def _read_all(piece: str, *, may_explain: bool) -> Read | None:
    """Return a text of any length as it is."""
    said = piece.strip()
    if not re.search(r"\w", said):
        return None
    start = piece.index(said)
    return Read(None if _says_nothing(said) else Written(said), start, start + len(said))


def _structured(asked: _Said, reply: str, order: Sequence[OptionId]) -> Statement | None:
    """Read JSON like {"answer": "B"}; two that differ, or one that does not fit, say nothing."""
    found: list[Statement] = []
    for start, end, value in _json_answers(reply):
        read = None if value is None else _piece_reader(asked, order)(value, may_explain=False)
        response = read.response if read else None
        found.append(Statement(start, end, response, "structured answer"))
    if not found:
        return None
    is_clear = all(one.response == found[0].response for one in found)
    return found[-1] if is_clear else replace(found[-1], response=None)


def _json_answers(reply: str) -> Iterator[tuple[int, int, str | None]]:
    """Yield place and answer of each JSON object that has one; thoughts are passed over."""
    text, at = blank_thoughts(reply), 0
    while (at := text.find("{", at)) >= 0:
        try:
            data, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
            continue
        fields = {name.casefold(): value for name, value in data.items()}
        name = next((name for name in _ANSWER_FIELDS if name in fields), None)
        if name is not None:
            yield at, end, _json_words(fields[name])
        at = end


def _json_words(value: Any) -> str | None:  # any JSON value
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(str(one) for one in value)
        case {"1": _, **rest} if list(value) == [str(n) for n in range(1, len(rest) + 2)]:
            return ", ".join(str(one) for one in value.values())
        case {"value": int() | float() | str() as number, **rest}:
            return f"{number} {rest.get('unit') or ''}".strip()
        case str() | int() | float():
            return str(value)
        case _:
            return None


def _piece_reader(asked: _Said, order: Sequence[OptionId]) -> PieceReader:
    match asked:
        case SingleChoice() | SeveralChoices():
            return _option_reader(asked, order)
        case Ranking():
            return _ranking_reader(asked, order)
        case YesNo():
            return read_yes_no
        case Numeric():
            return NumberReader(asked.unit.strip())
        case ShortText():
            return _read_words
        case LongText() | Report():
            return _read_all
        case _:
            assert_never(asked)


def _ranking_reader(asked: Ranking, order: Sequence[OptionId]) -> RankingReader:
    return RankingReader(_option_reader(asked, order))


def _option_reader(
    asked: SingleChoice | SeveralChoices | Ranking, order: Sequence[OptionId]
) -> OptionReader:
    by_id = {option.id: option for option in options_of(asked)}
    by_letter = {letter: by_id[option] for letter, option in letters(tuple(order)).items()}
    return OptionReader(by_letter, isinstance(asked, SeveralChoices))
