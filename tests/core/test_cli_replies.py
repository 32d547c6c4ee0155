"""The commands `replies` and `compare`, after runs over a real server."""

import json

import pytest

from core.cli import main
from tests.llm_server import LlmServer, Scripted, Seen, in_turn


def run(capsys, *words):
    code = main([str(one) for one in words])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def asked(tmp_path, capsys, monkeypatch):
    """A workspace and the beginnings of two runs: right, wrong, none, failed; all right."""
    monkeypatch.setenv("ASCLEPIUS_API_KEY", "sk-secret-of-the-test")
    path = tmp_path / "study.asclepius"
    rows = [f"yes/no,Is {number} even?,{'no' if number % 2 else 'yes'}" for number in range(1, 5)]
    (tmp_path / "q.csv").write_text("\n".join(["format,stem,key", *rows]), encoding="utf-8")
    assert main(["new", str(path)]) == 0
    assert main(["import", str(path), str(tmp_path / "q.csv")]) == 0

    def knows(seen: Seen) -> Scripted:
        number = int(seen.text.partition("Is ")[2].partition(" even")[0])
        return Scripted("Yes" if number % 2 == 0 else "No")

    replies = in_turn(Scripted("No"), Scripted("No"), Scripted("Perhaps."), Scripted(status=400))
    for llm, script in (("mixed", replies), ("knows", knows)):
        with LlmServer(script) as server:
            address = ("--model", llm, "--base-url", server.base_url, "--concurrency", "1")
            main(["evaluate", str(path), *address])
    capsys.readouterr()
    newest, older = json.loads(run(capsys, "runs", path, "--json")[1])
    return path, older["run"], newest["run"]


def test_replies_are_listed_by_question_and_by_how_they_ended(capsys, asked):
    path, mixed, _ = asked

    code, out, _ = run(capsys, "replies", path, mixed)
    wrong = json.loads(run(capsys, "replies", path, mixed, "--state", "incorrect", "--json")[1])

    lines = out.splitlines()
    assert code == 0
    assert [line.split()[0] for line in lines[1:]] == ["1", "2", "3", "4"]
    assert "Perhaps." in lines[3]
    assert "HTTP 400" in lines[4]
    assert [(one["number"], one["answer"]) for one in wrong] == [(2, "No")]


def test_one_reply_is_shown_in_full_with_the_rule_that_read_it(capsys, asked):
    path, mixed, _ = asked

    out = run(capsys, "replies", path, mixed[:20], "--question", "2")[1]
    (plain,) = json.loads(run(capsys, "replies", path, mixed, "--question", "2", "--json")[1])

    assert "Is 2 even?" in out
    assert "Right: Yes" in out
    assert "Read: No (rule: whole reply); incorrect" in out
    assert (plain["reply"], plain["span"], plain["state"]) == ("No", [0, 2], "incorrect")


def test_runs_stand_side_by_side_with_counts(capsys, asked):
    path, mixed, knows = asked

    code, out, _ = run(capsys, "compare", path, mixed, knows)
    differing = json.loads(run(capsys, "compare", path, mixed, knows, "--differing", "--json")[1])

    assert code == 0
    assert "[1] mixed" in out
    assert "only [2] 2" in out
    assert [one["number"] for one in differing["questions"]] == [2, 3, 4]
    assert differing["questions"][0]["replies"][1] == {"state": "correct", "said": "Yes"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("replies", "nothing"), "No run begins with “nothing”"),
        (("replies", "0", "--question", "99"), ""),
        (("compare", "0"), ""),
    ],
)
def test_what_is_not_there_is_one_sentence(capsys, asked, words, sentence):
    path, *_ = asked

    code, _, err = run(capsys, words[0], path, *words[1:])

    assert (code, err.count("\n")) == (1, 1)
    assert sentence in err


def test_one_run_alone_is_not_compared(capsys, asked):
    path, mixed, _ = asked

    assert "two runs or more" in run(capsys, "compare", path, mixed, mixed)[2]
    assert "no such reply" in run(capsys, "replies", path, mixed, "--question", "99")[2]
