"""Finds the question that a prediction is about, and the order of options the model saw."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from core.domain.answer import AnswerState
from core.domain.body import (
    BlindQuestion,
    Marked,
    Ranking,
    SeveralChoices,
    SingleChoice,
    YesNo,
    options_of,
)
from core.domain.ids import OptionId, QuestionId, RevisionId
from core.domain.prediction import Prediction
from core.domain.question import Question
from core.domain.run import Condition
from core.errors import NotFoundError
from core.llm.parsing import Reading, read_answer
from core.llm.reading_regions import read_and_placed

if TYPE_CHECKING:
    from core.services.ports import Transaction

_CONDITIONS: Final = {
    "": Condition.BOTH,
    "image and text": Condition.BOTH,
    "text only": Condition.TEXT,
    "image only": Condition.IMAGE,
} | {one.value: one for one in Condition}
_NUMBER: Final = re.compile(r"\d{1,9}")
_LETTER: Final = re.compile(r"^\(?[A-Z][.):]\s+")
_CHECKED_STEM: Final = 40
"""So many characters of a stem tell questions apart; templates change what comes after."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A prediction with its question, the order behind the letters and what was read."""

    prediction: Prediction
    blind: BlindQuestion
    order: tuple[OptionId, ...]
    said: str
    """The reply; a mere letter in the words of the option, where a question has no letters."""
    reading: Reading


class Matcher:
    """Looks questions up by what a file calls them."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._by_origin = self._origins()
        self._found: dict[tuple[str, str], BlindQuestion | str] = {}

    def condition(self, one: Prediction) -> Condition | None:
        """Return the condition that a file names, or None for an unknown one."""
        return _CONDITIONS.get(one.condition.strip().casefold())

    def match(self, one: Prediction) -> Matched | str:
        """Return the question, or a sentence why there is none."""
        blind = self._blind(one)
        if isinstance(blind, str):
            return blind
        is_ours = bool(one.revision) or one.question == blind.question
        if not is_ours and not _is_same_stem(one.stem, blind.body.stem):
            return f"Its text is not that of question {blind.number} here."
        order = _order(one.options, blind)
        if order is None:
            return f"Its options are not those of question {blind.number} here."
        said = _said(one, blind)
        return Matched(one, blind, order, said, _reading(one, blind, order, said))

    def _blind(self, one: Prediction) -> BlindQuestion | str:
        name = (one.question, one.revision)
        if name not in self._found:  # a file names the same question for each model and repeat
            self._found[name] = self._look_up(one)
        return self._found[name]

    def _look_up(self, one: Prediction) -> BlindQuestion | str:
        if one.revision:
            try:
                return self._tx.bodies.get(RevisionId(one.revision))
            except NotFoundError:
                return "The version of the question that it names is not here."
        question = self._question(one.question)
        if question is None:
            return "The question that it names is not here."
        if question.current_revision is None:
            return f"Question {question.number} has no finished version."
        return self._tx.bodies.get(question.current_revision)

    def _question(self, name: str) -> Question | None:
        if _NUMBER.fullmatch(name):
            return self._tx.questions.by_number(int(name))
        try:
            return self._tx.questions.get(QuestionId(name))
        except NotFoundError:
            return self._by_origin.get(name)

    def _origins(self) -> dict[str, Question]:
        """Map the ids that questions had in the files they came from, where they are unique."""
        found: dict[str, Question | None] = {}
        for line in self._tx.questions.summaries():
            question = self._tx.questions.get(line.id)
            name = question.origin.rpartition(":")[2]
            found[name] = None if name in found else question
        return {name: one for name, one in found.items() if one is not None and name}


def _is_same_stem(told: str, stem: str) -> bool:
    """Tell whether a file's text holds the beginning of the stem, or the stem holds it."""
    theirs, ours = _plain(told), _plain(stem)
    if not theirs or not ours:
        return True
    return ours[:_CHECKED_STEM] in theirs or theirs[:_CHECKED_STEM] in ours


def _order(told: tuple[str, ...], blind: BlindQuestion) -> tuple[OptionId, ...] | None:
    """Return the order of our options by a file's texts; None where they differ."""
    options = options_of(blind.body.asked)
    if not told or not isinstance(blind.body.asked, SingleChoice | SeveralChoices | Ranking):
        return tuple(option.id for option in options)
    ours: dict[str, list[OptionId]] = {}
    for option in options:
        ours.setdefault(_plain(option.text), []).append(option.id)
    order = []
    for text in told:
        same = ours.get(_plain(text)) or ours.get(_plain(_LETTER.sub("", text.strip())))
        if not same:
            return None
        order.append(same.pop(0))
    return tuple(order) if len(order) == len(options) else None


def _said(one: Prediction, blind: BlindQuestion) -> str:
    letter = one.reply.strip().upper()
    place = ord(letter) - ord("A") if len(letter) == 1 else -1
    is_place = not one.is_whole_reply and 0 <= place < len(one.options)
    return one.options[place] if is_place and isinstance(blind.body.asked, YesNo) else one.reply


def _reading(
    one: Prediction, blind: BlindQuestion, order: tuple[OptionId, ...], said: str
) -> Reading:
    if one.error and not said.strip():
        return Reading(AnswerState.FAILED)
    found = read_answer(blind.body.asked, said, option_order=order)
    if isinstance(found.response, Marked):
        state, response, rule = read_and_placed(blind.body, found.state, found.response)
        return replace(found, state=state, response=response, rule=rule or found.rule)
    return found


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
