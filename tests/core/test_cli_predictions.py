"""The commands `import-predictions` and `export-predictions`."""

import json
from pathlib import Path

import pytest

from core.cli import main

LOG = Path(__file__).parents[1] / "data" / "inspect_log.eval"
HEAD = "format,stem,option_a,option_b,option_c,option_d,key\n"
ROWS = (
    "single choice,What does the image show?,Pneumonia,Pneumothorax,Effusion,Edema,B\n"
    "yes/no,What does the image show?,,,,,yes\n"
    "report,What does the image show?,,,,,The lungs are clear.\n"
)


@pytest.fixture
def workspace(tmp_path, capsys):
    path = tmp_path / "study.asclepius"
    (tmp_path / "q.csv").write_text(HEAD + ROWS, encoding="utf-8")
    assert main(["new", str(path)]) == 0
    assert main(["import", str(path), str(tmp_path / "q.csv")]) == 0
    capsys.readouterr()
    return path


def run(capsys, *words):
    code = main([str(one) for one in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_log_comes_in_and_leaves_for_another_engine(capsys, workspace, tmp_path):
    look = run(capsys, "import-predictions", workspace, LOG, "--dry-run")
    code, out, _ = run(capsys, "import-predictions", workspace, LOG, "--json")
    report = json.loads(out)
    table = tmp_path / "out.xlsx"
    first = ("--run", report["runs"][0], "--out", table)
    written = run(capsys, "export-predictions", workspace, *first, "--as", "vlmevalkit")
    again = run(capsys, "export-predictions", workspace, *first, "--as", "vlmevalkit")

    assert "6 predictions of Inspect would be added" in look[1]
    assert (code, report["added"], len(report["runs"])) == (0, 6, 2)
    assert (written[0], written[1]) == (0, f"3 predictions written to {table}.\n")
    assert (again[0], "there already" in again[2]) == (1, True)


def test_imported_runs_stand_in_results(capsys, workspace):
    run(capsys, "import-predictions", workspace, LOG)

    out = run(capsys, "results", workspace)[1]

    assert "mockllm/model · image and text · imported" in out
    assert "imported from Inspect, inspect_log.eval, sha256 " in out


def test_a_file_with_unknown_questions_adds_nothing_and_says_so(capsys, workspace, tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("number,reply\n2,yes\n40,no\n41,no\n")

    code, out, err = run(capsys, "import-predictions", workspace, path)

    assert code == 1
    assert "Nothing was imported." in out
    assert err == (
        "p.csv, row 3: The question that it names is not here."
        " (1 more problem; nothing was imported.)\n"
    )


def test_an_unknown_format_is_one_sentence(capsys, workspace):
    code, _, err = run(capsys, "import-predictions", workspace, LOG, "--as", "deepeval")

    assert code == 1
    assert "unknown" in err
