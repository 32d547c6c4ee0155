"""What a run would take is known before the first call, and its ceiling holds during it."""

from dataclasses import replace

import pytest

from core.domain.answer import AnswerState
from core.domain.body import AnswerFormat
from core.domain.run import RunStatus
from core.llm.budget import Price
from core.llm.picture_tokens import PictureSize, picture_tokens, png_size
from core.llm.tokens import count_tokens, text_tokens
from core.services.evaluation.records import (
    BlockReason,
    Calling,
    CeilingError,
    RunRequest,
)
from tests.llm_server import LlmServer, Scripted
from tests.study import Study

PRICED = Calling(concurrency=2, price=Price(1_000.0, 10_000.0, "2026-01-05"))


@pytest.fixture
def server():
    with LlmServer(Scripted("B")) as running:
        yield running


def request(server: LlmServer) -> RunRequest:
    return RunRequest("test-llm", server.base_url, max_tokens=20)


def test_questions_are_counted_by_format_and_nothing_is_sent(
    study: Study, server: LlmServer
) -> None:
    for _ in range(3):
        study.committed()
    study.committed(AnswerFormat.REPORT)

    found = study.workspace.evaluation.preflight(request(server), PRICED)

    assert {row.format: row.calls for row in found.rows} == {
        AnswerFormat.SINGLE_CHOICE: 3,
        AnswerFormat.REPORT: 1,
    }
    assert server.seen == []
    assert found.cost is not None
    assert 0 < found.cost.low < found.cost.expected < found.cost.high
    assert found.reply_tokens.high == 4 * 20
    assert not found.is_measured
    assert study.workspace.evaluation.start(found.preparation).value.done == 4


def test_without_a_price_there_is_no_cost(study: Study, server: LlmServer) -> None:
    study.committed()

    assert study.workspace.evaluation.preflight(request(server)).cost is None


def test_tokens_hold_what_was_sent(study: Study, server: LlmServer) -> None:
    study.committed()
    service = study.workspace.evaluation

    found = service.preflight(request(server), PRICED)
    service.start(found.preparation)

    sent = sum(count_tokens(one["content"]) for one in server.seen[0].body["messages"])
    assert found.prompt_tokens.low <= sent + 4 <= found.prompt_tokens.high


def test_image_that_is_not_cleared_or_gone_has_its_reason(study: Study, server: LlmServer) -> None:
    study.committed(image="CT_small.dcm")
    gone = study.committed(image="MR_small.dcm")
    study.workspace.blinding.clear_image(gone.question, 0, study.author.id)
    study.workspace.blinding.approve(gone.question, study.author.id)
    cleared = study.workspace.authoring.current(gone.question)
    service = study.workspace.evaluation
    with_picture = service.preflight(request(server), PRICED)
    study.workspace.media_store.path(cleared.body.images[0].media).unlink()

    found = service.preflight(request(server), PRICED)

    reasons = [one.reason for one in found.preparation.blocked]
    assert reasons == [BlockReason.NOT_CLEARED, BlockReason.MISSING]
    assert [row.pictures for row in with_picture.rows] == [1]


def test_earlier_answers_of_the_model_say_how_long_replies_are(
    study: Study, server: LlmServer
) -> None:
    for _ in range(12):
        study.committed()
    service = study.workspace.evaluation
    service.start(service.prepare(request(server)), PRICED)

    found = service.preflight(replace(request(server), temperature=0.5), PRICED)

    assert found.is_measured
    assert found.reply_tokens.expected == pytest.approx(12 * 3)


def test_ceiling_stops_a_run_before_it_is_broken_and_the_rest_can_be_resumed(
    study: Study, server: LlmServer
) -> None:
    for _ in range(12):
        study.committed()
    service = study.workspace.evaluation
    preparation = service.prepare(request(server))
    # A call may cost at most 0.2 and some prompt; it does cost 0.041.
    limited = replace(PRICED, ceiling=0.75)

    with pytest.raises(CeilingError, match=r"0\.75"):
        service.start(preparation, limited)

    summary = service.runs()[0]
    spent = sum(float(one.details["cost"]) for one in service.answers(summary.run.id))
    assert summary.run.status is RunStatus.PAUSED
    assert 0 < summary.done < 12
    assert spent == pytest.approx(0.041 * summary.done)
    assert spent <= 0.75
    with pytest.raises(CeilingError):
        service.resume(summary.run.id, limited)
    assert service.resume(summary.run.id, PRICED).value.counts == {AnswerState.ANSWERED: 12}
    assert len(server.seen) == 12


@pytest.mark.parametrize(
    ("llm", "size", "tokens"),
    [
        ("gpt-4o", PictureSize(512, 512), 255),
        ("gpt-4o", PictureSize(1024, 1024), 765),
        ("gpt-4o", PictureSize(2048, 4096), 1105),
        ("claude-x", PictureSize(1000, 1000), 1333),
        ("gemini-x", PictureSize(300, 300), 258),
    ],
)
def test_pictures_count_as_the_families_publish_it(
    llm: str, size: PictureSize, tokens: int
) -> None:
    assert picture_tokens(size, llm).expected == pytest.approx(tokens, abs=1)


def test_unknown_model_has_the_span_of_all_families() -> None:
    size = PictureSize(1024, 1024)
    known = [picture_tokens(size, llm).expected for llm in ("gpt-4o", "claude", "gemini", "qwen")]

    found = picture_tokens(size, "hospital-llm")

    assert found.low <= min(known)
    assert found.high >= max(known)


def test_size_of_a_picture_is_in_its_header(study: Study) -> None:
    revision = study.committed(image="CT_small.dcm")
    thumbnail = study.workspace.images.thumbnail(revision.body.images[0], 64)

    assert png_size(thumbnail) == PictureSize(64, 64)


def test_other_scripts_have_a_wider_span() -> None:
    latin, other = text_tokens("most likely diagnosis " * 9), text_tokens("निदान क्या है? " * 9)

    assert latin.high / latin.expected < other.high / other.expected
