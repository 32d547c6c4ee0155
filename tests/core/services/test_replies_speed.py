"""Characters and tokens per second: of what was timed and not empty, by median and P90."""

from dataclasses import replace

import pytest

from core.domain.answer import Answer, Occasion, Respondent, RespondentKind
from core.services.evaluation.records import Calling, RunRequest
from core.services.replies.speed import Speed, speed_of
from tests.factories import make_answer, make_person, make_question, make_revision
from tests.llm_server import LlmServer, Scripted
from tests.study import Study


def answer(text: str, elapsed_s: float | None, **details: float) -> Answer:
    llm = Respondent(RespondentKind.LLM, "m", "m")
    made = make_answer(make_revision(make_question(make_person())), llm, occasion=Occasion.RUN)
    return replace(made, raw_text=text, elapsed_s=elapsed_s, details=dict(details))


def test_characters_are_those_of_the_trimmed_answer_over_the_whole_time() -> None:
    found = speed_of([answer("  abcdef \n", 2.0, completion_tokens=4)])

    assert found.count == 1
    assert found.characters_per_s is not None
    assert found.tokens_per_s is not None
    assert found.characters_per_s.median == found.characters_per_s.p90 == 3.0
    assert found.tokens_per_s.median == 2.0
    assert found.first_word_s is None, "nothing was streamed"


def test_empty_and_untimed_answers_are_left_out() -> None:
    left_out = [answer(" \n", 1.0, completion_tokens=9), answer("abc", None), answer("abc", 0.0)]

    assert speed_of(left_out) == Speed()
    assert speed_of([*left_out, answer("abc", 1.0)]).count == 1


def test_median_and_ninth_tenth_are_of_single_replies() -> None:
    found = speed_of([answer("a" * n, 1.0, first_byte_s=n / 10) for n in range(1, 12)])

    assert found.characters_per_s is not None
    assert found.first_word_s is not None
    assert (found.characters_per_s.median, found.characters_per_s.p90) == (6.0, 10.0)
    assert found.first_word_s.median == pytest.approx(0.6)


def test_run_that_streams_tells_its_speed(study: Study) -> None:
    for _ in range(3):
        study.committed()
    service = study.workspace.evaluation
    with LlmServer(Scripted("The answer is B.")) as server:
        prepared = service.prepare(RunRequest("m", server.base_url))
        run = service.start(prepared, Calling(is_streaming=True)).value.run.id

    speed = study.workspace.replies.tally(run).speed

    assert speed.count == 3
    assert speed.characters_per_s is not None
    assert speed.tokens_per_s is not None
    assert speed.first_word_s is not None
    assert speed.characters_per_s.median > speed.tokens_per_s.median > 0
