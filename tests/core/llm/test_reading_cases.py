"""Several hundred replies in many languages: none is read wrong, none is invented."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.domain.answer import AnswerState
from core.domain.body import (
    NO,
    YES,
    Asked,
    Chosen,
    Measured,
    Numeric,
    Ranked,
    Ranking,
    SeveralChoices,
    ShortText,
    SingleChoice,
    Written,
    YesNo,
    options_of,
)
from core.llm.parsing import read_answer
from tests.factories import make_options

GROUPS = json.loads(Path(__file__).with_name("reading_cases.json").read_text("utf-8"))["groups"]


@dataclass(frozen=True)
class Case:
    """A reply and what it says."""

    language: str
    asked: Asked
    reply: str
    expected: str


def asked_of(group: dict) -> Asked:
    match group["asked"]:
        case "single":
            return SingleChoice(make_options(*group["options"]))
        case "several":
            return SeveralChoices(make_options(*group["options"]))
        case "ranking":
            return Ranking(make_options(*group["options"]))
        case "yes_no":
            return YesNo()
        case "numeric":
            return Numeric(group["unit"])
        case "short":
            return ShortText()
        case other:
            raise AssertionError(other)


CASES = [
    Case(group["language"], asked_of(group), reply, expected)
    for group in GROUPS
    for reply, expected in group["cases"]
]


def said(case: Case) -> str:
    """Return what was read in the words of the case."""
    order = [one.id for one in options_of(case.asked)]
    reading = read_answer(case.asked, case.reply, option_order=order)
    assert (reading.response is not None) == (reading.state is AnswerState.ANSWERED)
    if reading.response is None:
        return ""
    assert reading.rule
    assert reading.span is not None
    assert case.reply[slice(*reading.span)].strip()
    match reading.response:
        case Chosen(options) if isinstance(case.asked, YesNo):
            return {YES: "Y", NO: "N"}[next(iter(options))]
        case Chosen(options):
            return "".join(sorted(chr(ord("A") + order.index(one)) for one in options))
        case Ranked(ranked):
            return "".join(chr(ord("A") + order.index(one)) for one in ranked)
        case Measured(value, unit):
            return f"{value} {unit}".strip()
        case Written(text):
            return text


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{n}-{one.language}-{one.asked.format}" for n, one in enumerate(CASES)]
)
def test_reply_is_read_as_a_physician_would_read_it_or_not_at_all(case: Case) -> None:
    assert said(case) == case.expected, case.reply


def test_cases_cover_eight_languages_and_both_outcomes() -> None:
    languages = Counter(case.language for case in CASES)
    traps = Counter(case.language for case in CASES if not case.expected)

    assert len(CASES) >= 200
    assert len(languages) >= 8
    assert all(traps[one] for one in languages)
    assert len({(one.language, one.asked, one.reply) for one in CASES}) == len(CASES)


_CHOICE = SingleChoice(make_options("Pneumonia", "Pleural effusion", "Pneumothorax", "Edema"))
_ORDER = Ranking(make_options("Airway", "Breathing", "Circulation", "Disability"))
TRAPS: dict[str, tuple[tuple[Asked, str], ...]] = {
    "whole reply": (
        (_CHOICE, "Vitamin C"),
        (_CHOICE, "None of the above"),
        (_CHOICE, "not B"),
        (_CHOICE, "A and C"),
        (_CHOICE, "E"),
        (Numeric("mm"), "12-14 mm"),
        (_ORDER, "B, C, A"),
    ),
    "first line": (
        (_CHOICE, "A 45-year-old man.\n\nHe has dyspnea."),
        (_CHOICE, "B. Wait, no: C."),
        (YesNo(), "No fracture is seen."),
        (Numeric("mm"), "12 mm in 2019, 14 mm now"),
    ),
    "final line": (
        (_CHOICE, "The angle is blunted.\n\nB or C"),
        (YesNo(), "The cortex is broken.\nYes and no."),
        (_ORDER, "Let me think.\n\nB, C, A"),
    ),
    "stated answer": (
        (_CHOICE, "The answer is not B."),
        (_CHOICE, "Answer: A or B"),
        (_CHOICE, "Answer: B. Wait, that was the wrong film."),
        (Numeric("mm"), "Answer: 12 (range 10-14)"),
    ),
    "stated final answer": (
        (_CHOICE, "Final answer: A or B"),
        (_CHOICE, "Final answer: B. Wait, no."),
    ),
    "named as correct": (
        (_CHOICE, "Option B is not correct."),
        (_CHOICE, "Is option B correct?"),
        (_CHOICE, "Options A and B are correct."),
    ),
    "structured answer": (
        (_CHOICE, '{"answer": "E"}'),
        (_CHOICE, '{"answer": ["A", "C"]}'),
        (_CHOICE, '{"answer": "A"} {"answer": "B"}'),
        (Numeric("mm"), '{"answer": "12-14 mm"}'),
    ),
    "only number": (
        (Numeric("mm"), "There are 3 lesions; the largest is 12 mm."),
        (Numeric("mm"), "A 45-year-old has a 12 mm lesion."),
        (Numeric("mm"), "It measures less than 12 mm."),
    ),
    "chain": ((_ORDER, "First B > C > A."), (_ORDER, "Not B > C > A > D.")),
    "numbered lines": ((_ORDER, "1. B\n2. C\n3. A"), (_ORDER, "1. B\n2. B\n3. A\n4. D")),
}
"""By rule: what looks as if the rule fitted, and says no answer."""


@pytest.mark.parametrize(("rule", "asked", "reply"), [(r, *one) for r in TRAPS for one in TRAPS[r]])
def test_trap_of_each_rule_is_no_answer(rule: str, asked: Asked, reply: str) -> None:
    order = [one.id for one in options_of(asked)]

    assert read_answer(asked, reply, option_order=order).state is AnswerState.NO_ANSWER, rule


def test_every_rule_that_reads_an_answer_has_its_trap() -> None:
    used = set()
    for case in CASES:
        order = [one.id for one in options_of(case.asked)]
        reading = read_answer(case.asked, case.reply, option_order=order)
        used |= {reading.rule} if reading.response is not None else set()

    assert used == set(TRAPS)
