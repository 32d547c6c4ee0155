"""Reads options out of a piece of text: by letter, by exact text, one or several."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from core.domain.body import NO, YES, Chosen, Option, Response
from core.domain.ids import OptionId
from core.llm import reading_words as words
from core.llm.reading_statements import Read, Statement, blank_decoration

_LABEL: Final = re.compile(
    r"(?:(?:only|both|just)\s+)?(?:(?:the\s+)?(?:(?:correct|right|best)\s+)?"
    rf"(?:options?|choices?|letters?|answers?|{words.LABELS})\s*:?\s+|{words.LABELS_UNSPACED})?",
    re.I,
)
# A letter of a script that runs words together may follow at once; a Latin, Greek or Cyrillic
# one may not, nor a hyphen; an apostrophe only before a Turkish “is”.
_LETTER: Final = re.compile(r"[(\[]?([A-Za-z])(?![0-9A-Za-zÀ-ԯ_-]|['’](?![dt][iıuü]r\b))[)\]]?")
_AND: Final = re.compile(rf"\s*(?:,\s*(?:and\b|&)?|;|&|\+|\band\b|{words.AND}|\n)\s*", re.I)
_OR: Final = re.compile(rf"\s*(?:,?\s*\b(?:or|vs\.?|versus)\b|/|{words.OR})\s*(?=\S)", re.I)
_DELIMITED: Final = re.compile(r"\s*[.:)\]]\s*|\s+[-–—]\s+|\s+\(?")
_CLOSED: Final = re.compile(rf"{words.CLOSES}[\s.!)\]]*$", re.I)
_ONLY_LETTERS: Final = re.compile(
    r"\W*(?:(?:option|choice|answer|letter)s?\W+)?[a-z](?:\W+(?:(?:and|or)\W+)?[a-z])*\W*", re.I
)
_CORRECT: Final = (
    r"(?:is|are|seems|appears)\s+(?:the\s+)?(?:most\s+)?(?:correct|right|best|likely)"
    r"(?:\s+(?:answers?|options?|choices?|diagnosis))?\s*(?=[.,;!\n]|$|because|since|as\b)"
)
_REASON: Final = re.compile(
    rf"\s*[,;.:—–-]?\s*\(?(?:(?:because|since|as|due to)\b|{words.REASONS})|"
    rf"\s*[,;:—–-]\s*(?:given|which|based on)\b"
    rf"|\s+{_CORRECT}",
    re.I,
)
_SENTENCE: Final = re.compile(
    r"\s*[.:)\]]\s+(?:The|This|These|There|Because|Based|It|In|On|As|Since|Given|An|Although|"
    r"Here|However|But|I|Explanation|Reason|Rationale|Reasoning|Justification)\b"
)
_LETTERED: Final = re.compile(r"\s*[)\]]\s*(?=\S)")
_AFTER_TEXT: Final = re.compile(r"\s*(?:[.,;:(]|\s[-–—]\s)")
_DECORATED: Final = 40
"""Characters that may stand around an option and still be no words."""
_WORD_END: Final = r"(?:(?![\w%])|(?=です|である|입니다))"
_WRONG: Final = re.compile(
    r"^[^.!\n]*?\b(?:incorrect|wrong|unlikely|false|"
    r"(?<!not be )(?<!n['’]t be )(?<!not )(?:ruled out|excluded)|"
    r"not (?:correct|right|the|likely|a|an)|less likely|least)\b",
    re.I,
)
_TURNED: Final = re.compile(rf"(?:^|(?<=[.!?;\n]))[^\S\n]*+(?:{words.BUTS})[^.!?;\n]*", re.I)
_DOUBT: Final = re.compile(r"^[^.!\n]*?\b(?:no|not|absent|without|never|cannot|would)\b", re.I)
# Possessive: blanks are many where decoration was, and trying each split of them takes for ever.
_NAMED: Final = re.compile(
    r"(?:^|(?<=[.!?;:\n]))\s*+(?i:(?:so|thus|therefore|hence)\b)?+,?+\s*+(?i:the\s++)?+"
    rf"(?i:(?:option|choice|answer|{words.LABELS})\s++|{words.LABELS_UNSPACED})?+"
    rf"[(\[]?([A-Z])[)\]]?(?:\s++(?:{_CORRECT}|(?i:{words.CORRECT}))|{words.CORRECT_UNSPACED})",
    re.M,
)
_YES_NO: Final = re.compile(rf"({'|'.join((*words.YES, *words.NO))})(?:です|입니다)?(?!\w)", re.I)
_BOTH: Final = re.compile(
    rf"\s*(?:,|/|{words.AND}|{words.OR}|and\b|or\b|,\s*(?:and|or)\b|و)\s*{_YES_NO.pattern}", re.I
)
_HEDGED: Final = re.compile(rf"\s*[,;:–—-]?\s*(?:{words.BUTS})", re.I)
_UNSURE: Final = re.compile(
    rf"^[^.!;\n]*?(?:{words.UNSURE}|\?|\b(?:no|nein|non|não|nee|нет)\b)", re.I
)


@dataclass(frozen=True, slots=True)
class OptionReader:
    """Reads pieces of a reply to a choice question whose options have these letters."""

    by_letter: dict[str, Option]
    takes_several: bool

    def __call__(self, piece: str, *, may_explain: bool) -> Read | None:
        """Return the options that `piece` names, or None when it names none clearly."""
        start = len(piece) - len(piece.lstrip())
        at = start + len(_LABEL.match(piece[start:])[0])  # type: ignore[index]  # may be empty, always matches
        if (exact := self._exact(piece[start:])) is not None:
            return Read(_chosen(exact), start, len(piece.rstrip()))
        chosen: list[OptionId] = []
        while True:
            token = self.token(piece, at)
            if token is None:
                return self._compact(piece, start) if not chosen else None
            option, at, is_text = token
            chosen.append(option)
            alternative = _OR.match(piece, at)
            if alternative and self.token(piece, alternative.end()):
                return Read(None, start, at)
            following = _AND.match(piece, at)
            if following is None or self.token(piece, following.end()) is None:
                break
            at = following.end()
        if not self._may_end(piece[at:], chosen[-1], is_text=is_text, may_explain=may_explain):
            return None
        # All options with their texts: repeated, not chosen.
        if "\n" in piece and is_text and set(chosen) == {one.id for one in self.by_letter.values()}:
            return Read(None, start, at)
        return self._result(chosen, start, at)

    def named_as_correct(self, text: str) -> list[Statement]:
        """Return sentences like “Option B is correct.”."""
        return [
            Statement(m.start(1), m.end(1), _chosen(self.by_letter[m[1]].id), "named as correct")
            for m in _NAMED.finditer(text)
            if m[1] in self.by_letter
        ]

    def is_turned_from(self, rest: str, response: Response) -> bool:
        """Tell whether a sentence behind an answer begins with “but” and favors another option."""
        others = [
            (letter, option)
            for letter, option in self.by_letter.items()
            if response != _chosen(option.id)
        ]
        for turn in _TURNED.finditer(rest):
            sentence = turn[0]
            names_other = any(
                re.search(rf"(?<![\w'’-]){letter}(?![\w'’-])", sentence)
                or self._names_text(sentence, option)
                for letter, option in others
            )
            if names_other and not _WRONG.match(sentence):
                return True
        return False

    def lists_options(self, text: str) -> bool:
        """Tell whether a reply goes through the options line by line instead of choosing."""
        lines = re.findall(r"^[ \t]*[(\[]?([A-Z])[.):\]][ \t]*(.*)$", text, re.M)
        lettered = [(letter, rest) for letter, rest in lines if letter in self.by_letter]
        if len({letter for letter, _ in lettered}) < 2:
            return False
        goes_through = [letter for letter, _ in lettered][:2] == list(self.by_letter)[:2]
        repeated = {
            letter
            for letter, rest in lettered
            if _squash(rest) == _form(self.by_letter[letter].text)
        }
        return goes_through or len(repeated) > 1

    def _result(self, chosen: list[OptionId], start: int, end: int) -> Read:
        if not self.takes_several and len(set(chosen)) > 1:
            return Read(None, start, end)
        return Read(Chosen(frozenset(chosen)), start, end)

    def token(self, piece: str, at: int) -> tuple[OptionId, int, bool] | None:
        """Return the option named at a position, where its name ends, and whether by text."""
        by_text = self._text_at(piece, at)
        letter = _LETTER.match(piece, at)
        option = self.by_letter.get(letter[1].upper()) if letter else None
        if letter is None or option is None or not self._is_letter(piece, letter):
            return by_text
        delimiter = _DELIMITED.match(piece, letter.end())
        behind = self._text_at(piece, delimiter.end()) if delimiter else None
        if behind is not None:
            # The letter of one option with the text of another: no one can tell.
            return (option.id, behind[1], True) if behind[0] == option.id else None
        if by_text is not None and by_text[1] > letter.end():
            return by_text
        if by_text is not None and by_text[0] != option.id:
            return None
        return option.id, letter.end(), False

    def _is_letter(self, piece: str, letter: re.Match[str]) -> bool:
        """Tell a letter from the article “a”: a small one stands in brackets or among letters."""
        return (
            letter[1].isupper()
            or letter[0][-1] in ")]"
            or _ONLY_LETTERS.fullmatch(piece) is not None
        )

    def _text_at(self, piece: str, at: int) -> tuple[OptionId, int, bool] | None:
        """Return the option whose whole text stands at a position, the longest one first."""
        best: tuple[OptionId, int, bool] | None = None
        for option in self.by_letter.values():
            pattern = _pattern(option.text)
            match = pattern.match(piece, at) if pattern else None
            if match and (best is None or match.end() > best[1]):
                best = option.id, match.end(), True
            elif match and best is not None and match.end() == best[1]:
                return None
        return best

    def _names_text(self, sentence: str, option: Option) -> bool:
        said = _form(option.text)
        return len(said) > 1 and said in _squash(sentence)

    def _exact(self, piece: str) -> OptionId | None:
        forms = {one.id: _form(one.text) for one in self.by_letter.values()}
        if sum(map(len, piece.split())) > max(map(len, forms.values()), default=0) + _DECORATED:
            return None
        said = _squash(piece)
        same = [option for option, form in forms.items() if form == said]
        by_letter = self.by_letter.get(said.upper()) if len(said) == 1 else None
        if by_letter is not None and same and same != [by_letter.id]:
            return None
        return same[0] if len(same) == 1 else None

    def _compact(self, piece: str, start: int) -> Read | None:
        """Read “ACD”: letters in rising order and nothing else."""
        said = piece.strip().rstrip(".")
        rising = len(said) > 1 and list(said) == sorted(set(said))
        if not self.takes_several or not rising or any(one not in self.by_letter for one in said):
            return None
        return Read(
            Chosen(frozenset(self.by_letter[one].id for one in said)), start, start + len(said)
        )

    def _may_end(self, rest: str, last: OptionId, *, is_text: bool, may_explain: bool) -> bool:
        if _CLOSED.match(rest):
            return True
        if not may_explain or _WRONG.match(rest):
            return False
        if _REASON.match(rest) or _SENTENCE.match(rest):
            return True
        if _DOUBT.match(rest):
            return False
        if is_text:
            return _AFTER_TEXT.match(rest) is not None
        lettered = _LETTERED.match(rest)
        named = self._text_at(rest, lettered.end()) if lettered else None
        return lettered is not None and (named is None or named[0] == last)


def read_yes_no(piece: str, *, may_explain: bool) -> Read | None:
    """Return the yes or no at the start of `piece`."""
    start = len(piece) - len(piece.lstrip())
    word = _YES_NO.match(piece, start)
    if word is None:
        return None
    rest = piece[word.end() :]
    if _BOTH.match(rest):
        return Read(None, start, word.end())
    if _HEDGED.match(rest):
        return Read(None, start, word.end())
    is_yes = word[1].lower() in words.YES
    read = Read(_chosen(YES if is_yes else NO), start, word.end())
    if _CLOSED.match(rest):
        return read
    # “No fracture” may deny or affirm what was asked, “No. 3” is a number.
    goes_on = re.match(r"\s*[,;:!](?:\s|[^\x00-\u2fff])|\s*\.\s+(?!\d)|\s+[-–—]\s|\s*[—(]", rest)
    if is_yes and not _UNSURE.match(rest):
        goes_on = goes_on or re.match(r"\s+\w", rest)
    return read if may_explain and goes_on else None


def _chosen(option: OptionId) -> Chosen:
    return Chosen(frozenset({option}))


@lru_cache(maxsize=512)
def _form(option: str) -> str:
    return _squash(option)


@lru_cache(maxsize=512)
def _pattern(option: str) -> re.Pattern[str] | None:
    """Return what matches the whole text of an option, or None for an option without words."""
    said = _form(option).split()
    if not said:
        return None
    return re.compile(r"\s++".join(re.escape(word) for word in said) + _WORD_END, re.I)


def _squash(text: str) -> str:
    """Return a text as it is compared: without decoration, case, outer punctuation."""
    words = " ".join(blank_decoration(text).split()).casefold()
    return words.rstrip(" .,;:!").strip()
