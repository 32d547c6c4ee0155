import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from core import VERSION
from core.cli import main
from core.cli.arguments import build_parser

ROOT = Path(__file__).parents[2]
COMMANDS = (
    "demo",
    "new",
    "import",
    "list",
    "show",
    "lint",
    "evaluate",
    "results",
    "export",
    "check",
    "backup",
    "restore",
)
TABLE = """\
id,format,stem,option_a,option_b,key,images,specialty,capacity
1,yes/no,Is it axial?,,,yes,{image},Neurology,Anatomical perception
2,single choice,Which plane – “größer”?,Axial,Coronal,A,,Neurology,Anatomical perception
"""


@pytest.fixture
def workspace(tmp_path, capsys):
    path = tmp_path / "study.asclepius"
    assert main(["new", str(path), "--owner", "Demo Author"]) == 0
    capsys.readouterr()
    return path


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "questions.csv"
    path.write_text(TABLE.format(image=get_testdata_file("CT_small.dcm")), encoding="utf-8")
    source = Path(str(get_testdata_file("CT_small.dcm")))
    (tmp_path / "ct.dcm").write_bytes(source.read_bytes())
    path.write_text(TABLE.format(image="ct.dcm"), encoding="utf-8")
    return path


def run(capsys, *words):
    """Return exit code, stdout and stderr of one command."""
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def run_json(capsys, *words):
    code, out, err = run(capsys, *words, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def assert_one_sentence(err):
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert "Traceback" not in err


def start(*words, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "core", *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def finish(process):
    """Return exit code, stdout and stderr of a program."""
    out, err = process.communicate(timeout=100)
    return process.returncode, out.decode(), err.decode()


def test_version_and_help_are_printed(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"asclepius {VERSION}\n"
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    out = capsys.readouterr().out
    assert "examples:" in out
    assert [name for name in COMMANDS if name not in out] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_example_and_json(capsys, command):
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    out = capsys.readouterr().out
    assert f"asclepius {command}" in out.split("example:")[1]
    assert "--json" in out


def test_every_option_of_every_command_says_what_it_is_for():
    def mute(parser, words):
        found = []
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for name, inner in action.choices.items():
                    found += mute(inner, [*words, name])
                    found += [] if inner.epilog else [f"{' '.join([*words, name])}: no example"]
            elif not action.help:
                found.append(" ".join([*words, *(action.option_strings or [action.dest])]))
        return found

    assert mute(build_parser(), ["asclepius"]) == []


@pytest.mark.parametrize(
    "words",
    [
        ["bogus"],
        ["list"],
        ["list", "w", "--stage", "lost"],
        ["export", "w"],
        ["export", "w", "--out", "x", "--format", "pdf"],
    ],
)
def test_wrong_usage_exits_with_2(capsys, words):
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert "usage:" in capsys.readouterr().err


def test_new_workspace_is_made_once(capsys, tmp_path):
    path = tmp_path / "a.asclepius"
    made = run_json(capsys, "new", path, "--owner", "Demo Lead")
    assert made == {"workspace": str(path), "owner": "Demo Lead"}
    code, out, err = run(capsys, "new", path)
    assert (code, out) == (1, "")
    assert_one_sentence(err)


def test_list_prints_an_array_of_questions(capsys, workspace, table):
    run(capsys, "import", workspace, table)
    first, second = run_json(capsys, "list", workspace)
    assert (first["number"], first["stage"], first["format"]) == (1, "draft", "yes_no")
    assert (first["specialty"], first["images"], first["revision"]) == ("Neurology", 1, 1)
    assert first["capacity"] == "Anatomical perception"
    assert second["stem"] == "Which plane – “größer”?"
    assert run_json(capsys, "list", workspace, "--stage", "verified") == []


def test_empty_workspace_lists_nothing(capsys, workspace):
    assert run(capsys, "list", workspace)[:2] == (0, "0 questions.\n")


def test_show_finds_a_question_by_number_id_and_beginning_of_id(capsys, workspace, table):
    run(capsys, "import", workspace, table)
    whole = run_json(capsys, "show", workspace, "2")
    assert whole["key"]["right"] == {"option": "o1"}
    assert run_json(capsys, "show", workspace, whole["id"]) == whole
    first = run_json(capsys, "show", workspace, "1")
    unique = next(whole["id"][:n] for n in range(36) if not first["id"].startswith(whole["id"][:n]))
    assert run_json(capsys, "show", workspace, unique)["number"] == 2
    assert "Key: A" in run(capsys, "show", workspace, "2")[1]


def test_show_of_an_unknown_question_is_one_sentence(capsys, workspace):
    code, out, err = run(capsys, "show", workspace, "77")
    assert (code, out) == (1, "")
    assert "“77”" in err
    assert_one_sentence(err)


def test_dry_run_says_what_would_come_and_adds_nothing(capsys, workspace, table):
    report = run_json(capsys, "import", workspace, table, "--dry-run")
    assert (report["added"], report["dry_run"]) == (2, True)
    assert run_json(capsys, "list", workspace) == []


def test_importing_twice_adds_nothing(capsys, workspace, table):
    assert run_json(capsys, "import", workspace, table)["added"] == 2
    again = run_json(capsys, "import", workspace, table)
    assert (again["added"], again["same"]) == (0, 2)


def test_file_with_bad_rows_exits_with_1_and_lists_them(capsys, workspace, table):
    table.write_text(table.read_text("utf-8").replace(",A,,", ",Z,,").replace(",yes,", ",?,"))
    code, out, err = run(capsys, "import", workspace, table)
    assert code == 1
    assert "questions.csv, row 2, column key" in err
    assert "1 more problem" in err
    assert_one_sentence(err)
    assert "row 3, column key: “Z” is no letter of an option; the options are A to B." in out
    assert run_json(capsys, "list", workspace) == []


def test_bad_rows_stand_in_the_json_of_a_failed_import(capsys, workspace, table):
    table.write_text(table.read_text("utf-8").replace(",A,,", ",Z,,"))
    code, out, err = run(capsys, "import", workspace, table, "--json")
    assert code == 1
    assert json.loads(out)["problems"][0]["where"] == "questions.csv, row 3, column key"
    assert_one_sentence(err)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda path: path.write_text("format,stem\n"), "column “key” is missing"),
        (lambda path: path.unlink(), "does not exist"),
        (lambda path: path.write_bytes(b""), "is empty"),
    ],
)
def test_unusable_file_is_one_sentence(capsys, workspace, table, change, words):
    change(table)
    code, _, err = run(capsys, "import", workspace, table)
    assert code == 1
    assert words in err
    assert_one_sentence(err)


