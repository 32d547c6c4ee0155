"""`asclepius bin` by its words, output and exit codes."""

import json
from pathlib import Path

import pytest

from core.cli import main

ROWS = "id,format,stem,key\n" + "".join(f"{n},yes/no,Is row {n} axial?,yes\n" for n in (1, 2, 3))


@pytest.fixture
def workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path, rows = tmp_path / "study.asclepius", tmp_path / "rows.csv"
    rows.write_text(ROWS, encoding="utf-8")
    assert main(["new", str(path), "--owner", "Demo Author"]) == 0
    assert main(["import", str(path), str(rows)]) == 0
    capsys.readouterr()
    return path


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def numbers(capsys: pytest.CaptureFixture[str], *words: object) -> list[int]:
    return [one["number"] for one in json.loads(run(capsys, *words, "--json")[1])]


def test_questions_are_deleted_listed_and_restored(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "bin", workspace)[1] == "0 questions in the bin.\n"

    code, out, err = run(capsys, "bin", workspace, "--delete", 1, 3, "--reason", "Asked twice")
    assert (code, out, err) == (0, "2 questions moved to the bin.\n", "")
    assert numbers(capsys, "list", workspace) == [2]
    assert numbers(capsys, "list", workspace, "--stage", "in_bin") == [1, 3]
    (first, _) = json.loads(run(capsys, "bin", workspace, "--json")[1])
    assert (first["from"], first["by"], first["reason"]) == ("draft", "Demo Author", "Asked twice")
    assert "Asked twice" in run(capsys, "bin", workspace)[1]

    assert run(capsys, "bin", workspace, "--restore", 3)[1] == "1 question restored.\n"
    assert numbers(capsys, "list", workspace) == [2, 3]
    assert run(capsys, "check", workspace)[0] == 0


def test_emptying_says_what_went_and_refuses_when_nothing_can_go(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "bin", workspace, "--delete", 2)

    code, out, _ = run(capsys, "bin", workspace, "--empty")
    assert (code, out) == (0, "1 question removed for ever; a backup was taken before.\n")
    code, _, err = run(capsys, "bin", workspace, "--empty")
    assert code == 1
    assert "Nothing in the bin can be removed for ever." in err
    assert "before emptying the bin" in run(capsys, "restore", workspace, "--list")[1]
    assert run(capsys, "check", workspace)[0] == 0


def test_what_is_not_in_the_bin_is_named(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "bin", workspace, "--restore", 1)

    assert (code, out) == (1, "")
    assert "Question 1 is not in the bin." in err
