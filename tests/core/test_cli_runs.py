import json
from pathlib import Path

import pytest

from core.cli import main
from tests.batch_server import BatchServer
from tests.llm_server import LlmServer, Scripted, Seen

KEY = "sk-secret-of-the-test"


@pytest.fixture
def workspace(tmp_path, capsys, monkeypatch) -> Path:
    monkeypatch.setenv("ASCLEPIUS_API_KEY", KEY)
    monkeypatch.setattr("core.paths.endpoints_file", lambda: tmp_path / "user" / "e.json")
    path = tmp_path / "study.asclepius"
    table = tmp_path / "questions.csv"
    rows = [f"yes/no,Is {number} even?,{'no' if number % 2 else 'yes'}" for number in range(1, 7)]
    table.write_text("\n".join(["format,stem,key", *rows]), encoding="utf-8")
    assert main(["new", str(path)]) == 0
    assert main(["import", str(path), str(table)]) == 0
    capsys.readouterr()
    return path


@pytest.fixture
def server():
    with LlmServer(Scripted("Yes")) as running:
        yield running


def run(capsys, *words) -> tuple[int, str, str]:
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def add_endpoint(capsys, server: LlmServer, *more) -> None:
    address = ("--model", "m-1", "--base-url", server.base_url)
    assert run(capsys, "endpoints", "--add", "ward", *address, *more)[0] == 0


def test_preflight_says_what_a_run_would_take_and_sends_nothing(capsys, workspace, server) -> None:
    words = ("--model", "m", "--base-url", server.base_url, "--price", "1000,2000")

    code, out, _ = run(capsys, "preflight", workspace, *words)
    plain = json.loads(run(capsys, "preflight", workspace, *words, "--json")[1])

    assert code == 0
    assert "yes no" in out
    assert "Cost: " in out
    assert (plain["questions"], plain["calls"]) == (6, 6)
    assert 0 < plain["cost"]["low"] < plain["cost"]["expected"] < plain["cost"]["high"]
    assert server.seen == []


def test_named_endpoint_is_kept_tested_used_and_removed(capsys, workspace, server) -> None:
    add_endpoint(capsys, server, "--concurrency", "2")

    assert "m-1" in run(capsys, "endpoints")[1]
    assert "takes pictures" in run(capsys, "endpoints", "--test", "ward")[1]
    assert run(capsys, "evaluate", workspace, "--endpoint", "ward")[0] == 0
    assert {seen.body["model"] for seen in server.seen} == {"m-1"}
    assert run(capsys, "endpoints", "--remove", "ward", "--json")[1].strip() == "[]"
    code, _, err = run(capsys, "evaluate", workspace, "--endpoint", "ward")
    assert (code, err.count("\n")) == (1, 1)
    assert "no endpoint “ward”" in err


def test_model_that_takes_no_pictures_is_told_by_the_connection_test(
    capsys, workspace, server
) -> None:
    def refuses_pictures(seen: Seen) -> Scripted:
        return Scripted(status=400) if seen.picture_urls else Scripted("OK")

    server.answers(refuses_pictures)
    add_endpoint(capsys, server)

    assert "takes no pictures" in run(capsys, "endpoints", "--test", "ward")[1]


def test_runs_are_listed_with_what_was_asked(capsys, workspace, server) -> None:
    assert run(capsys, "runs", workspace)[1] == "There is no run yet.\n"
    address = ("--model", "m", "--base-url", server.base_url)
    asked = ("--questions", "1,3-4", "--repeats", "2", "--condition", "text", "--seed", "7")
    assert run(capsys, "evaluate", workspace, *address, *asked)[0] == 0

    listed = run(capsys, "runs", workspace)[1]
    plain = json.loads(run(capsys, "runs", workspace, "--json")[1])

    assert "6 of 6" in listed
    assert "text only, majority of 2" in listed
    assert plain[0]["states"] == {"answered": 6}
    assert len(server.seen) == 6


def test_rescoring_asks_nobody_and_names_a_run_by_its_beginning(capsys, workspace, server) -> None:
    address = ("--model", "m", "--base-url", server.base_url)
    run(capsys, "evaluate", workspace, *address)
    asked = len(server.seen)
    name = json.loads(run(capsys, "runs", workspace, "--json")[1])[0]["run"]

    code, out, _ = run(capsys, "rescore", workspace, name[:30])
    assert code == 0
    assert "6 stored answers, 0 read differently" in out
    assert "0 answers scored. No call was made." in out
    code, _, err = run(capsys, "rescore", workspace, "x")
    assert (code, len(server.seen)) == (1, asked)
    assert "No run begins with “x”" in err


