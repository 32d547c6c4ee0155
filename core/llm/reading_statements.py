"""Finds where a reply states an answer, and which of several statements counts.

All of it works on a copy of the reply in which decoration is blanked out character by character,
so that positions in the copy are positions in the reply.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from core.domain.body import Response
from core.llm import reading_words as words


@dataclass(frozen=True, slots=True)
class Read:
    """What a piece of text says: a response, or None for something contradictory or denied.

    `start` and `end` count within the piece.
    """

    response: Response | None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """A place of the reply that states an answer; `response` None means it cannot be told."""

    start: int
    end: int
    response: Response | None
    rule: str


class PieceReader(Protocol):
    """Reads a piece of a reply; None means that it states nothing clearly."""

    def __call__(self, piece: str, *, may_explain: bool) -> Read | None:
        """Return what `piece` states; an explanation may follow only if `may_explain`."""


_THOUGHT_END: Final = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.I)
_OPEN_THOUGHT: Final = re.compile(r"<(?:think|thinking|thought|reasoning)>.*", re.I | re.S)
_DECORATION: Final = re.compile(
    r"\\(?:boxed|text|textbf|mathrm|mathbf)\s*\{|\\[()\[\],;!]|</?(?:b|i|strong|em|answer)>"
    r"|[*`#$|{}\"“”„«»【】「」『』]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])['‘’]|['‘’](?![A-Za-z0-9])|^[ \t]*[-•–][ \t]+",
    re.M | re.I,
)
_WIDE: Final = {0xFF01 + i: 0x21 + i for i in range(94)} | {
    0x3002: ".",
    0x3001: ",",
    0x2212: "-",
    0x00A0: " ",
    0x202F: " ",
    0x2009: " ",
    0x3000: " ",
    0x0964: ".",  # danda
    0x060C: ",",
    0x061B: ";",
    0x061F: "?",
    0x066B: ".",  # Arabic decimal mark
    0x066C: ",",
}

_GOOD: Final = r"(?:(?:final|correct|right|best|my|most likely|likely)[ ]++)"
_LEAD: Final = r"(?:(?:therefore|thus|most likely|likely|probably|clearly|definitely),?\s+)?"
_MARKER: Final = re.compile(
    rf"\b{_GOOD}{{0,3}}(?:answer|choice|option)(?:[ ]+(?:choice|letter|option|value))?"
    rf"(?:[ ]+to[ ][^.:\n]{{1,40}}?)?\s*(?:\bis\b|\bwould be\b|\bshould be\b|\bmust be\b|[:=→])"
    rf"[\s:]*{_LEAD}"
    rf"|\b(?:{_GOOD}{{1,3}}(?:answers|options|choices)|answers)\s*(?:\bare\b|:)[\s:]*"
    rf"|^[ \t]*{_GOOD}?answers?[ \t]*\n\s*"
    r"|\bI(?:[ ]would|['’]d|[ ]will|['’]ll)?[ ](?:choose|select|pick|answer|go with)\b:?\s+"
    rf"|{words.STATES}",
    re.I | re.M,
)
_HYPOTHETICAL: Final = re.compile(
    r"\b(?:if|not|never|whether|unless|suppose|supposing|assuming|wrong|incorrect|least|other|"
    r"another|some|example|instance|cannot|can't|don't|doesn't|isn't|didn't|had)\b"
    rf"|{words.HYPOTHETICAL}",
    re.I,
)
_DENIED: Final = re.compile(
    r"(?:not|un(?:clear|certain|known)|neither|none|impossible|cannot|can't|indeterminate|"
    rf"ambiguous|difficult|hard)\b|{words.DENIED}",
    re.I,
)
_CONDITION: Final = re.compile(
    rf"^[^.!\n]*?(?:\b(?:if|unless|or|depending|provided)\b|\?|{words.OPEN})|{words.OPEN_START}",
    re.I,
)
_TURN: Final = re.compile(
    r"\b(?:wait|actually|however|but|therefore|thus|hence|so|final(?:ly)?|correction|corrected|"
    rf"instead|reconsider\w*|on second thought|conclusion|overall|in summary)\b|{words.TURNS}",
    re.I,
)
# Blanks up to the next line only: every line break is a beginning of its own.
_RETRACTED: Final = re.compile(
    r"(?:^|[.!?;,—–-]\s|\n)[^\S\n]*+(?:(?:no|but|oh|hmm)[,.]?\s+)*(?:wait|actually|correction|"
    r"scratch that|on second thought|let me re\w+|i (?:was|am) (?:wrong|mistaken)|"
    r"i (?:must |need to |have to )?reconsider|my mistake|i apologi[sz]e)\b"
    rf"|(?:^|[.!?;,—–-]|\n)[^\S\n]*+(?:{words.RETRACTS})",
    re.I,
)
_MOST_STATEMENTS: Final = 100
_LONGEST_SENTENCE: Final = 1_000
_SENTENCE_END: Final = re.compile(r"[.!?;\n]")


def blank_decoration(reply: str) -> str:
    """Return the reply with thoughts, markup and quotes turned into blanks, length unchanged."""
    return _DECORATION.sub(_blanks, blank_thoughts(reply.translate(_WIDE)))


def blank_thoughts(reply: str) -> str:
    """Return the reply with what was only thought turned into blanks, length unchanged."""
    ends = [end.end() for end in _THOUGHT_END.finditer(reply)]
    thought = ends[-1] if ends else 0
    return _blanked(reply[:thought]) + _OPEN_THOUGHT.sub(_blanks, reply[thought:])


def marked_statements(
    text: str, read: PieceReader, *, marker: re.Pattern[str] = _MARKER
) -> Iterator[Statement]:
    """Yield what follows words like “the answer is”, or other words that lead to an answer."""
    # The last ones count; a reply that loops has thousands.
    for lead in deque(marker.finditer(text), maxlen=_MOST_STATEMENTS):
        if is_hypothetical(text, lead.start()):
            continue
        piece = text[lead.end() :].partition("\n")[0]
        found = read(piece, may_explain=True)
        if found is None and _DENIED.match(piece):
            found = Read(None)
        if found is None:
            continue
        start, end = lead.end() + found.start, lead.end() + found.end
        is_open = _CONDITION.match(text[end : end + _LONGEST_SENTENCE]) is not None
        yield Statement(
            lead.start() if found.response is None else start,
            end,
            None if is_open else found.response,
            "stated answer" if "final" not in lead[0].lower() else "stated final answer",
        )


def is_hypothetical(text: str, position: int) -> bool:
    """Tell whether the sentence that leads to a position only supposes, doubts or denies."""
    return _HYPOTHETICAL.search(_sentence_before(text, position)) is not None


def line_statements(text: str, read: PieceReader) -> Iterator[Statement]:
    """Yield what the whole reply, its first and its last line say."""
    whole_start = len(text) - len(text.lstrip())
    whole = text.strip()
    if found := read(whole, may_explain=False):
        yield _placed(found, whole_start, "whole reply")
        return
    lines = [(m.start(), m[0]) for m in re.finditer(r"[^\n]*\S[^\n]*", text)]
    if not lines:
        return
    start, line = lines[0]
    if found := read(line, may_explain=True):
        yield _placed(found, start, "first line")
    if len(lines) > 1 and (found := read(lines[-1][1], may_explain=False)):
        yield _placed(found, lines[-1][0], "final line")


def decide(text: str, statements: list[Statement]) -> Statement | None:
    """Return the statement that counts, or None when there is none or no one can tell.

    The last one counts, unless it is taken back or contradicts an earlier one without a word
    that turns from the one to the other.
    """
    if not statements:
        return None
    ordered = sorted(statements, key=lambda one: (one.end, one.start))
    last = ordered[-1]
    if last.response is None or _RETRACTED.search(text[last.end :]):
        return None
    if last.rule == "stated final answer":
        return last
    others = [one.end for one in ordered[:-1] if one.response != last.response]
    if not others:
        return last
    turns = [turn.start() for turn in _TURN.finditer(text, 0, last.start)]
    is_turned = turns and max(others) <= turns[-1]
    return last if is_turned and max(others) <= last.start else None


def _placed(found: Read, offset: int, rule: str) -> Statement:
    return Statement(offset + found.start, offset + found.end, found.response, rule)


def _sentence_before(text: str, position: int) -> str:
    before = text[max(0, position - 200) : position]
    return _SENTENCE_END.split(before)[-1]


def _blanks(match: re.Match[str]) -> str:
    return _blanked(match[0])


def _blanked(text: str) -> str:
    # Line breaks stay, so that lines stay lines.
    return re.sub(r"[^\n]", " ", text)
