"""`asclepius backup` and `asclepius restore` by their words, output and exit codes."""

import json
from pathlib import Path

import pytest

from core.cli import main
from core.workspace import open_workspace

TABLE = "id,format,stem,key\n{number},yes/no,Is it axial?,yes\n"


@pytest.fixture
def workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "study.asclepius"
    assert main(["new", str(path), "--owner", "Demo Author"]) == 0
    capsys.readouterr()
    return path


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def run_json(capsys: pytest.CaptureFixture[str], *words: object) -> object:
    code, out, err = run(capsys, *words, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def import_one(capsys: pytest.CaptureFixture[str], workspace: Path, number: int) -> None:
    table = workspace.parent / f"table-{number}.csv"
    table.write_text(TABLE.format(number=number), encoding="utf-8")
    assert run(capsys, "import", workspace, table)[0] == 0


def count(workspace: Path) -> int:
    with open_workspace(workspace, read_only=True) as opened:
        return len(opened.authoring.library())


def test_a_backup_is_taken_listed_compared_and_restored(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import_one(capsys, workspace, 1)
    made = run_json(capsys, "backup", workspace, "--reason", "Before the meeting")
    import_one(capsys, workspace, 2)
    listed = run_json(capsys, "restore", workspace, "--list")
    assert made["name"] in [one["name"] for one in listed]
    assert made["note"] == "Before the meeting"
    assert Path(made["path"]).is_file()

    dry = run_json(capsys, "restore", workspace, "--to", made["name"], "--dry-run")
    assert dry["changes"]["questions"]["questions_gone"] == [2]
    assert count(workspace) == 2

    done = run_json(capsys, "restore", workspace, "--to", made["name"])
    assert done["restored"] == made["name"]
    assert count(workspace) == 1
    assert run(capsys, "check", workspace)[0] == 0
    run_json(capsys, "restore", workspace, "--to", done["before"])
    assert count(workspace) == 2


def test_people_read_a_table_and_what_changes(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "restore", workspace)[1] == "There is no backup yet.\n"
    run(capsys, "backup", workspace, "--reason", "At the start")
    import_one(capsys, workspace, 1)

    _, out, _ = run(capsys, "restore", workspace, "--list")
    assert "At the start" in out
    assert "before import" in out
    code, out, err = run(capsys, "restore", workspace, "--to", "by-hand", "--dry-run")
    assert (code, err) == (0, "")
    assert "Questions: 1 leave (question 1)." in out


def test_a_backup_can_be_taken_while_the_workspace_is_open_elsewhere_a_restore_cannot(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_workspace(workspace):
        assert run(capsys, "backup", workspace)[0] == 0
        code, _, err = run(capsys, "restore", workspace, "--to", "newest")

    assert code == 1
    assert "already open for writing" in err


def test_an_unknown_backup_is_one_sentence_and_exit_code_1(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "restore", workspace, "--to", "lost")

    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "There is no backup “lost”." in err


def test_a_damaged_backup_is_refused_with_exit_code_1(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = run_json(capsys, "backup", workspace)
    file = Path(made["path"])
    file.write_bytes(file.read_bytes()[:-100])

    code, _, err = run(capsys, "restore", workspace, "--to", made["name"])

    assert code == 1
    assert "damaged" in err