def test_ceiling_stops_with_a_sentence_and_needs_a_price(capsys, workspace, server) -> None:
    words = ["evaluate", workspace, "--model", "m", "--base-url", server.base_url]

    code, _, err = run(capsys, *words, "--ceiling", "1")
    assert (code, server.seen) == (1, [])
    assert "--price" in err
    code, _, err = run(capsys, *words, "--ceiling", "0.01", "--price", "1000,1000")
    assert (code, server.seen) == (1, [])
    assert "0.01" in err


def test_reasoning_and_responses_reach_the_endpoint(capsys, workspace, server) -> None:
    words = ["evaluate", workspace, "--model", "m", "--base-url", server.base_url]

    run(capsys, *words, "--questions", "1", "--effort", "high", "--structured")
    body = server.seen[0].body

    assert body["reasoning_effort"] == "high"
    assert "temperature" not in body
    assert body["response_format"]["json_schema"]["schema"]["required"] == ["answer"]


def test_models_of_an_endpoint_are_listed_by_name_or_address(capsys, workspace, server) -> None:
    add_endpoint(capsys, server)
    server.answers(Scripted("vision-2 vision-1"))

    assert run(capsys, "endpoints", "--models", "ward")[1] == "vision-1\nvision-2\n"
    plain = run(capsys, "endpoints", "--models", server.base_url, "--json")[1]
    assert json.loads(plain) == ["vision-1", "vision-2"]

    server.answers(Scripted(status=404))
    code, out, err = run(capsys, "endpoints", "--models", "ward")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "does not tell which models it has" in err


def test_endpoint_that_streams_is_asked_in_pieces(capsys, workspace, server) -> None:
    add_endpoint(capsys, server, "--stream", "--api", "responses")

    code, _, _ = run(capsys, "evaluate", workspace, "--endpoint", "ward")

    assert code == 0
    assert "responses, in pieces" in run(capsys, "endpoints")[1]
    assert {one.path for one in server.seen} == {"/v1/responses"}
    assert all(one.body["stream"] for one in server.seen)


def test_batch_is_handed_in_and_collected_by_the_same_command(capsys, workspace) -> None:
    def yes(body: dict) -> tuple[int, dict]:
        return 200, json.loads(Scripted("Yes").payload(Seen("/v1/chat/completions", {}, body)))

    with BatchServer(yes) as server:
        words = ["evaluate", workspace, "--model", "m", "--base-url", server.base_url, "--batch"]
        code, out, _ = run(capsys, *words)
        assert (code, out.splitlines()[-1]) == (0, "The endpoint has done 0 of 6 so far.")
        server.work()
        plain = json.loads(run(capsys, *words, "--json")[1])

    assert (plain["stored"], plain["states"]) == (6, {"answered": 6})


def test_batch_keeps_to_a_ceiling_and_says_what_it_held_back(capsys, workspace) -> None:
    def yes(body: dict) -> tuple[int, dict]:
        return 200, json.loads(Scripted("Yes").payload(Seen("/v1/chat/completions", {}, body)))

    with BatchServer(yes) as server:
        words = ["evaluate", workspace, "--model", "m", "--base-url", server.base_url, "--batch"]
        words += ["--max-tokens", "10", "--price", "0,1000"]

        refused = run(capsys, *words, "--ceiling", "0.009")
        code, out, _ = run(capsys, *words, "--ceiling", "0.045")

        assert (refused[0], refused[2].count("\n")) == (1, 1)
        assert "No batch was handed in" in refused[2]
        assert (code, len(server.lines)) == (0, 4)
        assert "2 calls held back by the ceiling" in out


def test_question_that_is_not_there_is_a_sentence(capsys, workspace, server) -> None:
    words = ["evaluate", workspace, "--model", "m", "--base-url", server.base_url]

    code, _, err = run(capsys, *words, "--questions", "99")

    assert (code, server.seen) == (1, [])
    assert "no question 99" in err


def test_address_is_asked_for_where_none_is_named(capsys, workspace) -> None:
    code, _, err = run(capsys, "evaluate", workspace)

    assert code == 1
    assert "--endpoint" in err


def test_key_is_in_no_file_of_workspace_or_user(capsys, workspace, server, tmp_path) -> None:
    add_endpoint(capsys, server)
    said = run(capsys, "evaluate", workspace, "--endpoint", "ward", "--json")
    said += run(capsys, "export", workspace, "--format", "jsonl", "--out", tmp_path / "set")

    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert len(files) > 4
    assert not [one for one in files if KEY.encode() in one.read_bytes()]
    assert KEY not in "".join(map(str, said))
