"""The command `correct`: what the window's correction does, with the same trail."""

import json
import sqlite3
from contextlib import closing

import pytest

from core.cli import main
from tests.llm_server import LlmServer, Scripted, in_turn


def run(capsys, *words):
    code = main([str(one) for one in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def evaluated(path, replies, *more):
    with LlmServer(in_turn(*map(Scripted, replies))) as server:
        address = ("--model", "m", "--base-url", server.base_url, "--concurrency", "1")
        assert main(["evaluate", str(path), *address, *more]) == 0


@pytest.fixture
def made(tmp_path, capsys, monkeypatch):
    """A workspace with a question with letters, one in numbers and one of yes or no."""
    monkeypatch.setenv("ASCLEPIUS_API_KEY", "sk-secret-of-the-test")
    path = tmp_path / "study.asclepius"
    rows = (
        "format,stem,option a,option b,option c,key,unit",
        "single choice,Which?,Mass,Cyst,Node,B,",
        "numeric,How wide?,,,,12.5,mm",
        "yes/no,Is it?,,,,yes,",
    )
    (tmp_path / "q.csv").write_text("\n".join(rows), encoding="utf-8")
    assert main(["new", str(path), "--owner", "Dr. Demo"]) == 0
    assert main(["import", str(path), str(tmp_path / "q.csv")]) == 0
    capsys.readouterr()
    return path


@pytest.fixture
def asked(made, capsys):
    evaluated(made, ["The roundish one.", "A dozen and a half.", "Surely."])
    capsys.readouterr()
    return made


def correct(capsys, path, *words, reason="said in other words"):
    return run(capsys, "correct", path, "0", *words, "--reason", reason)


@pytest.mark.parametrize(
    ("number", "answer", "read"),
    [("1", "b", "Cyst"), ("1", " cyst ", "Cyst"), ("2", "12.5", "12.5 mm"), ("3", "yes", "Yes")],
)
def test_corrected_reply_counts_as_a_person_reads_it(capsys, asked, number, answer, read):
    code, out, err = correct(capsys, asked, "--question", number, "--answer", answer)

    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == f"Now read by Dr. Demo as: {read}; correct"
    (plain,) = json.loads(run(capsys, "replies", asked, "0", "--question", number, "--json")[1])
    assert (plain["state"], plain["read"], plain["corrected_by"]) == ("correct", read, "Dr. Demo")


def test_first_reading_the_reason_and_the_audit_trail_stay(capsys, asked):
    correct(capsys, asked, "--question", "1", "--answer", "B", reason="cyst means B")

    with closing(sqlite3.connect(asked / "workspace.db")) as store:
        asking = "select state, reading_rule, details from answers where raw_text like '%roundish%'"
        (was, rule, _), (now, by, details) = store.execute(asking).fetchall()
        (trail,) = store.execute(
            "select count(*) from audit_events where action = 'reading.corrected'"
        )
    assert (was, rule, now, by) == ("no_answer", "no rule fits", "answered", "read by a person")
    assert json.loads(details)["reading_reason"] == "cyst means B"
    assert trail == (1,)


@pytest.mark.parametrize(
    ("word", "state"), [("--no-answer", "no_answer"), ("--refused", "refused")]
)
def test_reply_may_be_said_to_answer_nothing(capsys, asked, word, state):
    code, out, _ = correct(capsys, asked, "--question", "3", word, "--json")
    plain = json.loads(out)
    assert (code, plain["state"], plain["read"]) == (0, state, "")
    assert plain["was"]["state"] == "no_answer"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--question", "1", "--answer", "D"), "letters A to C or by their words"),
        (("--question", "1", "--answer", "A; B"), "Choose exactly one option."),
        (("--question", "2", "--answer", "wide"), "such as 3.5 mm"),
        (("--question", "3", "--answer", "A"), "Answer yes or no."),
        (("--question", "9", "--answer", "A"), "no such reply"),
        (("--question", "1", "--answer", "A", "--variant", "x"), "no such reply"),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_changes_nothing(capsys, asked, words, sentence):
    before = run(capsys, "replies", asked, "0", "--json")[1]

    code, out, err = correct(capsys, asked, *words)

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert sentence in err
    assert run(capsys, "replies", asked, "0", "--json")[1] == before


def test_reason_is_needed(capsys, asked):
    code, _, err = correct(capsys, asked, "--question", "1", "--answer", "B", reason=" ")
    assert (code, "Say why the reading is wrong." in err) == (1, True)


def test_letters_are_those_that_the_model_saw_and_a_variant_has_to_be_named(capsys, made):
    evaluated(made, ["Well."] * 9, "--order", "rotated", "--condition", "both")
    capsys.readouterr()
    assert "Name one by --variant" in correct(capsys, made, "--question", "1", "--answer", "A")[2]

    lines = json.loads(run(capsys, "replies", made, "0", "--question", "1", "--json")[1])
    listed = json.loads(run(capsys, "replies", made, "0", "--json")[1])
    variants = [one["variant"] for one in listed if one["number"] == 1]
    words = ("--question", "1", "--answer", "A", "--json")
    read = {
        json.loads(correct(capsys, made, *words, "--variant", one)[1])["read"] for one in variants
    }

    assert len(lines) == len(variants) == 3
    assert read == {"Mass", "Cyst", "Node"}
