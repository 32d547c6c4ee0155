import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.cli import main
from tests.llm_server import LlmServer, Scripted

ROOT = Path(__file__).parents[2]


@pytest.fixture
def workspace(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("ASCLEPIUS_API_KEY", "sk-secret-of-the-test")
    path = tmp_path / "study.asclepius"
    table = tmp_path / "questions.csv"
    rows = [f"yes/no,Is {number} even?,{'no' if number % 2 else 'yes'}" for number in range(12)]
    table.write_text("\n".join(["format,stem,key", *rows]), encoding="utf-8")
    assert main(["new", str(path)]) == 0
    assert main(["import", str(path), str(table)]) == 0
    capsys.readouterr()
    return path


def words_for(workspace, server, *more):
    address = ("--model", "test-llm", "--base-url", server.base_url)
    return ["evaluate", str(workspace), *address, *more]


def run(capsys, words):
    code = main(words)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_run_asks_everything_once_and_results_show_it(capsys, workspace):
    with LlmServer(Scripted("Yes")) as server:
        code, out, err = run(capsys, words_for(workspace, server, "--json"))
        again = run(capsys, words_for(workspace, server, "--json"))
        asked = len(server.seen)
    report = json.loads(out)
    assert (code, err, asked) == (0, "", 12)
    assert (report["status"], report["done"], report["total"]) == ("finished", 12, 12)
    assert json.loads(again[1])["run"] == report["run"]


def test_results_of_a_set_that_nobody_verified_yet_are_shown_and_called_so(capsys, workspace):
    with LlmServer(Scripted("Yes")) as server:
        run(capsys, words_for(workspace, server))

    code, out, _ = run(capsys, ["results", str(workspace), "--by", "format"])

    assert code == 0
    assert "test-llm · image and text" in out
    assert "12 questions, verified or not" in out
    assert out.count("Accuracy") >= 2


def test_temperature_and_length_reach_the_endpoint(capsys, workspace):
    with LlmServer(Scripted("Yes")) as server:
        more = ("--temperature", "none", "--max-tokens", "9", "--condition", "text")
        assert run(capsys, words_for(workspace, server, *more))[0] == 0
        bodies = [seen.body for seen in server.seen]
    assert all("temperature" not in body for body in bodies)
    assert {body.get("max_tokens", body.get("max_completion_tokens")) for body in bodies} == {9}


def test_wrong_api_key_is_one_sentence_without_the_key(capsys, workspace):
    with LlmServer(Scripted(status=401, error_message="bad key")) as server:
        code, _, err = run(capsys, words_for(workspace, server))
    assert code == 1
    assert err.count("\n") == 1
    assert "key" in err
    assert "sk-secret" not in err


def test_failed_calls_exit_with_1_and_the_same_command_asks_only_those(capsys, workspace):
    def fails_for_three(seen):
        return Scripted(status=400) if "Is 3 even" in seen.text else Scripted("Yes")

    with LlmServer(fails_for_three) as server:
        code, _, err = run(capsys, words_for(workspace, server))
        assert (code, err.count("\n")) == (1, 1)
        assert err.startswith("1 call failed:")
        server.answers(Scripted("No"))
        server.seen.clear()
        assert run(capsys, words_for(workspace, server))[0] == 0
        assert [seen.text.count("Is 3 even") for seen in server.seen] == [1]


def test_address_that_is_none_is_one_sentence(capsys, workspace):
    words = ["evaluate", str(workspace), "--model", "m", "--base-url", "not an address"]
    code, out, err = run(capsys, words)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "not an address" in err


@pytest.mark.parametrize("wrong", [("--concurrency", "0"), ("--condition", "smell")])
def test_wrong_option_exits_with_2(capsys, workspace, wrong):
    with LlmServer() as server, pytest.raises(SystemExit, match="2"):
        main(words_for(workspace, server, *wrong))


def test_ctrl_c_keeps_the_finished_answers_and_exits_with_130(capsys, workspace):
    def slow_from_the_fourth(_seen):
        return Scripted("Yes", delay_s=0.0 if len(server.seen) < 4 else 2.0)

    with LlmServer(slow_from_the_fourth) as server:
        words = words_for(workspace, server, "--concurrency", "1")
        command = [sys.executable, "-m", "core", *words]
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        while len(server.seen) < 5 and process.poll() is None:
            time.sleep(0.02)  # another program's calls, seen by the server
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (130, b"Stopped; what was finished is kept.\n")
        server.answers(Scripted("Yes"))
        before = len(server.seen)
        assert run(capsys, words)[0] == 0
        assert len(server.seen) - before < 12