def test_damaged_dicom_is_named_with_its_row(capsys, workspace, table):
    (table.parent / "ct.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"garbage")
    code, _, err = run(capsys, "import", workspace, table)
    assert code == 1
    assert err.startswith("questions.csv, row 2, image “ct.dcm”:")
    assert_one_sentence(err)


@pytest.mark.parametrize("command", ["list", "lint", "results", "check"])
def test_missing_workspace_is_one_sentence(capsys, tmp_path, command):
    code, out, err = run(capsys, command, tmp_path / "gone.asclepius")
    assert (code, out) == (1, "")
    assert_one_sentence(err)


def test_export_and_import_into_another_workspace_give_equal_content(
    capsys, workspace, table, tmp_path
):
    run(capsys, "import", workspace, table, "--confirm-images")
    out = tmp_path / "set"
    report = run_json(capsys, "export", workspace, "--stage", "draft", "--out", out)
    other = tmp_path / "other.asclepius"
    run(capsys, "new", other)
    assert (report["questions"], report["left_out"]) == (2, [])
    assert run_json(capsys, "import", other, out)["added"] == 2
    for number in ("1", "2"):
        here, there = (run_json(capsys, "show", one, number) for one in (workspace, other))
        assert [here[part] for part in ("id", "body", "key", "labels")] == [
            there[part] for part in ("id", "body", "key", "labels")
        ]


def test_export_without_keys_has_no_key(capsys, workspace, table, tmp_path):
    run(capsys, "import", workspace, table, "--confirm-images")
    words = ("export", workspace, "--stage", "draft", "--without-keys", "--out", tmp_path / "set")
    assert run(capsys, *words)[0] == 0
    assert '"key"' not in (tmp_path / "set" / "questions.jsonl").read_text("utf-8")


def test_export_says_what_it_leaves_out(capsys, workspace, table, tmp_path):
    run(capsys, "import", workspace, table)
    code, out, _ = run(capsys, "export", workspace, "--stage", "draft", "--out", tmp_path / "set")
    assert code == 0
    assert "Left out: Question 1: Its image 1 is not cleared" in out


def test_lint_and_results_answer_in_lines_and_json(capsys, workspace, table):
    run(capsys, "import", workspace, table)
    assert run_json(capsys, "lint", workspace) == []
    assert run(capsys, "lint", workspace)[1] == "0 hints.\n"
    assert run_json(capsys, "results", workspace)["questions"] == 0
    assert "Accuracy" in run(capsys, "results", workspace)[1]


def test_check_is_clean_until_an_image_changes(capsys, workspace, table):
    run(capsys, "import", workspace, table)
    assert run_json(capsys, "check", workspace)["is_clean"]
    image = next(path for path in (workspace / "media").rglob("*") if path.is_file())
    image.write_bytes(b"changed")
    code, out, err = run(capsys, "check", workspace)
    assert code == 1
    assert "damaged" in out
    assert_one_sentence(err)


def test_workspace_open_elsewhere_can_be_read_but_not_written(capsys, workspace, table):
    from core.workspace import open_workspace

    run(capsys, "import", workspace, table)
    with open_workspace(workspace):
        code, _, err = run(capsys, "import", workspace, table)
        assert code == 1
        assert_one_sentence(err)
        assert len(run_json(capsys, "list", workspace)) == 2
        assert run(capsys, "check", workspace)[0] == 0
        assert run(capsys, "results", workspace)[0] == 0


def with_small_files_only(limit):
    """Return what makes every write beyond `limit` bytes fail, as on a full disk."""
    resource = pytest.importorskip("resource")

    def prepare():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return prepare


def write_long_table(folder, count):
    rows = [f"yes/no,Is it number {number}? {'long ' * 100},yes" for number in range(count)]
    path = folder / "long.csv"
    path.write_text("\n".join(["format,stem,key", *rows]))
    return path


def test_full_disk_at_export_is_one_sentence_and_leaves_no_half_set(capsys, workspace, tmp_path):
    run(capsys, "import", workspace, write_long_table(tmp_path, 300))
    before = sorted(path.name for path in tmp_path.iterdir())
    words = ("export", workspace, "--stage", "draft", "--out", tmp_path / "set")
    code, _, err = finish(start(*words, preexec_fn=with_small_files_only(100_000)))
    assert code == 1
    assert "could not be written" in err
    assert_one_sentence(err)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_full_disk_at_import_is_one_sentence_and_keeps_what_was_there(
    capsys, workspace, table, tmp_path
):
    run(capsys, "import", workspace, table)
    words = ("import", workspace, write_long_table(tmp_path, 3000))
    code, _, err = finish(start(*words, preexec_fn=with_small_files_only(1_000_000)))
    assert code == 1
    assert_one_sentence(err)
    assert len(run_json(capsys, "list", workspace)) == 2
    assert run(capsys, "check", workspace)[0] == 0


def test_closed_pipe_ends_without_a_traceback(capsys, workspace, table):
    run(capsys, "import", workspace, table)
    process = start("list", workspace, "--json")
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 141
    assert err == b""


def test_console_of_another_code_page_gets_question_marks_and_plain_json(capsys, workspace, table):
    run(capsys, "import", workspace, table)
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    code, out, err = finish(start("list", workspace, env=environment))
    assert (code, err) == (0, "")
    assert "Which plane ? ?gr??er??" in out
    _, out, _ = finish(start("list", workspace, "--json", env=environment))
    assert json.loads(out)[1]["stem"] == "Which plane – “größer”?"


def test_ctrl_c_stops_an_import_with_130_and_adds_nothing(workspace, tmp_path):
    process = start("import", workspace, write_long_table(tmp_path, 6_000))
    journal = workspace / "workspace.db-wal"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (journal.exists() and journal.stat().st_size > 1e6):
        time.sleep(0.05)  # another program's work, seen by its journal
    process.send_signal(signal.SIGINT)
    code, _, err = finish(process)
    assert (code, err) == (130, "Stopped; what was finished is kept.\n")
    assert finish(start("list", workspace))[1] == "0 questions.\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a screen")
def test_window_without_a_screen_is_one_sentence(capsys, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    code, out, err = run(capsys)
    assert (code, out) == (1, "")
    assert "No screen" in err
    assert_one_sentence(err)
