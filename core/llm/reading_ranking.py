"""Reads an order of all options out of a reply: chains, lists, numbered lines, in letters or texts.

An order counts only where it holds every option once. Ties, the other direction (<), ranks without
an order ("A: 2") and lists that only go through the options are no answer.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, NamedTuple

from core.domain.body import Ranked
from core.domain.ids import OptionId
from core.llm import reading_words as words
from core.llm.reading_choices import OptionReader
from core.llm.reading_statements import (
    Read,
    Statement,
    is_hypothetical,
    line_statements,
    marked_statements,
)

_ORDER: Final = (
    r"(?:order(?:ing)?|ranking|sequence|reihenfolge|rangfolge|ordre|classement|orden|secuencia|"
    r"ordine|sequenza|ordem|sequência|volgorde|порядок|последовательность|kolejność|sıralama|sıra|"
    r"क्रम|(?:ال)?ترتيب|顺序|順序|順番|排序|순서)"
)
MARKER: Final = re.compile(
    rf"\b(?:final|correct|right|best|proper|my|richtige|korrekte|correcto?|correct[ae]?)?\s*{_ORDER}"
    r"(?:\s+(?:correcta?|correcto|corretto|corretta|correta|final|finale|الصحيح))?"
    r"(?:[ ]+(?:of|for|from|by|der|von|de|nach)[ ][^.:\n]{1,60}?)?"
    r"\s*(?:(?:is|would be|should be|ist|lautet|est|es|è|é|is|は|是|为|為|은|는|هو)(?=\W)|[:=→])"
    r"[\s:]*"
    r"|\b(?:rank|order|sort)(?:ed)?[ ](?:them|these|the options)?[^.:\n]{0,40}?"
    r"(?:as follows|like this|thus)?\s*:\s*"
    r"|(?:顺序|順序|順番|排序|순서)(?:是|为|為|は|은|는|應為|应为)?\s*:?\s*",
    re.I,
)
_QUOTE: Final = re.compile(r"\s*(?:>\s*)?")
_OPENED: Final = re.compile(r"\[\s*")
_ARROW: Final = re.compile(
    r">++|&gt;|→|⟶|➔|➜|≻|⇒|-+>|=+>|\\(?:succ|to|rightarrow|longrightarrow|Rightarrow)\b"
)
_CHAIN: Final = re.compile(rf"\s*(?:{_ARROW.pattern})\s*")
_THEN_WORDS: Final = (
    r"(?:and\s+)?(?:then|next|after that|followed by|finally|lastly|last)\b"
    r"|(?:und\s+)?(?:dann|danach|anschließend|schließlich|zuletzt|gefolgt von)\b"
    r"|(?:et\s+)?(?:puis|ensuite|enfin|suivie? de)\b"
    r"|(?:y\s+)?(?:luego|después|finalmente|por último|seguid[ao] de)\b"
    r"|(?:e\s+)?(?:poi|quindi|infine|depois|em seguida|por fim|seguit[ao] da)\b"
    r"|(?:en\s+)?(?:dan|daarna|vervolgens|ten slotte)\b"
    r"|(?:и\s+)?(?:затем|потом|далее|наконец)\b"
    r"|(?:i\s+)?(?:potem|następnie|na końcu)\b|sonra\b|फिर|ثم|然后|然後|接着|其次|最后|"
    r"最後に?|次に|다음|그다음"
)
_THEN: Final = re.compile(rf"\s*[,;.]?\s*(?:{_THEN_WORDS})\s*(?:comes|kommt|:|,)?\s*", re.I)
_COMMA: Final = re.compile(r"\s*[,;、]\s*|\s*\n\s*")
_AND: Final = re.compile(rf"\s*[,;]?\s*(?:\band\b|&|\+|{words.AND})\s*", re.I)
_ALIKE: Final = re.compile(r"\s*(?:<|=(?!=*>)|≺|≤|≥|≈|~|&lt;|/|←)")
_FIRST: Final = re.compile(
    r"\s*(?:first(?:ly)?|zuerst|zunächst|erstens|d['’]abord|premièrement|primero|primeramente|"
    r"prima|per prima|primeiro|eerst|сначала|najpierw|önce|पहले|أول[اً]*|首先|まず|最初に|먼저)"
    r"(?:\s+(?:comes|kommt))?\s*[,:]?\s*",
    re.I,
)
_NUMBER: Final = re.compile(
    r"[ \t]*(?:(?:step|rank|place|position|schritt|platz|paso|étape|#)\s*)?"
    r"\(?(\d{1,2})(?:(?:[.):]|st\b:?|nd\b:?|rd\b:?|th\b:?|\s*[-–—])(?=\s)|[).](?=[A-Z(\[]))\s*",
    re.I,
)
_LINE: Final = re.compile(r"[^\n]+")
_EXPLAINED: Final = re.compile(
    r"[)\]]?\s*(?:$|[.,;:(–—-]|\b(?:because|as|since|due)\b|(?:weil|da|car|porque|perché)\b)"
)
_WITHOUT_BLANKS: Final = re.compile(r"\s*([A-Z](?:[ ]*[-–—]?[ ]*[A-Z])+)")
_MOST_ARROWS: Final = 100
_AROUND: Final = 12
"""Characters that a letter and its marks take beside the text of an option."""
_CLOSED: Final = re.compile(rf"{words.CLOSES}[\s.!)\]]*$", re.I)
_REASON: Final = re.compile(
    rf"\s*[,;.:—–-]?\s*\(?(?:\b(?:because|since|as|due to|given|based on)\b|{words.REASONS})"
    r"|\s*[.;:(\n]|\s+[–—-]\s",
    re.I,
)
_OPEN: Final = re.compile(
    rf"^[^.!\n]*?(?:\?|{words.OR}|\b(?:or|if|unless|not|nicht|alternatively|depending)\b)"
    r"|^[^\n]*?\b(?:least|reversed?|ascending|backwards|last to first|umgekehrt|aufsteigend|"
    r"inverse|croissant|inverso|ascendente|crescente|omgekeerd|обратн\w*)\b",
    re.I,
)
_TURNED: Final = re.compile(rf"(?:^|(?<=[.!?;\n]))[^\S\n]*+(?:{words.BUTS})[^.!?;\n]*", re.I)


class _Join(Enum):
    """What stands between two options; most do not go together in one order."""

    CHAIN = auto()
    THEN = auto()
    COMMA = auto()
    AND = auto()
    NUMBER = auto()


_CLEAR: Final = (
    {_Join.CHAIN},
    {_Join.THEN},
    {_Join.COMMA},
    {_Join.COMMA, _Join.AND},
    {_Join.COMMA, _Join.THEN},
    {_Join.NUMBER},
)
"""“A and B, then C” and “A, B > C” put two options on one place."""


class _Chain(NamedTuple):
    order: list[OptionId]
    start: int
    end: int
    joins: set[_Join]
    is_torn: bool


@dataclass(frozen=True, slots=True)
class RankingReader:
    """Reads pieces of a reply to a ranking whose options have the letters of `options`."""

    options: OptionReader

    def __call__(self, piece: str, *, may_explain: bool) -> Read | None:
        """Return the order that `piece` begins with, or None when it begins with none."""
        if (compact := self._compact(piece)) is not None:
            return compact
        chain = self._chain(piece, may_explain=may_explain)
        if chain is None or len(chain.order) < 2:
            return None
        if chain.is_torn or not self._is_whole(chain.order) or chain.joins not in _CLEAR:
            return Read(None, chain.start, chain.end)
        rest = piece[chain.end :]
        if _OPEN.match(rest) or self._is_turned(rest):
            return Read(None, chain.start, chain.end)
        if not _CLOSED.match(rest) and not (may_explain and _REASON.match(rest)):
            return None
        return Read(Ranked(tuple(chain.order)), chain.start, chain.end)

    def chains(self, text: str) -> Iterator[Statement]:
        """Yield orders written with > or arrows anywhere in a reply."""
        behind = 0
        # The last ones count; a reply that loops has thousands.
        for arrow in deque(_ARROW.finditer(text), maxlen=_MOST_ARROWS):
            if arrow.start() < behind:
                continue
            start = self._before(text, arrow.start())
            if start is None:
                continue
            line = text[start:].partition("\n")[0]
            found = self(line, may_explain=True)
            if found is None or is_hypothetical(text, start):
                continue
            behind = start + found.end
            yield Statement(start + found.start, behind, found.response, "chain")

    def numbered_lines(self, text: str) -> Iterator[Statement]:
        """Yield orders written as lines 1., 2., 3.…, each with its option in front."""
        lines = [(line.start(), line[0], _NUMBER.match(line[0])) for line in _LINE.finditer(text)]
        numbered = [
            (at, line, int(number[1]), number.end()) for at, line, number in lines if number
        ]
        starts = [place for place, one in enumerate(numbered) if one[2] == 1]
        for place in starts:
            block = numbered[place : place + len(self.options.by_letter)]
            if [one[2] for one in block] != list(range(1, len(self.options.by_letter) + 1)):
                continue
            behind = numbered[place + len(block) : place + len(block) + 1]
            if behind and behind[0][2] == len(block) + 1:
                continue
            if (found := self._of_lines(text, block)) is not None:
                yield found

    def _of_lines(self, text: str, block: list[tuple[int, str, int, int]]) -> Statement | None:
        order, is_bare, end = [], True, 0
        for at, line, _, behind in block:
            token = self.options.token(line, behind)
            if token is None or not _EXPLAINED.match(line[token[1] :]):
                return None
            order.append(token[0])
            is_bare = is_bare and _CLOSED.match(line[token[1] :]) is not None
            end = at + token[1]
        start = block[0][0] + block[0][3]
        if not self._is_whole(order):
            return Statement(start, end, None, "numbered lines")
        is_as_shown = order == [option.id for option in self.options.by_letter.values()]
        is_led = MARKER.search(text[max(0, block[0][0] - 120) : block[0][0]]) is not None
        if is_as_shown and not is_bare and not is_led:
            return None  # it goes through the options one by one
        is_left_open = self._is_turned(text[end:])
        return Statement(
            start, end, None if is_left_open else Ranked(tuple(order)), "numbered lines"
        )

    def _before(self, text: str, arrow: int) -> int | None:
        """Return where the option that ends at an arrow begins."""
        longest = max(len(option.text) for option in self.options.by_letter.values())
        first = max(text.rfind("\n", 0, arrow) + 1, arrow - 2 * longest - _AROUND)
        piece = text[first:arrow]
        for start in range(len(piece)):
            if (start and piece[start - 1].isalnum()) or piece[start].isspace():
                continue
            token = self.options.token(piece, start)
            if token is not None and not piece[token[1] :].strip(" .)]"):
                return first + start
        return None

    def _is_whole(self, order: list[OptionId]) -> bool:
        return sorted(order) == sorted(option.id for option in self.options.by_letter.values())

    def _compact(self, piece: str) -> Read | None:
        """Read “BAC”, “B A C” and “B-A-C”."""
        found = _WITHOUT_BLANKS.match(piece)
        if found is None or not _CLOSED.match(piece[found.end() :]):
            return None
        said = re.findall(r"[A-Z]", found[1])
        is_range = len(said) == 2 and re.search(r"[-–—]", found[1])
        if is_range or any(one not in self.options.by_letter for one in said):
            return None
        order = [self.options.by_letter[one].id for one in said]
        response = Ranked(tuple(order)) if self._is_whole(order) else None
        return Read(response, found.start(1), found.end(1))

    def _chain(self, piece: str, *, may_explain: bool) -> _Chain | None:
        """Follow options from the start of a piece as far as they go."""
        at = _end(_QUOTE, piece, 0)
        if piece[at : at + 1] == "[" and piece.rstrip(" .\n").endswith("]"):
            at = _end(_OPENED, piece, at)
        at = _end(_FIRST, piece, at)
        order: list[OptionId] = []
        joins: set[_Join] = set()
        start, end, is_torn = at, at, False
        while True:
            number = _NUMBER.match(piece, at)
            if number and int(number[1]) == len(order) + 1:
                joins = (joins - {_Join.COMMA, _Join.AND}) | {_Join.NUMBER}
                at = number.end()
            token = self.options.token(piece, at)
            if token is None:
                break
            if not order:
                start = at
            elif _Join.NUMBER in joins and not number:
                is_torn = True
            order.append(token[0])
            end = token[1]
            joined = self._join(piece, end)
            if joined is None:
                break
            kind, at = joined
            if not self._begins(piece, at):
                break
            joins = joins | ({kind} if _Join.NUMBER not in joins else set())
        return _Chain(order, start, end, joins, is_torn or bool(_ALIKE.match(piece, end)))

    def _begins(self, piece: str, at: int) -> bool:
        return self.options.token(piece, at) is not None or bool(_NUMBER.match(piece, at))

    def _join(self, piece: str, at: int) -> tuple[_Join, int] | None:
        for kind, pattern in (
            (_Join.CHAIN, _CHAIN),
            (_Join.THEN, _THEN),
            (_Join.COMMA, _COMMA),
            (_Join.AND, _AND),
        ):
            found = pattern.match(piece, at)
            # “, E” is a letter where it can be one, not the Italian “and”.
            if found and (kind is not _Join.COMMA or self._begins(piece, found.end())):
                return kind, found.end()
        number = _NUMBER.match(piece, at)
        return (_Join.NUMBER, at) if number else None

    def _is_turned(self, rest: str) -> bool:
        """Tell whether a sentence behind an order begins with “but” and moves options."""
        for turn in _TURNED.finditer(rest):
            named = sum(
                re.search(rf"(?<![\w'’-]){letter}(?![\w'’-])", turn[0]) is not None
                or option.text.casefold() in turn[0].casefold()
                for letter, option in self.options.by_letter.items()
            )
            if named:
                return True
        return False


def ranking_statements(text: str, read: RankingReader) -> list[Statement]:
    """Return every place of a reply that states an order."""
    lines = list(line_statements(text, read))
    if lines and lines[0].rule == "whole reply":
        return lines
    stated = [*marked_statements(text, read), *marked_statements(text, read, marker=MARKER)]
    return [*stated, *lines, *read.chains(text), *read.numbered_lines(text)]


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
