"""The import contracts hold, and a planted violation is caught."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

VIOLATIONS = {
    "core knows no Qt and no window": (
        "core/domain/stage.py",
        "import PySide6.QtCore",
    ),
    "core is layered": ("core/domain/stage.py", "import core.services.steps"),
    "domain knows the standard library and errors only": (
        "core/domain/media.py",
        "import numpy",
    ),
    "blind code cannot see keys": ("core/llm/prompts.py", "import core.domain.key"),
    "sqlalchemy lives in core.db": ("core/services/steps.py", "import sqlalchemy"),
    "pydicom lives in core.imaging": ("core/services/images.py", "import pydicom"),
    "openai lives in core.llm.openai_client": ("core/llm/parsing.py", "import openai"),
    "nltk and sacrebleu live in core.scoring": ("core/services/analysis/service.py", "import nltk"),
    "pandas lives in core.exchange": ("core/services/analysis/service.py", "import pandas"),
    "services know no store": ("core/services/steps.py", "import core.db.database"),
    "services are independent": (
        "core/services/baseline.py",
        "import core.services.authoring",
    ),
    "pages know no other page": (
        "reviewer_app/pages/library/presenter.py",
        "import reviewer_app.pages.author",
    ),
    "the window sees the doors of core only": (
        "reviewer_app/pages/library/presenter.py",
        "import core.db.database",
    ),
    "the window is layered": ("reviewer_app/widgets/word_diff.py", "import reviewer_app.app"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("core", "reviewer_app"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_tree_keeps_every_contract() -> None:
    result = lint(ROOT)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_planted_violation_is_caught(contract: str, tree: Path) -> None:
    file, line = VIOLATIONS[contract]
    path = tree / file
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")

    result = lint(tree)

    assert result.returncode == 1, result.stdout
    assert f"{contract} BROKEN" in result.stdout


@pytest.mark.parametrize(
    "file",
    ["core/services/evaluation/service.py", "core/services/baseline.py", "core/llm/engine.py"],
)
def test_blind_code_cannot_reach_the_judge(file: str, tree: Path) -> None:
    path = tree / file
    path.write_text(path.read_text("utf-8") + "\nimport core.judge.contract\n", "utf-8")

    result = lint(tree)

    assert "blind code cannot see keys BROKEN" in result.stdout


def test_every_contract_has_a_planted_violation() -> None:
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = {one["name"] for one in settings["tool"]["importlinter"]["contracts"]}

    assert names == set(VIOLATIONS)
