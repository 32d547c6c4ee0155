"""Replies beside question and key, on a real workspace against a real server on loopback."""

from collections.abc import Iterator

import pytest

from core.domain.ids import RunId
from core.domain.run import Condition
from core.domain.score import ScoreState
from core.domain.setup import Setup
from core.errors import NotFoundError
from core.llm.retry import RetryPolicy
from core.services.evaluation.records import Calling, RunRequest
from core.services.replies.records import ComparedCell, ComparedQuestion
from tests.llm_server import LlmServer, Scripted, in_turn
from tests.study import Study

ONE_AT_A_TIME = Calling(1, "sk-test-0123", RetryPolicy(attempts=2, first_pause_s=0.01))


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with LlmServer(Scripted("B")) as running:
        yield running


def asked(study: Study, server: LlmServer, llm: str, *replies: Scripted) -> RunId:
    """Ask all questions one after the other and return the run."""
    server.answers(in_turn(*replies))
    service = study.workspace.evaluation
    prepared = service.prepare(RunRequest(llm, server.base_url, Condition.BOTH))
    return service.start(prepared, ONE_AT_A_TIME).value.run.id


def test_tally_tells_right_from_wrong_and_counts_tokens_and_repeats(
    study: Study, server: LlmServer
) -> None:
    for _ in range(4):
        study.committed()
    replies = (
        Scripted(status=500),
        Scripted("B"),
        Scripted("A"),
        Scripted("I can't assist with that."),
        Scripted("Perhaps."),
    )
    run = asked(study, server, "one", *replies)

    tally = study.workspace.replies.tally(run)

    states = {state for state, count in tally.states.items() for _ in range(count)}
    assert tally.count == 4
    assert {ScoreState.REFUSED, ScoreState.NO_ANSWER} < states
    assert {ScoreState.CORRECT, ScoreState.INCORRECT} < states
    assert (tally.prompt_tokens, tally.completion_tokens) == (44, 12)
    assert tally.repeated_calls == 1


def test_detail_names_rule_and_characters_beside_question_and_key(
    study: Study, server: LlmServer
) -> None:
    revision = study.committed()
    run = asked(study, server, "one", Scripted("Let me think.\nThe answer is A."))

    detail = study.workspace.replies.detail(run, revision.id)

    assert detail.span is not None
    assert detail.answer.raw_text[slice(*detail.span)] == "A"
    assert detail.answer.reading_rule
    assert detail.blind.body == revision.body
    assert detail.right == revision.key.right.response()
    assert detail.right_words


def test_question_without_a_reply_is_named_as_such(study: Study, server: LlmServer) -> None:
    first = study.committed()
    run = asked(study, server, "one", Scripted("B"))
    later = study.committed()

    assert study.workspace.replies.detail(run, first.id).answer.revision == first.id
    with pytest.raises(NotFoundError, match="no reply"):
        study.workspace.replies.detail(run, later.id)


def test_lines_come_by_question_number_with_what_was_read(study: Study, server: LlmServer) -> None:
    revisions = [study.committed() for _ in range(3)]
    run = asked(study, server, "one", Scripted("A"), Scripted(status=400), Scripted("A"))

    lines = study.workspace.replies.lines(run)

    assert [line.revision for line in lines] == [one.id for one in revisions]
    assert lines[0].answer == revisions[0].body.asked.options[0].text
    assert (lines[1].state, lines[1].answer) == (ScoreState.FAILED, "")
    assert "scripted" in lines[1].text


def test_runs_stand_side_by_side_with_counts_of_every_two(study: Study, server: LlmServer) -> None:
    for _ in range(4):
        study.committed()
    right, wrong = _letters(study)
    first = asked(study, server, "one", *map(Scripted, (right, right, wrong, wrong)))
    second = asked(study, server, "two", *map(Scripted, (right, wrong, right, wrong)))

    comparison = study.workspace.replies.compare([first, second])

    assert [run.spec.llm for run in comparison.runs] == ["one", "two"]
    assert [one.number for one in comparison.questions] == [1, 2, 3, 4]
    assert [one.differs for one in comparison.questions] == [False, True, True, False]
    assert [one.is_one_right for one in comparison.questions] == [False, True, True, False]
    assert [one.is_all_wrong for one in comparison.questions] == [False, False, False, True]
    assert comparison.pairs() == ((0, 1, 4, 1, 1, 1, 1, 2),)


def test_failed_call_counts_neither_as_right_nor_as_wrong(study: Study, server: LlmServer) -> None:
    study.committed()
    right, _ = _letters(study)
    first = asked(study, server, "one", Scripted(right))
    second = asked(study, server, "two", Scripted(status=400))

    comparison = study.workspace.replies.compare([first, second])

    assert comparison.questions[0].differs
    assert not comparison.questions[0].is_one_right
    assert comparison.pairs()[0].questions == 0


def test_all_calls_of_a_question_make_one_cell(study: Study, server: LlmServer) -> None:
    study.committed()
    right, wrong = _letters(study)
    once = asked(study, server, "one", Scripted(right))
    server.answers(in_turn(*map(Scripted, (wrong, right, right))))
    service = study.workspace.evaluation
    request = RunRequest("three", server.base_url, setup=Setup(repeats=3))
    thrice = service.start(service.prepare(request), ONE_AT_A_TIME).value.run.id

    comparison = study.workspace.replies.compare([once, thrice])

    (question,) = comparison.questions
    assert question.is_all_right, "two of three say so"
    assert not question.differs
    assert len(study.workspace.replies.lines(thrice)) == 3


def test_question_that_one_run_was_not_asked_is_shared_by_nobody() -> None:
    cell = ComparedCell(ScoreState.CORRECT, "Effusion", None)
    question = ComparedQuestion("q", "r", 1, "Which?", "Effusion", (cell, None))

    assert question.differs
    assert not question.is_shared
    assert not question.is_one_right


def _letters(study: Study) -> tuple[str, str]:
    """Return a right and a wrong letter of the questions that `study` writes."""
    revision = study.workspace.authoring.current(study.workspace.authoring.library()[0].id)
    options = [one.id for one in revision.body.asked.options]
    (chosen,) = revision.key.right.response().options
    place = options.index(chosen)
    return "ABCDEFG"[place], "ABCDEFG"[(place + 1) % len(options)]
