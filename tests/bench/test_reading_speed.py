"""How long reading an answer takes: of usual replies, and of replies that loop or were made up."""

import time

import pytest

from core.domain.body import (
    Asked,
    Numeric,
    Report,
    SeveralChoices,
    ShortText,
    SingleChoice,
    YesNo,
    options_of,
)
from core.llm.parsing import read_answer
from tests.factories import make_options

pytestmark = pytest.mark.bench
LONGEST = 30_000
LIMIT_S = 10.0
OPTIONS = make_options("Pneumonia", "Pleural effusion", "Vitamin A deficiency", "Edema")
ASKED: tuple[Asked, ...] = (
    SingleChoice(OPTIONS),
    SeveralChoices(OPTIONS),
    YesNo(),
    Numeric("mm"),
    ShortText(),
    Report(),
)
USUAL = "The angle is blunted, and a meniscus is seen.\n\n" * 20 + "The answer is B, 12 mm."
LOOPS = (
    *("{", '{"answer": "', "<think>", "<think> </think> ", "\n", " ", ".", "A, ", "B\n", "1 "),
    *("the ", "i'm sorry ", "the answer is ", "answer to ", "best ", "answer: ", "so, ", "ja "),
    *("** ** ** ", "答えは", "The size is ", "1,111", "A or ", "however, A ", "not B. "),
)


def seconds(asked: Asked, reply: str) -> float:
    order = [one.id for one in options_of(asked)]
    start = time.perf_counter()
    read_answer(asked, reply, option_order=order)
    return time.perf_counter() - start


def test_reading_is_quick_and_no_reply_makes_it_hang() -> None:
    usual = [seconds(asked, USUAL) for _ in range(20) for asked in ASKED]
    worst, loop = max(
        (seconds(asked, (loop * LONGEST)[:LONGEST]), loop) for loop in LOOPS for asked in ASKED
    )
    mean_ms = 1000 * sum(usual) / len(usual)
    count = len(LOOPS) * len(ASKED)
    print(
        f"\nReading {len(usual)} replies of {len(USUAL)} characters: {mean_ms:.2f} ms each;"
        f" worst of {count} looping ones of {LONGEST}: {worst:.2f} s ({loop!r} again and again)"
    )
    assert worst < LIMIT_S
