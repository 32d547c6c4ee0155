"""Forms in which texts are compared: folded characters, Unicode tokens, normalized answers."""

import re
import unicodedata
from itertools import groupby
from typing import Final

_FOLDED_TAGS: Final = ("<wide>", "<narrow>", "<super>", "<sub>")
_ONE_BY_ONE: Final = (
    "CJK UNIFIED",
    "CJK COMPATIBILITY IDEOGRAPH",
    "HIRAGANA",
    "KATAKANA",
    "THAI",
    "LAO",
    "KHMER",
    "MYANMAR",
    "BOPOMOFO",
    "IDEOGRAPHIC ITERATION",
)
"""Beginnings of the Unicode names of scripts that write words without blanks between them."""
_APOSTROPHES: Final = "'\u2019\u2018`\u00b4"
_MINUSES: Final = "-\u2010\u2011\u2013\u2212"
_DEFAULT_TOKEN: Final = re.compile(r"[a-z0-9]+")
_POWER_AFTER_DIGIT: Final = re.compile(r"(?<=\d)([⁰¹²³⁴-⁹]+)")
_ARTICLE: Final = re.compile(r"^(?:an?|the) (?=.)|(?<= )the (?=.)")


def fold(text: str) -> str:
    """Return text with full-width, raised, lowered and composed forms made alike, case folded.

    Not NFKC: that takes some letters apart (Thai sara am) and turns ½ into three characters.
    """
    folded = "".join(_fold_character(character) for character in text)
    return unicodedata.normalize("NFC", folded.casefold())


def unicode_tokens(text: str) -> list[str]:
    """Return tokens of any script; of ASCII text exactly those of rouge-score's own rule.

    Scripts without blanks between words give one token for each character with its marks.
    """
    if text.isascii():
        return _DEFAULT_TOKEN.findall(text.lower())
    tokens: list[str] = []
    for is_word, run in groupby(fold(text), _is_word_character):
        if is_word:
            tokens += _split_run("".join(run))
    return tokens


def normalized_answer(text: str) -> str:
    """Return the form in which a short answer is compared with its key.

    Case, encoding of accents, punctuation, apostrophes, blanks and articles do not count; signs,
    decimal points, slashes between digits and symbols (< > + % °) do. An "a" inside an answer
    stays: hepatitis A is not hepatitis.
    """
    folded = fold(_POWER_AFTER_DIGIT.sub(r"^\1", text))
    kept = "".join(_kept(folded, place) for place in range(len(folded)))
    return _ARTICLE.sub("", " ".join(kept.split()))


def _fold_character(character: str) -> str:
    if unicodedata.decomposition(character).startswith(_FOLDED_TAGS):
        return unicodedata.normalize("NFKC", character)
    return character


def _is_word_character(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def _split_run(run: str) -> list[str]:
    """Split a run of letters, digits and marks where a script needs one token a character."""
    tokens: list[str] = []
    can_grow = False
    for character in run:
        is_mark = unicodedata.category(character)[0] == "M"
        stands_alone = unicodedata.name(character, "").startswith(_ONE_BY_ONE)
        if tokens and (is_mark or (can_grow and not stands_alone)):
            tokens[-1] += character
        else:
            tokens.append(character)
        if not is_mark:
            can_grow = not stands_alone
    return tokens


def _kept(text: str, place: int) -> str:
    """Return what a normalized answer keeps of the character at `place`."""
    character = text[place]
    if character in _APOSTROPHES:
        return ""
    if character in _MINUSES:
        return "-" if _is_sign(text, place) else " "
    if _is_word_character(character) or character in "%‰":
        return character
    if character in ".,/:":
        is_inside_number = _is_digit_at(text, place - 1) and _is_digit_at(text, place + 1)
        return character if is_inside_number else " "
    return character if unicodedata.category(character)[0] == "S" else " "


def _is_sign(text: str, place: int) -> bool:
    """Tell a sign (-5, HER2-) from a hyphen (T2-weighted)."""
    follows_word = place > 0 and text[place - 1].isalnum()
    before_word = place + 1 < len(text) and text[place + 1].isalnum()
    if follows_word:
        return not before_word
    return _is_digit_at(text, place + 1)


def _is_digit_at(text: str, place: int) -> bool:
    return 0 <= place < len(text) and text[place].isdigit()
