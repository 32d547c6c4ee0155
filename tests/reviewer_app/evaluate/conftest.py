"""The Evaluate page: a real window, a real workspace, a real endpoint on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat
from reviewer_app.pages.evaluate.page import EvaluatePage
from tests.llm_server import LlmServer, Scripted
from tests.reviewer_app.conftest import Desk
from tests.reviewer_app.evaluate.hands import shown
from tests.reviewer_app.study import Study, make_study


@pytest.fixture(autouse=True)
def endpoints_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the endpoints of whoever runs the tests out of it."""
    file = tmp_path / "config" / "endpoints.json"
    monkeypatch.setattr("core.paths.endpoints_file", lambda: file)
    return file


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with LlmServer(Scripted("B")) as running:
        yield running


@pytest.fixture
def study(desk: Desk) -> Study:
    return make_study(desk.workspace)


@pytest.fixture
def page(desk: Desk, study: Study, qtbot: QtBot) -> EvaluatePage:
    for number in range(4):
        study.write(AnswerFormat.SINGLE_CHOICE, stem=f"Which finding is number {number}?")
    return shown(desk, qtbot)
