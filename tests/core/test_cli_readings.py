import json

import pytest

from core.cli import main
from core.domain.body import AnswerFormat
from tests.llm_server import LlmServer, Scripted


@pytest.fixture
def workspace(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("ASCLEPIUS_API_KEY", "none")
    path, table = tmp_path / "study.asclepius", tmp_path / "questions.csv"
    rows = [
        f"single choice,Which is {n}?,{n},{n + 1},{n + 2},A,{'examples' if n > 2 else ''}"
        for n in range(4)
    ]
    head = "format,stem,option a,option b,option c,key,tag"
    table.write_text("\n".join([head, *rows]), encoding="utf-8")
    assert main(["new", str(path)]) == 0
    assert main(["import", str(path), str(table)]) == 0
    capsys.readouterr()
    return path


def evaluate(workspace, server, *more):
    address = ("--model", "test-llm", "--base-url", server.base_url, "--concurrency", "1")
    return ["evaluate", str(workspace), *address, *more]


def run(capsys, words):
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_order_repeats_and_reasoning_reach_the_wire_and_the_name(capsys, workspace):
    words = ("--order", "rotated", "--repeats", "2", "--chain", "--seed", "3")
    with LlmServer(Scripted("Thus.\n\nAnswer: A")) as server:
        code, out, _ = run(
            capsys, evaluate(workspace, server, *words, "--temperature", "0.7", "--json")
        )
        texts = [seen.text for seen in server.seen]
        seeds = {seen.body["seed"] for seen in server.seen}
    report = json.loads(out)
    assert (code, report["total"], report["done"]) == (0, 24, 24)
    assert all("step by step" in text for text in texts)
    assert seeds == {3, 4}
    assert report["specification"]["setup"]["order"] == "rotated"
    _, out, _ = run(capsys, ["results", workspace])
    assert "test-llm · image and text · all rotations · self-consistency of 2" in out
    figures = json.loads(run(capsys, ["results", workspace, "--unverified", "--json"])[1])
    (row,) = [one for one in figures["respondents"] if one["kind"] == "llm"]
    assert (row["overall"]["accuracy"], row["overall"]["mean_over_calls"]) == (0.0, 1 / 3)


@pytest.mark.parametrize("chosen", ["4", "examples"])
def test_examples_by_number_or_label_are_shown_and_not_asked(capsys, workspace, chosen):
    with LlmServer(Scripted("A")) as server:
        code, *_ = run(capsys, evaluate(workspace, server, "--shots", "1", "--examples", chosen))
        texts = [seen.text for seen in server.seen]
    assert (code, len(texts)) == (0, 3)
    assert all(text.index("Which is 3?") < text.index("Answer: A") for text in texts)
    assert not any(text.rstrip().endswith("Which is 3?") for text in texts)


def test_examples_named_by_number_are_all_shown_without_a_count(capsys, workspace):
    with LlmServer(Scripted("A")) as server:
        code, *_ = run(capsys, evaluate(workspace, server, "--examples", "2,4"))
        texts = [seen.text for seen in server.seen]
    assert (code, len(texts)) == (0, 2)
    assert all(text.count("Answer: A") == 2 for text in texts)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--shots", "1"), "No set of examples"),
        (("--examples", "examples"), "no number of them"),
        (("--shots", "1", "--examples", "nobody"), "No question is labeled"),
        (("--shots", "1", "--examples", "99"), "no question 99"),
        (("--repeats", "0"), "1 to 64 times"),
        (("--context", "120"), "0 and 100 %"),
        (("--language", "Klingon"), "Klingon"),
        (("--template", "nothing"), "“nothing”"),
        (("--chain", "--repeats", "3"), "temperature is 0"),
    ],
)
def test_impossible_setup_is_one_sentence_and_no_call(capsys, workspace, words, sentence):
    with LlmServer() as server:
        code, out, err = run(capsys, evaluate(workspace, server, *words))
        assert server.seen == []
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert sentence in err


def test_rescoring_makes_no_call_and_says_so(capsys, workspace):
    with LlmServer(Scripted("A")) as server:
        run(capsys, evaluate(workspace, server))
        asked = len(server.seen)
        code, out, err = run(capsys, ["rescore", workspace])
        report = json.loads(run(capsys, ["rescore", workspace, "--json"])[1])
        (one,) = report["runs"]
        by_end = run(capsys, ["rescore", workspace, one["run"][:30]])
        assert len(server.seen) == asked
    assert (code, err, by_end[0]) == (0, "", 0)
    assert "4 stored answers, 0 read differently, 0 read by a person." in out
    assert "No call was made." in out
    assert (one["replies"], one["changed"], report["scored"]) == (4, 0, 0)


def test_run_that_is_none_is_one_sentence(capsys, workspace):
    code, out, err = run(capsys, ["rescore", workspace, "nothing"])
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "No run begins with “nothing”" in err


def test_prompts_are_listed_added_and_asked_with(capsys, workspace, tmp_path):
    file = tmp_path / "ours.json"
    file.write_text(
        json.dumps(
            {
                "name": "ours",
                "system": "",
                "question": "PLEASE: {stem}\n{options}\n{instruction}",
                "question_without_text": "{options}\n{instruction}",
                "instructions": {one.value: "Letter:" for one in AnswerFormat},
            }
        ),
        encoding="utf-8",
    )
    code, out, _ = run(capsys, ["prompts", workspace, "--add", file])
    assert (code, "“ours-1”" in out) == (0, True)
    _, out, _ = run(capsys, ["prompts", workspace])
    assert all(name in out for name in ("default-1", "asclepius-1", "ours-1"))
    with LlmServer(Scripted("A")) as server:
        assert run(capsys, evaluate(workspace, server, "--template", "ours-1"))[0] == 0
        assert all(seen.text.startswith("PLEASE: Which is") for seen in server.seen)


@pytest.mark.parametrize(("text", "sentence"), [("{", "no JSON"), ("[]", "holds no template")])
def test_file_that_is_no_template_is_one_sentence(capsys, workspace, tmp_path, text, sentence):
    file = tmp_path / "bad.json"
    file.write_text(text, encoding="utf-8")
    code, _, err = run(capsys, ["prompts", workspace, "--add", file])
    assert (code, err.count("\n")) == (1, 1)
    assert sentence in err
