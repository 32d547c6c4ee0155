"""Judges on a real workspace, against a real server on loopback."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.answer import AnswerState
from core.domain.body import AnswerFormat
from core.domain.judging import GradingState, JudgeVerdict
from core.domain.media import ImageUse
from core.domain.people import Role
from core.errors import LlmError, ValidationError, WorkflowError
from core.llm.budget import Price
from core.llm.client import Api
from core.llm.retry import RetryPolicy
from core.services.evaluation.records import Calling, CeilingError
from core.services.judging.records import MIN_CHECKED, JudgeRequest
from core.tasks import CancelToken
from core.workspace import create_workspace
from tests.factories import make_body, make_plan, ticking_clock
from tests.judging_study import Judged, grader
from tests.llm_server import LlmServer, Scripted, Seen
from tests.study import Study as Shortcuts

FAST = RetryPolicy(attempts=1)
KEY = "sk-judge-secret-987654321"


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with LlmServer(grader()) as running:
        yield running


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[Judged]:
    with create_workspace(tmp_path / "j.asclepius", clock=ticking_clock()) as workspace:
        yield Judged(workspace)


def calling(**changes: object) -> Calling:
    return Calling(**{"api_key": KEY, "policy": FAST, "concurrency": 2} | changes)


def accepted(judged: Judged, server: LlmServer) -> str:
    """Bring a judge to the point where its scores count, and return its id."""
    service, lead = judged.workspace.judging, judged.lead.id
    service.draw_sample(lead, 50)
    judged.grade_all(judged.physicians[0])
    judge = judged.judge(judged.prepared(server), calling()).judge.id
    judged.judge(judged.prepared(server, judged.runs[0]), calling())
    service.decide(judge, lead, JudgeVerdict.ACCEPTED)
    return judge


def test_every_turn_is_stored_with_rubric_polarity_and_raw_reply(
    judged: Judged, server: LlmServer
) -> None:
    preparation = judged.prepared(server, judged.runs[0])

    summary = judged.judge(preparation, calling())

    assert (summary.graded, summary.unscored, summary.failed) == (6, 0, 0)
    gradings = judged.workspace.judging.gradings(summary.judge.id, preparation.answers[1])
    assert sorted(one.turn for one in gradings) == ["1", "1-swapped"]
    for one in gradings:
        assert len(one.met) == len(one.rubric.points)
        assert json.loads(one.raw_text)["points"]
        assert one.request_hash
        assert one.details["prompt_tokens"] == 11


def test_a_judge_is_asked_in_both_orders_and_never_told_the_model(
    judged: Judged, server: LlmServer
) -> None:
    judged.judge(judged.prepared(server, judged.runs[0]), calling())

    texts = [seen.text for seen in server.seen]
    swapped = [text for text in texts if text.index("<<ANSWER") < text.index("<<REFERENCE")]
    assert (len(texts), len(swapped)) == (12, 6)
    assert not any("gpt-demo" in json.dumps(seen.body["messages"]) for seen in server.seen)


@pytest.mark.parametrize(
    ("scripted", "state"),
    [
        (Scripted("I think it is right."), GradingState.UNREADABLE),
        (Scripted('{"points": [{"number": 1, "tr', finish_reason="length"), "unreadable"),
        (Scripted(None, refusal="I cannot grade this."), GradingState.REFUSED),
        (Scripted("", finish_reason="content_filter"), GradingState.REFUSED),
        (Scripted(status=500), GradingState.FAILED),
        (Scripted(status=400), GradingState.FAILED),
    ],
)
def test_what_cannot_be_graded_is_unscored_and_never_zero(
    judged: Judged, server: LlmServer, scripted: Scripted, state: str
) -> None:
    last = judged.stored.run(judged.revisions[:1], "right", llm="other")
    server.answers(scripted)

    summary = judged.judge(judged.prepared(server, last), calling())

    assert (summary.graded, summary.unscored) == (0, 1)
    [answer] = judged.prepared(server, last).answers
    gradings = judged.workspace.judging.gradings(summary.judge.id, answer)
    assert {(one.state.value, one.value) for one in gradings} == {(str(state), None)}


def test_turns_that_contradict_each_other_leave_an_answer_unscored(
    judged: Judged, server: LlmServer
) -> None:
    def by_order(seen: Seen) -> Scripted:
        is_swapped = seen.text.index("<<ANSWER") < seen.text.index("<<REFERENCE")
        return grader(lambda *_: is_swapped)(seen)

    server.answers(by_order)
    judged.workspace.judging.draw_sample(judged.lead.id, 50)
    summary = judged.judge(judged.prepared(server), calling())

    assert (summary.graded, summary.unscored) == (0, 12)
    assert judged.workspace.judging.agreement(summary.judge.id).consistency == 0.0


def test_going_on_asks_only_what_has_no_reply_yet(judged: Judged, server: LlmServer) -> None:
    replies = iter([Scripted(status=500)] * 3)
    lock = threading.Lock()

    def failing_first(seen: Seen) -> Scripted:
        with lock:
            return next(replies, None) or grader()(seen)

    server.answers(failing_first)
    first = judged.judge(judged.prepared(server, judged.runs[0]), calling())
    asked = len(server.seen)
    again = judged.prepared(server, judged.runs[0])
    second = judged.judge(again, calling())

    assert (first.failed, len(again.calls), len(server.seen) - asked) == (3, 3, 3)
    assert (second.judge.id, second.graded, second.failed) == (first.judge.id, 6, 0)


def test_a_cancelled_judge_keeps_what_it_graded(judged: Judged, server: LlmServer) -> None:
    cancel = CancelToken()
    preparation = judged.prepared(server, judged.runs[0])

    summary = judged.workspace.judging.start(
        preparation,
        calling(concurrency=1),
        cancel=cancel,
        progress=lambda _: cancel.cancel(),
    ).value

    left = judged.prepared(server, judged.runs[0]).calls
    assert 0 < len(left) < len(preparation.calls)
    assert summary.failed == 0


def test_another_wording_model_or_number_of_turns_is_another_judge(
    judged: Judged, server: LlmServer
) -> None:
    ids = {
        judged.judge(judged.prepared(server, judged.runs[0], **changes), calling()).judge.id
        for changes in ({}, {"repeats": 2}, {"swaps_order": False}, {"llm": "other"}, {})
    }

    assert len(ids) == 4


def test_the_sample_is_drawn_evenly_by_seed_over_runs_and_formats(judged: Judged) -> None:
    service, lead = judged.workspace.judging, judged.lead.id
    first = service.draw_sample(lead, 4, seed=5).value
    again = service.draw_sample(lead, 4, seed=5).value

    assert first.answers == again.answers
    with judged.stored.database.read() as tx:
        answers = [tx.answers.get(one) for one in first.answers]
        formats = [tx.revisions.get(one.revision).body.format for one in answers]
    assert len({(one.occasion_id, f) for one, f in zip(answers, formats, strict=True)}) == 4


def test_a_physician_sees_neither_model_nor_judge_nor_other_physicians(
    judged: Judged, server: LlmServer
) -> None:
    service = judged.workspace.judging
    service.draw_sample(judged.lead.id, 50)
    judged.judge(judged.prepared(server), calling())
    judged.grade_all(judged.physicians[0])

    tasks = service.tasks(judged.physicians[1].id)

    assert len(tasks) == 12
    assert "demo" not in repr(tasks).replace("Demo", "")
    assert all(one.met is None for one in tasks)
    order = [one.answer for one in tasks]
    assert order != [one.answer for one in service.tasks(judged.physicians[0].id)]


def test_a_reader_of_an_open_baseline_gets_no_key_by_grading(judged: Judged) -> None:
    service, me = judged.workspace.judging, judged.physicians[0]
    service.draw_sample(judged.lead.id, 50)
    hidden = judged.revisions[0]
    with judged.stored.database.write() as tx:
        tx.plans.add(make_plan([hidden], [me]))

    tasks = service.tasks(me.id)
    [answer] = [one.answer for one in service.tasks(judged.lead.id) if one.revision == hidden.id][
        :1
    ]

    assert hidden.id not in {one.revision for one in tasks}
    with pytest.raises(WorkflowError, match="key stays hidden"):
        service.grade(me.id, answer, [True])


def test_readers_and_authors_do_not_grade(judged: Judged) -> None:
    reader = judged.workspace.people.add("Demo Reader 9", frozenset({Role.READER})).value

    with pytest.raises(WorkflowError, match="role"):
        judged.workspace.judging.tasks(reader.id)


def test_every_point_needs_a_word_from_the_physician(judged: Judged) -> None:
    service, me = judged.workspace.judging, judged.physicians[0].id
    service.draw_sample(judged.lead.id, 50)

    with pytest.raises(ValidationError, match="every point"):
        service.grade(me, service.tasks(me)[0].answer, [])


def test_agreement_compares_the_judge_with_the_majority_of_physicians(
    judged: Judged, server: LlmServer
) -> None:
    service = judged.workspace.judging
    service.draw_sample(judged.lead.id, 50)
    judge = judged.judge(judged.prepared(server), calling()).judge.id
    sample = service.sample()
    assert sample is not None
    judged.grade_all(judged.physicians[0])
    alone = service.agreement(judge)
    judged.grade_all(judged.physicians[1], frozenset(sample.answers[:3]))
    both = service.agreement(judge)

    assert (alone.checked, alone.physicians, alone.judge.percent.value) == (12, 1, 1.0)
    assert alone.among_physicians is None
    assert (both.checked, both.undecided) == (9, 3)
    assert both.among_physicians is not None
    assert both.among_physicians.percent.value == pytest.approx(0.75)
    assert both.consistency == 1.0
    assert {one.llm: one.is_same_family for one in both.by_llm} == {
        "gpt-demo": True,
        "qwen-demo": False,
    }


def test_scores_of_a_judge_count_only_after_a_lead_accepted_it(
    judged: Judged, server: LlmServer
) -> None:
    service = judged.workspace.judging
    judge = accepted(judged, server)

    [short, report] = [
        one for one in judged.workspace.analysis.results().judged if one.run == judged.runs[0].id
    ]
    service.decide(judge, judged.lead.id, JudgeVerdict.WITHDRAWN)

    assert judged.workspace.analysis.results().judged == ()
    assert (short.format, report.format) == (AnswerFormat.SHORT_TEXT, AnswerFormat.REPORT)
    assert (short.n, short.unscored) == (3, 0)
    assert short.mean == pytest.approx(2 / 3)
    assert short.judge.spec.name == "gpt-judge · rubric-1"
    assert short.is_same_family
    assert short.corrected is not None
    assert short.corrected.checked == 3


def test_too_few_checked_answers_or_the_wrong_person_accept_no_judge(
    judged: Judged, server: LlmServer
) -> None:
    service = judged.workspace.judging
    service.draw_sample(judged.lead.id, MIN_CHECKED - 1)
    judge = judged.judge(judged.prepared(server), calling()).judge.id
    judged.grade_all(judged.physicians[0])

    with pytest.raises(WorkflowError, match="Only 9 answers"):
        service.decide(judge, judged.lead.id, JudgeVerdict.ACCEPTED)
    with pytest.raises(WorkflowError, match="role of lead"):
        service.decide(judge, judged.physicians[0].id, JudgeVerdict.ACCEPTED)


def test_what_is_unscored_stays_out_of_the_mean_and_inside_its_bounds(
    judged: Judged, server: LlmServer
) -> None:
    judge = accepted(judged, server)
    refused = judged.stored.run(
        judged.revisions[:3:2], AnswerState.REFUSED, "right", llm="third-demo"
    )
    server.answers(Scripted("no"))
    judged.judge(judged.prepared(server, refused), calling())

    [figure] = [one for one in judged.workspace.analysis.results().judged if one.run == refused.id]
    assert figure.judge.id == judge
    assert (figure.n, figure.unscored) == (1, 1)
    assert (figure.mean, figure.low, figure.high) == (0.0, 0.0, 0.5)


def test_judge_scores_never_enter_other_figures(judged: Judged, server: LlmServer) -> None:
    before = judged.workspace.analysis.results().respondents
    accepted(judged, server)

    assert judged.workspace.analysis.results().respondents == before


def test_a_judge_of_the_same_family_is_warned_about(judged: Judged, server: LlmServer) -> None:
    [warning] = judged.prepared(server, judged.runs[0]).warnings

    assert "gpt-judge and gpt-demo are of one family" in warning
    assert judged.prepared(server, judged.runs[1]).warnings == ()


def test_images_go_to_a_judge_only_if_asked_and_cleared(judged: Judged, server: LlmServer) -> None:
    shortcuts = Shortcuts(
        judged.workspace, judged.lead, judged.lead, judged.physicians, judged.lead
    )
    media = shortcuts.imported("CT_small.dcm")
    body = make_body(AnswerFormat.REPORT, images=(ImageUse(media),))
    run = judged.stored.run([judged.stored.question(AnswerFormat.REPORT, body=body)], "right")

    without = judged.judge(judged.prepared(server, run), calling())
    asked = len(server.seen)
    uncleared = judged.judge(judged.prepared(server, run, sees_images=True), calling())

    assert (without.graded, asked) == (1, 2)
    assert not any(seen.picture_urls for seen in server.seen)
    assert (uncleared.graded, uncleared.failed, len(server.seen)) == (0, 2, asked)


def test_a_cleared_image_reaches_a_judge_that_sees_images(
    tmp_path: Path, server: LlmServer
) -> None:
    with create_workspace(tmp_path / "c.asclepius", clock=ticking_clock()) as workspace:
        judged = Judged(workspace, 0)
        lead = judged.lead
        shortcuts = Shortcuts(workspace, lead, lead, judged.physicians, lead)
        revision = shortcuts.committed(AnswerFormat.REPORT, image="CT_small.dcm")
        workspace.blinding.clear_image(revision.question, 0, lead.id)
        cleared = workspace.authoring.current(revision.question)
        run = judged.stored.run([cleared], "right")

        summary = judged.judge(judged.prepared(server, run, sees_images=True), calling())

    assert summary.graded == 1
    assert [len(seen.picture_urls) for seen in server.seen] == [1, 1]


def test_a_wrong_key_stops_the_judge_with_one_sentence(judged: Judged, server: LlmServer) -> None:
    server.answers(Scripted(status=401))

    with pytest.raises(LlmError, match="refused the API key"):
        judged.judge(judged.prepared(server, judged.runs[0]), calling())


def test_a_remote_judge_without_a_key_is_not_asked(judged: Judged) -> None:
    request = JudgeRequest("m", "https://judge.example.org/v1")
    preparation = judged.workspace.judging.prepare(request, judged.runs[0].id)

    with pytest.raises(LlmError, match="no API key"):
        judged.workspace.judging.start(preparation)


def test_the_key_is_in_no_file_of_the_workspace(judged: Judged, server: LlmServer) -> None:
    judged.judge(judged.prepared(server, judged.runs[0]), calling())

    files = [one for one in judged.workspace.path.rglob("*") if one.is_file()]
    assert files
    assert not any(KEY.encode() in one.read_bytes() for one in files)


def test_a_changed_grading_is_found_by_the_integrity_check(
    judged: Judged, server: LlmServer
) -> None:
    judged.judge(judged.prepared(server, judged.runs[0]), calling())
    assert "A grading" not in str(judged.workspace.integrity.check())
    path = judged.workspace.path / "workspace.db"
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute("UPDATE gradings SET met = '[true]' WHERE met = '[false]'")

    assert "A grading" in str(judged.workspace.integrity.check())


def test_judge_is_asked_in_the_protocol_of_its_endpoint(judged: Judged, server: LlmServer) -> None:
    judged.workspace.judging.draw_sample(judged.lead.id, 3)
    reasoning = judged.prepared(server, api=Api.RESPONSES, effort="high", temperature=0.0)

    summary = judged.judge(reasoning, calling(is_streaming=True))

    assert (summary.graded, summary.unscored) == (3, 0)
    assert {one.path for one in server.seen} == {"/v1/responses"}
    assert all(one.body["reasoning"]["effort"] == "high" for one in server.seen)
    assert not any("temperature" in one.body for one in server.seen)
    assert summary.judge.spec != judged.prepared(server).spec, "it is another judge"


def test_judge_that_must_see_images_is_not_put_to_an_endpoint_that_takes_none(
    judged: Judged, server: LlmServer
) -> None:
    judged.workspace.judging.draw_sample(judged.lead.id, 3)

    with pytest.raises(ValidationError, match="takes no images"):
        judged.prepared(server, sees_images=True, takes_pictures=False)
    judged.prepared(server, sees_images=False, takes_pictures=False)


def test_judge_keeps_to_its_ceiling_over_several_starts(judged: Judged, server: LlmServer) -> None:
    judged.workspace.judging.draw_sample(judged.lead.id, 12)
    price = Price(0.0, 1_000.0, "2026-01-05")  # 3 tokens a reply, at most 20: 0.003 and 0.02
    ceiled = calling(price=price, ceiling=0.03, concurrency=1)

    for _ in range(2):
        with pytest.raises(CeilingError):
            judged.judge(judged.prepared(server, max_tokens=20), ceiled)

    # Four calls cost 0.012 of 0.03; a fifth might cost 0.02 more.
    assert len(server.seen) == 4
    done = judged.judge(judged.prepared(server, max_tokens=20), replace(ceiled, ceiling=1.0))
    assert done.graded == 12


def test_failed_gradings_count_against_the_ceiling_of_the_next_start(
    judged: Judged, server: LlmServer
) -> None:
    judged.workspace.judging.draw_sample(judged.lead.id, 2)
    price = Price(0.0, 1_000.0, "2026-01-05")  # at most 20 tokens a reply: 0.02
    server.answers(Scripted(resets=True))
    failed = judged.judge(
        judged.prepared(server, max_tokens=20), calling(price=price, concurrency=1)
    )
    sent = len(server.seen)

    with pytest.raises(CeilingError):
        judged.judge(
            judged.prepared(server, max_tokens=20),
            calling(price=price, concurrency=1, ceiling=0.02 * sent + 0.01),
        )

    assert failed.graded == 0
    assert len(server.seen) == sent
