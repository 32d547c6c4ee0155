"""Reads one number with its unit out of a piece of text."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.domain.body import Measured
from core.llm import reading_words as words
from core.llm.reading_statements import Read, Statement

_BODY: Final = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?"
    r"|\d{1,3}(?:['’ ]\d{3})+(?:[.,]\d+)?(?!\d)"
    r"|\d{1,3}(?:\.\d{3})+,\d+"
    r"|\d{1,3}(?:\.\d{3}){2,}"
    r"|\d+(?:[.,]\d+)?"
    r"|\.\d+"
)
_NUMBER: Final = re.compile(
    rf"(?P<sign>[-–+])?(?P<body>{_BODY})"
    r"(?P<power>[eE][+-]?\d{1,2}|\s?[×x]\s?10\^?[-+]?\d{1,2})?(?![\d.,]*\d)"
)
_SUPERSCRIPT: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_POWER_OF_TEN: Final = re.compile(r"(?<=10)[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_NEARLY: Final = re.compile(
    r"\s*(?:(?:about|approximately|approx\.?|around|roughly|circa|ca\.?|exactly|[~≈=]|"
    rf"{words.NEARLY})\s*)*",
    re.I,
)
_BOUND: Final = re.compile(
    r"[<>≤≥]|(?:less|more|fewer|greater|smaller|larger)\s+than|at (?:least|most)|up to|over\b|"
    r"under\b|between\b|from\b"
    rf"|(?:{words.BOUNDS})\b|{words.BOUNDS_UNSPACED}",
    re.I,
)
_RANGE: Final = re.compile(
    rf"\s*(?:-|–|—|\bto\b|\bor\b|\band\b|±|\+/-|/|[x×~〜至到]|,|から|\b(?:bis|à|a|до)\b|"
    rf"{words.AND}"
    rf"|{words.OR})\s*[-+]?\d",
    re.I,
)
_UNIT: Final = re.compile(
    rf"(?:{words.UNITS})"
    r"|(?:mm|cm|m|µ|μ)?\s?(?:mm\s?Hg|cm\s?H2O)\b"
    r"|(?:beats|breaths)\s+per\s+minute\b"
    r"|(?:square|cubic)\s+(?:milli|centi)?met(?:er|re)s?\b"
    r"|degrees?(?:\s+(?:celsius|fahrenheit))?\b"
    r"|hounsfield\s+units?\b"
    r"|(?:%|°\s?[CF]?|[A-Za-zµμΩ][A-Za-z0-9µμ²³]*)(?:\s?[/·]\s?[A-Za-z0-9.µμ²³]+)*",
    re.I,
)
_KNOWN_UNIT: Final = re.compile(
    r"[nµμucdk]?m|inch(?:es)?|in|[mcd]?m[²³23]|[mdµμu]?l|cc|(?:n|µ|μ|u|mc|m|k)?g|ms|s|"
    r"sec(?:ond)?s?|"
    r"min(?:ute)?s?|h|hours?|days?|weeks?|months?|years?|hu|[km]?hz|kvp?|mas?|msv|mgy|t|tesla|bpm|"
    rf"{words.UNITS}|"
    r"mmhg|%|percent|°[cf]?|degrees?|(?:milli|centi)?met(?:er|re)s?|(?:milli)?lit(?:er|re)s?",
    re.I,
)
_AMBIGUOUS_UNITS: Final = frozenset({"in", "m", "s", "h", "t", "g", "l"})
_END: Final = re.compile(r"\s*[.!)\]]*\s*$")
_EXPLAINED: Final = re.compile(
    r"\s*[.;,:(—]\s|\s+-\s|\s*,?\s*(?:because|since|as|based on)\b", re.I
)
_NOUN: Final = re.compile(r"\s+[A-Za-z]+(?:\s+[A-Za-z]+){0,2}\s*[.!]?\s*$")
_NOT_A_NOUN: Final = re.compile(
    r"\b(?:or|and|to|if|not|than|out|of|per|point|million|thousand|hundred|billion|dozen)\b", re.I
)
_FREE_NUMBER: Final = re.compile(
    rf"(?<![0-9A-Za-zÀ-ԯ_.,/:-])(?:[-–+](?=\d))?(?:{_BODY})(?![0-9A-Za-zÀ-ԯ_/:]|[-–]\w|[.,]\d)"
)
_ANY_DIGITS: Final = re.compile(r"\d+(?:[.,' ]?\d+)*")
_SAYS: Final = re.compile(
    r"\b(?:is|are|was|were|equals|measures|contains|has|have|shows|shown|see|count(?:ed)?|total)"
    rf"(?:\s+(?:of|about|approximately|around|roughly|exactly|a total of|[~≈=]|"
    rf"{words.NEARLY}))*\s*$"
    rf"|[=:≈~]\s*$|(?:\b(?:{words.SAYS})|{words.SAYS_UNSPACED})\s*(?:(?:{words.NEARLY})\s*)?$",
    re.I,
)
_DOUBTED: Final = re.compile(rf"\b(?:not|no|without|if)\b|n't\b|{words.HYPOTHETICAL}", re.I)
_ENGLISH: Final = re.compile(r"\b(?:the|an?|is|of|it|with|this)\b", re.I)
_SPELLED: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
)
_WORDS: Final = {word: number for number, word in enumerate(_SPELLED)}


@dataclass(frozen=True, slots=True)
class NumberReader:
    """Reads pieces of a reply to a question that asks for a number in `unit`."""

    unit: str

    def __call__(self, piece: str, *, may_explain: bool) -> Read | None:
        """Return the number that `piece` states, or None when it states none clearly."""
        nearly = _NEARLY.match(piece)
        start = nearly.end() if nearly else 0
        if bound := _BOUND.match(piece, start):
            return Read(None, start, bound.end()) if re.search(r"\d", piece) else None
        if word := re.match(r"[a-z]+", piece[start:], re.I):
            return self._spelled(piece, start, word[0], may_explain=may_explain)
        number = _NUMBER.match(_plain_powers(piece), start)
        if number is None:
            return None
        if _RANGE.match(piece, number.end()):
            return Read(None, start, number.end())
        return self._with_unit(piece, number, may_explain=may_explain)

    def only_number(self, text: str) -> list[Statement]:
        """Return the one number of a reply that holds no other digits, if a unit or verb fits."""
        numbers = list(_FREE_NUMBER.finditer(text))
        if len(numbers) != 1 or len(_ANY_DIGITS.findall(text)) != 1:
            return []
        number = numbers[0]
        before, after = text[: number.start()], text[number.end() :]
        sentence = re.split(r"[.!?\n]", before)[-1]
        if _DOUBTED.search(sentence) or _BOUND.search(sentence) or "?" in after.partition("\n")[0]:
            return []
        value = read_decimal(number[0])
        if value is None:
            return []
        unit_end = self._asked_unit_end(after)
        unit = after[:unit_end].strip() if unit_end else self._known_unit(after)
        is_said = _SAYS.search(before) is not None
        # Without a verb that is known the language may be one whose limits are not.
        if not is_said and not (unit_end and _ENGLISH.search(sentence)):
            return []
        if self.unit and not unit:
            return []
        return [Statement(number.start(), number.end(), Measured(value, unit), "only number")]

    def _with_unit(self, piece: str, number: re.Match[str], *, may_explain: bool) -> Read | None:
        value = read_decimal(number[0])
        if value is None:
            return None
        rest = piece[number.end() :]
        start, end = number.start(), number.end()
        if _ends(rest, may_explain=may_explain):
            return Read(Measured(value), start, end)
        width = self._asked_unit_end(rest)
        if width is None and (unit := _UNIT.match(rest.lstrip())):
            width = len(rest) - len(rest.lstrip()) + unit.end()
            if not _is_known(unit[0]) and "/" not in unit[0]:
                return self._with_noun(rest, value, start, end)
        if width is None:
            return None
        behind = rest[width:]
        if _RANGE.match(behind):
            return Read(None, start, end + width)
        if not _ends(behind, may_explain=may_explain):
            return None
        return Read(Measured(value, rest[:width].strip()), start, end + width)

    def _with_noun(self, rest: str, value: Decimal, start: int, end: int) -> Read | None:
        """Read “3 lesions” where a bare count is asked; an unknown unit stays a unit."""
        if not _NOUN.match(rest) or _NOT_A_NOUN.search(rest):
            return None
        if not self.unit:
            return Read(Measured(value), start, end)
        words = rest.strip(" .!").split()
        return Read(Measured(value, words[0]), start, end) if len(words) == 1 else None

    def _spelled(self, piece: str, start: int, word: str, *, may_explain: bool) -> Read | None:
        if word.lower() not in _WORDS:
            return None
        value = Decimal(_WORDS[word.lower()])
        end = start + len(word)
        rest = piece[end:]
        if _ends(rest, may_explain=may_explain):
            return Read(Measured(value), start, end)
        if (width := self._asked_unit_end(rest)) and _ends(rest[width:], may_explain=may_explain):
            return Read(Measured(value, rest[:width].strip()), start, end + width)
        return None if self.unit else self._with_noun(rest, value, start, end)

    def _asked_unit_end(self, rest: str) -> int | None:
        """Return where the unit asked for ends at the start of `rest`, if it stands there."""
        letters = [re.escape(one) for one in self.unit if not one.isspace()]
        if not letters:
            return None
        match = re.match(r"\s*" + r"\s*".join(letters) + r"(?![\w²³/])", rest, re.I)
        return match.end() if match else None

    def _known_unit(self, after: str) -> str:
        unit = _UNIT.match(after.lstrip())
        if unit is None or unit[0] in _AMBIGUOUS_UNITS or not _is_known(unit[0]):
            return ""
        return unit[0]


def read_decimal(said: str) -> Decimal | None:
    """Return the value of a number as people write it.

    A comma before exactly three digits separates thousands, unless a zero stands before it; any
    other single comma is a decimal comma.
    """
    number = _NUMBER.fullmatch(_plain_powers(said).strip())
    if number is None:
        return None
    body = re.sub(r"(?<=\d)['’ ](?=\d{3})", "", number["body"])
    if "," in body and "." in body:
        thousands = "," if body.rindex(",") < body.rindex(".") else "."
        body = body.replace(thousands, "").replace(",", ".")
    elif body.count(",") > 1 or re.fullmatch(r"[1-9]\d{0,2},\d{3}", body):
        body = body.replace(",", "")
    elif body.count(".") > 1:
        body = body.replace(".", "")
    body = body.replace(",", ".")
    sign = "-" if number["sign"] in ("-", "–") else ""
    power = re.sub(r"^[eE]|^\s?[×x]\s?10\^?", "", number["power"] or "0")
    return Decimal(f"{sign}{body}e{power}") if power != "0" else Decimal(f"{sign}{body}")


def _is_known(unit: str) -> bool:
    return _KNOWN_UNIT.fullmatch(re.sub(r"\s", "", unit)) is not None


def _ends(rest: str, *, may_explain: bool) -> bool:
    if _END.match(rest):
        return True
    return may_explain and _EXPLAINED.match(rest) is not None


def _plain_powers(text: str) -> str:
    return _POWER_OF_TEN.sub(lambda power: power[0].translate(_SUPERSCRIPT), text)
