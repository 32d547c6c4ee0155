"""Keeping calls within what an endpoint takes, a minute allows and a ceiling pays for."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.budget import Budget, Price, most_prompt_tokens
from core.llm.client import CallError, LlmReply, LlmRequest
from core.llm.pace import Pace, RateLimit
from core.llm.retry import RetryPolicy, Tries
from core.llm.retry_after import retry_after_s
from core.llm.tokens import count_tokens

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def outcomes(pace: Pace, refused: int, answered: int) -> None:
    for number in range(refused + answered):
        pace.note(is_refused=number < refused)


def test_limit_falls_while_much_is_refused_and_rises_by_one_afterwards() -> None:
    pace = Pace(32)
    outcomes(pace, 32, 0)
    low = pace.limit
    assert low == 22

    outcomes(pace, 0, 22)
    assert pace.limit == low + 1


def test_few_refusals_leave_the_limit_and_it_never_leaves_its_bounds() -> None:
    pace = Pace(20)
    outcomes(pace, 4, 16)
    assert pace.limit == 20

    outcomes(pace, 0, 200)
    assert pace.limit == 20
    outcomes(pace, 2_000, 0)
    assert pace.limit == 1


def test_calls_wait_for_one_another() -> None:
    async def peak_of(limit: int) -> int:
        pace, peaks = Pace(limit), []

        async def call() -> None:
            await pace.enter()
            peaks.append(pace.in_flight)
            await asyncio.sleep(0)
            pace.leave()

        await asyncio.gather(*(call() for _ in range(50)))
        assert len(peaks) == 50
        assert pace.in_flight == 0
        return max(peaks)

    assert asyncio.run(peak_of(7)) == 7


@pytest.mark.parametrize(("rate", "tokens"), [(RateLimit(requests=2), 1), (RateLimit(0, 20), 10)])
def test_minute_is_waited_for(rate: RateLimit, tokens: int) -> None:
    now_s = [0.0]
    pace = Pace(9, rate, lambda: now_s[0])

    async def third() -> bool:
        await pace.enter(tokens)
        await pace.enter(tokens)
        waiting = asyncio.ensure_future(pace.enter(tokens))
        await asyncio.sleep(0)
        is_waiting = not waiting.done()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        now_s[0] = 60.0
        await pace.enter(tokens)
        return is_waiting

    assert asyncio.run(third())


def test_one_long_call_is_let_in_although_it_is_over_the_tokens_of_a_minute() -> None:
    asyncio.run(asyncio.wait_for(Pace(1, RateLimit(tokens=5)).enter(50), 1))


def test_busy_endpoint_has_more_patience_than_a_failing_one() -> None:
    policy = RetryPolicy(attempts=3, jitter=lambda: 0.0)
    busy = CallError("busy", is_retryable=True, is_busy=True, retry_after_s=7)
    failing = CallError("failing", is_retryable=True)

    tries = Tries(policy)
    assert [tries.pause_after(failing) for _ in range(3)] == [0.25, 0.5, None]
    tries = Tries(policy)
    assert [tries.pause_after(busy) for _ in range(18)] == [*[7.0] * 17, None]
    assert Tries(policy).pause_after(CallError("no")) is None
    assert Tries(RetryPolicy(attempts=1)).pause_after(busy) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after-ms": "250", "retry-after": "3"}, 0.25),
        ({"retry-after": format_datetime(NOW + timedelta(seconds=9), usegmt=True)}, 9.0),
        ({"retry-after": format_datetime(NOW - timedelta(seconds=9), usegmt=True)}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
    ],
)
def test_pause_is_read_as_seconds_milliseconds_or_date(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after_s(headers, NOW) == seconds


def test_calls_under_way_count_against_the_ceiling() -> None:
    request = LlmRequest("m", "", "x" * 100, max_tokens=1_000)
    budget = Budget(Price(0, 1_000), ceiling=2.5)

    first, second = budget.reserve(request), budget.reserve(request)
    assert (first, second) == (1.0, 1.0)
    assert budget.reserve(request) is None

    budget.settle(1.0, LlmReply("", completion_tokens=100))
    assert budget.spent == pytest.approx(0.1)
    assert budget.reserve(request) == 1.0


def test_call_of_unknown_end_counts_in_full_and_a_refused_one_not() -> None:
    request = LlmRequest("m", "", "", max_tokens=1_000)
    budget = Budget(Price(0, 1_000), ceiling=9)
    for may_cost in (True, False):
        reserved = budget.reserve(request)
        assert reserved is not None
        budget.settle(reserved, None, may_cost=may_cost)

    assert budget.spent == 1.0
    assert not budget.has_open_calls


@given(st.lists(st.integers(0, 1_000), max_size=60))
def test_spent_never_exceeds_the_ceiling(used: list[int]) -> None:
    request = LlmRequest("m", "", "", max_tokens=1_000)
    budget, open_calls = Budget(Price(0, 1_000), ceiling=7), []
    for tokens in used:
        reserved = budget.reserve(request)
        if reserved is None:
            if open_calls:
                budget.settle(*open_calls.pop())
            continue
        open_calls.append((reserved, LlmReply("", completion_tokens=tokens)))
    for one in open_calls:
        budget.settle(*one)
    assert budget.spent <= 7.0 + 1e-9


@pytest.mark.parametrize(
    "text",
    [
        "Which is the most likely diagnosis?",
        "最も可能性の高い診断はどれか。",
        "निदान क्या है?",
        "HU 45; 32 x 27 mm",
    ],
)
def test_guess_for_the_ceiling_is_above_the_count(text: str) -> None:
    assert most_prompt_tokens(LlmRequest("m", "", text)) >= count_tokens(text)


def test_reply_that_tells_no_tokens_counts_as_much_as_was_set_aside() -> None:
    budget = Budget(Price(1_000.0, 1_000.0), 10.0)
    reserved = budget.reserve(LlmRequest("m", "", "t", max_tokens=10))
    assert reserved

    budget.settle(reserved, LlmReply("B"))

    assert budget.spent == reserved
    assert not budget.has_open_calls
