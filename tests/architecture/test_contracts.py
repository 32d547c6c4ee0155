"""Each import contract catches a planted violation; `make check` asks whether they hold."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

VIOLATIONS = {
    "core knows no Qt and no window": (
        "core/domain/stage.py",
        "import PySide6",
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


BLIND = ("core/services/evaluation/service.py", "core/services/baseline.py", "core/llm/engine.py")
"""Files that must reach no judge."""


def plant(file: Path, line: str) -> None:
    file.write_text(f"{file.read_text('utf-8')}\n{line}\n", "utf-8")


def lint(folder: Path) -> str:
    program = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
    result = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, result.stdout
    return result.stdout


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Plant all violations in a copy of the tree; return by contract what was found."""
    tree = tmp_path_factory.mktemp("tree")
    for name in ("core", "reviewer_app"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    for file, line in (
        *VIOLATIONS.values(),
        *((one, "import core.judge.contract") for one in BLIND),
    ):
        plant(tree / file, line)
    told = lint(tree).partition("Broken contracts\n")[2]
    parts = re.split(r"^(.+)\n-+\n", told, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def planted(file: str, line: str) -> str:
    """Return how the linter writes an import that was planted."""
    return f"{file.removesuffix('.py').replace('/', '.')} -> {line.removeprefix('import ')} (l."


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_planted_violation_is_caught(contract: str, found: dict[str, str]) -> None:
    assert planted(*VIOLATIONS[contract]) in found[contract]


@pytest.mark.parametrize("file", BLIND)
def test_blind_code_cannot_reach_the_judge(file: str, found: dict[str, str]) -> None:
    assert planted(file, "import core.judge.contract") in found["blind code cannot see keys"]


def test_every_contract_has_a_planted_violation() -> None:
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = {one["name"] for one in settings["tool"]["importlinter"]["contracts"]}

    assert names == set(VIOLATIONS)
