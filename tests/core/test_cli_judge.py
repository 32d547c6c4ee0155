"""The commands `judge …`, end to end over a real server."""

import json

import pytest

from core.cli import main
from core.workspace import create_workspace
from tests.factories import ticking_clock
from tests.judging_study import Judged, grader
from tests.llm_server import LlmServer, Scripted


@pytest.fixture
def judged_path(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("ASCLEPIUS_API_KEY", "sk-secret-of-the-test")
    monkeypatch.setattr("core.paths.endpoints_file", lambda: tmp_path / "user" / "e.json")
    path = tmp_path / "j.asclepius"
    with create_workspace(path, clock=ticking_clock()) as workspace:
        judged = Judged(workspace)
        workspace.judging.draw_sample(judged.lead.id, 50)
        judged.grade_all(judged.physicians[0])
    return path, judged.runs[0].id


def run(capsys, *words):
    code = main([str(one) for one in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_judge_goes_from_sample_to_scores(capsys, judged_path):
    path, run_id = judged_path
    with LlmServer(grader()) as server:
        ask = ("--model", "gpt-judge", "--base-url", server.base_url, "--json")
        on_sample = run(capsys, "judge", "run", path, *ask)
        on_run = run(capsys, "judge", "run", path, *ask, "--run", run_id)
    before = run(capsys, "judge", "scores", path, "--json")
    agreement = json.loads(run(capsys, "judge", "agreement", path, "--json")[1])
    accepted = run(capsys, "judge", "accept", path)
    scores = json.loads(run(capsys, "judge", "scores", path, "--json")[1])
    results = json.loads(run(capsys, "results", path, "--json")[1])

    assert (on_sample[0], on_run[0], accepted[0]) == (0, 0, 0)
    assert "one family" in on_sample[1]
    assert json.loads(before[1]) == []
    assert (agreement["checked"], agreement["gwet_ac1"]["value"]) == (12, 1.0)
    assert "checked on 12 answers" in accepted[1]
    assert {one["judge"] for one in scores} == {"gpt-judge · rubric-1"}
    assert results["judged"] == scores


def test_words_for_people_say_what_counts(capsys, judged_path):
    path, _ = judged_path
    with LlmServer(grader()) as server:
        run(capsys, "judge", "run", path, "--model", "m", "--base-url", server.base_url)

    said = run(capsys, "judge", "agreement", path)[1]

    assert "Gwet's AC1: 1.00" in said
    assert "Its scores do not count yet." in said
    assert "no " in run(capsys, "judge", "list", path)[1]


def test_temperature_can_be_left_to_a_reasoning_model(capsys, judged_path):
    path, _ = judged_path
    with LlmServer(grader()) as server:
        address = ("--model", "m", "--base-url", server.base_url)
        run(capsys, "judge", "run", path, *address, "--temperature", "none")
        sent = [seen.body for seen in server.seen]

    assert sent
    assert not any("temperature" in body for body in sent)


def test_failed_calls_are_said_and_exit_with_1(capsys, judged_path):
    path, run_id = judged_path
    bad = iter([Scripted(status=400)])
    with LlmServer(lambda seen: next(bad, None) or grader()(seen)) as server:
        code, _, err = run(
            capsys,
            *("judge", "run", path, "--model", "m", "--base-url", server.base_url),
            *("--run", run_id),
        )

    assert code == 1
    assert err == "1 call failed; the same command asks them again.\n"


def test_without_a_judge_there_is_one_sentence(capsys, judged_path):
    code, _, err = run(capsys, "judge", "agreement", judged_path[0])

    assert (code, err) == (1, "No judge has been asked yet. Use `asclepius judge run`.\n")


def test_judge_is_asked_by_a_named_endpoint_as_runs_are(capsys, judged_path):
    path, _ = judged_path
    with LlmServer(grader()) as server:
        ward = ("endpoints", "--add", "ward", "--model", "m", "--base-url", server.base_url)
        run(capsys, *ward, "--api", "responses", "--effort", "low", "--price", "0,1000")
        code, out, _ = run(capsys, "judge", "run", path, "--endpoint", "ward")
        assert code == 0
        assert "m · rubric-1" in out
        assert {one.path for one in server.seen} == {"/v1/responses"}
        other = ("--endpoint", "ward", "--model", "m-2", "--ceiling", "0.0001")
        stopped = run(capsys, "judge", "run", path, *other)
    assert (stopped[0], "might cost more" in stopped[2]) == (1, True)


def test_judge_without_an_endpoint_or_a_price_for_its_ceiling_is_one_sentence(capsys, judged_path):
    path, _ = judged_path
    nowhere = run(capsys, "judge", "run", path, "--model", "m")
    unpriced = run(
        capsys,
        "judge",
        "run",
        path,
        "--model",
        "m",
        "--base-url",
        "http://127.0.0.1:9/v1",
        "--ceiling",
        "1",
    )

    assert (nowhere[0], nowhere[2].count("\n")) == (1, 1)
    assert "No endpoint was named" in nowhere[2]
    assert "needs to know what tokens cost" in unpriced[2]
