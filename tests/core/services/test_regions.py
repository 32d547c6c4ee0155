"""A region from its author over blinding, a model and back: the same pixels everywhere."""

import json

import pytest

from core.domain.answer import AnswerState
from core.domain.body import AnswerFormat, Marked
from core.domain.score import ScoreState
from core.scoring.scorers import score
from core.workspace import create_workspace
from tests.core.services.test_evaluation import run
from tests.core.services.test_exchange_export import verified
from tests.llm_server import LlmServer, Scripted


@pytest.fixture
def question(study):
    return verified(study, AnswerFormat.REGION, image="CT_small.dcm")


def test_region_question_survives_export_and_import(study, question, tmp_path):
    study.workspace.exchange.export(tmp_path / "set")
    with create_workspace(tmp_path / "other.asclepius") as other:
        report = other.exchange.import_file(tmp_path / "set", other.people.me().id).value
        assert (report.added, report.problems) == (1, ())
        ours, theirs = (w.authoring.current(question) for w in (study.workspace, other))
        assert theirs.key == ours.key
        assert theirs.body.asked == ours.body.asked


def test_key_of_a_region_is_not_in_a_set_without_keys(study, question, tmp_path):
    study.workspace.exchange.export(tmp_path / "bare", with_keys=False)
    text = (tmp_path / "bare" / "questions.jsonl").read_text("utf-8")
    assert '"regions"' not in text
    assert '"threshold"' not in text


@pytest.mark.parametrize(
    ("box", "state"),
    [([12, 10, 50, 42], ScoreState.CORRECT), ([60, 60, 90, 90], ScoreState.INCORRECT)],
)
def test_model_is_told_the_size_and_its_box_is_scored(study, question, box, state):
    with LlmServer() as server:
        server.answers(lambda _: Scripted(json.dumps({"answer": {"box": box}})))
        run(study, server)
        assert "128 × 128" in server.seen[0].text
    revision = study.workspace.authoring.current(question)
    (summary,) = study.workspace.evaluation.runs()
    (answer,) = study.workspace.evaluation.answers(summary.run.id)
    assert answer.state is AnswerState.ANSWERED
    assert isinstance(answer.response, Marked)
    assert score(answer, revision.body.asked, revision.key).state is state
